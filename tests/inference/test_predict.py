"""Predict: what arrays, files and folders mean, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError
from faultdiag.inference.predict import predict
from faultdiag.inference.run import Run
from faultdiag.records import Record

pytestmark = pytest.mark.keras


@pytest.fixture
def two_channels(tone_run):
    """A Run of two channels, made up of that of one: its network sees both, one behind the other."""
    import keras

    one = tone_run.document
    document = one.model_copy(
        update={
            "data": one.data.model_copy(update={"channels": ("DE", "FE")}),
            "view": {"name": "raw", "state": {"n_channels": 2, "length": one.data.window}},
            "calibration": {"unlike": None},
        }
    )
    inputs = keras.Input((one.data.window, 2))
    return Run(tone_run.folder, document, keras.Model(inputs, tone_run.network(inputs[..., 1:])))


def labels(answers):
    return [answer.label for answer in answers]


# what arrays mean


def test_an_array_of_one_axis_is_one_signal(tone_run, tone_of):
    (answer,) = predict(tone_of("inner"), run=tone_run, rate_hz=12000.0)
    assert (answer.file, answer.signal, answer.status, answer.label) == ("array", 0, "ok", "inner")
    assert answer.run == str(tone_run.folder)
    assert answer.windows == 6000 // 256
    assert answer.warnings == []


def test_rows_are_signals_for_a_run_of_one_channel(tone_run, tone_of):
    rows = np.stack([tone_of(label) for label in ("inner", "outer", "normal")])
    answers = predict(rows, run=tone_run, rate_hz=12000.0)
    assert labels(answers) == ["inner", "outer", "normal"]
    assert [(answer.file, answer.signal) for answer in answers] == [("array", 0), ("array", 1), ("array", 2)]


def test_rows_are_channels_for_a_run_of_several(two_channels, tone_of):
    array = np.stack([tone_of("normal"), tone_of("outer")])
    (answer,) = predict(array, run=two_channels, rate_hz=12000.0)
    assert answer.label == "outer", "its network looks at the second channel"
    assert answer.warnings == ["channels taken by position: ch0 for DE, ch1 for FE"]


def test_three_axes_are_signals_channels_and_samples(tone_run, two_channels, tone_of):
    first = np.stack([tone_of("inner"), tone_of("outer")])[:, None]
    assert labels(predict(first, run=tone_run, rate_hz=12000.0)) == ["inner", "outer"]
    pairs = np.stack([[tone_of("normal"), tone_of("inner")], [tone_of("normal"), tone_of("outer")]])
    answers = predict(pairs, run=two_channels, rate_hz=12000.0)
    assert labels(answers) == ["inner", "outer"]
    assert [(answer.file, answer.signal) for answer in answers] == [("array", 0), ("array", 1)]


def test_columns_are_channels_if_rows_are_samples(two_channels, tone_run, tone_of):
    array = np.stack([tone_of("normal"), tone_of("outer")], axis=1)
    assert labels(predict(array, run=two_channels, rate_hz=12000.0, rows="samples")) == ["outer"]
    answers = predict(array, run=tone_run, rate_hz=12000.0, rows="samples", channel="1")
    assert labels(answers) == ["outer"]


def test_rows_may_be_said_to_be_signals(two_channels, tone_of):
    array = np.stack([tone_of("normal"), tone_of("outer")])
    answers = predict(array, run=two_channels, rate_hz=12000.0, rows="signals")
    assert [answer.status for answer in answers] == ["error", "error"]
    assert "has 1 channels (ch0), the network takes 2 (DE, FE); choose with --channel" in answers[0].error


def test_short_rows_beside_few_columns_are_refused_with_the_remedy(tone_run):
    (answer,) = predict(np.zeros((5000, 3)), run=tone_run)
    assert answer.status == "error"
    assert answer.error == (
        "array: 5000 rows of 3 samples, shorter than a window of 256; "
        "say what rows are with --rows samples|signals|channels"
    )


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float64, ">f4"])
def test_the_type_of_the_numbers_does_not_matter(tone_run, tone_of, dtype):
    (answer,) = predict((10000 * tone_of("inner")).astype(dtype), run=tone_run, rate_hz=12000.0)
    assert answer.label == "inner"


@pytest.mark.parametrize(
    "array", [np.zeros((2, 2, 2, 2)), np.array(["a"]), np.empty(0), np.ones(300, complex)]
)
def test_an_array_that_is_no_signal_cannot_be_judged(tone_run, array):
    (answer,) = predict(array, run=tone_run)
    assert answer.status == "error"
    assert answer.error.startswith("array: ")


# what an answer holds


def test_no_trace_is_kept_unless_asked_for(tone_run, tone_of):
    assert predict(tone_of("inner"), run=tone_run)[0].trace is None


def test_the_amplitude_does_not_matter(tone_run, tone_of):
    for gain in (1e-6, 1e6):
        assert labels(predict(gain * tone_of("outer"), run=tone_run, rate_hz=12000.0)) == ["outer"]


def test_every_record_of_the_test_gets_its_label(tone_run, tones):
    answers = predict(list(tones.records), run=tone_run)
    assert labels(answers) == [record.label for record in tones.records]
    assert [answer.file for answer in answers] == [record.origin for record in tones.records]


# rates


@pytest.mark.parametrize("label", ["normal", "inner", "outer"])
def test_a_tone_at_another_rate_gets_its_label(tone_run, tone_of, label):
    (answer,) = predict(tone_of(label, n=24000, rate_hz=48000.0), run=tone_run, rate_hz=48000.0)
    assert answer.label == label
    assert answer.windows == 6000 // 256
    assert answer.warnings == []
    (wrong,) = predict(tone_of("inner", n=24000, rate_hz=48000.0), run=tone_run, rate_hz=12000.0)
    assert wrong.windows == 24000 // 256, "the rate that is said counts"


def test_an_unknown_rate_is_assumed_and_said(tone_run, tone_of):
    (answer,) = predict(tone_of("inner"), run=tone_run)
    assert answer.label == "inner"
    assert answer.warnings == ["the rate is not known and taken to be 12000 Hz (say it with --rate)"]


def test_a_lower_rate_is_said(tone_run, tone_of):
    (answer,) = predict(tone_of("normal", rate_hz=4000.0), run=tone_run, rate_hz=4000.0)
    assert "recorded at 4000 Hz: nothing above 2000 Hz can be seen" in answer.warnings[0]


def test_a_rate_is_taken_for_records_that_do_not_say_theirs(tone_run, tone_of):
    record = Record(source=tone_of("outer", n=24000, rate_hz=48000.0)[None])
    assert labels(predict(record, run=tone_run, rate_hz=48000.0)) == ["outer"]
    (same,) = predict(replace(record, rate_hz=48000.0), run=tone_run, rate_hz=48000.0)
    assert same.label == "outer"
    (other,) = predict(replace(record, rate_hz=48000.0), run=tone_run, rate_hz=12000.0)
    assert other.error == "memory: rate_hz 12000 contradicts the record's 48000"


def test_a_rate_that_cannot_become_the_runs_is_that_signals_error(tone_run, tone_of):
    good, odd = (Record(source=tone_of("inner")[None], rate_hz=rate) for rate in (12000.0, 12e9 * np.pi))
    first, second = predict([odd, good], run=tone_run)
    assert (first.status, second.status) == ("error", "ok")
    assert "cannot resample from 3.76991e+10 to 12000 Hz" in first.error


@pytest.mark.parametrize("rate_hz", [-1.0, np.inf])
def test_a_rate_is_positive(tone_run, tone_of, rate_hz):
    with pytest.raises(ParameterError, match=f"rate_hz must be positive and finite, got {rate_hz}"):
        predict(tone_of("inner"), run=tone_run, rate_hz=rate_hz)


# what cannot be judged


def test_a_signal_shorter_than_a_window_cannot_be_judged(tone_run, tone_of):
    (answer,) = predict(tone_of("inner", n=255), run=tone_run, rate_hz=12000.0)
    assert (answer.status, answer.label, answer.probability, answer.share) == ("error", None, None, None)
    assert (answer.windows, answer.probabilities) == (0, {})
    assert answer.error == (
        "array: 255 samples at 12000 Hz, shorter than the Run's window of 256; record longer"
    )
    assert predict(tone_of("inner", n=256), run=tone_run, rate_hz=12000.0)[0].windows == 1


def test_a_wrong_number_of_channels_cannot_be_judged(tone_run, tone_of):
    source = np.stack([tone_of("normal"), tone_of("inner"), tone_of("outer")])
    (answer,) = predict(Record(source=source, channels=("A", "B", "C"), origin="a"), run=tone_run)
    assert answer.error == ("a: has 3 channels (A, B, C), the network takes 1 (ch0); choose with --channel")
    for channel in ("B", ("B",), "1"):
        record = Record(source=source, channels=("A", "B", "C"), rate_hz=12000.0)
        assert labels(predict(record, run=tone_run, channel=channel)) == ["inner"]


def test_the_runs_channels_are_taken_by_name(tone_run, tone_of):
    samples = np.stack([tone_of("normal"), tone_of("outer")])
    record = Record(source=samples, channels=("x", "ch0"), rate_hz=12000.0)
    (answer,) = predict(record, run=tone_run)
    assert (answer.label, answer.warnings) == ("outer", [])


def test_a_constant_signal_cannot_be_judged(tone_run):
    (answer,) = predict(np.full(1000, 2.5), run=tone_run)
    assert answer.error == "array: channel ch0 is constant (2.5); check the sensor"


def test_a_sample_that_is_no_number_is_named_or_filled(tone_run, tone_of):
    samples = tone_of("inner")
    samples[1000:1010] = np.nan
    (answer,) = predict(samples, run=tone_run, rate_hz=12000.0)
    assert "channel ch0 is nan at sample 1000; --nan interpolate fills short gaps" in answer.error
    (filled,) = predict(samples, run=tone_run, rate_hz=12000.0, nan="interpolate")
    assert filled.label == "inner"
    samples[1000:1065] = np.inf
    (long,) = predict(samples, run=tone_run, rate_hz=12000.0, nan="interpolate")
    assert "more than 64 samples in a row, too many to fill, are not finite around sample 1000" in long.error


# files


def test_a_file_is_judged(tone_run, tone_dir):
    path = tone_dir / "inner" / "inner-2" / "signal.npy"
    for given in (path, str(path), [path], [str(path)]):
        (answer,) = predict(given, run=tone_run, rate_hz=12000.0)
        assert (answer.file, answer.label) == (str(path), "inner")


def test_files_of_integers_are_judged(tone_run, tone_of, tmp_path):
    np.save(tmp_path / "a.npy", (10000 * tone_of("outer")).astype(np.int16))
    assert labels(predict(tmp_path / "a.npy", run=tone_run, rate_hz=12000.0)) == ["outer"]


def test_a_folder_is_every_signal_in_it(tone_run, tone_dir):
    answers = predict(tone_dir, run=tone_run, rate_hz=12000.0)
    assert [answer.file for answer in answers] == [str(path) for path in sorted(tone_dir.rglob("*.npy"))]
    assert labels(answers) == [Path(answer.file).parts[-3] for answer in answers]


def test_a_folder_without_signals_is_one_line(tone_run, tmp_path):
    with pytest.raises(RecordError, match="no signal file; readable are csv, csv.gz, mat") as caught:
        predict(tmp_path, run=tone_run)
    assert str(tmp_path) in str(caught.value)


def test_a_missing_file_ends_it_before_anything_is_judged(tone_run, tone_dir):
    with pytest.raises(ParameterError, match=r"file not found: none\.npy"):
        predict([tone_dir / "inner" / "inner-0" / "signal.npy", "none.npy"], run=tone_run)


def test_one_bad_file_among_good_ones_leaves_them_judged(tone_run, tone_dir, tmp_path):
    good = tone_dir / "outer" / "outer-1" / "signal.npy"
    (tmp_path / "empty.npy").touch()
    (tmp_path / "cut.npy").write_bytes(good.read_bytes()[:5000])
    (tmp_path / "text.npy").write_text("1,2,3")
    np.save(tmp_path / "short.npy", np.arange(7.0))
    np.save(tmp_path / "table.npy", np.zeros((900, 2)))
    bad = [tmp_path / f"{name}.npy" for name in ("empty", "cut", "text", "short", "table")]
    answers = predict([good, *bad, good], run=tone_run, rate_hz=12000.0)
    assert [answer.status for answer in answers] == ["ok", *["error"] * 5, "ok"]
    for answer, path in zip(answers[1:-1], bad, strict=True):
        assert answer.file == str(path)
        assert str(path) in answer.error
        assert "\n" not in answer.error
        assert json.loads(json.dumps(answer.to_dict()))["label"] is None


def test_one_bad_signal_of_a_file_leaves_the_others_judged(tone_run, tone_of, tmp_path):
    np.save(tmp_path / "a.npy", np.stack([tone_of("inner"), np.ones(6000), tone_of("outer")]))
    answers = predict(tmp_path / "a.npy", run=tone_run, rate_hz=12000.0)
    assert labels(answers) == ["inner", None, "outer"]
    assert "constant (1)" in answers[1].error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rate_hz": 48000.0}, "says 12000 Hz, which contradicts the given 48000 Hz"),
        ({"channel": "DE"}, "no channel 'DE'; there are: "),
        ({"variable": "x"}, "no array 'x'"),
    ],
)
def test_an_option_that_contradicts_a_file_is_that_files_error(
    tone_run, tone_of, tone_dir, tmp_path, options, said
):
    np.savez(tmp_path / "a.npz", signal=tone_of("inner"), rate_hz=12000.0)
    first, second = predict(
        [tmp_path / "a.npz", tone_dir / "outer" / "outer-0" / "signal.npy"], run=tone_run, **options
    )
    assert first.status == "error"
    assert said in first.error
    assert second.file.endswith("signal.npy")


def test_a_list_holds_paths_and_records(tone_run, tone_of):
    with pytest.raises(
        ParameterError, match="a list holds paths and Records, got ndarray; give an array by itself"
    ):
        predict([tone_of("inner")], run=tone_run)
    with pytest.raises(ParameterError, match="got float"):
        predict([0.5, 0.25], run=tone_run)
    assert predict([], run=tone_run) == []
