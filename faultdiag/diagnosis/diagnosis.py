"""What a diagnosis says about one signal."""

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from faultdiag.diagnosis.trace import Trace, TurnTrace

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
        Chance that noise shows as much; of a bearing the larger of two, in its best bands and in the whole.
    effect : float
        How strong it is: of a bearing by how much the power of the vibration goes up and down with the fault,
        0.1 for 10 %; of gears and shafts what their rules say.
    limit : float or None
        Effect from which it is damage, as the answer used it: a reference that shows the fault, too, raises
        it. None where nothing says what is tolerated.
    part : str
        Which part it is, where the label does not say: the gear, the shaft.
    """

    label: str
    confidence: float
    score: float
    frequency_hz: float
    p_value: float
    effect: float
    limit: float | None = None
    part: str = ""


@dataclass(frozen=True)
class Evidence:
    """One line.

    Attributes
    ----------
    hypothesis : str
        The fault that it speaks for.
    harmonic : float
        Its number, from 1; one half is half an order of the shaft.
    expected_hz, found_hz : float
        Where it should be, and where it is.
    level_db : float
        Power over the noise around it.
    text : str
        The same in words.
    """

    hypothesis: str
    harmonic: float
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
    turn_traces : tuple of TurnTrace
        Likewise, of gears.
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
    turn_traces: "tuple[TurnTrace, ...]" = field(default=(), repr=False, compare=False)

    def to_row(self) -> dict[str, Any]:
        """Return one flat row, with the confidence of each hypothesis in a column of its own."""
        keys = ("file", "channel", "status", "label", "confidence", "speed_rpm")
        row = {key: getattr(self, key) for key in keys}
        row |= {"label": self._written_label(), "also": "; ".join(self.also)}
        surest = sorted(self.hypotheses, key=lambda one: (one.label, one.confidence))
        row |= {f"c_{one.label}": one.confidence for one in surest}
        return row | {"text": self.text, "warnings": "; ".join(self.warnings), "error": self.error}

    def to_dict(self) -> dict[str, Any]:
        """Return what is said, as plain JSON."""
        plain = asdict(replace(self, traces=(), turn_traces=()))
        del plain["traces"], plain["turn_traces"]
        plain["label"] = self._written_label()
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}

    def _written_label(self) -> str | None:
        """The answer in a file: "undetermined" is one, too."""
        return "undetermined" if self.status == "undetermined" else self.label
