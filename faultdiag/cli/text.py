"""Results as text for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from faultdiag.inference.summary import meaning, results_table

if TYPE_CHECKING:
    from faultdiag.inference.prediction import Prediction
    from faultdiag.inference.run import Run

__all__ = ["predictions_text", "results_text", "train_text"]


def results_text(results: Sequence[dict[str, Any]], notes: Sequence[str] = ()) -> str:
    """Return the table of results, what to know about it, and the sentence that sums it up."""
    table = [results_table(results)] if results else []
    return "\n".join([*table, *(f"note: {note}" for note in notes), meaning(results)])


def train_text(run: "Run") -> str:
    """Return what a finished training has to say."""
    training = run.document.training
    return "\n".join(
        [
            results_text(run.results, run.notes),
            f"Run: {run.folder} ({training['epochs']} epochs, {training['seconds']:.0f} s); "
            f"pictures and card.md lie in it",
        ]
    )


def predictions_text(answers: "Sequence[Prediction]", *, notes: bool = True) -> str:
    """Return one line for each signal that was judged, and below it, in `notes`, what was assumed."""
    lines = []
    for answer in answers:
        name = answer.file if answer.signal == 0 else f"{answer.file}[{answer.signal}]"
        if answer.status == "error":
            continue
        share = f"{100 * (answer.share or 0):.0f} % of {answer.windows} windows agree"
        label, percent = answer.label or "undetermined", 100 * (answer.probability or 0)
        lines.append(f"{name}: {label} ({percent:.1f} %), {share}")
        lines += [f"  note: {text}" for text in answer.warnings if notes]
    return "\n".join(lines)
