"""Results in words: a table for the terminal, and one sentence on what it means."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["meaning", "result_rows", "results_table"]

_IMAGE_HEAD = ("test", "images", "accuracy", "with mirror images", "macro-F1")
_HEAD: tuple[str, ...] = (
    "test",
    "windows",
    "records",
    "accuracy",
    "macro-F1",
    "faults F1",
    "by record",
    "RMS only",
)


def results_table(results: Sequence[Mapping[str, Any]]) -> str:
    """Return the results side by side, a line each, and below what each holds out.

    Parameters
    ----------
    results : sequence of mapping
        As ``train --json`` prints them.
    """
    head, row_of = _HEAD, _row
    if any(result["mirror_accuracy"] is not None for result in results):
        head, row_of = _IMAGE_HEAD, _image_row
    rows = [head, *(row_of(result) for result in results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    for result in results:
        leaky = ", leaky" if result["leaky"] else ""
        also = f"; leaky for class {', '.join(result['leaky_classes'])}" if result["leaky_classes"] else ""
        lines.append(f"{result['split']}{leaky}: {result['holds_out']}{also}")
    return "\n".join(lines)


def result_rows(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the results as flat rows for CSV: classes joined by ``;``, the RMS classifier's figures apart.

    Parameters
    ----------
    results : sequence of mapping
        As ``train --json`` prints them.
    """
    rows = []
    for result in results:
        rms = result["rms_only"] or {"accuracy": None, "macro_f1": None}
        flat = {key: value for key, value in result.items() if key != "rms_only"}
        flat["leaky_classes"] = ";".join(result["leaky_classes"])
        rows.append(flat | {f"rms_only_{name}": value for name, value in rms.items()})
    return rows


def meaning(results: Sequence[Mapping[str, Any]]) -> str:
    """Return one sentence on what the results mean for another machine."""
    seen = [r for r in results if r["leaky"]]
    unseen = [r for r in results if not r["leaky"]]
    rivals = [r["rms_only"]["accuracy"] for r in results if r["rms_only"]]
    rival = f" (the RMS alone: {_percents(rivals)})" if rivals else ""
    if seen and unseen:
        first, second = _percent(seen[0]["accuracy"]), _percent(unseen[0]["accuracy"])
        return (
            f"Of the windows of recordings it has seen {first} are right, of bearings it has never seen "
            f"{second}{_stand_in(unseen[0])}{rival}: expect the second on your machine."
        )
    if seen:
        right = _percents([r["accuracy"] for r in seen])
        return (
            f"{right} of the windows are right{rival}, but on bearings that "
            "also train: it says nothing about another bearing; --split bearing or group does."
        )
    if unseen and unseen[0]["mirror_accuracy"] is not None:
        accuracy, mirrored = unseen[0]["accuracy"], unseen[0]["mirror_accuracy"]
        return (
            f"{_percent(accuracy)} of the images that it has never seen are right, {_percent(mirrored)} "
            "if each is judged together with its mirror image."
        )
    if unseen:
        return f"{_percent(unseen[0]['accuracy'])} of the windows of what it has never seen are right{rival}."
    return (
        "Nothing was held out, so nothing is known about how right it is: judge it with 'faultdiag evaluate'."
    )


def _stand_in(result: Mapping[str, Any]) -> str:
    """What an unseen result owes to classes of which no bearing could be held out."""
    names = ", ".join(result["leaky_classes"])
    return f", {names} excepted, whose only bearing has trained" if names else ""


def _row(result: Mapping[str, Any]) -> tuple[str, ...]:
    fault = result["fault_macro_f1"]
    rms = result["rms_only"]
    return (
        result["split"],
        str(result["windows"]),
        str(result["records"]),
        _percent(result["accuracy"]),
        f"{result['macro_f1']:.3f}",
        "-" if fault is None else f"{fault:.3f}",
        _percent(result["record_accuracy"]),
        "-" if rms is None else _percent(rms["accuracy"]),
    )


def _image_row(result: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        result["split"],
        str(result["windows"]),
        _percent(result["accuracy"]),
        _percent(result["mirror_accuracy"]),
        f"{result['macro_f1']:.3f}",
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _percents(shares: Sequence[float]) -> str:
    return " and ".join(_percent(share) for share in shares)
