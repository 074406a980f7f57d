"""A finished Run, ready to judge signals."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faultdiag.errors import ParameterError, RunError
from faultdiag.inference.engines import Engine, KerasEngine, keras_network, uses_exported
from faultdiag.inference.likeness import Likeness
from faultdiag.inference.rms import RmsRule
from faultdiag.runs.document import RunDocument
from faultdiag.runs.exported import load_exported
from faultdiag.runs.folder import TRAINED_IMAGES, check_finished, find_runs
from faultdiag.runs.probabilities import softmax
from faultdiag.views.base import Speeds, View
from faultdiag.views.make import restored_view
from faultdiag.views.preparation import Preparation

if TYPE_CHECKING:
    import keras

    from faultdiag.datasets.download import Progress
    from faultdiag.datasets.examples import Examples
    from faultdiag.inference.prediction import Prediction

__all__ = ["Run", "load_run", "newest_run"]


class Run:
    """A trained network with everything that leads to it from a signal.

    Made by `faultdiag.train` and `faultdiag.load_run`.

    Parameters
    ----------
    folder : Path
        A finished Run folder.
    document : RunDocument
        Its run.json.
    model : keras.Model, optional
        The network, if it is in memory already; then it computes. Else one is loaded when needed.
    backend : {"onnx", "tensorflow", "jax", "torch"}, optional
        What computes: the exported network (onnx), or Keras with one of its backends. Default: the exported
        network where there is one, else Keras.
    device : str
        ``"auto"``, ``"cpu"``, ``"gpu"`` or ``"gpu:1"``; on a GPU Keras computes.
    """

    def __init__(
        self,
        folder: Path,
        document: RunDocument,
        model: "keras.Model | None" = None,
        *,
        backend: str | None = None,
        device: str = "auto",
    ) -> None:
        self.folder = folder
        self.document = document
        self.backend = backend
        self.device = device
        if model is not None:
            self.__dict__["network"] = model  # where the cached properties look first
            self.__dict__["engine"] = KerasEngine(model)

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names, in the order of the network's outputs."""
        return self.document.classes

    @property
    def results(self) -> list[dict[str, Any]]:
        """The results on seen and unseen, as ``train --json`` prints them."""
        return [result.model_dump(mode="json") for result in self.document.metrics.results]

    def worth(self) -> str:
        """Return what its answers have been worth on bearings that it had never seen, as a clause."""
        unseen = [result for result in self.results if not result["leaky"]]
        if not unseen:
            what = "images" if self.document.input == "image" else "bearings"
            return f", never judged on {what} that it has not seen"
        what = "images" if self.document.input == "image" else "windows of bearings"
        return f", right in {100 * unseen[0]['accuracy']:.1f} % of the {what} it had never seen"

    @property
    def notes(self) -> list[str]:
        """What a reader of the results must know."""
        return list(self.document.training["notes"])

    def report(self) -> dict[str, Any]:
        """Return the document of ``train --json``."""
        return {
            "run": str(self.folder),
            "task": self.document.task,
            "classes": list(self.classes),
            "seconds": self.document.training["seconds"],
            "results": self.results,
            "notes": self.notes,
        }

    @property
    def preparation(self) -> Preparation:
        """What happens to a record before its windows are cut."""
        data = self.document.data
        return Preparation(data.channels, data.rate_hz, data.lowpass_hz)

    @cached_property
    def view(self) -> View:
        """How a window becomes a tensor; `RunError` if this faultdiag has no such view."""
        try:
            return restored_view(self.document.view["name"], self.document.view["state"])
        except (KeyError, TypeError, ParameterError) as error:
            raise RunError(f"{self.folder / 'run.json'}: not a view of this faultdiag: {error}") from error

    @cached_property
    def engine(self) -> Engine:
        """What computes logits; loaded when it is first needed.

        Raises
        ------
        FaultdiagError
            In one line, if the network is damaged, or what shall compute is not installed.
        """
        if uses_exported(self.document, self.backend, self.device):
            return load_exported(self.folder, self.document)
        return KerasEngine(self.network)

    @cached_property
    def network(self) -> "keras.Model":
        """The network in Keras, from tensors to logits, whatever computes the answers."""
        return keras_network(self.folder, self.document, self.backend, self.device)

    def ready(self) -> "Run":
        """Load view, likeness and network now, so that what is wrong with them is said now; return the Run.

        Raises
        ------
        FaultdiagError
            As for `engine`.
        """
        _ = self.view, self.likeness, self.engine
        return self

    @cached_property
    def trained_images(self) -> NDArray[np.uint64]:
        """Of a Run for images: the short hashes of what it was trained on, sorted.

        Raises
        ------
        RunError
            If they cannot be read.
        """
        path = self.folder / TRAINED_IMAGES
        try:
            return np.asarray(np.load(path, allow_pickle=False), np.uint64)
        except (OSError, ValueError) as error:
            raise RunError(f"{path}: cannot be read: {error}") from error

    @property
    def rms_rule(self) -> RmsRule | None:
        """The classifier that knows the RMS only, fitted on the same windows; None for images."""
        state = self.document.training.get("rms_rule")
        return None if state is None else RmsRule(**state)

    @cached_property
    def likeness(self) -> Likeness | None:
        """What tells signals unlike the training data; None where the Run has nothing that does.

        Raises
        ------
        RunError
            If what run.json has is not for the Run's windows.
        """
        state, data = self.document.calibration.get("unlike"), self.document.data
        if state is None:
            return None
        try:
            return Likeness(**state).checked(n_channels=len(data.channels), length=data.window)
        except (TypeError, ValueError) as error:
            raise RunError(
                f"{self.folder / 'run.json'}: damaged: calibration.unlike: {error}; train again"
            ) from error

    def probabilities(
        self, windows: NDArray[Any], *, rate_hz: float | None = None, speed_rpm: Speeds = None
    ) -> NDArray[np.floating[Any]]:
        """Return the class probabilities of prepared windows.

        Parameters
        ----------
        windows : ndarray, shape [m, channels, length], or images [m, height, width, channels]
            As the view takes them.
        rate_hz, speed_rpm : float, optional
            For views that need them.

        Returns
        -------
        ndarray, shape [m, classes]
        """
        return softmax(self.engine.logits(self.view(windows, rate_hz, speed_rpm)))

    def predict(self, signals: Any, **options: Any) -> "list[Prediction]":
        """Say what is wrong with each of some signals; see `faultdiag.predict`."""
        from faultdiag.inference.predict import predict

        return predict(signals, run=self, **options)

    def stream(
        self,
        blocks: Iterable[ArrayLike],
        *,
        rate_hz: float | None = None,
        speed_rpm: float | None = None,
        every_s: float | None = None,
    ) -> "Iterator[Prediction]":
        """Say again and again what is wrong with a signal that is still being measured.

        Parameters
        ----------
        blocks : iterable of array_like, shape [channels, k]
            The signal in consecutive pieces of any size, channels in the Run's order; ``[k]`` is one channel.
        rate_hz : float, optional
            Sampling rate; default: the Run's, and the answers say so.
        speed_rpm : float, optional
            Shaft speed, for views that need it.
        every_s : float, optional
            Seconds of signal from answer to answer, rounded to whole windows; default: the end alone.

        Yields
        ------
        Prediction
            What all the signal so far says. The last one, at the end, is what `predict` says of the whole.

        Raises
        ------
        RecordError
            If a block cannot be judged, or the signal ends before its first window or was constant.
        ParameterError
            If an option is wrong by itself.
        RunError
            If the Run is damaged or takes images.

        Notes
        -----
        Answers lag behind the signal where it is resampled or filtered: that is done in blocks of some
        65,536 samples of the faster rate.

        Examples
        --------
        ``for answer in run.stream(blocks, rate_hz=25600, every_s=10): print(answer.label)``
        """
        from faultdiag.inference.stream import stream

        return stream(self, blocks, rate_hz=rate_hz, speed_rpm=speed_rpm, every_s=every_s)

    def load_examples(
        self,
        dataset: str | None = None,
        data_dir: Path | None = None,
        *,
        task: str | None = None,
        rate_hz: float | None = None,
        progress: "Progress | None" = None,
    ) -> "Examples":
        """Load a data set to judge: as the Run's own was loaded, channels and options alike, or another.

        Parameters
        ----------
        dataset : str, optional
            A name in DATASETS; default: the one that the Run was trained on.
        data_dir : Path, optional
            Folder with its files.
        task : str, optional
            Which labels; default: those of the Run.
        rate_hz : float, optional
            Of files that do not say.
        progress : Progress, optional
            Called for every piece of a file that is fetched.
        """
        from faultdiag.datasets.load import load_dataset

        own = self.document.dataset
        options = dict(self.document.recipe["data"]["options"]) if dataset in (None, own) else {}
        if rate_hz is not None:
            options["rate_hz"] = rate_hz
        channels = self.document.data.channels if dataset in (None, own) else ()
        return load_dataset(
            dataset or own,
            data_dir,
            task=task or self.document.task,
            channels=channels,
            progress=progress,
            **options,
        )

    def evaluate(self, examples: "Examples", *, include_training: bool = False) -> list[dict[str, Any]]:
        """Return results on other examples; see `faultdiag.inference.evaluate.evaluate`."""
        from faultdiag.inference.evaluate import evaluate

        return evaluate(self, examples, include_training=include_training)


def load_run(folder: Path | str, *, backend: str | None = None, device: str = "auto") -> Run:
    """Load a finished Run.

    Parameters
    ----------
    folder : Path or str
        Its folder. The network itself is loaded when it is first needed.
    backend : {"onnx", "tensorflow", "jax", "torch"}, optional
        What computes: the exported network (onnx), or Keras with one of its backends. Default: the exported
        network where there is one, else Keras.
    device : str
        ``"auto"``, ``"cpu"``, ``"gpu"`` or ``"gpu:1"``; on a GPU Keras computes.

    Returns
    -------
    Run

    Raises
    ------
    ParameterError
        If there is no such folder.
    RunError
        If the Run is unfinished, damaged or of a newer version.
    """
    path = Path(folder)
    return Run(path, check_finished(path), backend=backend, device=device)


def newest_run(
    kind: str = "signal", folder: Path = Path("runs"), *, backend: str | None = None, device: str = "auto"
) -> Run:
    """Load the newest finished Run for this kind of input below a folder, as `load_run` does.

    Raises
    ------
    ParameterError
        If there is none.
    """
    for path, document in find_runs(folder):
        if document.input == kind:
            return load_run(path, backend=backend, device=device)
    raise ParameterError(
        f"no finished Run for {kind}s in {folder}; train one with 'faultdiag train --dataset simulated' "
        "or name one with --run"
    )
