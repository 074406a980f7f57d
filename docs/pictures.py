"""Pictures that the pages show, drawn when the documentation is built."""

import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faultdiag.plots.pictures import contact_sheets, save_picture
from faultdiag.training.recipe import make_recipe

RECIPES = ("cifar10_record16", "cifar10")
N_IMAGES = 10


def write_pictures(folder: Path) -> None:
    """Write one picture of an augmented batch for each recipe of images."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in RECIPES:
        images = np.stack([test_card(), *augmented_batch(name)])
        titles = ["unchanged", *map(str, range(1, N_IMAGES))]
        # one row: a sheet has ten columns at most
        (figure,) = contact_sheets(list(images[:N_IMAGES]), titles[:N_IMAGES])
        save_picture(figure, folder / f"augmented_{name}.png")


def augmented_batch(recipe: str) -> NDArray[np.uint8]:
    """Return the test card as the recipe shows it to a network, again and again."""
    import keras

    from faultdiag.training.augment import augmented

    batch = np.repeat(test_card()[None].astype(np.float32) / 255, N_IMAGES, axis=0)
    nothing = keras.Sequential([keras.Input(batch.shape[1:]), keras.layers.Identity()])
    augment = make_recipe("cifar10", recipe=recipe).augment
    model = augmented(nothing, augment, seed=0, steps=1)
    model(batch, training=True)  # the first epoch, of two that show each picture from both sides
    changed = keras.ops.convert_to_numpy(model(batch, training=True))
    return np.clip(np.rint(255 * changed), 0, 255).astype(np.uint8)


def test_card() -> NDArray[np.uint8]:
    """Return a picture of 32 x 32 pixels on which every move can be seen: a letter in a frame, on colours."""
    down, right = np.mgrid[0:32, 0:32]
    card = np.stack([80 + 5 * down, 80 + 5 * right, np.full((32, 32), 120)], axis=-1)
    card[[0, -1]] = card[:, [0, -1]] = (0, 0, 160)
    for top, left, height, width in ((7, 9, 18, 4), (7, 9, 4, 14), (14, 9, 4, 10)):
        card[top : top + height, left : left + width] = 20
    return card.astype(np.uint8)
