"""One training as a folder: what it begins with, and what a resume refuses."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from faultdiag.datasets.examples import Examples
from faultdiag.errors import MissingExtraError, ParameterError, RunError
from faultdiag.records import Record
from faultdiag.training.display import SilentDisplay
from faultdiag.training.job import (
    BEGUN,
    CHECKPOINT,
    begin,
    check_data,
    drop_unused,
    resumed_backend,
    take_up,
)
from faultdiag.training.material import gather
from faultdiag.training.recipe import make_recipe, recipe_toml


@pytest.fixture
def examples():
    rng = np.random.default_rng(0)
    records = tuple(
        Record(source=rng.standard_normal((1, 500)).astype(np.float32), label=label, group=f"{label}{i}")
        for label in ("a", "b")
        for i in range(2)
    )
    return Examples(name="some", task="fault", classes=("a", "b"), records=records)


def begun(examples, out, **more):
    given = {
        "data_dir": None,
        "recipe": None,
        "settings": {"data.window": 100},
        "out": out,
        "tensorboard": False,
        "backend": "tensorflow",
        "display": SilentDisplay(),
    }
    return begin(examples, **given | more)


@pytest.fixture
def job(examples, tmp_path):
    return begun(examples, tmp_path / "run")


def taken_up(folder, examples=None, data_dir=None):
    return take_up(folder, examples, data_dir, SilentDisplay())


def test_a_job_begins_in_a_part_folder_with_its_recipe(job, examples, tmp_path):
    assert job.folder == tmp_path / "run.part"
    assert (job.folder / "recipe.toml").read_text(encoding="utf-8") == recipe_toml(job.recipe)
    assert job.recipe == make_recipe(examples, settings={"data.window": 100})


def test_a_name_is_made_where_none_is_given(examples, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = begun(examples, None).folder
    assert re.fullmatch(r"some-fault-\d{8}T\d{6}Z-[0-9a-f]{4}\.part", folder.name)
    assert folder.parent.name == "runs"


def test_a_job_can_be_taken_up_from_its_first_moment(job, examples):
    again = taken_up(job.folder, examples)
    assert again == replace(job, examples=examples)


def test_what_a_resume_must_know_comes_back(examples, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    (tmp_path / "data").mkdir()
    job = begun(
        examples, tmp_path / "run", tensorboard=True, data_dir=(tmp_path / "data").relative_to(tmp_path)
    )
    monkeypatch.chdir("/")
    again = taken_up(job.folder, examples)
    assert again.tensorboard
    assert again.data_dir == tmp_path / "data", "where the data lay does not depend on the working folder"
    assert taken_up(job.folder, examples, tmp_path).data_dir == tmp_path, "a given folder wins"


def test_the_same_data_pass_and_others_do_not(job, examples):
    material = gather(job.recipe, examples)
    check_data(job, material)
    check_data(taken_up(job.folder, examples), material)


def other_samples(examples):
    changed = examples.records[-1].samples.copy()
    changed[0, 0] += 1e-3
    return (*examples.records[:-1], replace(examples.records[-1], source=changed))


@pytest.mark.parametrize(
    "change",
    [
        other_samples,
        lambda examples: (*examples.records, replace(examples.records[0], group="a3")),
        lambda examples: examples.records[::-1],
        lambda examples: (replace(examples.records[0], group="a3"), *examples.records[1:]),
        lambda examples: (
            *examples.records[:2],
            replace(examples.records[2], label="a"),
            examples.records[3],
        ),
    ],
    ids=["samples", "one more", "order", "group", "label"],
)
def test_changed_data_are_refused(job, examples, change):
    """Those of the test, too: the results must be on what was held out."""
    check_data(job, gather(job.recipe, examples))
    other = replace(examples, records=change(examples))
    with pytest.raises(RunError, match="the data are not those the Run began with; train again") as caught:
        check_data(taken_up(job.folder, other), gather(job.recipe, other))
    assert str(job.folder) in str(caught.value)


def test_no_folder_is_a_wrong_parameter(tmp_path):
    with pytest.raises(ParameterError, match=r"--resume .*none\.part: no such folder"):
        taken_up(tmp_path / "none.part")


def test_a_finished_run_is_not_taken_up(tmp_path):
    with pytest.raises(RunError, match=r"not an unfinished Run \(those end in \.part\)"):
        taken_up(tmp_path)


@pytest.mark.parametrize("name", ["recipe.toml", BEGUN])
@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"= [", b"{}", b"a = 1", b"[1]"])
def test_a_damaged_folder_is_one_line(job, examples, name, content):
    path = job.folder / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(RunError, match=r"--resume .*run\.part: damaged; train again") as caught:
        taken_up(job.folder, examples)
    assert "\n" not in str(caught.value)


def test_a_note_without_hashes_is_damage(job, examples):
    noted = json.loads((job.folder / BEGUN).read_text())
    del noted["sha256"]
    (job.folder / BEGUN).write_text(json.dumps(noted))
    with pytest.raises(RunError, match="damaged"):
        taken_up(job.folder, examples)


def test_a_folder_without_training_is_dropped_and_one_with_it_kept(job):
    (job.folder / CHECKPOINT).touch()
    drop_unused(job)
    assert job.folder.is_dir()
    (job.folder / CHECKPOINT).unlink()
    drop_unused(job)
    assert not job.folder.exists()


def test_a_wrong_recipe_makes_no_folder(examples, tmp_path):
    with pytest.raises(ParameterError, match=r"unknown key 'fit\.epoch'"):
        begun(examples, tmp_path / "run", settings={"fit.epoch": 1})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "name", "near"),
    [("view.name", "rwa", "raw"), ("network.name", "residul", "residual"), ("split", "grup:a", "group")],
)
def test_a_wrong_name_comes_out_before_the_data_are_loaded(tmp_path, monkeypatch, key, name, near):
    monkeypatch.setattr("faultdiag.training.job.load_dataset", lambda *a, **k: pytest.fail("loaded"))
    with pytest.raises(ParameterError, match=rf"did you mean {near}\?"):
        begun("simulated", tmp_path / "run", settings={key: name})
    assert list(tmp_path.iterdir()) == []


def test_logs_need_tensorboard(examples, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r'--tensorboard needs .*"faultdiag\[tensorboard\]"'):
        begun(examples, tmp_path / "run", tensorboard=True)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_not_used(job, examples, tmp_path):
    with pytest.raises(ParameterError, match=r"run\.part exists already; name another folder with --out"):
        begun(examples, tmp_path / "run")


def test_a_resume_goes_on_with_the_backend_it_began_with(job):
    assert resumed_backend(job.folder, None) == "tensorflow"
    assert resumed_backend(job.folder, "tensorflow") == "tensorflow"
    with pytest.raises(ParameterError, match="begun with backend 'tensorflow', cannot go on with 'jax'"):
        resumed_backend(job.folder, "jax")


def test_a_folder_without_a_beginning_leaves_the_backend_open(tmp_path):
    assert resumed_backend(tmp_path, "jax") == "jax"


def test_a_resume_of_another_data_set_is_refused(job, examples):
    with pytest.raises(ParameterError, match="this Run is of data set 'some', not 'other'"):
        taken_up(job.folder, replace(examples, name="other"))
