"""The exported network of a Run, computed by onnxruntime on the CPU: neither Keras nor TensorFlow is there.

What is loaded is what was exported: the hashes are those of run.json, the inputs and outputs those of the
Run, and the golden inputs beside the network give the golden outputs.
"""

import hashlib
import io
import os
import shlex
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import RunError
from faultdiag.runs.backend import no_chatter
from faultdiag.runs.document import RunDocument
from faultdiag.runs.probabilities import largest_difference

if TYPE_CHECKING:
    import onnxruntime

__all__ = ["TOLERANCE", "ExportedNetwork", "export_command", "load_exported"]

TOLERANCE = 1e-4
"""Most that a probability of the golden inputs may differ."""

INPUT, OUTPUT = "signal", "logits"

CHUNK = 16
"""Windows that a thread computes at once: their activations fit its cache."""

SILENT = 4  # of onnxruntime's levels of logging: fatal errors only

Tensors = NDArray[np.float32]


class ExportedNetwork:
    """A network in onnxruntime.

    Parameters
    ----------
    model : bytes
        The content of an ONNX file.
    path : Path
        Where it came from in a Run, for messages.
    input_shape : tuple of int
        Of one input, channels last.
    n_classes : int
        Length of the logits.

    Raises
    ------
    RunError
        If onnxruntime is not there or cannot load it, or its inputs or outputs are others.
    """

    def __init__(self, model: bytes, path: Path, *, input_shape: tuple[int, ...], n_classes: int) -> None:
        runtime, self._failures = _runtime()
        self._n_classes = n_classes
        self._where, self._remedy = path, f"{export_command(path.parent)} renews it"
        try:
            self._session = _session(runtime, model)
        except self._failures as error:
            raise RunError(f"{path}: no network that onnxruntime can load; {self._remedy}") from error
        if not _fits(self._session, input_shape, n_classes):
            raise RunError(
                f"{path}: not the network in run.json: its inputs or outputs are others; {self._remedy}"
            )
        self._options = runtime.RunOptions()
        self._options.log_severity_level = SILENT
        self._pool = ThreadPoolExecutor(_n_cores())

    def logits(self, tensors: Tensors) -> Tensors:
        """Return the logits of tensors, computed on all cores.

        Parameters
        ----------
        tensors : ndarray of float32, shape [m, ...], the rest as ``input_shape``

        Returns
        -------
        ndarray of float32, shape [m, classes]

        Raises
        ------
        RunError
            If the network cannot compute them.
        """
        chunks = [tensors[start : start + CHUNK] for start in range(0, len(tensors), CHUNK)]
        try:
            found = list(self._pool.map(self._run, chunks))
        except self._failures as error:
            said = " ".join(str(error).split())
            raise RunError(f"{self._where}: cannot compute ({said}); {self._remedy}") from error
        return np.concatenate([np.empty((0, self._n_classes), np.float32), *found])

    def _run(self, chunk: Tensors) -> Tensors:
        inputs = {INPUT: np.ascontiguousarray(chunk, np.float32)}
        logits: Tensors = self._session.run([OUTPUT], inputs, self._options)[0]
        if logits.shape != (len(chunk), self._n_classes):
            raise RunError(
                f"{self._where}: gives logits of shape {list(logits.shape)} for {len(chunk)} windows and "
                f"{self._n_classes} classes; {self._remedy}"
            )
        return logits


def load_exported(folder: Path, document: RunDocument) -> ExportedNetwork:
    """Load the exported network of a Run, and see that it still computes what it computed.

    Parameters
    ----------
    folder : Path
        A finished Run.
    document : RunDocument
        Its run.json.

    Raises
    ------
    RunError
        If there is none, a file is missing, damaged or of another network, or the golden inputs do not
        give the golden outputs.
    """
    about, renew = document.onnx, f"{export_command(folder)} renews it"
    if about.get("file") is None:
        raise RunError(
            f"{folder}: has no exported network ({about.get('reason')}); {export_command(folder)} makes one"
        )
    model = _content(folder, about, "file", "sha256")
    golden = _arrays(_content(folder, about, "golden", "golden_sha256"), document)
    if golden is None:
        raise RunError(f"{folder / about['golden']}: no golden inputs and outputs of this Run; {renew}")
    network = ExportedNetwork(
        model,
        folder / about["file"],
        input_shape=document.network.input_shape,
        n_classes=len(document.classes),
    )
    difference = largest_difference(network.logits(golden[0]), golden[1])
    if not difference <= TOLERANCE:
        raise RunError(
            f"{folder / about['file']}: its probabilities of the golden inputs are {difference:.1e} off, "
            f"more than {TOLERANCE:.0e}; {renew}"
        )
    return network


def export_command(folder: Path) -> str:
    """Return the command that exports a Run again, for messages."""
    return f"'faultdiag export {shlex.quote(str(folder))} --to onnx'"


def _content(folder: Path, about: dict[str, Any], name_key: str, sha256_key: str) -> bytes:
    """The bytes of a file that run.json names, if they are those it means."""
    name, expected = about.get(name_key), about.get(sha256_key)
    if not isinstance(name, str) or not isinstance(expected, str) or Path(name).name != name or not name:
        raise RunError(
            f"{folder / 'run.json'}: damaged: onnx.{name_key} is {name!r} with {sha256_key} {expected!r}; "
            f"{export_command(folder)} renews it"
        )
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise RunError(
            f"{folder / name}: cannot be read: {error.strerror or error}; {export_command(folder)} renews it"
        ) from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise RunError(
            f"{folder / name}: damaged: its SHA-256 is not the one in run.json; "
            f"{export_command(folder)} renews it"
        )
    return content


def _runtime() -> tuple[Any, tuple[type[Exception], ...]]:
    """The module onnxruntime and its exceptions, which have no class in common."""
    try:
        with no_chatter():  # it looks for GPUs, and says what it does not find
            import onnxruntime
            from onnxruntime.capi import onnxruntime_pybind11_state as state
    except ImportError as error:
        said = " ".join(str(error).split())
        raise RunError(
            f"onnxruntime cannot be imported ({said}); install it again, or compute with Keras: "
            "--backend tensorflow"
        ) from error
    return onnxruntime, tuple(
        found for found in vars(state).values() if isinstance(found, type) and issubclass(found, Exception)
    )


def _session(runtime: Any, model: bytes) -> "onnxruntime.InferenceSession":
    options = runtime.SessionOptions()
    options.log_severity_level = SILENT
    # one thread a chunk, and several chunks at a time: threads that share one wait for each other
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _fits(session: "onnxruntime.InferenceSession", input_shape: tuple[int, ...], n_classes: int) -> bool:
    """Whether inputs and outputs are those of the Run; a size that the file leaves open fits."""
    expected = [(INPUT, (None, *input_shape)), (OUTPUT, (None, n_classes))]
    found = [*session.get_inputs(), *session.get_outputs()]
    return len(found) == len(expected) and all(
        value.name == name
        and value.type == "tensor(float)"
        and len(value.shape) == len(shape)
        and all(not isinstance(n, int) or n == m for n, m in zip(value.shape, shape, strict=True))
        for value, (name, shape) in zip(found, expected, strict=True)
    )


def _arrays(content: bytes, document: RunDocument) -> tuple[Tensors, Tensors] | None:
    """Golden inputs and their logits; None where these are none of this Run."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            inputs, logits = arrays["inputs"], arrays["logits"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if {inputs.dtype, logits.dtype} != {np.dtype(np.float32)} or inputs.ndim == 0 or len(inputs) == 0:
        return None
    expected = document.network.input_shape, (len(inputs), len(document.classes))
    return (inputs, logits) if (inputs.shape[1:], logits.shape) == expected else None


def _n_cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on all systems
    return len(affinity(0)) if affinity else os.cpu_count() or 1
