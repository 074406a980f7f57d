"""Predict: what arrays, files and folders mean, what is refused, and that a stream is judged as the whole."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from faultdiag.errors import ParameterError, RecordError, RunError
from faultdiag.inference.predict import find_signals, predict
from faultdiag.inference.run import Run
from faultdiag.records import Record
from faultdiag.signal.resampling import resample
from faultdiag.views.envelope_spectrum import EnvelopeSpectrumView

pytestmark = pytest.mark.keras

HZ = {"normal": 500.0, "inner": 1500.0, "outer": 3000.0}


def tone(label, *, n=6000, rate_hz=12000.0, phase=0.3):
    """As the Run was trained on, noise included; the noise ends where that of 12 kHz does."""
    noise = np.random.default_rng(0).standard_normal(round(n * 12000 / rate_hz))
    if rate_hz > 12000:
        noise = resample(noise, rate_hz=12000.0, to_hz=rate_hz)[:n]
    pure = np.sin(2 * np.pi * (HZ[label] * np.arange(n) / rate_hz + phase))
    return (pure + 0.3 * noise[:n]).astype(np.float32)


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


@pytest.fixture
def in_orders(tone_run):
    """A Run whose view is in orders of the shaft: its network says which third of the orders is strongest."""
    import keras

    data = tone_run.document.data.model_copy(update={"window": 4000, "test_hop": 4000})
    view = EnvelopeSpectrumView.fit(np.zeros((1, 1, 4000)), rate_hz=12000.0, last=12.0)
    state = {"name": "envelope_spectrum", "state": view.state()}
    document = tone_run.document.model_copy(update={"data": data, "view": state, "calibration": {}})
    inputs = keras.Input(view.shape)
    return Run(tone_run.folder, document, keras.Model(inputs, keras.layers.MaxPooling1D(80)(inputs)[..., 0]))


def pulsing(order, speed_rpm, n=24000):
    pulse = 1 + np.cos(2 * np.pi * order * speed_rpm / 60 * np.arange(n) / 12000)
    return (pulse * np.random.default_rng(0).standard_normal(n)).astype(np.float32)


def test_in_orders_the_speed_decides(in_orders):
    x = pulsing(6, 1800)
    (answer,) = predict(x, run=in_orders, rate_hz=12000, speed_rpm=1800)
    assert (answer.status, answer.label) == ("ok", in_orders.classes[1])
    (answer,) = predict(x, run=in_orders, rate_hz=12000, speed_rpm=1100)  # read at that speed: order 9.8
    assert answer.label == in_orders.classes[2]
    assert [a.label for a in in_orders.stream([x], rate_hz=12000, speed_rpm=1800)] == [in_orders.classes[1]]


def ramp_with_tacho(n=36000, rate_hz=12000.0):
    """A pulse at order 7 of a shaft that runs up from 1200 to 2400 rpm, and a pulse a turn."""
    speed_hz = np.linspace(20, 40, n)
    turns = np.cumsum(speed_hz) / rate_hz
    pulse = 1 + np.cos(2 * np.pi * 7 * turns)
    vibration = pulse * np.random.default_rng(0).standard_normal(n)
    tacho = (turns % 1 < 0.1).astype(float)
    return np.stack([vibration, tacho]).astype(np.float32)


def test_a_tachometer_tells_the_speed_of_each_window(in_orders):
    both = ramp_with_tacho()
    (answer,) = predict(both, run=in_orders, rate_hz=12000, tacho="1", trace=True)
    assert (answer.status, answer.windows) == ("ok", 9)
    assert (answer.trace.argmax(axis=1) == 1).all()
    # at one mean speed the lines of the first and last windows lie elsewhere
    (one,) = predict(both[0], run=in_orders, rate_hz=12000, speed_rpm=1800, trace=True)
    assert not (one.trace.argmax(axis=1) == 1).all()
    record = Record(source=both, rate_hz=12000.0, channels=("vibration", "tacho"))
    (again,) = predict([record], run=in_orders, tacho="tacho", channel="vibration")
    assert again.probabilities == answer.probabilities


def test_a_tachometer_that_misses_pulses_is_an_error_of_its_signal(in_orders):
    both = ramp_with_tacho()
    both[1, 15000:17000] = 0
    (answer,) = predict(both, run=in_orders, rate_hz=12000, tacho="1")
    assert answer.status == "error"
    assert "channel ch1" in answer.error
    assert "the tachometer misses 4 pulses, the first near 1.2" in answer.error


def test_a_speed_beside_a_tachometer_is_refused(in_orders, image_run):
    both = ramp_with_tacho()
    with pytest.raises(ParameterError, match="speed_rpm 1800: the tachometer tells the speed"):
        predict(both, run=in_orders, rate_hz=12000, tacho="1", speed_rpm=1800)
    with pytest.raises(ParameterError, match="rows are signals: none of them can be the tachometer"):
        predict(both, run=in_orders, rate_hz=12000, tacho="1", rows="signals")
    with pytest.raises(ParameterError, match="tacho '1': this Run takes images"):
        predict(np.zeros((1, 8, 8, 3), np.uint8), run=image_run, tacho="1")


def test_in_orders_nothing_is_said_without_a_speed(in_orders):
    known = Record(source=pulsing(6, 1800)[None], rate_hz=12000.0, speed_rpm=1800.0)
    unknown = replace(known, speed_rpm=None)
    answers = predict([known, unknown], run=in_orders)
    assert [a.status for a in answers] == ["ok", "undetermined"]
    assert answers[1].label is None
    assert "speed unknown: the view envelope_spectrum is in orders" in answers[1].warnings[0]
    with pytest.raises(
        ParameterError, match="view 'envelope_spectrum' is in orders of the shaft: give speed_rpm"
    ):
        in_orders.stream([known.samples], rate_hz=12000)


def test_an_array_of_one_axis_is_one_signal(tone_run):
    (answer,) = predict(tone("inner"), run=tone_run, rate_hz=12000.0)
    assert (answer.file, answer.signal, answer.status, answer.label) == ("array", 0, "ok", "inner")
    assert answer.run == str(tone_run.folder)
    assert answer.windows == 6000 // 256
    assert answer.warnings == []


def test_rows_are_signals_for_a_run_of_one_channel(tone_run):
    answers = predict(np.stack([tone("inner"), tone("outer"), tone("normal")]), run=tone_run, rate_hz=12000.0)
    assert labels(answers) == ["inner", "outer", "normal"]
    assert [(answer.file, answer.signal) for answer in answers] == [("array", 0), ("array", 1), ("array", 2)]


def test_rows_are_channels_for_a_run_of_several(two_channels):
    array = np.stack([tone("normal"), tone("outer")])
    (answer,) = predict(array, run=two_channels, rate_hz=12000.0)
    assert answer.label == "outer", "its network looks at the second channel"
    assert answer.warnings == ["channels taken by position: ch0 for DE, ch1 for FE"]


def test_three_axes_are_signals_channels_and_samples(tone_run, two_channels):
    first = np.stack([tone("inner"), tone("outer")])[:, None]
    assert labels(predict(first, run=tone_run, rate_hz=12000.0)) == ["inner", "outer"]
    pairs = np.stack([[tone("normal"), tone("inner")], [tone("normal"), tone("outer")]])
    answers = predict(pairs, run=two_channels, rate_hz=12000.0)
    assert labels(answers) == ["inner", "outer"]
    assert [(answer.file, answer.signal) for answer in answers] == [("array", 0), ("array", 1)]


def test_columns_are_channels_if_rows_are_samples(two_channels, tone_run):
    array = np.stack([tone("normal"), tone("outer")], axis=1)
    assert labels(predict(array, run=two_channels, rate_hz=12000.0, rows="samples")) == ["outer"]
    answers = predict(array, run=tone_run, rate_hz=12000.0, rows="samples", channel="1")
    assert labels(answers) == ["outer"]


def test_rows_may_be_said_to_be_signals(two_channels):
    array = np.stack([tone("normal"), tone("outer")])
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
def test_the_type_of_the_numbers_does_not_matter(tone_run, dtype):
    (answer,) = predict((10000 * tone("inner")).astype(dtype), run=tone_run, rate_hz=12000.0)
    assert answer.label == "inner"


@pytest.mark.parametrize(
    "array", [np.zeros((2, 2, 2, 2)), np.array(["a"]), np.empty(0), np.ones(300, complex)]
)
def test_an_array_that_is_no_signal_cannot_be_judged(tone_run, array):
    (answer,) = predict(array, run=tone_run)
    assert answer.status == "error"
    assert answer.error.startswith("array: ")


# what an answer holds


def test_probabilities_are_the_mean_over_windows(tone_run):
    (answer,) = predict(tone("inner"), run=tone_run, rate_hz=12000.0, trace=True)
    windows = tone("inner")[: 23 * 256].reshape(23, 1, 256)
    found = tone_run.probabilities(windows)
    np.testing.assert_allclose(answer.trace, found, rtol=1e-6)
    assert answer.probabilities == pytest.approx(dict(zip(tone_run.classes, found.mean(axis=0), strict=True)))
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.probability == max(answer.probabilities.values()) == answer.probabilities[answer.label]
    assert answer.share == np.mean(found.argmax(axis=1) == tone_run.classes.index(answer.label))
    assert answer.window_s == 256 / 12000


def test_no_trace_is_kept_unless_asked_for(tone_run):
    assert predict(tone("inner"), run=tone_run)[0].trace is None


def test_windows_that_disagree_lower_the_share(tone_run):
    mixed = np.concatenate([tone("inner", n=30 * 256), tone("outer", n=10 * 256)])
    (answer,) = predict(mixed, run=tone_run, rate_hz=12000.0)
    assert (answer.label, answer.windows, answer.share) == ("inner", 40, 0.75)


def test_the_amplitude_does_not_matter(tone_run):
    for gain in (1e-6, 1e6):
        assert labels(predict(gain * tone("outer"), run=tone_run, rate_hz=12000.0)) == ["outer"]


def test_every_record_of_the_test_gets_its_label(tone_run, tones):
    answers = predict(list(tones.records), run=tone_run)
    assert labels(answers) == [record.label for record in tones.records]
    assert [answer.file for answer in answers] == [record.origin for record in tones.records]


# rates and speeds


@pytest.mark.parametrize("label", HZ)
def test_a_tone_at_another_rate_gets_its_label(tone_run, label):
    (answer,) = predict(tone(label, n=24000, rate_hz=48000.0), run=tone_run, rate_hz=48000.0)
    assert answer.label == label
    assert answer.windows == 6000 // 256
    assert answer.warnings == []
    (wrong,) = predict(tone("inner", n=24000, rate_hz=48000.0), run=tone_run, rate_hz=12000.0)
    assert wrong.windows == 24000 // 256, "the rate that is said counts"


def test_an_unknown_rate_is_assumed_and_said(tone_run):
    (answer,) = predict(tone("inner"), run=tone_run)
    assert answer.label == "inner"
    assert answer.warnings == ["the rate is not known and taken to be 12000 Hz (say it with --rate)"]


def test_a_lower_rate_is_said(tone_run):
    (answer,) = predict(tone("normal", rate_hz=4000.0), run=tone_run, rate_hz=4000.0)
    assert "recorded at 4000 Hz: nothing above 2000 Hz can be seen" in answer.warnings[0]


def test_a_rate_is_taken_for_records_that_do_not_say_theirs(tone_run):
    record = Record(source=tone("outer", n=24000, rate_hz=48000.0)[None])
    assert labels(predict(record, run=tone_run, rate_hz=48000.0)) == ["outer"]
    (same,) = predict(replace(record, rate_hz=48000.0), run=tone_run, rate_hz=48000.0)
    assert same.label == "outer"
    (other,) = predict(replace(record, rate_hz=48000.0), run=tone_run, rate_hz=12000.0)
    assert other.error == "memory: rate_hz 12000 contradicts the record's 48000"


def test_a_rate_that_cannot_become_the_runs_is_that_signals_error(tone_run):
    good, odd = (Record(source=tone("inner")[None], rate_hz=rate) for rate in (12000.0, 12e9 * np.pi))
    first, second = predict([odd, good], run=tone_run)
    assert (first.status, second.status) == ("error", "ok")
    assert "cannot resample from 3.76991e+10 to 12000 Hz" in first.error


def test_a_given_speed_that_contradicts_the_record_is_said(tone_run):
    record = Record(source=tone("inner")[None], rate_hz=12000.0, speed_rpm=1797.0, origin="97.mat")
    assert predict(record, run=tone_run, speed_rpm=1800.0)[0].warnings == []
    (answer,) = predict(record, run=tone_run, speed_rpm=1700.0)
    assert answer.warnings == ["97.mat: the file says 1797 rpm, the given 1700 rpm is used"]


@pytest.mark.parametrize("speed_rpm", [0.0, -5.0, np.inf, np.nan])
def test_a_speed_is_positive(tone_run, speed_rpm):
    with pytest.raises(ParameterError, match=f"speed_rpm must be positive and finite, got {speed_rpm}"):
        predict(tone("inner"), run=tone_run, speed_rpm=speed_rpm)


@pytest.mark.parametrize("rate_hz", [-1.0, np.inf])
def test_a_rate_is_positive(tone_run, rate_hz):
    with pytest.raises(ParameterError, match=f"rate_hz must be positive and finite, got {rate_hz}"):
        predict(tone("inner"), run=tone_run, rate_hz=rate_hz)


# what cannot be judged


def test_a_signal_shorter_than_a_window_cannot_be_judged(tone_run):
    (answer,) = predict(tone("inner", n=255), run=tone_run, rate_hz=12000.0)
    assert (answer.status, answer.label, answer.probability, answer.share) == ("error", None, None, None)
    assert (answer.windows, answer.probabilities) == (0, {})
    assert answer.error == (
        "array: 255 samples at 12000 Hz, shorter than the Run's window of 256; record longer"
    )
    assert predict(tone("inner", n=256), run=tone_run, rate_hz=12000.0)[0].windows == 1


def test_a_wrong_number_of_channels_cannot_be_judged(tone_run):
    source = np.stack([tone("normal"), tone("inner"), tone("outer")])
    (answer,) = predict(Record(source=source, channels=("A", "B", "C"), origin="a"), run=tone_run)
    assert answer.error == ("a: has 3 channels (A, B, C), the network takes 1 (ch0); choose with --channel")
    for channel in ("B", ("B",), "1"):
        record = Record(source=source, channels=("A", "B", "C"), rate_hz=12000.0)
        assert labels(predict(record, run=tone_run, channel=channel)) == ["inner"]


def test_the_runs_channels_are_taken_by_name(tone_run):
    record = Record(source=np.stack([tone("normal"), tone("outer")]), channels=("x", "ch0"), rate_hz=12000.0)
    (answer,) = predict(record, run=tone_run)
    assert (answer.label, answer.warnings) == ("outer", [])


def test_a_constant_signal_cannot_be_judged(tone_run):
    (answer,) = predict(np.full(1000, 2.5), run=tone_run)
    assert answer.error == "array: channel ch0 is constant (2.5); check the sensor"


def test_a_sample_that_is_no_number_is_named_or_filled(tone_run):
    samples = tone("inner")
    samples[1000:1010] = np.nan
    (answer,) = predict(samples, run=tone_run, rate_hz=12000.0)
    assert "channel ch0 is nan at sample 1000; --nan interpolate fills short gaps" in answer.error
    (filled,) = predict(samples, run=tone_run, rate_hz=12000.0, nan="interpolate")
    assert filled.label == "inner"
    samples[1000:1065] = np.inf
    (long,) = predict(samples, run=tone_run, rate_hz=12000.0, nan="interpolate")
    assert "more than 64 samples in a row, too many to fill, are not finite around sample 1000" in long.error


# streams


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


@pytest.mark.parametrize("rate_hz", [12000.0, 48000.0, 25600.0])
def test_a_stream_is_judged_as_the_whole(tone_run, rate_hz):
    rng = np.random.default_rng(0)
    n = 1_200_000
    samples = (tone("inner", n=n, rate_hz=rate_hz) + rng.standard_normal(n)).astype(np.float32)[None]
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


# files


def test_a_file_is_judged(tone_run, tone_dir):
    path = tone_dir / "inner" / "inner-2" / "signal.npy"
    for given in (path, str(path), [path], [str(path)]):
        (answer,) = predict(given, run=tone_run, rate_hz=12000.0)
        assert (answer.file, answer.label) == (str(path), "inner")


def test_files_of_integers_are_judged(tone_run, tmp_path):
    np.save(tmp_path / "a.npy", (10000 * tone("outer")).astype(np.int16))
    assert labels(predict(tmp_path / "a.npy", run=tone_run, rate_hz=12000.0)) == ["outer"]


def test_a_folder_is_every_signal_in_it(tone_run, tone_dir):
    answers = predict(tone_dir, run=tone_run, rate_hz=12000.0)
    assert [answer.file for answer in answers] == [str(path) for path in sorted(tone_dir.rglob("*.npy"))]
    assert labels(answers) == [Path(answer.file).parts[-3] for answer in answers]


def test_signals_are_found_by_the_ending_of_a_reader(tmp_path):
    for name in ("b.NPY", "a.csv.gz", "sub/c.mat", "no.txt", "no.npy.gz", "npy", ".a.npy", "manifest.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.npy").mkdir()
    assert [path.relative_to(tmp_path).as_posix() for path in find_signals(tmp_path)] == [
        "a.csv.gz",
        "b.NPY",
        "sub/c.mat",
    ]


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


def test_one_bad_signal_of_a_file_leaves_the_others_judged(tone_run, tmp_path):
    np.save(tmp_path / "a.npy", np.stack([tone("inner"), np.ones(6000), tone("outer")]))
    answers = predict(tmp_path / "a.npy", run=tone_run, rate_hz=12000.0)
    assert labels(answers) == ["inner", None, "outer"]
    assert "constant (1)" in answers[1].error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rate_hz": 48000.0}, "says 12000 Hz, which contradicts the given 48000 Hz"),
        ({"channel": "DE"}, "no channel 'DE'; There are: "),
        ({"variable": "x"}, "no array 'x'"),
    ],
)
def test_an_option_that_contradicts_a_file_is_that_files_error(tone_run, tone_dir, tmp_path, options, said):
    np.savez(tmp_path / "a.npz", signal=tone("inner"), rate_hz=12000.0)
    first, second = predict(
        [tmp_path / "a.npz", tone_dir / "outer" / "outer-0" / "signal.npy"], run=tone_run, **options
    )
    assert first.status == "error"
    assert said in first.error
    assert second.file.endswith("signal.npy")


def test_a_list_holds_paths_and_records(tone_run):
    with pytest.raises(
        ParameterError, match="a list holds paths and Records, got ndarray; give an array by itself"
    ):
        predict([tone("inner")], run=tone_run)
    with pytest.raises(ParameterError, match="got float"):
        predict([0.5, 0.25], run=tone_run)
    assert predict([], run=tone_run) == []


# which Run


def test_a_run_may_be_named_by_its_folder(tone_run):
    for run in (tone_run.folder, str(tone_run.folder)):
        assert labels(predict(tone("inner"), run=run, rate_hz=12000.0)) == ["inner"]


def test_the_newest_run_is_taken(tone_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, created in (("old", "2020"), ("new", "2030"), ("older", "2010")):
        folder = shutil.copytree(tone_run.folder, tmp_path / "runs" / name)
        document = tone_run.document.model_copy(update={"created": f"{created}-01-01T00:00:00+00:00"})
        (folder / "run.json").write_text(document.to_json())
    assert predict(tone("inner"), rate_hz=12000.0)[0].run == "runs/new"


def test_without_a_run_it_says_how_to_train_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParameterError, match="train one with 'faultdiag train --dataset simulated'"):
        predict(tone("inner"))


def test_an_unfinished_run_is_refused(tone_run, tmp_path):
    part = shutil.copytree(tone_run.folder, tmp_path / "run.part")
    with pytest.raises(RunError, match=r"run\.part: unfinished; 'faultdiag train --resume"):
        predict(tone("inner"), run=part)


def test_a_run_for_images_is_refused(tone_run):
    images = Run(tone_run.folder, tone_run.document.model_copy(update={"input": "image"}))
    with pytest.raises(ParameterError, match="this Run takes images, not signals; name another with --run"):
        predict([tone("inner")], run=images)


def test_with_a_bearing_the_physics_stands_beside_the_answer(tone_run):
    x = pulsing(3.585, 1800, n=72000)
    (answer,) = predict(x, run=tone_run, rate_hz=12000, speed_rpm=1800, bearing="6205")
    assert answer.physics["label"] == "outer"
    assert answer.agrees is (answer.label == "outer")
    (plain,) = predict(x, run=tone_run, rate_hz=12000, speed_rpm=1800)
    assert (plain.physics, plain.agrees, plain.label) == (None, None, answer.label)
    with pytest.raises(ParameterError, match="unknown bearing"):
        predict(x, run=tone_run, rate_hz=12000, speed_rpm=1800, bearing="no such")
