"""What `predict` says about one signal."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from numpy.typing import NDArray

__all__ = ["Prediction"]


@dataclass(frozen=True)
class Prediction:
    """The answer for one signal.

    Attributes
    ----------
    file : str
        Where the signal came from.
    signal : int
        Its number in the file, from 0.
    status : {"ok", "undetermined", "error"}
        An error is a signal that could not be judged; `error` says why.
    label : str or None
        The most probable class; None when undetermined or an error.
    probability : float or None
        Of that class: the mean over the signal's windows.
    probabilities : dict
        Of every class.
    windows : int
        How many windows were judged.
    share : float or None
        Share of the windows that agree with the label.
    run : str
        Folder of the Run that judged.
    warnings : list of str
        What was assumed.
    physics : dict or None
        Evidence of the fault frequencies, where a bearing and a speed were given.
    agrees : bool or None
        Whether the physics names the same fault.
    unlike : bool or None
        Whether the signal is unlike the training data, so that the label may mean nothing; None where the
        Run cannot tell.
    error : str or None
        The one line of an error.
    trace : ndarray, shape [windows, classes], or None
        Probabilities of every window, where they were asked for; no part of `to_dict`.
    window_s : float or None
        Time from window to window.
    image : ndarray of uint8, shape [height, width, channels], or None
        The picture as it was judged, where it was asked for.
    """

    file: str
    signal: int
    status: Literal["ok", "undetermined", "error"]
    label: str | None
    probability: float | None
    probabilities: dict[str, float]
    windows: int
    share: float | None
    run: str
    warnings: list[str] = field(default_factory=list)
    physics: dict[str, Any] | None = None
    agrees: bool | None = None
    unlike: bool | None = None
    error: str | None = None
    trace: NDArray[Any] | None = field(default=None, repr=False, compare=False)
    window_s: float | None = field(default=None, repr=False, compare=False)
    image: NDArray[Any] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def undetermined(cls, *, file: str, signal: int, run: str, warnings: list[str]) -> "Prediction":
        """Return what is said of a signal of which the Run can say nothing; a warning says why."""
        return replace(
            cls.failed(file=file, signal=signal, run=run, error=""),
            status="undetermined",
            error=None,
            warnings=warnings,
        )

    @classmethod
    def failed(cls, *, file: str, signal: int, run: str, error: str) -> "Prediction":
        """Return what is said of something that cannot be judged."""
        return cls(
            file=file,
            signal=signal,
            status="error",
            label=None,
            probability=None,
            probabilities={},
            windows=0,
            share=None,
            run=run,
            error=error,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what is said, as plain JSON."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.compare}
