"""From the windows of one signal to one answer: the mean of their probabilities, and their votes."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faultdiag.inference.prediction import Prediction
from faultdiag.inference.speeds import WindowSpeeds
from faultdiag.views.base import Speeds

if TYPE_CHECKING:
    from faultdiag.inference.run import Run

__all__ = ["Tally"]

Samples = NDArray[np.floating[Any]]


class Tally:
    """What the windows of a signal have said so far.

    Parameters
    ----------
    run : Run
        Who judges.
    speed_rpm : float or WindowSpeeds, optional
        Of the shaft, for views that need it; or of each window.
    trace : bool
        Whether to keep the probabilities of every window.
    """

    def __init__(self, run: "Run", *, speed_rpm: WindowSpeeds | Speeds = None, trace: bool = False) -> None:
        self.run = run
        self.speed_rpm = speed_rpm
        self.sums = np.zeros(len(run.classes))
        self.votes = np.zeros(len(run.classes), np.int64)
        self.log_distances = 0.0
        self.traced: list[Samples] | None = [] if trace else None

    @property
    def n_windows(self) -> int:
        """How many there were."""
        return int(self.votes.sum())

    def add(self, windows: Samples) -> None:
        """Judge and count some prepared windows, shape [m, channels, length]."""
        rate_hz = self.run.document.data.rate_hz
        speed_rpm = self.speed_rpm
        if isinstance(speed_rpm, WindowSpeeds):
            speed_rpm = speed_rpm.of(self.n_windows, len(windows))
        if self.run.likeness is not None:
            self.log_distances += float(self.run.likeness.log_distances(windows).sum())
        self.count(self.run.probabilities(windows, rate_hz=rate_hz, speed_rpm=speed_rpm))

    def count(self, probabilities: Samples) -> None:
        """Count the probabilities of some windows, shape [m, classes]."""
        self.sums += probabilities.sum(axis=0, dtype=np.float64)
        self.votes += np.bincount(probabilities.argmax(axis=1), minlength=len(self.votes))
        if self.traced is not None:
            self.traced.append(probabilities)

    def answer(self, *, file: str, signal: int = 0, warnings: list[str]) -> Prediction:
        """Return what at least one window says of a signal; see `Prediction` for the parameters."""
        classes, data = self.run.classes, self.run.document.data
        means = self.sums / self.n_windows
        best = int(means.argmax())
        unlike, said = self._unlike()
        return Prediction(
            file=file,
            signal=signal,
            status="ok",
            label=classes[best],
            probability=float(means[best]),
            probabilities={c: float(p) for c, p in zip(classes, means, strict=True)},
            windows=self.n_windows,
            share=float(self.votes[best] / self.n_windows),
            run=str(self.run.folder),
            warnings=[*warnings, *said],
            unlike=unlike,
            trace=None if self.traced is None else np.concatenate(self.traced),
            window_s=data.test_hop / data.rate_hz if data.rate_hz else None,
        )

    def _unlike(self) -> tuple[bool | None, list[str]]:
        """Whether the signal is unlike the training data, and what is said of that."""
        likeness = self.run.likeness
        if likeness is None:
            return None, []
        distance = float(np.exp(self.log_distances / self.n_windows))
        limit = likeness.limit(self.n_windows)
        if distance <= limit:
            return False, []
        said = (
            f"unlike the training data: its distance from them is {distance:.3g}, that of a new bearing at "
            f"most {limit:.3g}; do not rely on the label, and check rate, channel and sensor"
        )
        return True, [said]
