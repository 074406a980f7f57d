"""Files become folders, one for each signal; a bad file leaves the others inspected."""

import json

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.report import page
from faultdiag.report.files import inspect_files


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty folder to work in, and one picture instead of all."""
    first = page.channel_pictures
    monkeypatch.setattr(page, "channel_pictures", lambda *some: [next(iter(first(*some)))])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def signal(here, inner):
    np.save(here / "pump.v2.npy", inner.samples[0])
    return here / "pump.v2.npy"


def inspected(*files, **options):
    return list(inspect_files(files, **({"rate_hz": 12000.0} | options)))


def test_a_folder_is_named_after_its_file(signal):
    (one,) = inspected(signal, bearing="6205", speed_rpm=1800)
    assert str(one.page) == "inspection-pump/index.html"
    assert one.page.is_file()
    assert one.inspection.channels[0].found()[0].fault == "inner"
    document = one.to_dict()
    assert (document["file"], document["signal"], document["status"]) == (str(signal), 0, "ok")
    assert (document["page"], document["error"]) == (str(one.page), None)
    json.dumps(document, allow_nan=False)


def test_files_of_one_name_get_folders_of_their_own(here, signal):
    (here / "other").mkdir()
    (here / "other" / "pump.npy").write_bytes(signal.read_bytes())
    pages = [str(one.page) for one in inspected(signal, here / "other" / "pump.npy")]
    assert pages == ["inspection-pump/index.html", "inspection-pump-2/index.html"]


def test_out_is_the_folder_of_one_signal_and_of_the_folders_of_several(here, signal):
    (one,) = inspected(signal, out=here / "one")
    assert one.page == here / "one" / "index.html"
    several = inspected(signal, signal, out=here / "several")
    assert [item.page.parent.name for item in several] == ["pump", "pump-2"]
    assert all(item.page.parent.parent == here / "several" for item in several)


def test_signals_of_one_file_are_numbered_also_the_second_time(here, inner):
    np.save(here / "two.npy", inner.samples)
    for _ in range(2):
        found = inspected(here / "two.npy", rows="signals", out=here / "out")
        assert [(item.signal, item.page.parent.name) for item in found] == [(0, "two-0"), (1, "two-1")]


def test_channels_are_chosen_and_the_tachometer_is_none_of_them(here, run_up):
    samples = np.concatenate([run_up.samples, run_up.samples[1:]])
    np.savez(here / "three.npz", signal=samples, rate_hz=12000.0)
    (all_of_them,) = inspected(here / "three.npz", rows="channels", tacho="0", pulses_per_turn=2)
    assert [channel.channel for channel in all_of_them.inspection.channels] == ["ch1", "ch2"]
    (chosen,) = inspected(
        here / "three.npz", rows="channels", tacho="0", pulses_per_turn=2, channel=["2"], bearing="6205"
    )
    (channel,) = chosen.inspection.channels
    assert channel.channel == "ch2"
    assert channel.found()[0].fault == "outer"


def test_a_bad_file_leaves_the_others_inspected(here, signal):
    np.save(here / "short.npy", np.zeros(10))
    first, second = inspected(here / "short.npy", signal)
    assert first.error.startswith(f"{here / 'short.npy'}: an inspection takes at least 1024 samples")
    assert (first.to_dict()["status"], first.to_dict()["page"]) == ("error", None)
    assert second.error is None
    assert not (here / "inspection-short").exists()


def test_a_file_that_cannot_be_read_is_said(here, signal):
    (here / "empty.npy").write_bytes(b"")
    first, second = inspected(here / "empty.npy", signal)
    assert "the file is empty" in first.error
    assert second.page is not None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bearing": "6025"}, "unknown bearing '6025'; did you mean 6205"),
        ({"speed_rpm": 0.0}, "speed_rpm must be a positive number, got 0"),
        ({"band_hz": (3000.0, 1000.0)}, "band_hz must rise from above 0 Hz, got 3000 to 1000 Hz"),
        ({"band_hz": (0.0, 1000.0)}, "band_hz must rise from above 0 Hz, got 0 to 1000 Hz"),
    ],
)
def test_what_the_options_alone_show_is_refused_before_anything_is_read(here, options, message):
    with pytest.raises(ParameterError, match=message):
        inspected(here / "absent.npy", **options)


def test_a_taken_folder_is_refused_before_the_first_of_several_files(here, signal):
    (here / "out" / "other").mkdir(parents=True)
    (here / "out" / "other" / "mine.txt").write_text("x")
    (here / "other.npy").write_bytes(signal.read_bytes())
    with pytest.raises(ParameterError, match="holds 'mine.txt'"):
        inspected(signal, here / "other.npy", out=here / "out")
    assert not (here / "out" / "pump").exists()


def test_a_taken_folder_of_one_file_is_refused(here, signal):
    (here / "mine.txt").write_text("x")
    with pytest.raises(ParameterError, match="no inspection has written"):
        inspected(signal, out=here)
