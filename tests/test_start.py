"""The command line starts at once: what it loads, how long it takes beside `import click`, and what it needs.

That `predict` on an exported Run needs neither Keras nor TensorFlow is proved where they are not installed:
in an environment of links to what `pip install faultdiag` brings, and to nothing else.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

import faultdiag

ROOT = Path(__file__).parents[1]
STARTUP_RATIO = 3.0

# Runs commands in one fresh interpreter; prints {command: modules that it loaded and may not load}.
PROBE = """
import contextlib, io, json, sys
before = {name.partition(".")[0] for name in sys.modules}
import click
from faultdiag.cli import main

def walk(command, words=()):
    yield [*words, "--help"]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from walk(command.get_command(context, name), (*words, name))

allowed = before | set(sys.stdlib_module_names) | {"click", "faultdiag"}
wrong = [["predict", "no-such-file.npy"], ["predct"], ["train", "--epochs", "0"]]
report = {}
for words in [["--version"], *walk(main), *wrong]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            main(words)
        except SystemExit as error:
            code = error.code
    loaded = {name.partition(".")[0] for name in sys.modules}
    report[" ".join(words)] = [code, sorted(loaded - allowed)]
print(json.dumps(report))
"""


@pytest.fixture(scope="module")
def report() -> dict[str, tuple[int, list[str]]]:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def test_help_of_every_command_loads_click_alone(report):
    helps = {command: found for command, found in report.items() if command.endswith("--help")}
    assert {"--help", "train --help", "datasets list --help"} <= set(helps)
    assert helps == {command: [0, []] for command in helps}


def test_a_wrong_command_line_loads_click_alone_and_exits_with_2(report):
    for command in ("predict no-such-file.npy", "predct", "train --epochs 0"):
        assert report[command] == [2, []]


def test_import_of_the_package_loads_no_library():
    probe = "import sys; before = set(sys.modules); import faultdiag; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded - set(sys.stdlib_module_names) == {"faultdiag"}


def test_start_takes_at_most_three_times_as_long_as_import_click():
    for _ in range(2):  # a second try, for a machine that was busy in the first
        command = [sys.executable, str(ROOT / "tools" / "startup.py")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        ratios = json.loads(done.stdout)
        if max(ratios.values()) <= STARTUP_RATIO:
            break
    assert max(ratios.values()) <= STARTUP_RATIO, f"start-up over import click: {ratios}"


# predict on an exported Run

FRAMEWORKS = {"keras", "tensorflow", "jax", "torch", "onnx", "tf2onnx"}
NOT_FOR_PREDICT = FRAMEWORKS | {"sklearn", "matplotlib", "rich", "pooch", "requests", "PIL", "h5py"}

LOADED = """
import sys
from faultdiag.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(sys.modules))
"""


@pytest.fixture(scope="module")
def signal_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("signal") / "tone.npy"
    np.save(path, np.sin(2 * np.pi * 1500 * np.arange(48000) / 12000).astype(np.float32))
    return path


@pytest.mark.keras
@pytest.mark.parametrize(
    ("rate_hz", "absent"),
    [
        (12000, {"scipy"}),
        (48000, {"scipy.signal", "scipy.stats", "scipy.optimize", "scipy.interpolate", "scipy.ndimage"}),
    ],
)
def test_predict_on_an_exported_run_loads_what_it_needs_alone(tone_run, signal_file, rate_hz, absent):
    command = ["predict", str(signal_file), "--rate", str(rate_hz), "--run", str(tone_run.folder), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *command], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "onnxruntime" in loaded
    assert loaded & (NOT_FOR_PREDICT | absent) == set()


def core_distributions():
    """What `pip install faultdiag` installs: its dependencies and theirs, extras left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, found = list(project["dependencies"]), {}
    while waiting:
        requirement = waiting.pop()
        name = re.match(r"[\w.-]+", requirement).group()
        if "extra ==" in requirement or name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system or version of Python
            continue
        waiting += found[name].requires or []
    return found


@pytest.fixture(scope="module")
def without_keras(tmp_path_factory):
    """Run Python where only the dependencies of faultdiag are installed; an environment of links."""
    folder = tmp_path_factory.mktemp("core")
    for distribution in core_distributions().values():
        tops = {file.parts[0] for file in distribution.files if file.parts[0] not in ("..", "__pycache__")}
        for top in tops:
            if not (folder / top).exists():
                (folder / top).symlink_to(distribution.locate_file(top))

    def run(code, *words):
        # -S: what else is installed is not found
        command = [sys.executable, "-S", "-c", code, *map(str, words)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    return run


MAIN = "import sys; from faultdiag.cli import main; main(sys.argv[1:], prog_name='faultdiag')"


def test_keras_is_not_there(without_keras):
    probe = "import importlib.util, sys; print([bool(importlib.util.find_spec(n)) for n in sys.argv[1:]])"
    done = without_keras(probe, "onnxruntime", *sorted(FRAMEWORKS))
    assert done.stdout.strip() == str([True] + [False] * len(FRAMEWORKS)), done.stderr


@pytest.mark.keras
def test_predict_works_where_keras_is_not_installed(without_keras, tone_run, signal_file):
    done = without_keras(MAIN, "predict", signal_file, "--rate", 48000, "--run", tone_run.folder, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (answer,) = json.loads(done.stdout)
    keras = faultdiag.load_run(tone_run.folder, backend="tensorflow")
    (expected,) = keras.predict(signal_file, rate_hz=48000.0)
    assert answer["label"] == expected.label
    assert answer["probabilities"] == pytest.approx(expected.probabilities, abs=1e-4)


@pytest.mark.keras
def test_evaluate_works_where_keras_is_not_installed(without_keras, tone_run, tone_dir):
    data = ["--dataset", "folder", "--data-dir", tone_dir, "--rate", 12000, "--json"]
    done = without_keras(MAIN, "evaluate", tone_run.folder, *data)
    assert (done.returncode, done.stderr) == (0, "")
    (result,) = json.loads(done.stdout)["results"]
    assert result["record_accuracy"] == 1.0


@pytest.mark.keras
@pytest.mark.parametrize(
    ("onnx", "words", "remedies"),
    [
        (None, ["--backend", "tensorflow"], ['pip install "faultdiag[train]"']),
        (None, ["--device", "gpu"], ['pip install "faultdiag[train]"']),
        ({"file": None, "reason": "no"}, [], ['pip install "faultdiag[train]"', "faultdiag export"]),
        ({"file": None, "reason": "no"}, ["--backend", "onnx"], ["faultdiag export"]),
    ],
)
def test_what_needs_keras_is_one_line_where_it_is_not_installed(
    without_keras, tone_run, signal_file, tmp_path, onnx, words, remedies
):
    run = shutil.copytree(tone_run.folder, tmp_path / "run")
    if onnx is not None:
        document = tone_run.document.model_copy(update={"onnx": onnx})
        (run / "run.json").write_text(document.to_json(), encoding="utf-8")
    done = without_keras(MAIN, "predict", signal_file, "--run", run, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    for remedy in remedies:
        assert remedy in done.stderr
