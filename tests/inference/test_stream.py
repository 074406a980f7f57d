"""Windows out of a stream: the same whatever the pieces, and no more of it in memory than needed."""

import itertools
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultdiag.errors import ParameterError, RecordError, RunError
from faultdiag.inference.predict import predict
from faultdiag.inference.run import Run, load_run
from faultdiag.inference.stream import check_length, check_use, windows_of
from faultdiag.records import Record
from faultdiag.views.preparation import Preparation
from faultdiag.windows import tile


def cut(signal, sizes):
    """The signal in pieces of these sizes, and the rest."""
    edges = np.minimum(np.cumsum([0, *sizes]), signal.shape[1])
    pieces = [signal[:, a:b] for a, b in itertools.pairwise(edges)]
    return [*pieces, signal[:, edges[-1] :]]


def joined(batches, length, n_channels):
    return np.concatenate([*batches, np.empty((0, n_channels, length))])


@given(
    n=st.integers(0, 120),
    n_channels=st.integers(1, 3),
    length=st.integers(1, 20),
    hop=st.integers(1, 50),
    at_most=st.integers(1, 7),
    sizes=st.lists(st.integers(0, 40), max_size=12),
)
def test_the_windows_are_the_same_whatever_the_pieces(n, n_channels, length, hop, at_most, sizes):
    signal = np.arange(n_channels * n, dtype=float).reshape(n_channels, n)
    batches = list(windows_of(cut(signal, sizes), length=length, hop=hop, at_most=at_most))
    assert all(len(batch) == at_most for batch in batches[:-1])
    assert all(1 <= len(batch) <= at_most for batch in batches[-1:])
    expected = [signal[:, start : start + length] for start in tile(0, n, length=length, hop=hop)]
    found = joined(batches, length, n_channels)
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_hop_beyond_the_length_skips_samples_across_pieces():
    pieces = [np.array([[float(i)]]) for i in range(11)]
    found = joined(windows_of(pieces, length=2, hop=5), 2, 1)
    np.testing.assert_array_equal(found[:, 0], [[0, 1], [5, 6]])


def test_a_signal_shorter_than_a_window_has_none():
    assert list(windows_of([np.zeros((1, 7))], length=8, hop=8)) == []
    assert list(windows_of([], length=8, hop=8)) == []


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_samples_stays(dtype):
    (batch,) = windows_of([np.zeros((1, 8), dtype)], length=8, hop=8)
    assert batch.dtype == dtype


def test_an_hour_takes_no_more_memory_than_a_minute():
    def peak(n_blocks):
        blocks = (np.zeros((1, 10_000), np.float32) for _ in range(n_blocks))
        tracemalloc.start()
        n_windows = sum(len(batch) for batch in windows_of(blocks, length=256, hop=128))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert n_windows == (n_blocks * 10_000 - 256) // 128 + 1
        return size

    assert peak(400) < 1.2 * peak(20)


# answers while a signal is measured


def tone(n, rate_hz=12000.0, seed=0):
    noise = np.random.default_rng(seed).standard_normal(n)
    return (np.sin(2 * np.pi * 1500 * np.arange(n) / rate_hz) + 0.3 * noise).astype(np.float32)


@pytest.fixture(scope="module")
def run(tone_run):
    """The Run as it is deployed: its exported network computes."""
    return load_run(tone_run.folder, backend="onnx")


@pytest.mark.keras
@pytest.mark.parametrize(
    ("rate_hz", "lowpass_hz"), [(12000.0, None), (48000.0, None), (12000.0, (4500, 5000))]
)
@given(
    n=st.integers(70_000, 150_000),
    seed=st.integers(0, 99),
    sizes=st.lists(st.integers(0, 60_000), max_size=12),
    every_s=st.sampled_from([None, 1e-3, 0.5, 100.0]),
)
def test_a_stream_in_pieces_of_any_size_ends_in_the_answer_of_the_whole(
    run, rate_hz, lowpass_hz, n, seed, sizes, every_s
):
    data = run.document.data.model_copy(update={"lowpass_hz": lowpass_hz})
    judge = Run(run.folder, run.document.model_copy(update={"data": data}))
    judge.__dict__["engine"] = run.engine  # loaded once
    signal = tone(n, rate_hz, seed)
    (whole,) = judge.predict(signal, rate_hz=rate_hz)
    *_, last = judge.stream(cut(signal[None], sizes), rate_hz=rate_hz, every_s=every_s)
    assert (last.label, last.windows, last.share) == (whole.label, whole.windows, whole.share)
    assert last.probabilities == pytest.approx(whole.probabilities, abs=1e-6)
    assert (last.status, last.run, last.warnings) == ("ok", whole.run, whole.warnings)
    assert last.unlike is whole.unlike


@given(
    sizes=st.lists(st.integers(0, 90_000), max_size=20), rate_hz=st.sampled_from([12000.0, 48000.0, 25600.0])
)
def test_preparation_of_pieces_is_that_of_the_whole_to_the_bit(sizes, rate_hz):
    signal = np.random.default_rng(1).standard_normal((2, 140_001))
    preparation = Preparation(("DE", "FE"), 12000.0, (4500.0, 5000.0))
    whole = np.concatenate(list(preparation.stream([signal], rate_hz=rate_hz)), axis=-1)
    pieces = np.concatenate(list(preparation.stream(cut(signal, sizes), rate_hz=rate_hz)), axis=-1)
    np.testing.assert_array_equal(pieces, whole)


@pytest.mark.keras
def test_answers_come_every_so_many_seconds_and_cover_all_so_far(run):
    signal = tone(256 * 100)
    pieces = np.split(signal, 256 * np.arange(7, 100, 7))
    answers = list(run.stream(pieces, rate_hz=12000.0, every_s=10 * 256 / 12000))
    assert [answer.windows for answer in answers] == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    for answer in answers:
        (whole,) = run.predict(signal[: 256 * answer.windows], rate_hz=12000.0)
        assert answer.probabilities == pytest.approx(whole.probabilities, abs=1e-6)
    (only,) = run.stream(pieces, rate_hz=12000.0)
    assert only == answers[-1]


@pytest.mark.keras
def test_seconds_of_more_windows_than_are_judged_at_once_are_kept_to(run):
    answers = run.stream([tone(256 * 2500)], rate_hz=12000.0, every_s=1200 * 256 / 12000)
    assert [answer.windows for answer in answers] == [1200, 2400, 2500]


@pytest.mark.keras
def test_an_answer_comes_as_soon_as_its_windows_are_there(run):
    given = 0

    def endless():
        nonlocal given
        while True:
            given += 1
            yield tone(256, seed=given)

    for number, answer in enumerate(run.stream(endless(), rate_hz=12000.0, every_s=0.1), 1):
        assert given == answer.windows == 5 * number
        if number == 20:
            break


@pytest.mark.keras
def test_a_stream_that_turns_unlike_the_training_data_is_flagged_and_warned_of_once_an_answer(run):
    blocks = [tone(2560), np.random.default_rng(0).standard_normal(25600)]
    first, *_, last = run.stream(blocks, rate_hz=12000.0, every_s=10 * 256 / 12000)
    assert (first.unlike, first.warnings) == (False, [])
    assert last.unlike is True
    assert len(last.warnings) == 1


@pytest.mark.keras
def test_integers_and_an_unknown_rate_are_taken_and_the_second_is_said(run):
    signal = (1000 * tone(5000)).astype(np.int16)
    (answer,) = run.stream([signal[:99], signal[99:]])
    assert answer.warnings == ["the rate is not known and taken to be 12000 Hz (say it with --rate)"]
    assert answer.probabilities == pytest.approx(run.predict(signal)[0].probabilities, abs=1e-6)


@pytest.mark.keras
@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([], "no samples"),
        (
            [np.ones(100), np.arange(55.0)],
            "stream: 155 samples at 12000 Hz, shorter than the Run's window of 256",
        ),
        (
            [np.zeros((2, 300))],
            r"stream: a block has shape \[2, 300\], the network takes .* 1 channels \(ch0\)",
        ),
        ([np.zeros((1, 1, 300))], r"a block has shape \[1, 1, 300\]"),
        ([np.arange(300.0), np.array([0.0, np.nan])], r"sample 301 of row \[0\] is nan"),
        ([np.arange(300.0), ["a"]], "samples must be real numbers"),
        ([np.ones(300), np.ones(700)], r"stream: channel ch0 is constant \(1\); check the sensor"),
        ([np.array([1e300, 0.0])], r"stream: samples of 1e\+300 are no vibration"),
    ],
)
def test_what_cannot_be_judged_is_one_line(run, blocks, said):
    with pytest.raises(RecordError, match=said) as caught:
        list(run.stream(blocks, rate_hz=12000.0))
    assert "\n" not in str(caught.value)


@pytest.mark.keras
@pytest.mark.parametrize("name", ["rate_hz", "speed_rpm", "every_s"])
@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, np.nan])
def test_numbers_must_be_positive_and_that_is_said_at_the_call(run, name, value):
    with pytest.raises(ParameterError, match=f"{name} must be positive and finite, got {value}"):
        run.stream([], **{name: value})


@pytest.mark.keras
def test_seconds_need_a_rate(run):
    data = run.document.data.model_copy(update={"rate_hz": None})
    rateless = Run(run.folder, run.document.model_copy(update={"data": data}))
    with pytest.raises(ParameterError, match=r"every_s=2 needs the rate of the signal; give rate_hz, too"):
        rateless.stream([], every_s=2.0)
    (answer,) = rateless.stream([tone(1000)])
    assert answer.windows == 3


@pytest.mark.keras
def test_a_run_for_images_takes_no_stream(run):
    images = Run(run.folder, run.document.model_copy(update={"input": "image"}))
    with pytest.raises(RunError, match="takes images, not signals"):
        check_use(images)


@pytest.mark.keras
def test_a_length_is_enough_from_one_window_on(run):
    check_length(run, 256, "a.npy")
    with pytest.raises(RecordError, match=r"a\.npy: 255 samples at 12000 Hz, shorter"):
        check_length(run, 255, "a.npy")


# records that are read in blocks


class Stream:
    """Samples that are only given in the stretches that are asked for."""

    def __init__(self, samples):
        self.samples = samples
        self.longest = 0

    @property
    def shape(self):
        return self.samples.shape

    def read(self, start, stop):
        self.longest = max(self.longest, stop - start)
        return self.samples[:, start:stop]


@pytest.mark.keras
@pytest.mark.parametrize("rate_hz", [12000.0, 48000.0, 25600.0])
def test_a_stream_is_judged_as_the_whole(tone_run, tone_of, rate_hz):
    rng = np.random.default_rng(0)
    n = 1_200_000
    samples = (tone_of("inner", n=n, rate_hz=rate_hz) + rng.standard_normal(n)).astype(np.float32)[None]
    stream = Stream(samples)
    record = Record(source=samples, rate_hz=rate_hz)
    (whole,) = predict(record, run=tone_run)
    (streamed,) = predict(replace(record, source=stream), run=tone_run)
    assert streamed == whole
    assert stream.longest < n / 2, "it was read in blocks"
    # the whole at once: prepared, cut, judged and averaged
    prepared = tone_run.preparation(record).samples[0]
    n_windows = len(prepared) // 256
    found = tone_run.probabilities(prepared[: n_windows * 256].reshape(n_windows, 1, 256))
    assert whole.windows == n_windows
    np.testing.assert_allclose(list(whole.probabilities.values()), found.mean(axis=0), rtol=1e-5)
