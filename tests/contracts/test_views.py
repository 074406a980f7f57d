"""What every view keeps to: run over the whole table."""

import importlib
import inspect
import json
from pathlib import Path

import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.views.table import VIEWS

ROOT = Path(__file__).parents[2]
each_view = pytest.mark.parametrize("name", VIEWS.names())


def windows(name, seed=0):
    """Training windows of the kind that a view takes."""
    rng = np.random.default_rng(seed)
    if name == "image":
        return rng.integers(0, 256, (6, 8, 7, 3), np.uint8)
    return rng.standard_normal((6, 2, 2048)).astype(np.float32) + 0.5


@pytest.fixture
def view(name):
    return VIEWS.load(name).fit(windows(name), rate_hz=12_000.0)


@each_view
def test_a_row_has_a_description_and_its_module_a_test(name):
    module, _, attribute = VIEWS.rows[name][1].partition(":")
    assert hasattr(importlib.import_module(module), attribute)
    assert (ROOT / "tests" / "views" / f"test_{module.rpartition('.')[2]}.py").is_file()
    assert 0 < len(VIEWS.describe(name)) < 80


@each_view
def test_what_fit_takes_beyond_windows_and_rate_has_a_default(name):
    parameters = list(inspect.signature(VIEWS.load(name).fit).parameters.values())
    assert [p.name for p in parameters[:2]] == ["windows", "rate_hz"]
    assert all(p.default is not p.empty for p in parameters[2:])


@each_view
def test_tensors_have_the_shape_of_the_view(name, view):
    tensors = view(windows(name, 1), 12_000.0, 1750.0)
    assert tensors.shape == (6, *view.shape)
    assert 2 <= len(view.shape) <= 3
    assert tensors.dtype == np.float32
    assert np.isfinite(tensors).all()


@each_view
def test_the_state_is_json_that_makes_the_same_view(name, view):
    again = VIEWS.load(name)(**json.loads(json.dumps(view.state())))
    assert again.shape == view.shape
    assert again.state() == view.state()
    x = windows(name, 1)
    np.testing.assert_array_equal(again(x, 12_000.0, 1750.0), view(x, 12_000.0, 1750.0))


@each_view
def test_a_batch_is_each_window_whatever_stands_beside_it(name, view):
    x, speeds = windows(name, 1), np.linspace(1700, 1800, 6)
    batch = view(x, 12_000.0, speeds)
    for i in range(6):
        np.testing.assert_allclose(view(x[i], 12_000.0, float(speeds[i])), batch[i], atol=1e-5)
    shaped = view(x.reshape(2, 3, *x.shape[1:]), 12_000.0, speeds.reshape(2, 3))
    np.testing.assert_array_equal(shaped.reshape(batch.shape), batch)


@each_view
def test_without_a_speed_there_is_a_tensor_or_a_clear_word(name, view):
    x = windows(name, 1)
    if not view.needs_speed:
        np.testing.assert_array_equal(view(x, 12_000.0), view(x, 12_000.0, 1750.0))
        return
    for speeds in (None, np.array([1750.0, np.nan, 1750, 1750, 1750, 1750])):
        with pytest.raises(ParameterError, match="needs the speed of every window; say it with --speed"):
            view(x, 12_000.0, speeds)


@each_view
def test_a_channel_that_stands_still_is_zeros_and_the_others_are_what_they_were(name, view):
    if name == "image":
        pytest.skip("images have no channels that stand still")
    x = windows(name, 1)
    x[2, 1] = 0.7
    tensors = view(x, 12_000.0, 1750.0)
    per_channel = tensors.reshape(*tensors.shape[:-1], 2, -1)
    assert not per_channel[2, ..., 1, :].any()
    kept = view(windows(name, 1), 12_000.0, 1750.0).reshape(per_channel.shape)
    np.testing.assert_allclose(per_channel[2, ..., 0, :], kept[2, ..., 0, :], atol=1e-6)


@each_view
def test_amplitude_is_no_part_of_it(name, view):
    if name == "image":
        pytest.skip("images have no amplitude")
    x = windows(name, 1)
    np.testing.assert_allclose(view(x * 1000, 12_000.0, 1750.0), view(x, 12_000.0, 1750.0), atol=2e-3)


@each_view
def test_windows_of_another_size_or_rate_are_refused(name, view):
    x = windows(name, 1)
    with pytest.raises(ParameterError, match=f"view '{name}': "):
        view(x[..., :-1], 12_000.0, 1750.0)
    if name not in ("image", "raw", "raw_prewhitened"):
        with pytest.raises(
            ParameterError, match="it was fitted at 12000 Hz; resample the windows of 48000 Hz"
        ):
            view(x, 48_000.0, 1750.0)
        with pytest.raises(ParameterError, match="has frequencies, so the rate must be known"):
            VIEWS.load(name).fit(x, rate_hz=None)


@each_view
def test_the_windows_are_left_as_they_were(name, view):
    x = windows(name, 1)
    view(x, 12_000.0, 1750.0)
    np.testing.assert_array_equal(x, windows(name, 1))
