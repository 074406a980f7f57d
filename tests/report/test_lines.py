"""Lines are found where they are, with their level, and noise has none."""

import numpy as np
import pytest

from faultdiag.kinematics.bearing import Bearing
from faultdiag.report.lines import N_HARMONICS, find_lines, line_name
from faultdiag.signal.envelope import line_level_db, squared_envelope_spectrum

ORDERS = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04).fault_orders() | {"shaft": 1.0}
FREQ_HZ = np.arange(0, 1000, 0.1)
MEDIAN = np.sqrt(2 * np.log(2))


def noise(seed=0):
    return np.random.default_rng(seed).rayleigh(size=len(FREQ_HZ))


def found(amplitude, *, orders=ORDERS, shaft_hz=30.0, to_hz=700.0, freq_hz=FREQ_HZ):
    lines = find_lines(freq_hz, amplitude, orders=orders, shaft_hz=shaft_hz, to_hz=to_hz)
    return {line.name: line for line in lines}


def with_lines(lines, amplitude=None):
    amplitude = noise() if amplitude is None else amplitude
    for freq_hz, height in lines.items():
        amplitude[round(freq_hz * 10)] = height
    return amplitude


def test_names_orders_and_places_are_those_of_the_faults():
    lines = found(noise())
    assert list(lines) == [
        *("BPFO", "2×BPFO", "3×BPFO", "4×BPFO", "BPFI", "2×BPFI", "3×BPFI", "4×BPFI"),
        *("2×BSF", "4×BSF", "6×BSF", "8×BSF", "FTF", "2×FTF", "3×FTF", "4×FTF"),
        *("shaft", "2×shaft", "3×shaft", "4×shaft"),
    ]
    assert lines["4×BSF"].order == pytest.approx(2 * ORDERS["ball"])
    assert lines["2×BPFI"].expected_hz == pytest.approx(2 * ORDERS["inner"] * 30)
    assert [lines[name].harmonic for name in ("BPFO", "6×BSF", "2×shaft")] == [1, 3, 2]


def test_a_line_is_found_off_its_place_with_its_level_over_the_noise():
    line = found(with_lines({161.5: 100.0}))["BPFI"]
    assert line.found_hz == pytest.approx(161.5)
    assert line.off == pytest.approx(1 - 161.5 / (30 * ORDERS["inner"]))
    assert line.level_db == pytest.approx(20 * np.log10(100 / MEDIAN), abs=0.5)


def test_a_line_more_than_1_percent_away_is_another_one():
    lines = found(with_lines({160.5: 100.0}))
    assert lines["BPFI"].found_hz is None


def test_the_slope_of_a_line_further_away_is_no_line():
    amplitude = np.full(len(FREQ_HZ), 1.0)
    slope = np.abs(FREQ_HZ - 159.0)
    amplitude[slope < 6] = 1000 / (1 + slope[slope < 6])
    line = found(amplitude)["BPFI"]
    assert line.level_db > 30
    assert line.found_hz is None


def test_noise_has_a_line_once_in_a_thousand():
    lines = [line for seed in range(100) for line in found(noise(seed)).values()]
    assert len(lines) >= 2000
    assert sum(line.found_hz is not None for line in lines) <= 8
    assert np.median([line.level_db for line in lines]) < 10


def test_levels_do_not_depend_on_the_scale():
    amplitude = with_lines({161.5: 100.0})
    one, other = found(amplitude), found(1e-3 * amplitude)
    assert one.keys() == other.keys()
    for name in one:
        assert one[name].level_db == pytest.approx(other[name].level_db)
        assert one[name].found_hz == other[name].found_hz


def test_float32_finds_the_same():
    amplitude = with_lines({161.5: 100.0})
    one, other = found(amplitude), found(amplitude.astype(np.float32))
    assert [line.found_hz for line in one.values()] == [line.found_hz for line in other.values()]


def test_silence_has_no_lines():
    lines = found(np.zeros(len(FREQ_HZ)))
    assert all((line.found_hz, line.level_db) == (None, 0.0) for line in lines.values())


def test_the_spectrum_is_not_changed():
    amplitude = with_lines({161.5: 100.0})
    before = amplitude.copy()
    found(amplitude)
    np.testing.assert_array_equal(amplitude, before)


def test_a_peak_between_two_places_is_given_to_both_and_says_so():
    lines = found(with_lines({323.0: 100.0}))  # 3×BPFO is 322.6, 2×BPFI 324.9 Hz
    assert lines["3×BPFO"].found_hz == lines["2×BPFI"].found_hz == 323.0
    assert lines["3×BPFO"].also == ("2×BPFI",)
    assert lines["2×BPFI"].also == ("3×BPFO",)
    assert lines["BPFI"].also == ()


def test_a_high_multiple_of_the_shaft_says_so():
    lines = found(with_lines({570.0: 100.0}))  # 8×BSF is 565.6 Hz
    assert lines["8×BSF"].also == ("19×shaft",)
    assert found(with_lines({567.0: 100.0}))["8×BSF"].also == ()


def test_sidebands_are_looked_for_around_the_line_that_was_found():
    lines = found(with_lines({161.5: 100.0, 131.5: 50.0, 221.5: 30.0}))
    assert lines["BPFI−shaft"].expected_hz == pytest.approx(131.5)
    assert [lines[f"BPFI{side}"].found_hz is not None for side in ("−shaft", "+2×shaft")] == [True, True]
    assert [lines[f"BPFI{side}"].found_hz for side in ("−2×shaft", "+shaft")] == [None, None]
    assert (lines["BPFI−shaft"].harmonic, lines["BPFI−shaft"].sideband) == (1, -1)


def test_a_sideband_much_stronger_than_its_line_is_another_line():
    lines = found(with_lines({161.5: 20.0, 131.5: 30.0, 221.5: 60.0}))
    assert lines["BPFI−shaft"].found_hz is not None
    assert "BPFI+2×shaft" not in lines


def test_a_ball_goes_through_the_load_with_the_cage():
    place_hz, cage_hz = ORDERS["ball"] * 30, ORDERS["cage"] * 30
    lines = found(with_lines({place_hz: 100.0, place_hz + cage_hz: 50.0}))
    assert lines["2×BSF+FTF"].found_hz == pytest.approx(place_hz + cage_hz, abs=0.1)


def test_lines_without_room_are_left_out():
    lines = found(noise(), to_hz=200.0)
    assert "2×BPFO" not in lines
    assert "BPFI" in lines
    coarse = found(np.random.default_rng(0).rayleigh(size=501), freq_hz=np.arange(0, 1001, 2.0) * 2)
    assert "FTF" not in coarse
    assert {"shaft", "BPFI"} <= set(coarse)


def test_the_level_is_that_of_the_signal_room():
    """One line in both ways of counting: the house's level of a line within 1 %."""
    t = np.arange(120_000) / 12000
    tone = (1 + 0.5 * np.cos(2 * np.pi * 161.7 * t)) * np.cos(2 * np.pi * 3000 * t)
    x = tone + 0.1 * np.random.default_rng(0).standard_normal(len(t))
    freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=12000, band_hz=(2000, 4000))
    line = found(amplitude, freq_hz=freq_hz)["BPFI"]
    assert line.found_hz == pytest.approx(161.7)
    expected_db = line_level_db(freq_hz, amplitude, line.expected_hz, tolerance=0.01)
    assert line.level_db == pytest.approx(float(expected_db), abs=0.1)


def test_a_line_is_plain_json():
    line = found(with_lines({323.0: 100.0}))["2×BPFI"].to_dict()
    assert line["also"] == ["3×BPFO"]
    assert list(line) == [
        *("fault", "name", "harmonic", "sideband", "order", "expected_hz", "found_hz", "level_db", "also"),
    ]


def test_every_harmonic_has_a_name_of_its_own():
    names = [line_name(fault, k) for fault in ORDERS for k in range(1, N_HARMONICS + 1)]
    assert len(set(names)) == len(names) == 20


def test_a_high_multiple_of_another_fault_that_is_there_says_so():
    """4×BPFI is 649.8 Hz at 30 Hz, and 6×BPFO 645.3."""
    assert found(with_lines({647.0: 100.0}))["4×BPFI"].also == ()  # there is no BPFO
    lines = found(with_lines({107.7: 100.0, 647.0: 100.0}))
    assert lines["4×BPFI"].also == ("6×BPFO",)
    assert lines["BPFO"].also == ()
    assert found(with_lines({106.6: 100.0, 647.0: 100.0}))["4×BPFI"].also == ()  # 639.6 is too far


def test_multiples_of_a_cage_end_where_they_are_everywhere():
    cage_hz = ORDERS["cage"] * 30
    lines = found(with_lines({round(cage_hz, 1): 100.0, round(9 * cage_hz, 1): 100.0, 107.55: 100.0}))
    assert lines["FTF"].found_hz is not None
    assert lines["BPFO"].also == ()  # 9×FTF is 107.5 Hz
