"""Export the network of a Run, and refuse what does not compute what the Run computes."""

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from faultdiag.errors import FaultdiagError, MissingExtraError, ParameterError, RunError
from faultdiag.runs.backend import use_backend
from faultdiag.runs.document import RunDocument
from faultdiag.runs.export.base import Exporter
from faultdiag.runs.export.description import describe
from faultdiag.runs.export.golden import golden_bytes, n_golden, simulated_inputs
from faultdiag.runs.export.staging import staged
from faultdiag.runs.export.table import EXPORTERS
from faultdiag.runs.exported import TOLERANCE
from faultdiag.runs.folder import check_finished, sha256_of, writing
from faultdiag.runs.network import load_network
from faultdiag.runs.probabilities import largest_difference

if TYPE_CHECKING:
    import keras

__all__ = ["ExportReport", "HasFolder", "export_run", "export_unfinished"]

GOLDEN = "golden.npz"
"""Name inside a Run, beside the network that run.json records."""

N_INPUTS = 32
"""Inputs that an exported network is compared on, the golden ones first."""

# what a library raises that is installed in part or does not go with another one
_OF_LIBRARIES = (AttributeError, ImportError, OSError, RuntimeError, TypeError, ValueError)


class HasFolder(Protocol):
    """What `faultdiag.load_run` returns, as far as it counts here."""

    folder: Path


@dataclass(frozen=True)
class ExportReport:
    """An exported network, and how near it is to the one of the Run.

    Attributes
    ----------
    path : Path
        The file or folder.
    golden : Path
        Inputs, and the logits that Keras gives for them.
    max_difference : float
        Largest difference of a probability from that of Keras.
    n_inputs : int
        Over how many inputs.
    """

    path: Path
    golden: Path
    max_difference: float
    n_inputs: int = N_INPUTS


def export_run(run: HasFolder | Path | str, to: str = "onnx", out: Path | str | None = None) -> ExportReport:
    """Export the network of a finished Run.

    The exported network takes what the Run's view gives, float32 and channels last, and gives logits. An
    ONNX file inside the Run is what `predict` computes with from then on. A description of all that leads
    from a signal to a class is inside an ONNX file and beside every other one.

    Parameters
    ----------
    run : Run or path
        The Run, or its folder.
    to : str
        A name in EXPORTERS: onnx, litert or savedmodel.
    out : path, optional
        Another place than the Run; a file there is replaced.

    Returns
    -------
    ExportReport

    Raises
    ------
    ParameterError
        If there is no such Run or format, `out` is no place for an export, or this process computes with
        a backend that cannot write the format.
    RunError
        If the Run is unfinished or damaged, the exported network differs from the Run's by more than 1e-4
        in a probability, or it cannot be written; what was there before is still there then.
    MissingExtraError
        If a library is not installed.
    """
    folder = Path(run) if isinstance(run, str | Path) else run.folder
    document = check_finished(folder)
    exporter = _usable(to)
    path = folder / exporter.file if out is None else _outside(Path(out), folder)
    recorded = exporter.recorded and out is None
    golden = path.with_name(GOLDEN if recorded else f"{path.name}.golden.npz")
    with staged(path.parent) as stage:
        difference = _write(exporter, folder, document, stage / path.name, stage / golden.name)
        if recorded:
            entry = _entry(stage / path.name, stage / golden.name, difference)
            text, name = document.model_copy(update={"onnx": entry}).to_json(), "run.json"
        else:
            text, name = json.dumps(describe(document), indent=1) + "\n", f"{path.name}.json"
        with writing(path.with_name(name)):
            (stage / name).write_text(text, encoding="utf-8")
    return ExportReport(path, golden, difference)


def export_unfinished(
    folder: Path, document: RunDocument, network: "keras.Model | None" = None
) -> dict[str, Any]:
    """Export the network of a Run that has its weights but no run.json yet, to ONNX.

    Parameters
    ----------
    folder : Path
        With ``model.keras``.
    document : RunDocument
        What will be run.json.
    network : keras.Model, optional
        The same network, if it is in memory and computes on the CPU in float32; else it is loaded.

    Returns
    -------
    dict
        What run.json says of the file, or why there is none.
    """
    try:
        exporter = _usable("onnx")
        with staged(folder) as stage:
            path, golden = stage / exporter.file, stage / GOLDEN
            return _entry(path, golden, _write(exporter, folder, document, path, golden, network))
    except (FaultdiagError, *_OF_LIBRARIES) as error:
        said = " ".join(str(error).split())
        return {"file": None, "reason": said if isinstance(error, FaultdiagError) else f"failed: {said}"}


def _usable(to: str) -> Exporter:
    """A format whose libraries are installed."""
    exporter = EXPORTERS.load(to)
    for module, extra in exporter.needs:
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError(f"export to {to} ({module} is not installed)", extra)
    return exporter


def _outside(out: Path, folder: Path) -> Path:
    """A path for an export that is not the Run's own."""
    if out.is_dir() or out.name in ("", ".."):
        raise ParameterError(
            f"--out {str(out)!r} is a folder; name a file, or a folder that is not there yet"
        )
    if not out.parent.is_dir():
        raise ParameterError(f"--out {str(out)!r}: there is no folder {str(out.parent)!r}; make it first")
    if folder.resolve() in out.resolve().parents:
        raise ParameterError(f"--out {str(out)!r} is inside the Run; without --out it is written there")
    return out


def _write(
    exporter: Exporter,
    folder: Path,
    document: RunDocument,
    path: Path,
    golden: Path,
    network: "keras.Model | None" = None,
) -> float:
    """Write the network, then the golden file; return the largest difference of a probability."""
    use_backend(exporter.backend)
    import keras

    inputs = simulated_inputs(document, N_INPUTS)
    n = n_golden(document.network.input_shape)
    with keras.device("cpu:0"):  # a GPU rounds the inputs of a convolution to ten bits
        network = network or load_network(folder, document.network, len(document.classes))
        logits = np.asarray(keras.ops.convert_to_numpy(network(inputs, training=False)), np.float32)
    with writing(path):
        exporter.write(network, describe(document), path)
    forward = exporter.open(path)
    found = np.concatenate([forward(inputs[:n]), forward(inputs[n:])])  # batches of two sizes
    difference = largest_difference(found, logits)
    if not difference <= TOLERANCE:
        raise RunError(
            f"{folder}: {path.name} was not kept: its probabilities are up to {difference:.1e} off those of "
            f"Keras, more than {TOLERANCE:.0e}; compute with Keras instead, and please report it"
        )
    with writing(golden):
        golden.write_bytes(golden_bytes(inputs[:n], logits[:n]))
    return difference


def _entry(path: Path, golden: Path, difference: float) -> dict[str, Any]:
    """What run.json says about an exported network."""
    return {
        "file": path.name,
        "golden": golden.name,
        "max_difference": difference,
        "sha256": sha256_of(path),
        "golden_sha256": sha256_of(golden),
    }
