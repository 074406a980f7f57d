"""Judge a Run for images in two ways: by the statistics that it has learnt, and by those of each test batch.

python tools/batch_statistics.py RUN [DATA_DIR]

The author's note has its batch normalisations in the mode of training while it tests, so that what it prints
is of the second kind: it depends on what else is in the batch. One line of JSON: both accuracies.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 100  # as in the note


def main(run_folder: str, data_dir: str | None = None) -> None:
    """Judge the official test images."""
    import faultdiag
    from faultdiag.runs.backend import use_backend

    use_backend(device="cpu")
    run = faultdiag.load_run(Path(run_folder))
    examples: Any = run.load_examples(data_dir=None if data_dir is None else Path(data_dir))
    tested = np.flatnonzero(examples.official_test)
    right = {"learnt": 0, "of_the_batch": 0}
    # the mode of training changes the learnt statistics: it comes second, as a whole
    for name, training in (("learnt", False), ("of_the_batch", True)):
        for start in range(0, len(tested), BATCH):
            batch = tested[start : start + BATCH]
            logits = np.asarray(run.network(run.view(examples.images[batch]), training=training))
            right[name] += int((logits.argmax(axis=1) == examples.labels[batch]).sum())
    print(json.dumps({name: n / len(tested) for name, n in right.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
