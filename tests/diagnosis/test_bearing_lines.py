import numpy as np

from faultdiag.diagnosis.bearing import diagnose_bearing
from faultdiag.diagnosis.bearing_lines import bearing_lines, without_family
from faultdiag.diagnosis.shaft_speed import ShaftSpeed

RATE_HZ = 12000.0


PARTS = {"outer": 3.585, "inner": 5.415, "ball": 4.713, "cage": 0.398}
SEEN = ShaftSpeed(1797.0, "found", 20.0)


def test_lines_reach_the_fourth_harmonic_whatever_the_speed_is():
    x = np.random.default_rng(0).standard_normal(48000)
    for source, faster in (("found", 1.0), ("said", 1.1)):
        lines = bearing_lines(x, rate_hz=RATE_HZ, highest_order=5.415, shaft=SEEN._replace(source=source))
        highest_hz = lines.step_hz * (lines.power.shape[-1] - 1)
        assert highest_hz >= 4 * 1.03 * faster * 5.415 * 1797 / 60


def test_a_family_is_taken_out_with_its_sidebands_and_nothing_else(strikes):
    x, shaft_hz = strikes(5.415), 1797 / 60
    best = diagnose_bearing(x, rate_hz=RATE_HZ, orders=PARTS, shaft=SEEN).findings[0]
    assert best.label == "inner"
    lines = bearing_lines(x, rate_hz=RATE_HZ, highest_order=5.415, shaft=SEEN)
    left = without_family(lines, best, shaft_hz, 0.0)
    gone = (left.power != lines.power).any(axis=0)
    at_hz = lines.step_hz * np.arange(len(gone))
    for frequency_hz in (
        best.found_hz,
        best.found_hz + shaft_hz,
        2 * best.found_hz,
        3 * best.found_hz - shaft_hz,
    ):
        assert gone[np.abs(at_hz - frequency_hz).argmin()]
    between_hz = best.found_hz + 0.5 * shaft_hz
    assert not gone[np.abs(at_hz - between_hz).argmin()]


def test_a_tooth_that_knocks_on_another_shaft_is_no_fault_of_the_bearing():
    t, rng = np.arange(120000) / RATE_HZ, np.random.default_rng(6)
    knocks_hz = 0.4 * 1797 / 60  # nine of them are 3.6 a turn, as an outer race strikes
    pulse = sum(np.cos(2 * np.pi * k * knocks_hz * t) for k in range(1, 60))
    x = rng.standard_normal(len(t)) * np.sqrt(np.maximum(1 + 0.3 * pulse, 0))
    options = {"rate_hz": RATE_HZ, "orders": PARTS, "shaft": SEEN}
    assert diagnose_bearing(x, **options, other_shafts=(1.0, 0.4)).label in ("normal", None)
