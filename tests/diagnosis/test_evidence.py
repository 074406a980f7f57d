import numpy as np
import pytest
from scipy import special

from faultdiag.diagnosis.envelope_lines import envelope_lines
from faultdiag.diagnosis.evidence import best_comb, comb_nats, line_nats


def test_in_noise_the_evidence_of_a_line_is_exponential_with_mean_1():
    powers = [
        envelope_lines(
            np.random.default_rng(seed).standard_normal(60000),
            rate_hz=12000,
            highest_hz=500,
            background_hz=30,
        ).power[0, 200:]
        for seed in range(12)
    ]
    found = line_nats(np.stack(powers))
    assert found.mean() == pytest.approx(1, abs=0.05)
    for level in (1, 2, 4):
        assert np.mean(found > level) == pytest.approx(np.exp(-level), rel=0.35 if level == 4 else 0.1)


def test_a_loud_line_counts_by_its_logarithm_and_nothing_is_infinite():
    power = np.array([[0.0, 5, 0, 0, 50, 0, 0, 5e6, 0, 0]])
    found = line_nats(power)[0]
    assert np.isfinite(found).all()
    assert found[1] == pytest.approx(-np.log(1 - (1 - np.exp(-5)) ** 1.75))
    loud = 50 - np.log(1.75)
    assert found[4] == pytest.approx(10 + 4 * np.log(loud / 10))
    assert found[4] < found[7] < 80
    assert found[3] == found[4] == found[5]  # the largest of three


def test_the_evidence_of_a_comb_is_the_tail_of_a_gamma_distribution():
    lines = np.random.default_rng(0).exponential(3, (200, 4))
    two = -np.log(special.gammaincc(2, lines[:, :2].sum(axis=1)))
    four = -np.log(special.gammaincc(4, lines.sum(axis=1)))
    np.testing.assert_allclose(comb_nats(lines), np.maximum(two, four), rtol=1e-9)


def test_the_comb_is_found_with_its_slip_and_what_the_slip_costs():
    step_hz, frequency_hz, slip = 0.05, 107.0, 0.012
    nats = np.full((2, 10000), 0.5)
    for harmonic in range(1, 5):
        place = round(harmonic * frequency_hz * (1 + slip) / step_hz)
        nats[1, place - 1 : place + 2] = 8  # as the largest of three lines leaves it
    found = best_comb(nats, step_hz=step_hz, frequency_hz=frequency_hz)
    assert found.slip[1] == pytest.approx(slip, abs=2e-4)
    assert found.nats[1] == pytest.approx(comb_nats(np.full(4, 8.0)) - 0.5 * 1.2**2, abs=0.05)
    assert found.nats[0] == pytest.approx(comb_nats(np.full(4, 0.5)))
    assert found.slip[0] == pytest.approx(0, abs=1e-4)
    np.testing.assert_allclose(
        found.lines[1] * step_hz, frequency_hz * (1 + slip) * np.arange(1, 5), atol=0.1
    )


def test_beyond_3_percent_nothing_is_looked_for():
    nats = np.full((1, 10000), 0.5)
    nats[0, round(107 * 1.04 / 0.05)] = 12
    assert best_comb(nats, step_hz=0.05, frequency_hz=107.0).nats[0] < 1
