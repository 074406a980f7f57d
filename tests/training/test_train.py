"""Training as a whole: exact resume after any end, on both backends; a wrong start leaves nothing behind."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import faultdiag
from faultdiag.datasets.load import load_dataset
from faultdiag.errors import DatasetError, FaultdiagError, Interrupted, ParameterError, RunError
from faultdiag.training.display import SilentDisplay
from faultdiag.training.job import CHECKPOINT
from faultdiag.training.train import train

pytestmark = pytest.mark.keras

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


def interrupted(examples, settings, out, *, epoch=2):
    """A training that Ctrl-C ended in this epoch; its folder."""
    with pytest.raises(Interrupted):
        train(examples, settings=settings, out=out, device="cpu", display=Stops(epoch))
    return out.with_name(out.name + ".part")


def test_a_resumed_training_equals_an_uninterrupted_one(tones, tone_settings, tone_run, tmp_path):
    part = interrupted(tones, tone_settings, tmp_path / "run", epoch=3)
    run = train(tones, resume=part, device="cpu")
    assert run.folder == tmp_path / "run"
    assert not part.exists()
    assert_same_weights(run.network, tone_run.network)
    assert history(run) == history(tone_run)
    assert run.results == tone_run.results


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
    part = interrupted(examples, settings, folder / "stopped", epoch=2)
    again = train(examples, resume=part)
    differences = [
        float(np.abs(a - b).max())
        for a, b in zip(run.network.get_weights(), again.network.get_weights(), strict=True)
    ]
    loaded = faultdiag.load_run(run.folder)
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
    from faultdiag.runs.backend import use_backend
    from faultdiag.training.fit import fit_network
    from faultdiag.training.material import gather
    from faultdiag.training.recipe import make_recipe
    from faultdiag.training.train import _network, _sides

    device = use_backend(None, "cpu")
    still = settings | {"fit.epochs": 2}
    still = {key: value for key, value in still.items() if not key.startswith("augment")}
    material = gather(make_recipe(examples, settings=still), examples)
    network = _network(material, device)
    folder.mkdir()
    if weights is not None:
        with np.load(weights) as file:
            network.set_weights([file[f"arr_{i}"] for i in range(len(file.files))])
    else:
        np.savez(folder / "weights.npz", *network.get_weights())
    sides = _sides(material)
    progress = fit_network(
        network, material.recipe, *sides, folder=folder, device=device, display=SilentDisplay()
    )
    return [[row["loss"], row["val_loss"]] for row in progress.history]


@pytest.mark.slow
def test_jax_resumes_to_the_bit_and_agrees_with_tensorflow(tone_dir, tone_settings, tmp_path):
    pytest.importorskip("jax")
    settings = tone_settings | {"fit.epochs": 3}
    examples = load_dataset("folder", tone_dir, rate_hz=12000.0)
    here = losses(examples, settings, tmp_path / "tensorflow")
    code = "import runpy, sys; runpy.run_path(sys.argv[1])['jax_child'](*sys.argv[2:])"
    cache = {"JAX_COMPILATION_CACHE_DIR": str(tmp_path), "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
    arguments = [tone_dir, tmp_path / "tensorflow" / "weights.npz", json.dumps(settings), tmp_path]
    done = subprocess.run(
        [sys.executable, "-c", code, __file__, *map(str, arguments)],
        env=os.environ | cache | {"KERAS_BACKEND": "jax"},
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


def test_an_interrupt_says_how_to_go_on(tones, tone_settings, tmp_path):
    out = tmp_path / "my run"
    display = Stops(1)
    with pytest.raises(Interrupted, match="interrupted; ") as caught:
        train(tones, settings=tone_settings, out=out, device="cpu", display=display)
    part = tmp_path / "my run.part"
    assert f"faultdiag.train(examples, resume={str(part)!r})" in str(caught.value)
    assert display.said[0] == f"until it is whole: {part}"
    assert isinstance(caught.value, KeyboardInterrupt)


def test_changed_data_end_a_resume(tones, tone_settings, tmp_path):
    part = interrupted(tones, tone_settings, tmp_path / "run", epoch=1)
    records = (replace(tones.records[0], source=-tones.records[0].samples), *tones.records[1:])
    with pytest.raises(RunError, match="the data are not those the Run began with; train again"):
        train(replace(tones, records=records), resume=part, device="cpu")
    assert (part / CHECKPOINT).exists(), "the training itself is still there"


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


def test_a_resume_that_fails_leaves_the_folder(tones, tone_settings, tmp_path):
    part = interrupted(tones, tone_settings, tmp_path / "run", epoch=1)
    (part / CHECKPOINT).unlink()
    other = replace(tones, records=tones.records[::-1])
    with pytest.raises(RunError):
        train(other, resume=part, device="cpu")
    assert part.is_dir()


def test_a_training_that_diverges_keeps_its_folder(tones, tone_settings, tmp_path):
    wild = {"fit.optimizer": "sgd", "fit.learning_rate": 1e30, "fit.warmup": 0.0, "fit.weight_decay": 0.0}
    with pytest.raises(FaultdiagError, match=r"the loss is (nan|inf) in epoch 1"):
        train(tones, settings=tone_settings | wild, out=tmp_path / "run", device="cpu")
    assert (tmp_path / "run.part" / "log.txt").is_file()


def test_the_same_seed_gives_the_same_network_and_another_seed_another(
    tones, tone_settings, tone_run, tmp_path
):
    run = train(
        tones, settings=tone_settings | {"seed": 1, "fit.epochs": 1}, out=tmp_path / "run", device="cpu"
    )
    different = [
        not np.array_equal(a, b)
        for a, b in zip(run.network.get_weights(), tone_run.network.get_weights(), strict=True)
    ]
    assert any(different)
    assert run.document.recipe["seed"] == 1


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


def test_nothing_held_out_validates_nothing(tones, tone_settings, tmp_path):
    run = train(
        tones,
        settings=tone_settings | {"split": "none", "fit.epochs": 1},
        out=tmp_path / "run",
        device="cpu",
    )
    assert run.results == []
    assert set(history(run)[0]) == {"epoch", "loss", "crossentropy", "accuracy"}
    assert run.document.training["validation_windows"] == 0


def test_logs_for_tensorboard_are_written(tones, tone_settings, tmp_path):
    pytest.importorskip("tensorboard")
    settings = tone_settings | {"fit.epochs": 1}
    run = train(tones, settings=settings, out=tmp_path / "run", device="cpu", tensorboard=True)
    assert list((run.folder / "tensorboard").rglob("events.*"))
