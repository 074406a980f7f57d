"""Descriptions: counts by hand, and the receptive field as the footprint of a change."""

import json

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.errors import ParameterError  # noqa: E402
from faultdiag.networks.describe import describe, description_lines  # noqa: E402
from faultdiag.networks.presets import paper_m12, record16, vibration  # noqa: E402
from faultdiag.networks.residual import build  # noqa: E402

pytestmark = pytest.mark.keras


def small(**options):
    shape = options.pop("input_shape", (64, 1))
    given = {"n_classes": 3, "stem_filters": 4, "reduction": 2, "stages": ((4, 1, 1), (6, 1, 2))} | options
    return build(input_shape=shape, **given)


@pytest.fixture(scope="module")
def record():
    return describe(record16(input_shape=(32, 32, 3), n_classes=10))


def test_record_16_costs_what_was_counted(record):
    assert (record.n_parameters, record.n_trainable) == (93_791, 92_669)
    assert record.adapts
    positions = {"stem": 1024, "block 1": 1024, "block 2": 256, "block 3": 64}
    macs = (
        positions["stem"] * 9 * 3 * 16
        + positions["block 1"] * 9 * (16 * 32 + 32 * 32)
        + positions["block 2"] * 9 * (32 * 32 + 32 * 32)
        + positions["block 3"] * 9 * (32 * 64 + 64 * 64)
    )
    assert macs / 1e6 == pytest.approx(22.9, abs=0.05)
    assert 2 * macs < record.flops < 2.05 * macs


def test_parts_add_up(record):
    assert sum(part.flops for part in record.parts) == record.flops
    assert sum(part.n_parameters for part in record.parts) == record.n_parameters
    shapes = [part.shape for part in record.parts]
    assert shapes == [(32, 32, 16), (32, 32, 32), (16, 16, 32), (8, 8, 64), (64,), (10,)]
    assert sum(part.layers.get("APReLU", 0) for part in record.parts) == 7
    assert [part.receptive_field is None for part in record.parts] == [False] * 4 + [True] * 2


def test_the_receptive_field_of_record_16_by_hand(record):
    """Kernels of 3 add 2 steps each: stem and block 1 of one pixel, then of 1 and 2, then of 2 and 4."""
    assert record.receptive_field == (1 + 2 * 3 + 2 * (1 + 2) + 2 * (2 + 4),) * 2


def test_the_receptive_field_of_the_paper_s_network_in_seconds():
    found = describe(paper_m12(input_shape=(4096, 1), n_classes=8, activation="relu"))
    parts = (1 + 8) * 2 + (1 + 7 * 2) * 2 + (2 + 7 * 4) * 2
    assert found.receptive_field == (1 + parts,)
    assert found.receptive_field_s(12800) == pytest.approx((1 + parts) / 12800)
    assert not found.adapts


FOOTPRINTS = {
    "1-D": {},
    "1-D, wide stem": {"stem_kernel": 8, "stem_stride": 4, "kernel": 5, "input_shape": (203, 2)},
    "1-D, even kernels": {"kernel": 4, "input_shape": (133, 1), "stages": ((4, 2, 3), (4, 1, 2))},
    "1-D, projection": {"shortcut": "projection", "kernel": 2},
    "1-D, no shortcut": {"shortcut": "none", "kernel": 1, "stem_kernel": 5},
    "2-D": {"input_shape": (34, 27, 2), "stages": ((4, 1, 2),)},
}


@pytest.mark.parametrize("options", FOOTPRINTS.values(), ids=FOOTPRINTS)
def test_the_receptive_field_is_the_footprint_of_a_change(options):
    """With weights and inputs above zero every rectifier is open and no two ways cancel.

    The samples that move one position in the middle of the last map, with ReLU and in use, are found by
    changing each in turn.
    """
    model = small(activation="relu", **options)
    model.set_weights([np.abs(w) + 0.1 for w in model.get_weights()])
    until_mean = keras.Model(model.input, model.get_layer("mean").input)
    *sizes, channels = model.input_shape[1:]
    changed = np.ones((1 + int(np.prod(sizes)), *sizes, channels), np.float32)
    for number, place in enumerate(np.ndindex(*sizes)):
        changed[(number, *place)] = 2.0
    maps = until_mean.predict(changed, batch_size=256, verbose=0)
    middle = maps[:, *(n // 2 for n in maps.shape[1:-1])].sum(axis=-1)
    moved = (np.abs(middle[:-1] / middle[-1] - 1) > 1e-6).reshape(sizes)
    found = describe(model)
    for axis, n_seen in enumerate(found.receptive_field):
        places = np.flatnonzero(moved.any(axis=tuple(set(range(len(sizes))) - {axis})))
        assert places[-1] - places[0] + 1 == n_seen < sizes[axis]


def test_a_network_for_any_length_is_described_at_a_given_one():
    fixed, free = describe(small()), describe(small(input_shape=(None, 1)), size=(64,))
    assert fixed == free
    longer = describe(small(input_shape=(None, 1)), size=(128,))
    assert longer.receptive_field == fixed.receptive_field
    assert longer.n_parameters == fixed.n_parameters
    mean_and_maps = longer.flops - fixed.flops
    assert mean_and_maps == pytest.approx(
        fixed.flops, rel=0.1
    )  # all but slopes and logits grow with the length


def test_it_is_plain_json(record):
    assert json.loads(json.dumps(record.to_dict()))["n_parameters"] == 93_791


def test_another_model_of_these_layers_is_described_too():
    model = keras.Sequential(
        [
            keras.Input((40, 2)),
            keras.layers.Conv1D(3, 5, dilation_rate=2),
            keras.layers.MaxPooling1D(2),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(2),
        ]
    )
    found = describe(model)
    assert found.receptive_field == (9 + 1,)
    assert found.flops == 32 * 3 * (2 * 5 * 2 + 1) + 2 * 16 * 3 + 16 * 3 + 2 * (2 * 3 + 1)


def test_text_tells_numbers_and_seconds(record):
    text = "\n".join(description_lines(record))
    for told in (
        "93,791, of which 92,669",
        f"{record.flops:,}",
        "25 x 25 samples",
        "whole input",
        "Conv2D x 2",
    ):
        assert told in text
    signal = describe(vibration(input_shape=(2048, 1), n_classes=4))
    assert "800 samples, 0.0625 s at 12800 Hz" in "\n".join(description_lines(signal, 12800.0))


def test_text_says_when_a_position_sees_the_whole_input():
    assert "(the whole input)" in "\n".join(description_lines(describe(small(input_shape=(8, 1)))))


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, float("nan"), float("inf")])
def test_a_wrong_rate_is_told(rate_hz):
    with pytest.raises(ParameterError, match=f"the rate must be a positive number of Hz, got {rate_hz}"):
        describe(small()).receptive_field_s(rate_hz)


def test_an_image_has_no_seconds(record):
    with pytest.raises(ParameterError, match="an input of 32 x 32 x 3 is no signal"):
        record.receptive_field_s(12800)


@pytest.mark.parametrize(
    ("shape", "size", "message"),
    [
        ((None, 1), None, r"the network admits any length \(\?\); say one with size"),
        ((None, 1), (5, 5), "size 5 x 5 does not fit"),
        ((None, 1), (0,), "size 0 does not fit"),
        ((64, 1), (65,), "size 65 does not fit"),
    ],
)
def test_a_size_that_is_absent_or_does_not_fit_is_told(shape, size, message):
    with pytest.raises(ParameterError, match=message):
        describe(small(input_shape=shape), size=size)


def test_a_layer_of_another_kind_is_told():
    model = keras.Sequential([keras.Input((40, 2)), keras.layers.GRU(3, name="memory")])
    with pytest.raises(ParameterError, match="layer 'memory' is a GRU"):
        describe(model)
