"""Every comparison runs, and its sides answer the same question."""

import bench_signal
import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(bench_signal, "LENGTH_S", 2.0)
    monkeypatch.setattr(bench_signal, "COHERENCE_S", 0.5)


def test_a_mean_turn_is_the_same_on_both_sides():
    ours, plain = bench_signal.our_average()(), bench_signal.plain_average()()
    np.testing.assert_allclose(ours, plain, atol=0.05)  # the first of 59 turns has an edge
    assert ours.max() > 3.5


@pytest.mark.parametrize("name", ["envelope_spectrum", "prewhitening", "coherence"])
def test_a_plain_side_has_our_answer(name):
    ours = getattr(bench_signal, f"our_{name}")()()
    plain = getattr(bench_signal, f"plain_{name}")()()
    answer = ours[-1] if isinstance(ours, tuple) else ours
    np.testing.assert_allclose(plain, answer, atol=0.05 if name == "coherence" else 1e-9)


@pytest.mark.parametrize("name", bench_signal.SPEEDS_RPM)
def test_angular_resampling_is_at_least_as_near_to_the_truth_as_that_of_rota(name):
    pytest.importorskip("rota", reason="rota-order is not installed: make peers")
    errors = bench_signal.resampling_errors(name)
    assert errors["faultdiag"] < 1e-4
    assert errors["faultdiag"] < errors["rota-order"] < 1e-3


def test_openconmo_does_the_same_work(monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "")  # so that it is put back
    pytest.importorskip("openconmo", reason="openconmo is not installed: make peers")
    values, *_ = bench_signal.openconmo_kurtogram()()
    assert len(values) == 2 * bench_signal.N_LEVELS == len(bench_signal.our_kurtogram()().levels())
    random, discrete = bench_signal.openconmo_separation()()
    assert random.shape == discrete.shape == bench_signal.our_separation()()[0].shape


def test_a_side_computes_in_one_thread():
    with threadpool_limits():  # puts back what there was
        step = bench_signal.one_thread(bench_signal.our_average)
        assert step().shape == (bench_signal.PER_TURN,)
        assert {library["num_threads"] for library in threadpool_info()} == {1}
