"""Training as a whole: exact resume after any end, on both backends; a wrong start leaves nothing behind."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import faultdiag
from faultdiag.datasets.load import load_dataset
from faultdiag.errors import DatasetError, Interrupted, ParameterError, RunError
from faultdiag.runs.backend import Device, use_backend
from faultdiag.runs.network import build_network
from faultdiag.training.display import SilentDisplay
from faultdiag.training.job import CHECKPOINT
from faultdiag.training.material import gather
from faultdiag.training.recipe import make_recipe
from faultdiag.training.train import train

pytestmark = pytest.mark.keras

CPU = Device("tensorflow", "cpu")
MAIN = "from faultdiag.cli import main; main()"


class Stops(SilentDisplay):
    """Ctrl-C at the end of an epoch."""

    def __init__(self, epoch):
        self.stop_at = epoch
        self.said = []

    def say(self, text):
        self.said.append(text)

    def epoch(self, state):
        if state.epoch == self.stop_at:
            raise KeyboardInterrupt


def assert_same_weights(network, other):
    for a, b in zip(network.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def history(run):
    with (run.folder / "history.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Stopped:
    """What Ctrl-C left behind."""

    folder: Path
    error: Interrupted
    display: Stops


def stopped_training(examples, settings, out, *, epoch, device="cpu"):
    display = Stops(epoch)
    with pytest.raises(Interrupted) as caught:
        train(examples, settings=settings, out=out, device=device, display=display)
    return Stopped(out.with_name(out.name + ".part"), caught.value, display)


@pytest.fixture(scope="module")
def stopped(tones, tone_settings, tmp_path_factory):
    """A training that Ctrl-C ended in its third epoch."""
    return stopped_training(tones, tone_settings, tmp_path_factory.mktemp("stopped") / "my run", epoch=3)


@pytest.fixture
def part(stopped, tmp_path):
    """A copy of its folder."""
    return shutil.copytree(stopped.folder, tmp_path / "run.part")


def test_a_resumed_training_equals_an_uninterrupted_one(tones, part, tone_run, tmp_path):
    run = train(tones, resume=part, device="cpu")
    assert run.folder == tmp_path / "run"
    assert not part.exists()
    assert_same_weights(run.network, tone_run.network)
    assert history(run) == history(tone_run)
    assert run.results == tone_run.results


def test_an_interrupt_says_how_to_go_on(stopped):
    text = str(stopped.error)
    assert text.startswith("interrupted; ")
    assert f"faultdiag.train(examples, resume={str(stopped.folder)!r})" in text
    assert stopped.display.said[0] == f"until it is whole: {stopped.folder}"
    assert isinstance(stopped.error, KeyboardInterrupt)


def test_changed_data_end_a_resume(tones, part):
    records = (replace(tones.records[0], source=-tones.records[0].samples), *tones.records[1:])
    before = sorted(path.name for path in part.iterdir())
    with pytest.raises(RunError, match="the data are not those the Run began with; train again"):
        train(replace(tones, records=records), resume=part, device="cpu")
    assert sorted(path.name for path in part.iterdir()) == before, "what was trained is still there"


def test_a_damaged_checkpoint_ends_a_resume(tones, part):
    (part / CHECKPOINT).write_bytes(b"PK")
    with pytest.raises(RunError, match=r"checkpoint\.npz: damaged checkpoint; remove it to begin again"):
        train(tones, resume=part, device="cpu")


def test_a_resume_that_fails_leaves_the_folder(tones, part):
    (part / CHECKPOINT).unlink()
    with pytest.raises(RunError):
        train(replace(tones, records=tones.records[::-1]), resume=part, device="cpu")
    assert part.is_dir()


def test_a_killed_training_resumes_to_the_bit(tone_dir, tone_settings, tone_run, tmp_path):
    """SIGKILL at a moment by lot: in the first steps, between epochs, within the writing of a checkpoint."""
    settings = tone_settings | {"data.options.rate_hz": 12000.0}
    assignments = [f"--set={key}={json.dumps(value)}" for key, value in settings.items()]
    words = [
        "train",
        "--dataset",
        "folder",
        "--data-dir",
        tone_dir,
        "-o",
        "run",
        "--device",
        "cpu",
        *assignments,
    ]
    child = subprocess.Popen(
        [sys.executable, "-c", MAIN, *map(str, words)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    part = tmp_path / "run.part"
    for _ in range(3000):
        if (part / CHECKPOINT).exists() or child.poll() is not None:
            break
        time.sleep(0.02)
    time.sleep(random.uniform(0, 3))
    child.kill()
    _, said = child.communicate()
    if child.returncode != -signal.SIGKILL:  # it was done before, which happens on a fast machine
        assert child.returncode == 0, said
        run = faultdiag.load_run(tmp_path / "run")
    else:
        run = train(resume=part, device="cpu")
    assert run.document.dataset == "folder"
    assert_same_weights(run.network, tone_run.network)
    assert [int(row["epoch"]) for row in history(run)] == [1, 2, 3, 4, 5]
    assert history(run) == history(tone_run)


def jax_child(data_dir, weights, settings, folder):
    """What a process on JAX does; prints one JSON document."""
    folder, settings = Path(folder), json.loads(settings)
    examples = load_dataset("folder", data_dir, rate_hz=12000.0)
    first_losses = losses(examples, settings, folder / "losses", weights)
    run = train(examples, settings=settings, out=folder / "whole")
    stopped = stopped_training(examples, settings, folder / "stopped", epoch=2, device="auto")
    again = train(examples, resume=stopped.folder)
    differences = [
        float(np.abs(a - b).max())
        for a, b in zip(run.network.get_weights(), again.network.get_weights(), strict=True)
    ]
    loaded = faultdiag.load_run(run.folder, backend="jax")
    kept = [run.predict(record)[0].to_dict() for record in examples.records]
    found = [loaded.predict(record)[0].to_dict() for record in examples.records]
    report = {
        "backend": run.document.training["backend"],
        "losses": first_losses,
        "difference": max(differences),
        "histories": [history(run), history(again)],
        "same_predictions": kept == found,
        "right": [a["label"] == r.label for a, r in zip(found, examples.records, strict=True)],
    }
    sys.stdout.write(json.dumps(report))


def losses(examples, settings, folder, weights=None):
    """The losses of two epochs without augmentation, from the given weights or freshly drawn ones."""
    from faultdiag.training.batches import WindowBatches
    from faultdiag.training.fit import fit_network

    device = use_backend(None, "cpu")
    still = settings | {"fit.epochs": 2}
    still = {key: value for key, value in still.items() if not key.startswith("augment")}
    material = gather(make_recipe(examples, settings=still), examples)
    network = build_network(
        material.recipe.network.name,
        input_shape=material.view.shape,
        n_classes=len(examples.classes),
        options=material.recipe.network.options,
    )
    folder.mkdir()
    if weights is not None:
        with np.load(weights) as file:
            network.set_weights([file[f"arr_{i}"] for i in range(len(file.files))])
    else:
        np.savez(folder / "weights.npz", *network.get_weights())
    windows = WindowBatches(material.pool, material.split.train, material.view, batch_size=32, seed=0)
    display = SilentDisplay()
    progress = fit_network(
        network, material.recipe, windows, None, folder=folder, device=device, display=display
    )
    return [row["loss"] for row in progress.history]


@pytest.mark.slow
def test_jax_resumes_to_the_bit_and_agrees_with_tensorflow(tone_dir, tone_settings, cache, tmp_path):
    pytest.importorskip("jax")
    settings = tone_settings | {"fit.epochs": 3}
    examples = load_dataset("folder", tone_dir, rate_hz=12000.0)
    here = losses(examples, settings, tmp_path / "tensorflow")
    code = "import runpy, sys; runpy.run_path(sys.argv[1])['jax_child'](*sys.argv[2:])"
    # kept from one session of tests to the next: compiling takes most of the time
    compiled = {"JAX_COMPILATION_CACHE_DIR": str(cache.mkdir("jax"))}
    compiled |= {"JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
    arguments = [tone_dir, tmp_path / "tensorflow" / "weights.npz", json.dumps(settings), tmp_path]
    done = subprocess.run(
        [sys.executable, "-c", code, __file__, *map(str, arguments)],
        env=os.environ | compiled | {"KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    assert there["backend"] == "jax"
    np.testing.assert_allclose(there["losses"], here, atol=1e-3)
    assert there["difference"] == 0
    assert there["histories"][0] == there["histories"][1]
    assert there["same_predictions"]
    assert all(there["right"])


@pytest.mark.parametrize(
    ("settings", "kind", "message"),
    [
        ({"split": "group:nobody"}, ParameterError, "split 'group:nobody': no record is of group 'nobody'"),
        ({"split": "grup"}, ParameterError, r"unknown split 'grup'; did you mean group\?"),
        ({"data.window": 10**6}, DatasetError, "no training window of 1000000 samples"),
        ({"network.name": "residul"}, ParameterError, r"unknown network 'residul'; did you mean residual\?"),
        ({"network.options.kernal": 3}, ParameterError, "no option 'kernal'; did you mean kernel"),
        ({"network.options.kernel": "wide"}, ParameterError, "option kernel = 'wide': "),
        ({"network.options.stages": [[4, 1, 1]]}, ParameterError, "stages may not narrow"),
        ({"view.name": "image"}, ParameterError, "view 'image': images must be bytes"),
    ],
)
def test_a_wrong_start_is_one_line_and_leaves_nothing(
    tones, tone_settings, tmp_path, settings, kind, message
):
    with pytest.raises(kind, match=message) as caught:
        train(tones, settings=tone_settings | settings, out=tmp_path / "run", device="cpu")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_train_on_is_a_wrong_parameter():
    with pytest.raises(ParameterError, match="nothing to train on: name a data set with --dataset"):
        train()


@pytest.mark.parametrize(
    "more", [{"settings": {"fit.epochs": 2}}, {"recipe": "a.toml"}, {"out": "b"}, {"tensorboard": True}]
)
def test_a_resume_takes_no_other_options(tmp_path, more):
    with pytest.raises(ParameterError, match="resume: an unfinished Run has its recipe and folder"):
        train(resume=tmp_path / "a.part", **more)


def test_an_existing_folder_is_refused_before_anything_else(tones, tone_settings, tmp_path):
    (tmp_path / "run").mkdir()
    with pytest.raises(ParameterError, match=r"run exists already; name another folder with --out"):
        train(tones, settings=tone_settings, out=tmp_path / "run", device="cpu")


def test_an_unknown_device_or_backend_is_refused(tones):
    with pytest.raises(ParameterError, match="unknown device 'gpuu'; write auto, cpu, gpu or gpu:1"):
        train(tones, device="gpuu")
    with pytest.raises(ParameterError, match=r"unknown backend 'jaxx'; did you mean jax\?"):
        train(tones, backend="jaxx")


@pytest.fixture(scope="module")
def bare(tones, tone_settings, tmp_path_factory):
    """One epoch on everything, without augmentation, with logs where TensorBoard is installed."""
    settings = {key: value for key, value in tone_settings.items() if not key.startswith("augment")}
    return train(
        tones,
        settings=settings | {"split": "none", "fit.epochs": 1},
        out=tmp_path_factory.mktemp("bare") / "run",
        device="cpu",
        tensorboard=find_spec("tensorboard") is not None,
    )


def test_nothing_held_out_validates_nothing(bare):
    assert bare.results == []
    assert set(history(bare)[0]) == {"epoch", "loss", "crossentropy", "accuracy"}
    assert bare.document.training["validation_windows"] == 0


def test_logs_for_tensorboard_are_written(bare):
    pytest.importorskip("tensorboard")
    assert list((bare.folder / "tensorboard").rglob("events.*"))


@pytest.mark.parametrize("name", ["tone_run", "bare"])
def test_plain_keras_opens_the_network_of_a_run(request, name):
    """With our layers registered and nothing of the training in it, with and without augmentation."""
    import keras

    import faultdiag.networks.aprelu  # noqa: F401 (registers them)

    run = request.getfixturevalue(name)
    plain = keras.saving.load_model(run.folder / "model.keras")
    tensors = np.random.default_rng(0).standard_normal((7, *plain.input_shape[1:])).astype(np.float32)
    np.testing.assert_array_equal(np.asarray(plain(tensors)), np.asarray(run.network(tensors)))
    assert not plain.compiled
