"""Pictures that the pages show, drawn when the documentation is built."""

import shutil
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from measured_pictures import p_values_picture, snr_picture
from numpy.typing import NDArray

from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.plots.figure import COLOURS, new_figure
from faultdiag.plots.pictures import contact_sheets, save_picture
from faultdiag.records import Record
from faultdiag.report.inspection import inspect
from faultdiag.report.pictures import Picture, channel_pictures
from faultdiag.training.recipe import make_recipe
from faultdiag.views.make import fit_view
from faultdiag.views.table import VIEWS

RECIPES = ("cifar10_record16", "cifar10")
N_IMAGES = 10

LENGTH, RATE_HZ, SPEED_RPM = 2048, 12000, 1800.0

_TIME, _FREQUENCY = ("time / ms", 1e3 * LENGTH / RATE_HZ), ("frequency / kHz", RATE_HZ / 2e3)
AXES: dict[str, tuple[tuple[str, float], tuple[str, float] | None]] = {
    "raw": (_TIME, None),
    "raw_prewhitened": (_TIME, None),
    "spectrum": (_FREQUENCY, None),
    "log_spectrum": (_FREQUENCY, None),
    "envelope_spectrum": (("order", 20), None),
    "multiband_envelope": (("order", 20), _FREQUENCY),
    "cyclic_map": (("order", 12), _FREQUENCY),
    "kurtogram": (_FREQUENCY, ("level", 8)),
    "stft": (_TIME, _FREQUENCY),
    "scalogram": (_TIME, ("wavelet", 59)),
}
"""What runs across in the picture of a view, and upwards, with the last value; others are counted."""

STYLE = {
    "figure.figsize": (8, 3.2),
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.prop_cycle": mpl.cycler(color=list(COLOURS.values())),
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "lines.linewidth": 1.0,
}


def write_pictures(folder: Path) -> None:
    """Write all pictures: of views, of an inspection, and an augmented batch for each recipe of images."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    save_picture(views_picture(), folder / "views.png")
    for picture in inspection_pictures():
        save_picture(picture.figure, folder / f"inspect_{picture.name}.png")
    save_picture(snr_picture(), folder / "diagnose_snr.png")
    save_picture(p_values_picture(), folder / "diagnose_p_values.png")
    for name in RECIPES:
        images = np.stack([test_card(), *augmented_batch(name)])
        titles = ["unchanged", *map(str, range(1, N_IMAGES))]
        # one row: a sheet has ten columns at most
        (figure,) = contact_sheets(list(images[:N_IMAGES]), titles[:N_IMAGES])
        save_picture(figure, folder / f"augmented_{name}.png")


def views_picture() -> Figure:
    """Draw every view of signals, of a window of a sound bearing and of one with a damaged inner race."""
    windows = np.stack([window_of("normal"), window_of("inner")])
    names = [*AXES, *(name for name in VIEWS if name not in AXES and name != "image")]
    figure, panels = new_figure(len(names), 2, (8.0, 1.5 * len(names)))
    for row, name in zip(panels, names, strict=True):
        view = fit_view(name, windows, rate_hz=RATE_HZ, options={})
        tensors = view(windows, RATE_HZ, SPEED_RPM)
        for axes, what, tensor in zip(row, ("sound", "inner race"), tensors, strict=True):
            draw_view(axes, name, tensor, scale=tensors)
            axes.set_title(f"{name}: {what}", fontsize=9)
    return figure


def draw_view(axes: Axes, name: str, tensor: NDArray[np.float32], *, scale: NDArray[np.float32]) -> None:
    """Draw a tensor on the scale of some: one row of numbers as a line, several as a map."""
    values = tensor[..., 0] if tensor.ndim == 3 else tensor.T
    (label, last), upwards = AXES.get(name, (("point", values.shape[-1]), ("row", len(values))))
    if upwards is None:
        axes.plot(np.linspace(0, last, values.shape[-1]), values[0], color=COLOURS["blue"], linewidth=0.7)
        axes.set_ylim(scale.min() - 0.1, scale.max() + 0.1)
    else:
        low, high = np.percentile(scale, (0.5, 99.5))
        place = {"aspect": "auto", "origin": "lower", "extent": (0, last, 0, upwards[1])}
        axes.imshow(values, vmin=low, vmax=high, interpolation="nearest", **place)
        axes.set_ylabel(upwards[0], fontsize=8)
    axes.set_xlabel(label, fontsize=8)
    axes.set_xlim(0, last)
    axes.tick_params(labelsize=7)


def window_of(fault: str) -> NDArray[np.float32]:
    """Return a window ``[1, LENGTH]`` of one simulated bearing."""
    return simulated(fault, duration_s=1)[None, :LENGTH].astype(np.float32)


def inspection_pictures() -> list[Picture]:
    """Return what ``faultdiag inspect`` draws of a simulated bearing with a damaged inner race."""
    samples = simulated("inner", duration_s=8)[None]
    record = Record(source=samples, rate_hz=float(RATE_HZ), speed_rpm=SPEED_RPM, units=("m/s2",))
    found = inspect(record, bearing="6205")
    return list(channel_pictures(found, found.channels[0]))


def simulated(fault: str, *, duration_s: float) -> NDArray[np.float64]:
    """Return samples of one simulated bearing."""
    return simulate_bearing(
        bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04),
        fault=fault,
        rate_hz=RATE_HZ,
        duration_s=duration_s,
        speed_rpm=SPEED_RPM,
        snr_db=3,
        assembly=Assembly(resonances=(Resonance(3400, 0.04, 1.0),)),
        rng=np.random.default_rng(1),
    )


def gallery_style(gallery_conf: dict[str, Any], script: str) -> None:
    """Set the looks of the gallery; sphinx-gallery calls it before each script."""
    mpl.rcParams.update(STYLE)


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
