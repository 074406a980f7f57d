"""Twins: as many weights with another rectifier."""

import inspect
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")

from faultdiag.errors import ParameterError  # noqa: E402
from faultdiag.networks import presets  # noqa: E402
from faultdiag.networks.activations import Settings  # noqa: E402
from faultdiag.networks.plan import Plan  # noqa: E402
from faultdiag.networks.residual import build  # noqa: E402
from faultdiag.networks.table import ACTIVATIONS  # noqa: E402
from faultdiag.networks.twins import as_large, n_trainable  # noqa: E402

pytestmark = pytest.mark.keras

TOLERANCE = 0.01
SMALL = ["paper_m6", "paper_m9", "paper_m12", "record16", "vibration"]
each_preset = pytest.mark.parametrize("name", SMALL)


def plan_of(name, activation):
    """The plan of a preset for what it was published for."""
    preset = getattr(presets, name)
    shape, n_classes = preset.published
    options = {key: p.default for key, p in inspect.signature(preset).parameters.items()}
    of_slopes = {key: options[key] for key in ("reduction", "slope_inputs", "momentum", "epsilon", "l2")}
    of_plan = {
        key: options[key] for key in ("stem_filters", "stem_kernel", "stem_stride", "stages", "kernel")
    }
    return Plan(
        channels=shape[-1],
        n_classes=n_classes,
        shortcut="pad",
        activation=activation,
        settings=Settings(rank=len(shape) - 1, **of_slopes),
        **of_plan,
    )


def widths(plan):
    return [plan.stem_filters, *(filters for filters, _, _ in plan.stages)]


def trainable(model):
    return sum(int(np.prod(v.shape)) for v in model.trainable_variables)


@settings(max_examples=8)
@given(
    rank=st.integers(1, 3),
    activation=st.sampled_from(ACTIVATIONS.names()),
    shortcut=st.sampled_from(["pad", "pad-both", "projection", "none"]),
    stages=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 2), st.integers(1, 2)), max_size=2),
)
def test_weights_are_counted_without_building(rank, activation, shortcut, stages):
    filters = itertools.accumulate((more for more, _, _ in stages), initial=6)
    stages = tuple((f, n, s) for f, (_, n, s) in zip(list(filters)[1:], stages, strict=True))
    numbers = {"stem_filters": 6, "stem_kernel": 4, "stem_stride": 2, "stages": stages, "kernel": 3}
    chosen = {"shortcut": shortcut, "activation": activation, "n_classes": 4}
    plan = Plan(channels=2, settings=Settings(rank=rank, reduction=2), **numbers, **chosen)
    model = build(input_shape=(*(None,) * rank, 2), reduction=2, **numbers, **chosen)
    assert n_trainable(plan) == trainable(model)


@each_preset
@pytest.mark.parametrize("activation", ["prelu", "relu"])
def test_a_twin_has_as_many_weights_within_one_percent(name, activation):
    goal, twin = n_trainable(plan_of(name, "aprelu")), as_large(plan_of(name, activation), "aprelu")
    assert n_trainable(twin) == pytest.approx(goal, rel=TOLERANCE)


@each_preset
def test_the_gated_twin_has_exactly_the_weights_and_the_widths(name):
    plan = plan_of(name, "se_relu")
    assert as_large(plan, "aprelu") == plan
    assert n_trainable(plan) == n_trainable(plan_of(name, "aprelu"))


@each_preset
def test_a_twin_keeps_the_form_of_the_network(name):
    """Equal widths stay equal, all grow by about one factor, nothing but widths changes."""
    plan = plan_of(name, "relu")
    twin = as_large(plan, "aprelu")
    pairs = {(old, new) for old, new in zip(widths(plan), widths(twin), strict=True)}
    assert len(pairs) == len(set(widths(plan)))
    factors = [new / old for old, new in pairs]
    assert min(factors) >= 1
    assert all(abs(new - old * np.mean(factors)) <= 2 for old, new in pairs)
    same = replace(
        twin,
        stem_filters=plan.stem_filters,
        stages=tuple((f, n, s) for (f, _, _), (_, n, s) in zip(plan.stages, twin.stages, strict=True)),
    )
    assert same == plan


def test_no_combination_of_widths_near_it_is_nearer():
    plan, goal = plan_of("paper_m6", "relu"), n_trainable(plan_of("paper_m6", "aprelu"))
    twin = as_large(plan, "aprelu")
    missed = []
    for moves in itertools.product((-1, 0, 1), repeat=2):
        last, middle = twin.stages[2][0] + moves[0], twin.stages[1][0] + moves[1]
        stages = (twin.stages[0], (middle, *twin.stages[1][1:]), (last, *twin.stages[2][1:]))
        near = abs(last - 24) <= 1 and abs(middle - 12) <= 1  # round(1.5 * 16), round(1.5 * 8)
        missed += [abs(n_trainable(replace(twin, stages=stages)) - goal)] if near else []
    assert abs(n_trainable(twin) - goal) == min(missed)


def test_a_network_can_be_narrowed_too():
    plan, small = plan_of("paper_m12", "aprelu"), plan_of("paper_m12", "relu")
    assert n_trainable(as_large(plan, "relu")) == pytest.approx(n_trainable(small), rel=0.05)


def test_many_widths_are_searched_as_fast_as_few():
    stages = tuple((16 + 4 * number, 1, 1) for number in range(8))
    plan = replace(plan_of("record16", "relu"), stages=stages)
    twin = as_large(plan, "aprelu")
    assert widths(twin) == sorted(widths(twin))
    assert n_trainable(twin) == pytest.approx(n_trainable(replace(plan, activation="aprelu")), rel=TOLERANCE)


def test_widths_that_are_neighbours_may_meet_and_never_cross():
    plan = replace(plan_of("record16", "relu"), stages=((17, 1, 1), (18, 2, 1)))
    twin = as_large(plan, "prelu")
    assert widths(twin) == sorted(widths(twin))
    goal = n_trainable(replace(plan, activation="prelu"))
    assert abs(n_trainable(twin) - goal) <= abs(n_trainable(plan) - goal)


def test_the_option_of_the_builder_gives_the_twin():
    stages = ((16, 1, 1), (24, 1, 2), (32, 1, 2))
    options = {"input_shape": (64, 1), "n_classes": 3, "stages": stages, "reduction": 2}
    goal = trainable(build(**options))
    assert trainable(build(**options, activation="relu")) < 0.95 * goal
    twin = build(**options, activation="relu", as_large_as="aprelu")
    assert trainable(twin) == pytest.approx(goal, rel=TOLERANCE)
    assert twin.output_shape == (None, 3)


def test_what_was_built_before_does_not_change_a_twin_of_the_same_seed():
    def weights():
        keras.utils.set_random_seed(3)
        return build(
            input_shape=(16, 1), n_classes=2, stages=((16, 1, 1),), activation="prelu", as_large_as="aprelu"
        ).get_weights()

    for one, two in zip(weights(), weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_an_unknown_name_is_told():
    with pytest.raises(ParameterError, match="unknown activation 'apreul'; did you mean aprelu"):
        as_large(plan_of("record16", "relu"), "apreul")


def test_a_width_too_narrow_for_its_slopes_is_told():
    with pytest.raises(ParameterError, match="reduction 16 leaves no hidden unit for 15 channels"):
        as_large(plan_of("record16", "aprelu"), "relu")
