"""How far the exported networks of a Run are from Keras on real windows.

python tools/parity.py RUN --data-dir FOLDER

Exports the Run to ONNX and LiteRT into a folder of their own and computes all windows of all records of
its data set three times.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMATS = ("onnx", "litert")


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("run", type=Path, help="folder of a finished Run for signals")
    parser.add_argument("--data-dir", type=Path, help="folder with the files of its data set")
    options = parser.parse_args()
    print(json.dumps(parity(options.run, options.data_dir), indent=1))


def parity(folder: Path, data_dir: Path | None = None) -> dict[str, float]:
    """Return the number of windows, and for each format the largest difference and the labels that differ.

    Parameters
    ----------
    folder : Path
        A finished Run for signals.
    data_dir : Path, optional
        Folder with the files of its data set.
    """
    import faultdiag
    from faultdiag.inference.engines import KerasEngine
    from faultdiag.runs.export.exporting import export_run
    from faultdiag.runs.export.table import EXPORTERS
    from faultdiag.runs.probabilities import largest_difference

    run = faultdiag.load_run(folder)
    tensors = np.concatenate(list(_tensors(run, data_dir)))
    expected = KerasEngine(run.network).logits(tensors)
    figures: dict[str, float] = {"windows": len(tensors)}
    for name in FORMATS:
        with tempfile.TemporaryDirectory() as place:
            path = export_run(folder, name, Path(place) / "network").path
            forward = EXPORTERS.load(name).open(path)
            batches = np.array_split(tensors, -(-len(tensors) // 256))
            found = np.concatenate([forward(batch) for batch in batches])
        figures[f"{name}_max_difference"] = largest_difference(found, expected)
        figures[f"{name}_other_labels"] = int((found.argmax(axis=1) != expected.argmax(axis=1)).sum())
    return figures


def _tensors(run: Any, data_dir: Path | None) -> Iterator[NDArray[np.float32]]:
    """What the network sees of each record."""
    from faultdiag.views.pool import WindowPool
    from faultdiag.windows import Windows, tile

    data = run.document.data
    for record in run.load_examples(data_dir=data_dir).records:
        pool = WindowPool(np.zeros(1, np.int64), (run.preparation(record),))
        starts = tile(0, int(pool.lengths[0]), length=data.window, hop=data.test_hop)
        if len(starts):
            yield pool.tensors(run.view, Windows.of(0, starts, data.window))


if __name__ == "__main__":
    main()
