"""CIFAR-10 from small files in the official layouts, and from the official files where they are."""

import hashlib
import io
import pickle
import tarfile
from dataclasses import replace

import numpy as np
import pytest

from faultdiag.datasets import cifar10
from faultdiag.datasets.cifar10_layouts import LAYOUTS, OfficialFile
from faultdiag.datasets.load import load_dataset
from faultdiag.errors import DatasetError, ParameterError

N = 4  # images of a batch


def contents(layout):
    """A small batch for each file of a layout; both layouts hold the same."""
    made = {}
    for number, name in enumerate(layout.files):
        rng = np.random.default_rng(number)
        data, labels = rng.integers(0, 256, (N, 3072), dtype=np.uint8), rng.integers(0, 10, N)
        if layout.folder.endswith("py"):
            made[name] = pickle.dumps({b"data": data, b"labels": labels.tolist()}, protocol=3)
        else:
            made[name] = np.column_stack([labels.astype(np.uint8), data]).tobytes()
    return made


def pack(path, folder, made):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in made.items():
            info = tarfile.TarInfo(f"{folder}/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


@pytest.fixture(params=["python", "binary"])
def layout(request, monkeypatch):
    """A layout whose official files are the small ones."""
    small = []
    for official in LAYOUTS:
        files = {
            name: OfficialFile(len(content), hashlib.md5(content).hexdigest())
            for name, content in contents(official).items()
        }
        small.append(replace(official, files=files))
    monkeypatch.setattr(cifar10, "LAYOUTS", tuple(small))
    return small[request.param == "binary"]


@pytest.fixture(params=["folder", "batches", "archive"])
def place(request, layout, tmp_path):
    """The folder to name, and the files in it."""
    made = contents(layout)
    if request.param == "archive":
        pack(tmp_path / layout.archive, layout.folder, made)
        return tmp_path
    inside = tmp_path / layout.folder
    inside.mkdir()
    for name, content in made.items():
        (inside / name).write_bytes(content)
    return tmp_path if request.param == "folder" else inside


def test_every_place_and_layout_gives_the_same_images(place):
    found = load_dataset("cifar10", place)
    assert (found.kind, len(found.classes), found.images.shape) == ("image", 10, (6 * N, 32, 32, 3))
    rng = np.random.default_rng(5)
    last, labels = rng.integers(0, 256, (N, 3072), dtype=np.uint8), rng.integers(0, 10, N)
    np.testing.assert_array_equal(found.images[-N:, 3, 4, 2], last[:, 2 * 1024 + 3 * 32 + 4])
    np.testing.assert_array_equal(found.labels[-N:], labels)
    np.testing.assert_array_equal(found.official_test, np.arange(6 * N) >= 5 * N)


@pytest.fixture
def batches(layout, tmp_path):
    """A folder of batches and the path of the second one."""
    for name, content in contents(layout).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path / list(layout.files)[1]


def test_a_flipped_bit_is_found(batches):
    content = bytearray(batches.read_bytes())
    content[-1] ^= 1
    batches.write_bytes(content)
    with pytest.raises(
        DatasetError, match=f"^{batches}: is not the official file, its MD5 is another; fetch"
    ):
        load_dataset("cifar10", batches.parent)


def test_a_file_of_another_size_is_said(batches):
    size = batches.stat().st_size
    batches.write_bytes(batches.read_bytes()[:-10])
    said = f"^{batches}: {size - 10} bytes where the official file has {size}; fetch it again$"
    with pytest.raises(DatasetError, match=said):
        load_dataset("cifar10", batches.parent)


def test_a_batch_that_is_missing_is_named(batches, layout):
    batches.unlink()
    with pytest.raises(
        DatasetError, match=rf"^{batches}: cannot be read \(No such file or directory\); unpack"
    ):
        load_dataset("cifar10", batches.parent)


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.99])
def test_a_cut_archive_is_said(layout, tmp_path, keep):
    path = tmp_path / layout.archive
    pack(path, layout.folder, contents(layout))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole))])
    with pytest.raises(DatasetError, match=rf"^{path}: .*; delete it and fetch it again$"):
        load_dataset("cifar10", tmp_path)


def test_an_archive_of_something_else_is_said(layout, tmp_path):
    pack(tmp_path / layout.archive, "elsewhere", contents(layout))
    with pytest.raises(DatasetError, match=f"has no {layout.folder}/"):
        load_dataset("cifar10", tmp_path)


def test_pictures_have_no_channels_and_one_task(place):
    with pytest.raises(ParameterError, match="'cifar10' has no channels to choose from, got DE"):
        load_dataset("cifar10", place, channels=("DE",))
    with pytest.raises(ParameterError, match="'cifar10' has no task 'fault'"):
        load_dataset("cifar10", place, task="fault")


@pytest.mark.data
def test_the_official_files_in_every_layout(cifar10_dir):
    """Counts and mean as published; both layouts and an archive give the same."""
    places = [
        cifar10_dir / "cifar-10-batches-py",
        cifar10_dir / "cifar-10-batches-bin",
        cifar10_dir,
    ]
    first, *others = (load_dataset("cifar10", place) for place in places)
    assert np.bincount(first.labels[first.free]).tolist() == [5000] * 10
    assert np.bincount(first.labels[first.official_test]).tolist() == [1000] * 10
    means = first.images[first.free].mean(axis=(0, 1, 2)) / 255
    np.testing.assert_allclose(means, [0.49139968, 0.48215841, 0.44653091], atol=1e-7)
    for other in others:
        np.testing.assert_array_equal(other.images, first.images)
        np.testing.assert_array_equal(other.labels, first.labels)
