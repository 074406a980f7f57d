"""Results as text for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from faultdiag.inference.summary import meaning, results_table

if TYPE_CHECKING:
    from faultdiag.diagnosis.diagnosis import Diagnosis
    from faultdiag.inference.prediction import Prediction
    from faultdiag.inference.run import Run

__all__ = [
    "benchmark_text",
    "diagnoses_text",
    "predictions_text",
    "results_text",
    "smith_randall_text",
    "train_text",
    "views_text",
]


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


def benchmark_text(rows: Sequence[dict[str, Any]], split: str) -> str:
    """Return a table of recipes: accuracy of single images, and of images judged with their mirror images."""
    head = ("recipe", "seeds", "epochs", "accuracy", "deviation", "mirrored", "minutes")
    lines: list[tuple[str, ...]] = [head]
    for row in rows:
        mirrored = row["mirror_accuracy"]
        lines.append(
            (
                row["recipe"],
                str(row["n_seeds"]),
                str(row["epochs"]),
                f"{100 * row['accuracy']:.2f} %",
                f"{100 * row['deviation']:.2f}",
                "-" if mirrored is None else f"{100 * mirrored:.2f} %",
                f"{row['minutes']:.1f}",
            )
        )
    return "\n".join([*_aligned(lines), f"split {split}; mean over seeds, deviation in points"])


def views_text(rows: Sequence[dict[str, Any]]) -> str:
    """Return a table of views: macro-F1 of records on each split, and the mean over splits, best first."""
    splits = list(dict.fromkeys(row["split"] for row in rows))
    by_view: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_view.setdefault(row["view"], {})[row["split"]] = row
    means = {name: sum(r["macro_f1"] for r in own.values()) / len(own) for name, own in by_view.items()}
    lines = [("view", "rank", *splits, "mean", "minutes")]
    for name in sorted(means, key=lambda name: -means[name]):
        own = by_view[name]
        cells = [f"{own[split]['macro_f1']:.3f} ± {own[split]['deviation']:.3f}" for split in splits]
        minutes = sum(row["minutes"] for row in own.values()) / len(own)
        rank = next(iter(own.values()))["rank"]
        lines.append((name, str(rank), *cells, f"{means[name]:.3f}", f"{minutes:.1f}"))
    n_seeds = max(row["n_seeds"] for row in rows)
    return "\n".join(
        [*_aligned(lines), f"macro-F1 of records held out, mean ± deviation over {n_seeds} seeds"]
    )


def diagnoses_text(answers: "Sequence[Diagnosis]", *, notes: bool = True) -> str:
    """Return one line for each channel that was diagnosed; below it what shows it, and what was assumed."""
    lines = []
    for answer in answers:
        if answer.status == "error":
            continue
        sure = "" if answer.confidence is None else f" ({100 * answer.confidence:.0f} %)"
        also = f", also {', '.join(answer.also)}" if answer.also else ""
        lines.append(f"{answer.file}, {answer.channel}: {answer.label or 'undetermined'}{sure}{also}")
        lines.append(f"  {answer.text}")
        lines += [f"  note: {text}" for text in answer.warnings if notes]
    return "\n".join(lines)


def smith_randall_text(rows: Sequence[dict[str, Any]]) -> str:
    """Return a table of counts: by set and grade, and below each by fault."""
    head = ("set", "graded", "fault", "records", "first", "claimed right", "claimed wrong")
    keys = ("record_set", "grades", "fault", "n", "first", "right", "wrong")
    return "\n".join(_aligned([head, *(tuple(str(row[key]) for key in keys) for row in rows)]))


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines]


def predictions_text(answers: "Sequence[Prediction]", *, notes: bool = True) -> str:
    """Return one line for each signal that was judged, and below it, in `notes`, what was assumed."""
    lines = []
    for answer in answers:
        name = answer.file if answer.signal == 0 else f"{answer.file}[{answer.signal}]"
        if answer.status == "error":
            continue
        if answer.status == "undetermined":
            lines.append(f"{name}: undetermined")
            lines += [f"  note: {text}" for text in answer.warnings]  # the reason is the answer
            continue
        share = f", {100 * (answer.share or 0):.0f} % of {answer.windows} windows agree"
        percent = 100 * (answer.probability or 0)
        unlike = ", unlike the training data" if answer.unlike else ""
        lines.append(f"{name}: {answer.label} ({percent:.1f} %){share if answer.windows > 1 else ''}{unlike}")
        if answer.physics is not None:
            lines.append(f"  {_physics_text(answer)}")
        lines += [f"  note: {text}" for text in answer.warnings if notes]
    return "\n".join(lines)


def _physics_text(answer: "Prediction") -> str:
    """Return what the physics says beside the network, and whether they agree."""
    physics = answer.physics or {}
    said = physics["text"] or physics["error"]
    agrees = {True: "agrees", False: "contradicts", None: "cannot say"}[answer.agrees]
    return f"physics {agrees}: {said}"
