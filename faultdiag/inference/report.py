"""Predictions as files: JSON, CSV, and a picture for each signal."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from faultdiag.inference.prediction import Prediction
from faultdiag.plots.pictures import contact_sheets, prediction_picture, save_picture
from faultdiag.runs.folder import write_safely, writing

__all__ = ["make_folder", "prediction_rows", "write_predictions"]


def make_folder(folder: Path) -> None:
    """Make the folder for the files, if it is not there.

    Raises
    ------
    RunError
        If it cannot be made.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)


def prediction_rows(answers: Sequence[Prediction]) -> list[dict[str, Any]]:
    """Return one flat row a signal, with the probability of each class in a column of its own."""
    classes = sorted({name for answer in answers for name in answer.probabilities})
    rows = []
    for answer in answers:
        row = answer.to_dict()
        flat = {
            key: row[key]
            for key in (
                "file",
                "signal",
                "status",
                "label",
                "probability",
                "windows",
                "share",
                "unlike",
                "run",
            )
        }
        flat |= {f"p_{name}": answer.probabilities.get(name) for name in classes}
        rows.append(flat | {"warnings": "; ".join(answer.warnings), "error": answer.error})
    return rows


def write_predictions(answers: Sequence[Prediction], folder: Path) -> None:
    """Write ``predictions.json``, ``predictions.csv`` and a PNG for each signal that kept its windows.

    Images come together on contact sheets, ``images-001.png`` and so on.

    Raises
    ------
    RunError
        If the folder cannot be written to.
    """
    make_folder(folder)
    write_safely(folder / "predictions.json", json.dumps([a.to_dict() for a in answers], indent=1).encode())
    text = io.StringIO(newline="")
    rows = prediction_rows(answers)
    writer = csv.DictWriter(text, list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    write_safely(folder / "predictions.csv", text.getvalue().encode())
    images = [answer.image for answer in answers if answer.image is not None]
    if images:
        said = [f"{a.label} ({100 * (a.probability or 0):.0f} %)" for a in answers if a.image is not None]
        with writing(folder):
            for number, figure in enumerate(contact_sheets(images, said), start=1):
                save_picture(figure, folder / f"images-{number:03}.png")
    for number, answer in enumerate(answers):
        if answer.trace is not None:
            title = f"{Path(answer.file).name}: {answer.label} ({100 * (answer.probability or 0):.1f} %)"
            figure = prediction_picture(
                answer.trace, list(answer.probabilities), window_s=answer.window_s, title=title
            )
            with writing(folder):
                save_picture(figure, folder / f"{number:03}-{Path(answer.file).stem}-{answer.signal}.png")
