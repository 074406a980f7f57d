"""``faultdiag train``: the document, what goes where, and wrong words."""

import json
import re
import shlex
import signal
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import faultdiag
from faultdiag.cli import main

pytestmark = pytest.mark.keras

SMALL = [
    "network.name=residual",
    "network.options.stages=[]",
    "network.options.stem_kernel=16",
    "network.options.stem_stride=4",
    "data.window=512",
    "fit.learning_rate=0.02",
]


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(main, ["train", *map(str, words)])

    return run


@pytest.fixture
def words(tone_dir):
    settings = [part for text in SMALL for part in ("--set", text)]
    return "--dataset", "folder", "--data-dir", tone_dir, "--rate", "12000", "--epochs", "2", *settings


def test_json_on_stdout_and_all_else_on_stderr(invoke, words, tmp_path):
    done = invoke(*words, "--json", "-o", "mine", "--seed", "3")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert set(document) == {"run", "task", "classes", "seconds", "results", "notes"}
    assert document["run"] == "mine"
    assert document["classes"] == ["normal", "inner", "outer"]
    seen, unseen = document["results"]
    assert (seen["leaky"], unseen["leaky"]) == (True, False)
    assert "mine.part" in done.stderr
    assert "epoch 2/2" in done.stderr
    assert json.loads((tmp_path / "mine" / "run.json").read_text())["recipe"]["seed"] == 3


def test_text_puts_seen_and_unseen_side_by_side_with_the_rms_and_a_sentence(
    invoke, words, tone_run, monkeypatch
):
    monkeypatch.setattr("faultdiag.training.train", lambda **options: tone_run)
    done = invoke(*words, "--quiet", "-o", "mine")
    assert done.stderr == ""
    head, seen, unseen, *rest = done.stdout.splitlines()
    assert "RMS only" in head
    assert seen.startswith("seen")
    assert unseen.startswith("group")
    assert any("never seen" in line for line in rest)
    assert f"Run: {tone_run.folder}" in done.stdout


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ([], 2, "--dataset"),
        (["--dataset", "cwrru"], 2, "cwru"),
        (["--dataset", "simulated", "--view", "rwa"], 2, "did you mean raw"),
        (["--dataset", "simulated", "--network", "residul"], 2, "did you mean residual"),
        (["--dataset", "simulated", "--split", "radnom"], 2, "did you mean random"),
        (["--dataset", "simulated", "--task", "faults"], 2, "fault"),
        (["--dataset", "simulated", "--set", "fit.epochs"], 2, "key=value"),
        (["--dataset", "simulated", "--set", "fit.epoch=3"], 2, "did you mean epochs"),
        (["--dataset", "simulated", "--set", "fit.epochs=0"], 2, "fit.epochs"),
        (["--dataset", "simulated", "--epochs", "0"], 2, "0"),
        (["--dataset", "simulated", "--device", "tpu"], 2, "'tpu'"),
        (["--dataset", "simulated", "--recipe", "none.toml"], 2, "none.toml"),
        (["--dataset", "folder", "--data-dir", "nowhere"], 2, "nowhere"),
        (["--resume", "nowhere.part"], 2, "nowhere.part"),
    ],
)
def test_wrong_words_are_one_line_and_leave_nothing_behind(invoke, more, code, said, tmp_path):
    done = invoke(*more)
    assert done.exit_code == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("runs/*")) == []


def test_an_unknown_key_in_a_recipe_file_names_file_and_key_with_code_1(invoke, tmp_path):
    (tmp_path / "mine.toml").write_text("[fit]\nepoch = 3\n")
    done = invoke("--dataset", "simulated", "--recipe", "mine.toml")
    assert done.exit_code == 1
    assert "mine.toml" in done.stderr
    assert "fit.epoch" in done.stderr


def test_an_existing_folder_is_not_touched(invoke, words, tmp_path):
    (tmp_path / "mine").mkdir()
    done = invoke(*words, "-o", "mine")
    assert done.exit_code == 2
    assert "mine exists already" in done.stderr
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_recipe_file_of_wrong_syntax_or_range_names_file_and_place_with_code_1(invoke, tmp_path):
    for text, said in (("[fit\n", "line 1"), ("[augment]\nmask = 2\n", "augment.mask = 2")):
        (tmp_path / "mine.toml").write_text(text)
        done = invoke("--dataset", "simulated", "--recipe", "mine.toml")
        assert done.exit_code == 1
        assert "mine.toml" in done.stderr
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_resume_takes_no_other_options(invoke, tmp_path):
    (tmp_path / "mine.part").mkdir()
    done = invoke("--resume", "mine.part", "--epochs", "3")
    assert done.exit_code == 2
    assert "an unfinished Run has its recipe and folder" in done.stderr


def test_a_finished_run_is_not_resumed(invoke, tone_run):
    done = invoke("--resume", tone_run.folder)
    assert done.exit_code == 1
    assert "not an unfinished Run (those end in .part)" in done.stderr


# a shell starts what runs in the background with Ctrl-C ignored, and children inherit that
_IN_THE_FOREGROUND = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("faultdiag", run_name="__main__", alter_sys=True)
"""


def test_ctrl_c_ends_with_130_and_the_command_that_goes_on(
    invoke, tone_dir, tone_settings, tone_run, tmp_path
):
    """A real process, and a real signal; what it says then finishes the Run as if nothing had been."""
    settings = tone_settings | {"data.options.rate_hz": 12000.0}
    words = ["train", "--dataset", "folder", "--data-dir", str(tone_dir), "-o", "my run", "--device", "cpu"]
    words += [f"--set={key}={json.dumps(value)}" for key, value in settings.items()]
    child = subprocess.Popen(
        [sys.executable, "-c", _IN_THE_FOREGROUND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    said = []
    for line in child.stderr:
        said.append(line)
        if line.startswith("epoch 2/"):
            child.send_signal(signal.SIGINT)
            break
    out, rest = child.communicate()
    assert (child.returncode, out) == (130, ""), said
    last = rest.splitlines()[-1]
    assert "Traceback" not in rest
    found = re.fullmatch(
        r"Error: interrupted; '(faultdiag train --resume .*)' goes on from the last epoch", last
    )
    assert said[0] == "until it is whole: my run.part\n"
    program, *command = shlex.split(found[1])
    assert (program, command) == ("faultdiag", ["train", "--resume", "my run.part"])
    done = CliRunner().invoke(main, [*command, "--json", "--quiet"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["run"] == "my run"
    weights = faultdiag.load_run("my run").network.get_weights()
    for a, b in zip(weights, tone_run.network.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
