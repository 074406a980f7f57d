"""How the figures of the diagnosis are measured."""

import json
from typing import Any

from children import FAULTDIAG, Measure, cwru, run, told


def smith_randall_drive_end() -> dict[str, float]:
    """The graded records of the drive end at 12 kHz, diagnosed: each run is a look."""
    seen, hard = _graded("12k_DE")
    return {
        "smith_randall_drive_end_first": seen["first"],
        "smith_randall_drive_end_right": seen["right"],
        "smith_randall_drive_end_wrong": seen["wrong"],
        "smith_randall_drive_end_hard_right": hard["right"],
        "smith_randall_drive_end_hard_wrong": hard["wrong"],
    }


def smith_randall_others() -> dict[str, float]:
    """The records on which the rules were made."""
    (drive_end, hard_drive_end), (fan_end, hard_fan_end) = _graded("48k_DE"), _graded("12k_FE")
    every = (drive_end, hard_drive_end, fan_end, hard_fan_end)
    return {
        "smith_randall_48k_right": drive_end["right"],
        "smith_randall_fan_end_right": fan_end["right"],
        "smith_randall_others_wrong": sum(row["wrong"] for row in every),
    }


def alarms_in_noise() -> dict[str, float]:
    """Claims in a thousand pieces of noise of five kinds."""
    return {"diagnose_noise_alarms": told("alarms.py", "noise")["share"]}


def alarms_in_healthy() -> dict[str, float]:
    """Claims in pieces of healthy records, for the own bearing and for others of its size."""
    counts = told("alarms.py", "healthy")
    return {
        "diagnose_healthy_alarms": counts["own"],
        "diagnose_healthy_alarms_others": counts["share_others"],
    }


def another_rig() -> dict[str, float]:
    """The records of a rig that no rule was made with."""
    counts = told("alarms.py", "hit-sm")
    return {"diagnose_hit_sm_right": counts["right"], "diagnose_hit_sm_alarms": counts["alarms"]}


def gears() -> dict[str, float]:
    """A gearbox with a broken tooth, and without."""
    counts = told("alarms.py", "gears")
    return {"diagnose_gears_found": counts["found"], "diagnose_gears_alarms": counts["alarms"]}


def snr_curves() -> dict[str, float]:
    """Simulated bearings from -10 to 10 dB, beside the plain method."""
    found = told("snr_curves.py")
    ours, raw = found["faultdiag"], found["raw envelope"]
    return {
        "diagnose_snr_half_db": ours["half_db"],
        "diagnose_snr_half_raw_db": raw["half_db"],
        "diagnose_snr_wrong": ours["wrong"],
        "diagnose_snr_wrong_raw": raw["wrong"],
        "diagnose_snr_healthy_alarms": ours["healthy_wrong"],
    }


def false_speeds_simulated() -> dict[str, float]:
    """Simulated bearings whose speed is said wrongly."""
    return _false_speeds("simulated")


def false_speeds_records() -> dict[str, float]:
    """Real records whose speed is said wrongly."""
    return _false_speeds("records")


def time_ratio() -> dict[str, float]:
    """A diagnosis beside a plain envelope spectrum."""
    return {"diagnose_time_ratio": told("diagnose_time.py")["ratio"]}


def p_values() -> dict[str, float]:
    """Whether p-values are uniform in noise."""
    found = told("p_values.py")
    return {"diagnose_p_values_distance": found["distance"], "diagnose_p_values_small": found["small"]}


MEASURES = (
    Measure(
        (
            "smith_randall_drive_end_first",
            "smith_randall_drive_end_right",
            "smith_randall_drive_end_wrong",
            "smith_randall_drive_end_hard_right",
            "smith_randall_drive_end_hard_wrong",
        ),
        smith_randall_drive_end,
        long=True,
    ),
    Measure(
        ("smith_randall_48k_right", "smith_randall_fan_end_right", "smith_randall_others_wrong"),
        smith_randall_others,
    ),
    Measure(("diagnose_noise_alarms",), alarms_in_noise),
    Measure(("diagnose_healthy_alarms", "diagnose_healthy_alarms_others"), alarms_in_healthy),
    Measure(("diagnose_hit_sm_right", "diagnose_hit_sm_alarms"), another_rig),
    Measure(("diagnose_gears_found", "diagnose_gears_alarms"), gears),
    Measure(
        (
            "diagnose_snr_half_db",
            "diagnose_snr_half_raw_db",
            "diagnose_snr_wrong",
            "diagnose_snr_wrong_raw",
            "diagnose_snr_healthy_alarms",
        ),
        snr_curves,
    ),
    Measure(
        (
            "diagnose_false_speed_simulated_known",
            "diagnose_false_speed_simulated_right",
            "diagnose_false_speed_simulated_wrong",
        ),
        false_speeds_simulated,
    ),
    Measure(
        (
            "diagnose_false_speed_records_known",
            "diagnose_false_speed_records_right",
            "diagnose_false_speed_records_wrong",
        ),
        false_speeds_records,
    ),
    Measure(("diagnose_time_ratio",), time_ratio),
    Measure(("diagnose_p_values_distance", "diagnose_p_values_small"), p_values),
)


def _graded(record_set: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Counts of a set: of the records that experts could diagnose, and of the others."""
    child = run(*FAULTDIAG, "benchmark", "smith-randall", *cwru(), "--set", record_set, "--json")
    rows = [row for row in json.loads(child.stdout)["rows"] if row["fault"] == "all"]
    seen, hard = (next(row for row in rows if row["grades"].startswith(grade)) for grade in ("Y", "P"))
    return seen, hard


def _false_speeds(what: str) -> dict[str, float]:
    """Shares of the speeds that were found or said to be unsure, and of claims; how many were wrong."""
    found = told("false_speeds.py", what)
    start = f"diagnose_false_speed_{what}"
    return {
        f"{start}_known": found["found"] + found["unsure"],
        f"{start}_right": found["faults_right"],
        f"{start}_wrong": found["n_wrong"],
    }
