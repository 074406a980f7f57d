"""What holds for every recipe that comes with faultdiag."""

from importlib import resources

import numpy as np
import pytest

from faultdiag.datasets.cards import load_card
from faultdiag.runs.network import build_network
from faultdiag.training.augment import augmented
from faultdiag.training.recipe import make_recipe

pytestmark = pytest.mark.keras

FILES = {
    file.name.removesuffix(".toml"): file
    for file in (resources.files("faultdiag.training") / "recipes").iterdir()
    if file.name.endswith(".toml")
}
each_recipe = pytest.mark.parametrize("name", sorted(FILES))


def dataset_of(name):
    return name.partition("_")[0]


@each_recipe
def test_it_opens_with_its_command_and_what_it_has_measured(name):
    head, _, keys = FILES[name].read_text().partition("\n\n")
    assert all(line.startswith("#") for line in head.splitlines())
    is_default = load_card(dataset_of(name)).defaults.recipe == name
    choice = "" if is_default else f" --recipe {name}"
    assert f"#   faultdiag train --dataset {dataset_of(name)}{choice}\n" in head
    assert "%" in head or "Not run whole" in head
    assert "#" not in keys, "what has no effect stands at the top"


@each_recipe
def test_every_key_is_known_and_the_data_set_is_the_one_of_its_name(name):
    assert make_recipe(dataset_of(name), recipe=name).dataset == dataset_of(name)


@each_recipe
def test_its_network_and_its_augmentation_fit_the_images(name):
    recipe = make_recipe("cifar10", recipe=name)
    network = build_network(
        recipe.network.name, input_shape=(32, 32, 3), n_classes=10, options=recipe.network.options
    )
    assert 90_000 < network.count_params() < 100_000
    model = augmented(network, recipe.augment, seed=0, steps=9)
    images = np.random.default_rng(0).random((4, 32, 32, 3), np.float32)
    assert np.asarray(model(images, training=True)).shape == (4, 10)
