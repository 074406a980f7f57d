"""What a diagnosis says about one signal."""

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from faultdiag.diagnosis.trace import Trace

__all__ = ["Diagnosis", "Evidence", "Hypothesis"]

Status = Literal["ok", "undetermined", "error"]


@dataclass(frozen=True)
class Hypothesis:
    """What speaks for one fault.

    Attributes
    ----------
    label : str
        The fault.
    confidence : float
        Probability that this part is at fault, from 0 to 1: the smaller of what chance and what the effect
        leave.
    score : float
        Evidence in nats.
    frequency_hz : float
        Where its lines were found.
    p_value : float
        Chance that noise reaches this score.
    effect : float
        By how much the power of the vibration goes up and down with the fault, 0.1 for 10 %.
    """

    label: str
    confidence: float
    score: float
    frequency_hz: float
    p_value: float
    effect: float


@dataclass(frozen=True)
class Evidence:
    """One line.

    Attributes
    ----------
    hypothesis : str
        The fault that it speaks for.
    harmonic : int
        Its number, from 1.
    expected_hz, found_hz : float
        Where it should be, and where it is.
    level_db : float
        Power over the noise around it.
    text : str
        The same in words.
    """

    hypothesis: str
    harmonic: int
    expected_hz: float
    found_hz: float
    level_db: float
    text: str


@dataclass(frozen=True)
class Diagnosis:
    """The answer for one signal.

    Attributes
    ----------
    file : str
        Where the signal came from.
    channel : str
        Its channel.
    status : {"ok", "undetermined", "error"}
        Undetermined is an answer: something is there that cannot be named, or nothing can be seen.
    label : str or None
        What is wrong; "normal" where nothing is found; None for an error.
    confidence : float or None
        Of the label.
    also : tuple of str
        Other faults that are significant.
    hypotheses : tuple of Hypothesis
        All that were looked for, best first.
    speed_rpm : float or None
        Speed of the shaft that was found, or that was said.
    evidence : tuple of Evidence
        Lines of the best hypothesis and of those in `also`.
    text : str
        A sentence or two for a mechanic.
    warnings : tuple of str
        What was assumed.
    error : str or None
        The one line of an error.
    traces : tuple of Trace
        Curves behind `evidence`, where they were asked for: what a report draws. Not in `to_dict`.
    """

    file: str
    channel: str = ""
    status: Status = "ok"
    label: str | None = None
    confidence: float | None = None
    also: tuple[str, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    speed_rpm: float | None = None
    evidence: tuple[Evidence, ...] = ()
    text: str = ""
    warnings: tuple[str, ...] = field(default=())
    error: str | None = None
    traces: "tuple[Trace, ...]" = field(default=(), repr=False, compare=False)

    def to_row(self) -> dict[str, Any]:
        """Return one flat row, with the confidence of each hypothesis in a column of its own."""
        keys = ("file", "channel", "status", "label", "confidence", "speed_rpm")
        row = {key: getattr(self, key) for key in keys} | {"also": "; ".join(self.also)}
        row |= {f"c_{one.label}": one.confidence for one in sorted(self.hypotheses, key=lambda h: h.label)}
        return row | {"text": self.text, "warnings": "; ".join(self.warnings), "error": self.error}

    def to_dict(self) -> dict[str, Any]:
        """Return what is said, as plain JSON."""
        plain = asdict(replace(self, traces=()))
        del plain["traces"]
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}
