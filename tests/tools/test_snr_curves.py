"""The curves rise, and one half is found between two points."""

import pytest
import snr_curves
from simulated_cases import mountings, simulated


def test_one_half_lies_between_two_ratios():
    assert snr_curves.half_db((-4, -2, 0, 2), (0.0, 0.4, 0.8, 0.9)) == pytest.approx(-1.5)
    with pytest.raises(SystemExit, match="do not cross one half"):
        snr_curves.half_db((-4, -2), (0.6, 0.7))


def test_a_loud_fault_is_right_by_both_methods_and_a_faint_one_by_none():
    (first, *_) = mountings(1)
    outcomes = {}
    for snr_db in (15, -30):
        case = (first, simulated(first, "outer", snr_db=snr_db, noise=0))
        for row in snr_curves._counted([case], "outer", snr_db):
            outcomes[row["method"], snr_db] = (row["n"], row["right"], row["wrong"])
    assert outcomes == {
        ("faultdiag", 15): (1, 1.0, 0.0),
        ("raw envelope", 15): (1, 1.0, 0.0),
        ("faultdiag", -30): (1, 0.0, 0.0),
        ("raw envelope", -30): (1, 0.0, 0.0),
    }


def test_mountings_differ_and_come_again():
    some, again = list(mountings(2)), list(mountings(2))
    assert some == again
    assert len({one.assembly for one in some}) == len(some) == 18
