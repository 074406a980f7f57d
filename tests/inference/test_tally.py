"""The answer of a signal: means and votes of its windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.inference.predict import predict
from faultdiag.inference.run import Run
from faultdiag.inference.tally import Tally

pytestmark = pytest.mark.keras


def shares(n, seed=0):
    raised = np.random.default_rng(seed).exponential(size=(n, 3)).astype(np.float32)
    return raised / raised.sum(axis=1, keepdims=True)


@given(n=st.integers(1, 50), seed=st.integers(0, 99), cuts=st.lists(st.integers(0, 50), max_size=5))
def test_it_is_mean_and_majority_however_the_windows_come(tone_run, n, seed, cuts):
    found = shares(n, seed)
    older = tone_run.document.model_copy(update={"calibration": {}})
    tally = Tally(Run(tone_run.folder, older, tone_run.network), trace=True)
    for part in np.split(found, sorted(min(cut, n) for cut in cuts)):
        tally.count(part)
    answer = tally.answer(file="a.npy", signal=2, warnings=["so so"])
    means = found.mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose([answer.probabilities[c] for c in tone_run.classes], means, rtol=1e-6)
    assert answer.label == tone_run.classes[means.argmax()]
    assert answer.probability == max(answer.probabilities.values())
    assert answer.share == np.mean(found.argmax(axis=1) == means.argmax())
    assert (answer.windows, tally.n_windows) == (n, n)
    np.testing.assert_array_equal(answer.trace, found)
    assert (answer.file, answer.signal, answer.status, answer.warnings) == ("a.npy", 2, "ok", ["so so"])
    assert answer.unlike is None
    assert (answer.run, answer.window_s) == (str(tone_run.folder), 256 / 12000)


def test_the_distance_is_the_geometric_mean_of_those_of_the_windows(tone_run):
    """Two answers, one of them about noise, judged by the distances of its windows alone."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((8, 1, 256)).astype(np.float32)
    tally = Tally(tone_run)
    for part in np.split(noise, [3, 4]):
        tally.add(part)
    answer = tally.answer(file="a", warnings=["first"])
    distance = np.exp(tone_run.likeness.log_distances(noise).mean())
    limit = tone_run.likeness.limit(8)
    assert answer.unlike is True
    assert distance > limit
    assert answer.warnings[0] == "first"
    assert (
        f"its distance from them is {distance:.3g}, that of a new bearing at most {limit:.3g};"
        in answer.warnings[1]
    )


def test_no_trace_is_kept_unless_asked_for(tone_run):
    tally = Tally(tone_run)
    tally.count(shares(3))
    assert tally.answer(file="a", warnings=[]).trace is None


def test_probabilities_are_the_mean_over_windows(tone_run, tone_of):
    (answer,) = predict(tone_of("inner"), run=tone_run, rate_hz=12000.0, trace=True)
    windows = tone_of("inner")[: 23 * 256].reshape(23, 1, 256)
    found = tone_run.probabilities(windows)
    np.testing.assert_allclose(answer.trace, found, rtol=1e-6)
    assert answer.probabilities == pytest.approx(dict(zip(tone_run.classes, found.mean(axis=0), strict=True)))
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.probability == max(answer.probabilities.values()) == answer.probabilities[answer.label]
    assert answer.share == np.mean(found.argmax(axis=1) == tone_run.classes.index(answer.label))
    assert answer.window_s == 256 / 12000


def test_windows_that_disagree_lower_the_share(tone_run, tone_of):
    mixed = np.concatenate([tone_of("inner", n=30 * 256), tone_of("outer", n=10 * 256)])
    (answer,) = predict(mixed, run=tone_run, rate_hz=12000.0)
    assert (answer.label, answer.windows, answer.share) == ("inner", 40, 0.75)
