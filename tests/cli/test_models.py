"""``faultdiag models`` says what the tables say, and what a network costs and sees."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from faultdiag.cli import main
from faultdiag.networks.table import ACTIVATIONS, NETWORKS

ROWS = [(table, name) for table in (NETWORKS, ACTIVATIONS) for name in table]


def run(*words):
    return CliRunner().invoke(main, ["models", *words])


def summary(*words):
    done = run("summary", *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_list_names_every_network_and_activation_with_its_description():
    done = run("list")
    assert done.exit_code == 0
    told = [line.split(maxsplit=2) for line in done.output.splitlines()]
    assert told == [[name, table.kind, table.describe(name)] for table, name in ROWS]


def test_list_as_json_is_the_documented_document():
    rows = json.loads(run("list", "--json").output)
    assert [row["name"] for row in rows if row["kind"] == "network"] == NETWORKS.names()
    assert [row["name"] for row in rows if row["kind"] == "activation"] == ACTIVATIONS.names()
    assert all(set(row) == {"name", "kind", "description"} for row in rows)


def test_list_loads_no_keras():
    probe = (
        "import sys; from faultdiag.cli import main; main(['models', 'list'], standalone_mode=False); "
        "print(sorted({'keras', 'tensorflow', 'jax', 'torch', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.keras
def test_summary_takes_what_a_network_was_published_for():
    found = summary("record16")
    assert (found["name"], found["options"]) == ("record16", {})
    assert found["input_shape"] == [32, 32, 3]
    assert (found["n_parameters"], found["n_trainable"]) == (93_791, 92_669)
    assert found["receptive_field"] == [25, 25]
    assert found["receptive_field_s"] is None
    assert sum(part["flops"] for part in found["parts"]) == found["flops"]
    assert found["parts"][-1]["shape"] == [10]


@pytest.mark.keras
def test_summary_of_another_input_with_options():
    words = ("--input", "512x2", "--classes", "5", "--rate", "1000", "--set", "activation=relu")
    found = summary("paper-m6", *words, "--set", "network.options.shortcut=none")
    assert found["options"] == {"activation": "relu", "shortcut": "none"}
    assert found["input_shape"] == [512, 2]
    assert found["parts"][-1]["shape"] == [5]
    assert found["receptive_field_s"] == pytest.approx(found["receptive_field"][0] / 1000)
    assert not any("Add" in part["layers"] for part in found["parts"])


@pytest.mark.keras
def test_summary_shows_a_twin_of_the_same_size():
    goal = summary("paper-m6")["n_trainable"]
    twin = summary("paper-m6", "--set", "activation=relu", "--set", "as_large_as=aprelu")
    assert twin["n_trainable"] == pytest.approx(goal, rel=0.01)


@pytest.mark.keras
def test_summary_as_text():
    done = run("summary", "vibration", "--rate", "12000")
    assert done.exit_code == 0
    assert "800 samples, 0.06667 s at 12000 Hz" in done.output


@pytest.mark.keras
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["recrod16"], "unknown network 'recrod16'; did you mean record16"),
        (["record16", "--set", "activation=rleu"], "unknown activation 'rleu'; did you mean relu"),
        (["record16", "--set", "activatio=relu"], "has no option 'activatio'; did you mean activation"),
        (["record16", "--set", "shortcut=zero"], "option shortcut = 'zero'"),
        (["record16", "--set", "relu"], "--set 'relu': write key=value"),
        (["record16", "--set", "reduction=99"], "reduction 99 leaves no hidden unit for 16 channels"),
        (["record16", "--input", "32x"], "'32x': write sizes and channels, such as 4096x1"),
        (["record16", "--input", "0x3"], "'0x3': write sizes and channels"),
        (["record16", "--input", "32"], "rank 1 to 3 beside the channels, got rank 0"),
        (["record16", "--rate", "100"], "is no signal"),
        (["vibration", "--rate", "-1"], "the rate must be a positive number of Hz, got -1.0"),
        (["record16", "--classes", "1"], "1 is not in the range"),
        (["residual"], "network 'residual' has no input shape of its own: give --input, such as 2048x1"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(words, message):
    done = run("summary", *words)
    assert done.exit_code == 2
    assert message in done.output.splitlines()[-1]
