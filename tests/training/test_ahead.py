import os
from dataclasses import replace

import numpy as np
import pytest

from faultdiag.records import Record
from faultdiag.training import ahead
from faultdiag.training.ahead import content_key, stored_tensors
from faultdiag.training.batches import WindowBatches
from faultdiag.views.pool import WindowPool
from faultdiag.views.stft import StftView
from faultdiag.windows import Windows, tile

LENGTH = 256


@pytest.fixture
def pool():
    rng = np.random.default_rng(0)
    records = tuple(
        Record(source=rng.standard_normal((2, 4000)).astype(np.float32), rate_hz=1000.0, speed_rpm=speed)
        for speed in (600.0, 900.0)
    )
    return WindowPool(np.array([0, 1]), records)


@pytest.fixture
def windows(pool):
    return Windows.join([Windows.of(i, tile(0, 4000, length=LENGTH, hop=16), LENGTH) for i in (0, 1)], LENGTH)


@pytest.fixture
def view(pool, windows):
    return StftView.fit(pool.samples(windows), rate_hz=1000.0)


def test_what_is_stored_is_what_the_view_makes(pool, windows, view, tmp_path):
    assert len(windows) > ahead.BATCH  # several pieces of work
    stored = stored_tensors(pool, "stft", view, windows, folder=tmp_path)
    np.testing.assert_array_equal(stored, pool.tensors(view, windows))
    assert [p.suffix for p in tmp_path.iterdir()] == [".npy"]


def test_it_is_made_once(pool, windows, view, tmp_path, monkeypatch):
    first = np.array(stored_tensors(pool, "stft", view, windows, folder=tmp_path))

    def never(*_):
        raise AssertionError("made again")

    monkeypatch.setattr(WindowPool, "tensors", never)
    np.testing.assert_array_equal(stored_tensors(pool, "stft", view, windows, folder=tmp_path), first)


def test_whatever_the_tensors_depend_on_changes_the_key(pool, windows, view):
    key = content_key(pool, "stft", view, windows)
    assert key == content_key(
        WindowPool(pool.labels, pool.records), "stft", view, windows.take(np.arange(len(windows)))
    )
    first, second = pool.records
    louder = WindowPool(pool.labels, (replace(first, source=2 * first.source), second))
    faster = WindowPool(pool.labels, (replace(first, speed_rpm=601.0), second))
    others = [
        content_key(louder, "stft", view, windows),
        content_key(faster, "stft", view, windows),
        content_key(pool, "other", view, windows),
        content_key(pool, "stft", replace(view, hop=view.hop + 1), windows),
        content_key(pool, "stft", view, windows.take(np.arange(1, len(windows)))),
        content_key(pool, "stft", view, windows.take(np.arange(len(windows))[::-1])),
    ]
    assert len({key, *others}) == 1 + len(others)


def test_batches_of_stored_tensors_are_those_made_on_the_way(pool, windows, view, tmp_path):
    stored = stored_tensors(pool, "stft", view, windows, folder=tmp_path)
    options = {"batch_size": 50, "seed": 3}
    plain, ready = (WindowBatches(pool, windows, view, **options, stored=s) for s in (None, stored))
    plain.epoch = ready.epoch = 2
    for number in range(len(plain)):
        for mine, other in zip(ready[number], plain[number], strict=True):
            np.testing.assert_allclose(mine, other, atol=1e-5)


def test_a_damaged_file_is_made_again(pool, windows, view, tmp_path):
    stored_tensors(pool, "stft", view, windows, folder=tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:5000])
    assert stored_tensors(pool, "stft", view, windows, folder=tmp_path) is None
    np.testing.assert_array_equal(
        stored_tensors(pool, "stft", view, windows, folder=tmp_path), pool.tensors(view, windows)
    )


def test_without_room_nothing_is_stored_and_nothing_fails(pool, windows, view, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert stored_tensors(pool, "stft", view, windows, folder=blocked) is None

    def full(_):
        return os.statvfs_result((4096, 4096, 10, 1, 1, 0, 0, 0, 0, 255))

    monkeypatch.setattr(os, "statvfs", full)
    assert stored_tensors(pool, "stft", view, windows, folder=tmp_path / "cache") is None
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_oldest_go_when_there_is_too_much(pool, windows, view, tmp_path, monkeypatch):
    parts = [windows.take(np.arange(start, start + 100)) for start in (0, 100, 200)]
    names = []
    for age, part in zip((300, 200, 100), parts, strict=True):
        stored_tensors(pool, "stft", view, part, folder=tmp_path)
        names.append(f"{content_key(pool, 'stft', view, part)}.npy")
        os.utime(tmp_path / names[-1], (1e9 - age, 1e9 - age))
    size = (tmp_path / names[0]).stat().st_size
    monkeypatch.setattr(ahead, "MOST_BYTES", 2.5 * size)
    last = windows.take(np.arange(300, 400))
    stored_tensors(pool, "stft", view, last, folder=tmp_path)
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {names[2], f"{content_key(pool, 'stft', view, last)}.npy"}
