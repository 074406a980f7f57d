"""``faultdiag inspect``: what it prints, the folder it leaves, and one line for every bad input."""

import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from faultdiag.cli import main
from faultdiag.report import page

RATE_HZ = 12000
BEARING = ["--bearing", "6205", "--rate", RATE_HZ]


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    first = page.channel_pictures
    monkeypatch.setattr(page, "channel_pictures", lambda *some: [next(iter(first(*some)))])
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["inspect", *map(str, words)])


def knocks(order=3.585, n=36000):
    """Strikes of an outer race at 1800 rpm."""
    t = np.arange(n) / RATE_HZ
    ringing = np.exp(-600 * (t % (1 / (30 * order)))) * np.sin(2 * np.pi * 3000 * t)
    return ringing + 0.3 * np.random.default_rng(0).standard_normal(n)


@pytest.fixture
def outer(tmp_path):
    np.save(tmp_path / "outer.npy", knocks())
    return "outer.npy"


def tacho_file(tmp_path, *, missing):
    turns = np.arange(36000) / RATE_HZ * 30
    tacho = 5.0 * (turns % 1 < 0.2)
    if missing:
        tacho[18000:19000] = 0
    np.savez(tmp_path / "tacho.npz", signal=np.stack([knocks(), tacho]), rate_hz=float(RATE_HZ))
    return "tacho.npz"


def test_a_short_table_and_the_page_are_printed(invoke, outer, tmp_path):
    done = invoke(outer, *BEARING, "--speed", 1800)
    assert (done.exit_code, done.stderr) == (0, "")
    head, indicators, band, lines, where = done.stdout.splitlines()
    assert head == "outer.npy: 3 s at 12000 Hz, 1800 rpm"
    assert indicators.startswith("  ch0: rms ")
    assert band.startswith("    band: ")
    assert "BPFO 107." in lines
    assert where == "  page: inspection-outer/index.html"
    assert (tmp_path / "inspection-outer" / "index.html").is_file()


def test_quiet_prints_the_table_alone(invoke, outer):
    done = invoke(outer, "--rate", RATE_HZ, "--quiet")
    assert "page:" not in done.stdout
    assert "note:" not in done.stdout
    assert "note: no speed is known" in invoke(outer, "--rate", RATE_HZ).stdout


def test_json_is_one_document_with_the_documented_fields(invoke, outer):
    done = invoke(outer, *BEARING, "--speed", 1800, "--json", "-o", "mine")
    (one,) = json.loads(done.stdout)
    assert set(one) == {
        *("file", "signal", "status", "rate_hz", "duration_s", "stretch_s", "speed_rpm", "speed_range_rpm"),
        *("bearing", "fault_orders", "band_from", "channels", "warnings", "page", "error"),
    }
    assert (one["status"], one["page"], one["bearing"]) == ("ok", "mine/index.html", "6205")
    (channel,) = one["channels"]
    line = channel["lines"][0]
    assert set(line) == {
        *("fault", "name", "harmonic", "sideband", "order", "expected_hz", "found_hz", "level_db", "also"),
    }
    assert line["name"] == "BPFO"
    assert line["found_hz"] == pytest.approx(107.55, abs=0.4)


def test_a_tachometer_tells_the_speed(invoke, tmp_path):
    name = tacho_file(tmp_path, missing=False)
    done = invoke(name, "--rows", "channels", "--tacho", 1, "--pulses", 1, "--bearing", "6205", "--json")
    (one,) = json.loads(done.stdout)
    assert one["speed_rpm"] == pytest.approx(1800, rel=2e-3)
    assert [channel["channel"] for channel in one["channels"]] == ["ch0"]


def test_a_band_is_taken(invoke, outer):
    done = invoke(outer, "--rate", RATE_HZ, "--band", 2500, 3500)
    assert "    band: 2500 to 3500 Hz, given" in done.stdout


def test_one_bad_file_of_several_is_code_1_and_the_others_are_inspected(invoke, outer, tmp_path):
    np.save(tmp_path / "short.npy", np.zeros(10))
    done = invoke("short.npy", outer, "--rate", RATE_HZ)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: short.npy: an inspection takes at least 1024 samples")
    assert "inspection-outer/index.html" in done.stdout
    first, second = json.loads(invoke("short.npy", outer, "--rate", RATE_HZ, "--json").stdout)
    assert (first["status"], second["status"]) == ("error", "ok")


def with_nan(x):
    x[1000] = np.nan
    return x


@pytest.mark.parametrize(
    ("change", "words", "message"),
    [
        (None, [], "bad.npy: the sampling rate is unknown; say it with --rate"),
        (
            None,
            BEARING,
            "bad.npy: the lines of a bearing need the speed of the shaft, which is",
        ),
        (
            None,
            ["--rate", RATE_HZ, "--band", 2000, 7000],
            "bad.npy: band_hz must rise between 0 and 6000 Hz",
        ),
        (None, ["--rate", RATE_HZ, "--channel", "DE"], "bad.npy: no channel 'DE'; there are: ch0"),
        (None, ["--rate", RATE_HZ, "--tacho", 0], "bad.npy: there is no channel beside the tachometer ch0"),
        (with_nan, ["--rate", RATE_HZ], "bad.npy: channel ch0 is nan at sample 1000; --nan interpolate"),
        (np.ones_like, ["--rate", RATE_HZ], "bad.npy, channel ch0: the signal is constant; check the sensor"),
        (lambda x: x[:100], ["--rate", RATE_HZ], "bad.npy: an inspection takes at least 1024 samples, the"),
    ],
)
def test_what_a_file_cannot_give_is_code_1_in_one_line(invoke, tmp_path, change, words, message):
    samples = knocks()
    np.save(tmp_path / "bad.npy", samples if change is None else change(samples))
    done = invoke("bad.npy", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {message}")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "inspection-bad").exists()


def test_missing_pulses_are_said_with_their_time(invoke, tmp_path):
    done = invoke(tacho_file(tmp_path, missing=True), "--rows", "channels", "--tacho", 1)
    assert done.exit_code == 1
    assert done.stderr.startswith(
        "Error: tacho.npz, channel ch1: the tachometer misses 3 pulses, the first near 1.4"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--bearing", "6025"], "unknown bearing '6025'; did you mean 6205"),
        (["--bearing", "n=9,d=7.94"], "bearing 'n=9,d=7.94': D must be given, too"),
        (["--band", 3000, 2000], "band_hz must rise from above 0 Hz, got 3000 to 2000 Hz"),
        (["--speed", -1], "speed_rpm must be a positive number, got -1"),
        (["--speed", 1800, "--tacho", 1], "--speed and --tacho both say the speed; choose one"),
        (["--pulses", 2], "--pulses are those of a tachometer; name its channel with --tacho"),
        (["--tacho", 1, "--pulses", 0], "0 is not in the range x>=1"),
    ],
)
def test_what_the_command_line_alone_shows_is_code_2(invoke, outer, words, message):
    done = invoke(outer, "--rate", RATE_HZ, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_missing_file_is_code_2(invoke):
    done = invoke("no-such-file.npy")
    assert done.exit_code == 2
    assert "no-such-file.npy" in done.stderr


def test_a_taken_folder_is_code_2_and_stays_as_it_is(invoke, outer, tmp_path):
    done = invoke(outer, "--rate", RATE_HZ, "-o", ".")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: . holds 'outer.npy', which no inspection has written")
    assert [path.name for path in tmp_path.iterdir()] == ["outer.npy"]


LOADED = """
import sys
from faultdiag.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(name.partition(".")[0] for name in sys.modules))
"""


def test_inspection_needs_neither_keras_nor_onnx(outer, tmp_path):
    command = [sys.executable, "-c", LOADED, "inspect", outer, "--rate", str(RATE_HZ)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"matplotlib", "scipy", "jinja2"} <= loaded
    assert loaded & {"keras", "tensorflow", "jax", "torch", "onnx", "onnxruntime"} == set()
    assert sorted(path.suffix for path in (tmp_path / "inspection-outer").iterdir()) == [
        ".html",
        ".json",
        *[".png"] * 5,
        *[".svg"] * 5,
    ]


def test_a_folder_is_every_signal_in_it(invoke, tmp_path):
    (tmp_path / "all").mkdir()
    for name in ("b", "a"):
        np.save(tmp_path / "all" / f"{name}.npy", knocks(n=12000))
    (tmp_path / "all" / "notes.txt").write_text("none")
    done = invoke("all", "--rate", RATE_HZ, "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    heads = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert heads == [f"all/{name}.npy: 1 s at 12000 Hz, speed unknown" for name in ("a", "b")]
    assert (tmp_path / "inspection-b" / "index.html").is_file()
