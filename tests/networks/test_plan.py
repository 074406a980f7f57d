"""Plans: the blocks that follow from the stages, and what is refused."""

from dataclasses import replace

import pytest

pytest.importorskip("keras")

from faultdiag.errors import ParameterError
from faultdiag.networks.activations import Settings
from faultdiag.networks.plan import Block, Plan

pytestmark = pytest.mark.keras

PLAN = Plan(
    channels=2,
    n_classes=3,
    stem_filters=8,
    stem_kernel=3,
    stem_stride=1,
    stages=((8, 2, 1), (12, 3, 2)),
    kernel=3,
    shortcut="pad",
    activation="relu",
    settings=Settings(rank=1),
)


def test_the_stride_applies_to_the_first_block_of_its_stage():
    assert list(PLAN.blocks()) == [(8, 8, 1), (8, 8, 1), (8, 12, 2), (12, 12, 1), (12, 12, 1)]
    assert PLAN.last_filters == 12


def test_without_stages_the_stem_is_all():
    plan = replace(PLAN, stages=())
    assert list(plan.blocks()) == []
    assert plan.last_filters == 8


@pytest.mark.parametrize(
    ("block", "keeps"), [(Block(8, 8, 1), True), (Block(8, 8, 2), False), (Block(8, 9, 1), False)]
)
def test_a_block_keeps_the_shape_or_not(block, keeps):
    assert block.keeps_shape is keeps


@pytest.mark.parametrize("shortcut", ["projection", "none"])
def test_a_stage_may_narrow_where_the_shortcut_can(shortcut):
    assert replace(PLAN, shortcut=shortcut, stages=((4, 1, 1),)).last_filters == 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"settings": Settings(rank=0)}, "rank 1 to 3 beside the channels, got rank 0"),
        ({"settings": Settings(rank=4)}, "rank 1 to 3 beside the channels, got rank 4"),
        ({"activation": "rleu"}, "unknown activation 'rleu'; did you mean relu"),
        ({"shortcut": "paid"}, "unknown shortcut 'paid'; did you mean pad"),
        ({"n_classes": 1}, "at least 2 classes, got 1"),
        ({"stem_filters": 0}, "must be positive, got 0, 3, 1"),
        ({"stem_stride": 0}, "must be positive, got 8, 3, 0"),
        ({"kernel": -1}, "must be positive, got 8, -1, 1"),
        ({"stages": ((8, 1, 0),)}, "must be positive, got 8, 3, 0"),
        ({"stages": ((8, 0, 1),)}, "a stage needs at least 1 block, got 0"),
        ({"stages": ((4, 1, 1),)}, "4 filters follows 8 channels; stages may not narrow with shortcut 'pad'"),
        (
            {"stages": ((4, 1, 1),), "shortcut": "pad-both"},
            "narrow with shortcut 'pad-both': take 'projection'",
        ),
    ],
)
def test_what_does_not_fit_is_named(changes, message):
    with pytest.raises(ParameterError, match=message):
        replace(PLAN, **changes)
