"""Windows a second of an exported network beside `keras.Model.predict`, on the same arrays.

python tools/bench_export.py

Each side computes in a process of its own, in turn. Keras is taken at its default batch of 32 and at
larger ones, and compared at its best.
"""

import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from blocks import Step, interleaved, ratio

from faultdiag._version import __version__
from faultdiag.runs.document import DataDocument, MetricsDocument, NetworkDocument, RunDocument

N_WINDOWS = 256
N_BLOCKS = 7
KERAS_BATCHES = (32, 64, 128, 256)
VIEWS: dict[str, dict[str, Any]] = {
    "paper-m12": {"name": "raw", "state": {"n_channels": 1, "length": 4096}},
    "record16": {"name": "image", "state": {"height": 32, "width": 32, "n_channels": 3, "mean": 0.5}},
}
GOALS = {"paper-m12": 2.0, "record16": 1.2}
"""How many times faster the exported network is to be."""


def main() -> None:
    """Print windows a second of all sides, and how many times faster ours is."""
    for name, goal in GOALS.items():
        sides = [partial(prepare_exported, name), *(partial(prepare_keras, name, n) for n in KERAS_BATCHES)]
        seconds = interleaved(sides, n_blocks=N_BLOCKS, steps=1)
        medians = np.median(seconds, axis=0)
        labels = ["exported", *(f"Keras, batches of {n}" for n in KERAS_BATCHES)]
        for label, median in zip(labels, medians, strict=True):
            print(f"{name:<10} {label:<22} {N_WINDOWS / median:6.0f} windows/s")
        best = 1 + int(medians[1:].argmin())
        faster = ratio(seconds, best, 0)
        print(f"{name:<10} {faster.median:.2f} ({faster.lower:.2f} to {faster.upper:.2f}) times; goal {goal}")


def paper_m12() -> tuple[Step, Step]:
    """Logits of 256 windows by paper-m12: exported, and `keras.Model.predict` in batches of 64."""
    return prepare_exported("paper-m12"), prepare_keras("paper-m12", 64)


def record16() -> tuple[Step, Step]:
    """Logits of 256 images by record16: exported, and `keras.Model.predict` in batches of 64."""
    return prepare_exported("record16"), prepare_keras("record16", 64)


def prepare_exported(name: str) -> Step:
    """Export a network as `train` does, load it as `predict` does, and return what computes 256 windows."""
    from faultdiag.runs.export.exporting import export_unfinished
    from faultdiag.runs.export.golden import simulated_inputs
    from faultdiag.runs.exported import load_exported

    with tempfile.TemporaryDirectory() as folder:
        network, document = _network(name)
        network.save(Path(folder) / "model.keras")
        entry = export_unfinished(Path(folder), document)
        if entry["file"] is None:
            raise SystemExit(entry["reason"])
        exported = load_exported(Path(folder), document.model_copy(update={"onnx": entry}))
    return partial(exported.logits, simulated_inputs(document, N_WINDOWS))


def prepare_keras(name: str, batch_size: int) -> Step:
    """Return what predicts 256 windows with Keras on TensorFlow."""
    from faultdiag.runs.export.golden import simulated_inputs

    network, document = _network(name)
    inputs = simulated_inputs(document, N_WINDOWS)
    return partial(network.predict, inputs, batch_size=batch_size, verbose=0)


def _network(name: str) -> tuple[Any, RunDocument]:
    """A fresh network, and the document that a Run of it would have."""
    from faultdiag.networks.table import NETWORKS
    from faultdiag.runs.backend import use_backend

    use_backend("tensorflow", "cpu")
    builder: Any = NETWORKS.load(name)
    input_shape, n_classes = builder.published
    network = builder(input_shape=input_shape, n_classes=n_classes)
    return network, RunDocument(
        faultdiag_version=__version__,
        created=datetime.now(UTC).isoformat(),
        input="image" if VIEWS[name]["name"] == "image" else "signal",
        dataset="simulated",
        task="speed",
        classes=tuple(f"class {number}" for number in range(n_classes)),
        data=DataDocument(
            channels=("ch0",), rate_hz=None, lowpass_hz=None, window=input_shape[0], test_hop=input_shape[0]
        ),
        view=VIEWS[name],
        network=NetworkDocument(
            name=name, options={}, input_shape=input_shape, n_parameters=network.count_params()
        ),
        recipe={},
        training={},
        trained_on=(),
        metrics=MetricsDocument(results=()),
        calibration={},
        onnx={},
        files={},
    )


if __name__ == "__main__":
    main()
