"""Both sides work on the same record, and ours finds the fault in it."""

import diagnose_time


def test_both_sides_do_what_is_timed():
    (answer,) = diagnose_time.prepare_diagnosis()()
    assert answer.label == "inner"
    n = round(diagnose_time.RATE_HZ * diagnose_time.DURATION_S)
    assert diagnose_time.prepare_spectrum()().shape == (n // 2 + 1,)
