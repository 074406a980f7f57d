"""Diagnoses as one page: what is wrong, what shows it, and the pictures, in a single file."""

import io
import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from faultdiag.diagnosis.bearing_doubts import CLEAR_LINE_DB
from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence
from faultdiag.errors import ParameterError
from faultdiag.kinematics.gears import GearTrain
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record
from faultdiag.report.diagnosis_pictures import bands_of, spectrum_of, turn_of
from faultdiag.report.given import given_facts
from faultdiag.report.glossary import glossary
from faultdiag.report.html import data_uri, filled
from faultdiag.report.names import (
    effect_of,
    evidence_name,
    hypothesis_name,
    kind_of,
    limit_of,
    verdict_of,
)
from faultdiag.report.pictures import Picture
from faultdiag.runs.folder import write_safely, writing

__all__ = ["check_report", "write_report"]

ENDINGS = (".html", ".htm")

KINDS = {
    # kind of an answer -> its words where several are counted
    "fault": "damaged",
    "normal": "without a sign of damage",
    "undetermined": "undetermined",
    "error": "not diagnosed",
}

SOUND = {
    # kinds of the faults that were looked for -> what is sound where nothing was found
    frozenset({"bearing"}): "the bearing is sound",
    frozenset({"gear"}): "no gear is damaged",
    frozenset({"bearing", "gear"}): "bearing and gears are sound",
}

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def write_report(
    answers: Sequence[Diagnosis],
    path: Path | str,
    *,
    bearing: FaultOrders | str | None = None,
    gear: GearTrain | str | None = None,
    reference: Path | str | Record | None = None,
    rate_hz: float | None = None,
    speed_rpm: float | None = None,
    tacho: str | None = None,
) -> Path:
    """Write one HTML file that shows diagnoses, what speaks for them, and pictures.

    It opens without a network, on a telephone too, and can be printed.

    Parameters
    ----------
    answers : sequence of Diagnosis
        From `faultdiag.diagnose`; with ``trace=True`` there are pictures.
    path : path
        The file, which is replaced if it exists. Its folder is made.
    bearing, gear, reference, rate_hz, speed_rpm, tacho : optional
        What `faultdiag.diagnose` was told, for the head of the page.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ParameterError
        If there are no answers, the bearing or the gears are unknown, or the path is a folder or does not
        end in .html.
    RunError
        If the file cannot be written. What was there before is still there then.
    """
    path = Path(path)
    check_report(path)
    if not answers:
        raise ParameterError("a report needs an answer, got none; diagnose a signal first")
    names = _short_names([answer.file for answer in answers])
    sections = [_section(answer, names[answer.file]) for answer in answers]
    facts = given_facts(
        rate_hz=rate_hz, speed_rpm=speed_rpm, tacho=tacho, bearing=bearing, gear=gear, reference=reference
    )
    kinds = {kind_of(guess.label) for answer in answers for guess in answer.hypotheses}
    title = f"{len(names)} files" if len(names) > 1 else names[answers[0].file]
    page = filled(
        "diagnosis.html",
        title=f"Diagnosis of {title}",
        facts=[*facts, ("channels", _counts(sections))],
        sections=sections,
        glossary=glossary(kinds, stands_out_db=CLEAR_LINE_DB),
        today=date.today().isoformat(),
    )
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_safely(path, page.encode("utf-8", "backslashreplace"))  # names of files may be no text
    return path


def check_report(path: Path) -> None:
    """Refuse a path that no report can have, before anything is computed.

    Parameters
    ----------
    path : Path
        Of the report.

    Raises
    ------
    ParameterError
        If it is a folder, or does not end in .html: a signal must not be replaced by mistake.
    """
    if path.is_dir():
        raise ParameterError(f"{path} is a folder; a report is one file, such as {path / 'report.html'}")
    if path.suffix.lower() not in ENDINGS:
        raise ParameterError(f"{path}: a report is a page; let its name end in .html")


def _short_names(files: Sequence[str]) -> dict[str, str]:
    """Each file with its name without folders, where no other has the same."""
    counted = Counter(Path(file).name for file in set(files))
    return {file: Path(file).name if counted[Path(file).name] == 1 else file for file in files}


def _counts(sections: Sequence[dict[str, Any]]) -> str:
    """How many channels there are of each kind, the worst first."""
    counted = Counter(section["kind"] for section in sections)
    return ", ".join(f"{counted[kind]} {words}" for kind, words in KINDS.items() if counted[kind])


def _section(answer: Diagnosis, name: str) -> dict[str, Any]:
    """What the page says of one channel."""
    return {
        "name": ", ".join(filter(None, (name, answer.channel and f"channel {answer.channel}"))),
        "file": answer.file,
        "kind": _kind(answer),
        "verdict": _verdict(answer),
        "confidence": None if answer.confidence is None else _percent(answer.confidence),
        "sound": _sound(answer),
        # two gears may have one fault; the text tells which they are
        "also": [verdict_of(label) for label in dict.fromkeys(answer.also) if label != answer.label],
        "text": answer.error or answer.text,
        "warnings": answer.warnings,
        "speed": None if answer.speed_rpm is None else _speed(answer.speed_rpm),
        "hypotheses": [
            {
                "name": hypothesis_name(one),
                "confidence": _percent(one.confidence),
                "frequency": f"{one.frequency_hz:.2f}",
                "chance": _chance(one.p_value),
                "effect": effect_of(one),
                "limit": limit_of(one),
                "score": f"{one.score:z.1f}",
            }
            for one in answer.hypotheses
        ],
        "lines": [_line(line) for line in answer.evidence],
        "curves": [
            *(_embedded(spectrum_of(answer, trace)) for trace in answer.traces),
            *(_embedded(turn_of(trace)) for trace in answer.turn_traces),
        ],
        "bands": [_embedded(bands_of(answer, trace)) for trace in answer.traces],
    }


def _kind(answer: Diagnosis) -> str:
    if answer.status != "ok":
        return answer.status
    return "normal" if answer.label == "normal" else "fault"


def _sound(answer: Diagnosis) -> str:
    """What the confidence of an answer without a fault is about."""
    if answer.label != "normal":
        return ""
    return SOUND.get(frozenset(kind_of(one.label) for one in answer.hypotheses) - {"shaft"}, "")


def _verdict(answer: Diagnosis) -> str:
    """The answer in a few words."""
    if answer.status == "error":
        return "Not diagnosed"
    if answer.label is None:
        return "Undetermined"
    if answer.label == "normal":
        return "No sign of damage"
    return verdict_of(answer.label)


def _speed(speed_rpm: float) -> str:
    return f"{speed_rpm:.1f} rpm, {speed_rpm / 60:.2f} Hz"


def _percent(share: float) -> str:
    """A share in percent; what is nearly certain is not called certain."""
    if share > 0.99:
        return "> 99 %"
    return "< 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _chance(p_value: float) -> str:
    """A probability: a number, or the power of ten that it is below."""
    if p_value >= 1e-3:
        return f"{p_value:.2g}"
    power = math.ceil(math.log10(max(p_value, 1e-300)) - 1e-9)
    return f"≤ 10{str(power).translate(SUPERSCRIPT)}"


def _line(line: Evidence) -> dict[str, str]:
    return {
        "name": evidence_name(line),
        "expected": f"{line.expected_hz:.2f}",
        "found": f"{line.found_hz:.2f}",
        "level": f"{line.level_db:z.0f}",
        "kind": "strong" if line.level_db >= CLEAR_LINE_DB else "weak",
    }


def _embedded(picture: Picture) -> dict[str, str]:
    content = io.BytesIO()
    picture.figure.savefig(content, format="svg", bbox_inches="tight", metadata={"Date": None})
    return {"title": picture.title, "says": picture.says, "data": data_uri(content.getvalue(), "svg")}
