"""What the augmentation of an image recipe costs: by itself, beside the bare training step of the recipe."""

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["prepare_augmentation", "prepare_step"]

SHAPE = (32, 32, 3)
N_CLASSES = 10

Step = Callable[[], object]


def prepare_augmentation(recipe_name: str) -> Step:
    """Return what changes one batch as the recipe says, and does no more."""
    use = _tensorflow()
    import keras
    import tensorflow as tf

    from faultdiag.training.augment import augmented
    from faultdiag.training.recipe import make_recipe

    recipe = make_recipe("cifar10", recipe=recipe_name)
    nothing = keras.Sequential([keras.Input(SHAPE), keras.layers.Identity()])
    model = augmented(nothing, recipe.augment, seed=0, steps=100)
    images, _ = _batch(recipe.fit.batch_size)
    changed = tf.function(lambda x: model(x, training=True), jit_compile=use.is_gpu)
    return lambda: changed(images)


def prepare_step(recipe_name: str) -> Step:
    """Return one training step of the recipe on a batch in memory, without augmentation."""
    use = _tensorflow()
    from faultdiag.runs.network import build_network
    from faultdiag.training.fit import compiled
    from faultdiag.training.recipe import Augment, make_recipe

    recipe = make_recipe("cifar10", recipe=recipe_name)
    network = build_network(
        recipe.network.name, input_shape=SHAPE, n_classes=N_CLASSES, options=recipe.network.options
    )
    bare = recipe.model_copy(update={"augment": Augment()})
    model = compiled(network, bare, steps=1_000_000 * recipe.fit.epochs, device=use)
    images, labels = _batch(recipe.fit.batch_size)
    return lambda: model.train_on_batch(images, labels)


def _tensorflow() -> Any:
    from faultdiag.runs.backend import use_backend

    return use_backend("tensorflow", "cpu")  # before Keras is imported, as the command line does


def _batch(n: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (n, *SHAPE)).astype(np.float32) / np.float32(255) - np.float32(0.47)
    return images, rng.integers(0, N_CLASSES, n)
