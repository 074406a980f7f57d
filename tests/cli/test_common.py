"""Options and printing that every command shares."""

import json

import click
import pytest
from click.testing import CliRunner

from faultdiag.cli.common import (
    backend_options,
    check_one_form,
    check_one_speed,
    engine_options,
    print_csv,
    print_json,
    signal_options,
    speed_options,
)


@pytest.fixture
def options():
    @click.command()
    @signal_options
    @backend_options
    def command(**given):
        click.echo(json.dumps(given))

    def run(*words):
        return CliRunner().invoke(command, words)

    return run


def test_a_signal_is_described_by_the_same_words_everywhere(options):
    words = ["--rate", "48000", "--speed", "1797", "--channel", "DE", "--channel", "1", "--variable", "X097"]
    given = json.loads(options(*words, "--rows", "signals", "--nan", "interpolate").output)
    assert given["rate_hz"] == 48000.0
    assert given["speed_rpm"] == 1797.0
    assert given["channel"] == ["DE", "1"]
    assert (given["variable"], given["rows"], given["nan"]) == ("X097", "signals", "interpolate")


def test_nothing_given_means_refuse_and_auto(options):
    given = json.loads(options().output)
    assert (given["rate_hz"], given["rows"], given["nan"]) == (None, None, "refuse")
    assert (given["device"], given["backend"]) == ("auto", None)


def test_rows_must_be_a_kind_of_rows(options):
    done = options("--rows", "columns")
    assert done.exit_code == 2
    assert "'columns'" in done.output


def test_what_only_keras_can_do_knows_its_backends_alone(options):
    assert json.loads(options("--backend", "jax").output)["backend"] == "jax"
    assert options("--backend", "onnx").exit_code == 2


@pytest.mark.parametrize("name", ["onnx", "tensorflow", "jax", "torch"])
def test_a_finished_run_may_be_computed_by_its_export(name):
    command = click.command()(engine_options(lambda **given: click.echo(json.dumps(given))))
    done = CliRunner().invoke(command, ["--backend", name, "--device", "cpu"])
    assert json.loads(done.output) == {"backend": name, "device": "cpu"}


@pytest.mark.parametrize(("as_json", "as_csv"), [(True, False), (False, True), (False, False)])
def test_an_answer_has_one_form(as_json, as_csv):
    check_one_form(as_json, as_csv)
    with pytest.raises(click.UsageError, match="two forms of one answer; choose one"):
        check_one_form(True, True)


def test_json_refuses_numbers_that_json_does_not_have():
    with pytest.raises(ValueError, match="JSON compliant"):
        print_json({"accuracy": float("nan")})


def test_csv_has_a_header_and_a_line_each(capsys):
    print_csv([{"file": "a.npy", "label": "inner"}, {"file": "b,c.npy", "label": None}])
    assert capsys.readouterr().out.splitlines() == ["file,label", "a.npy,inner", '"b,c.npy",']


def test_a_column_that_a_row_lacks_stays_empty(capsys):
    print_csv([{"a": 1, "c": 3}, {"a": 4, "b": 5, "c": 6}])
    assert capsys.readouterr().out.splitlines() == ["a,b,c", "1,,3", "4,5,6"]


def test_csv_of_nothing_is_nothing(capsys):
    print_csv([])
    assert capsys.readouterr().out == ""


def test_a_tachometer_is_a_channel_and_its_pulses():
    command = click.command()(speed_options(lambda **given: click.echo(json.dumps(given))))
    given = json.loads(CliRunner().invoke(command, ["--tacho", "key", "--pulses", "4"]).output)
    assert given == {"tacho": "key", "pulses_per_turn": 4}
    assert json.loads(CliRunner().invoke(command, []).output) == {"tacho": None, "pulses_per_turn": None}


@pytest.mark.parametrize(
    "given", [(None, None, None), (1800.0, None, None), (None, "key", None), (None, "key", 2)]
)
def test_a_speed_is_said_once(given):
    check_one_speed(*given)


def test_two_speeds_and_pulses_of_nothing_are_refused():
    with pytest.raises(click.UsageError, match="--speed and --tacho both say the speed; choose one"):
        check_one_speed(1800.0, "key", 1)
    with pytest.raises(click.UsageError, match="--pulses are those of a tachometer; name its channel"):
        check_one_speed(1800.0, None, 2)
