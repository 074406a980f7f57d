"""Pictures show the numbers that they were given, and are written whole."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.image import imread

from faultdiag.plots.pictures import (
    confusion_picture,
    contact_sheets,
    history_picture,
    prediction_picture,
    results_picture,
    save_picture,
)

CLASSES = ["normal", "inner", "outer", "ball"]
MATRIX = np.array([[9, 1, 0, 0], [5, 15, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]])


def history(n, validation=True):
    rows = [{"epoch": i + 1, "crossentropy": 1 / (i + 1), "accuracy": 1 - 1 / (i + 2)} for i in range(n)]
    return [row | {"val_crossentropy": 0.5, "val_accuracy": 0.25} if validation else row for row in rows]


def result(split, accuracy, rms=None):
    return {
        "split": split,
        "accuracy": accuracy,
        "rms_only": rms and {"accuracy": rms},
        "mirror_accuracy": None,
    }


def labels(axis):
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_history_shows_both_sides_by_epoch():
    rows = history(5)
    figure = history_picture(rows, best_epoch=3)
    left, right = figure.axes
    assert [axes.get_xlabel() for axes in figure.axes] == ["epoch", "epoch"]
    assert [axes.get_ylabel() for axes in figure.axes] == ["cross-entropy", "accuracy"]
    for axes, name in ((left, "crossentropy"), (right, "accuracy")):
        train, validation, mark = axes.lines
        np.testing.assert_array_equal(train.get_xdata(), [1, 2, 3, 4, 5])
        np.testing.assert_array_equal(train.get_ydata(), [row[name] for row in rows])
        np.testing.assert_array_equal(validation.get_ydata(), [row[f"val_{name}"] for row in rows])
        assert set(mark.get_xdata()) == {3}
    assert [text.get_text() for text in left.get_legend().get_texts()] == [
        "training",
        "validation",
        "weights kept",
    ]


def test_history_without_validation_or_kept_weights():
    for axes in history_picture(history(5, validation=False), best_epoch=0).axes:
        assert len(axes.lines) == 1


@pytest.mark.parametrize("n", [0, 1, 2, 200])
def test_epochs_are_whole_numbers_and_even_one_is_to_be_seen(n):
    figure = history_picture(history(n), best_epoch=0)
    for axes in figure.axes:
        assert all(float(tick).is_integer() for tick in axes.get_xticks())
        assert axes.lines[0].get_marker() == "."


def test_confusion_has_a_panel_for_each_test_in_shares_of_the_true_class():
    figure = confusion_picture({"seen": MATRIX, "load:3": MATRIX.T}, CLASSES)
    assert [axes.get_title() for axes in figure.axes] == [
        "seen: % of the true class",
        "load:3: % of the true class",
    ]
    axes = figure.axes[0]
    shares = np.array([[0.9, 0.1, 0, 0], [0.25, 0.75, 0, 0], [0, 0, 0, 0], [0.25] * 4])
    np.testing.assert_allclose(axes.images[0].get_array(), shares)
    assert axes.images[0].get_clim() == (0, 1)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("found", "true")
    assert labels(axes.xaxis) == labels(axes.yaxis) == CLASSES
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {
        (column, row): f"{100 * shares[row, column]:.0f}"
        for row, column in zip(*MATRIX.nonzero(), strict=True)
    }


def test_confusion_numbers_stand_out_from_their_ground():
    axes = confusion_picture({"seen": MATRIX}, CLASSES).axes[0]
    image = axes.images[0]
    for text in axes.texts:
        column, row = text.get_position()
        ground = np.mean(image.to_rgba(image.get_array())[int(row), int(column), :3])
        assert abs(ground - (1 if text.get_color() == "white" else 0)) > 0.35


def test_results_are_bars_of_percent_beside_the_rms():
    figure = results_picture([result("seen", 0.975, 0.5), result("load:3", 0.25, 0.125)])
    (axes,) = figure.axes
    network, rms = axes.containers
    assert [bar.get_height() for bar in network] == [97.5, 25]
    assert [bar.get_height() for bar in rms] == [50, 12.5]
    assert [text.get_text() for text in axes.texts] == ["97.5", "25.0", "50.0", "12.5"]
    assert labels(axes.xaxis) == ["seen", "load:3"]
    assert axes.get_ylabel() == "windows right, %"
    for number, (one, other) in enumerate(zip(network, rms, strict=True)):
        assert one.get_x() + one.get_width() == pytest.approx(other.get_x()) == number
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["network", "RMS only"]


def test_results_without_an_rms_rule_are_the_network_alone():
    (axes,) = results_picture([result("random", 0.5)]).axes
    assert [[bar.get_height() for bar in bars] for bars in axes.containers] == [[50]]


def test_the_number_above_a_full_bar_is_inside_and_the_legend_outside():
    figure = results_picture([result("seen", 1.0, 1.0)])
    figure.draw_without_rendering()
    (axes,), (legend,) = figure.axes, figure.legends
    for text in axes.texts:
        assert axes.bbox.y1 > text.get_window_extent().y1
    assert legend.get_window_extent().y0 >= axes.bbox.y1


@pytest.mark.parametrize(("window_s", "end", "label"), [(0.5, 3.5, "time, s"), (None, 7, "window")])
def test_prediction_stacks_to_1_over_the_whole_signal(window_s, end, label):
    probabilities = np.random.default_rng(0).dirichlet([1] * 4, 7)
    figure = prediction_picture(probabilities, CLASSES, window_s=window_s, title="a.npy: inner")
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == (label, "probability", "a.npy: inner")
    assert axes.get_xlim() == (0, end)
    assert axes.get_ylim() == (0, 1)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == CLASSES
    middles = (np.arange(7) + 0.5) * end / 7
    for number, middle in enumerate(middles):
        edges = np.cumsum([0, *probabilities[number]])
        for layer, (low, high) in zip(axes.collections, pairwise(edges), strict=True):
            outline = layer.get_paths()[0]
            assert outline.contains_point((middle, (low + high) / 2))
            assert not outline.contains_point((middle, high + 0.01))
            assert not outline.contains_point((middle, low - 0.01))


def test_one_window_fills_the_picture():
    (axes,) = prediction_picture(np.array([[0.25, 0.75]]), ["a", "b"], window_s=None, title="x").axes
    assert axes.get_xlim() == (0, 1)
    first, second = (layer.get_paths()[0].get_extents() for layer in axes.collections)
    assert (first.x0, first.x1, first.y0, first.y1) == (0, 1, 0, 0.25)
    assert (second.x0, second.x1, second.y0, second.y1) == (0, 1, 0.25, 1)


@pytest.mark.parametrize("n", [2, 10, 13, 20])
def test_every_class_has_a_colour_of_its_own(n):
    probabilities = np.full((3, n), 1 / n)
    (axes,) = prediction_picture(probabilities, [str(i) for i in range(n)], window_s=None, title="x").axes
    assert len({tuple(layer.get_facecolor()[0]) for layer in axes.collections}) == n


PICTURES = {
    "history": lambda: history_picture(history(30), best_epoch=20),
    "one epoch": lambda: history_picture(history(1, validation=False), best_epoch=0),
    "confusion": lambda: confusion_picture({"seen": MATRIX, "load:3": MATRIX}, CLASSES),
    "long name": lambda: confusion_picture({"group:" + "machine hall 3," * 5: MATRIX}, CLASSES),
    "results": lambda: results_picture([result("seen", 1.0, 0.9), result("group:" + "long-" * 12, 0.8, 0.4)]),
    "prediction": lambda: prediction_picture(
        np.random.default_rng(0).dirichlet([1] * 4, 50), CLASSES, window_s=0.17, title="name " * 40
    ),
    "one window": lambda: prediction_picture(np.array([[0.5, 0.5]]), ["a", "b"], window_s=None, title="x"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_written_and_nothing_of_it_is_cut(name, tmp_path):
    path = tmp_path / "picture.png"
    save_picture(PICTURES[name](), path)
    grey = imread(path)[..., :3].mean(axis=-1)
    assert min(grey.shape) > 200
    assert grey.std() > 0.1
    rim = np.concatenate([grey[:5].ravel(), grey[-5:].ravel(), grey[:, :5].ravel(), grey[:, -5:].ravel()])
    np.testing.assert_array_equal(rim, 1)


@pytest.mark.parametrize("name", PICTURES)
def test_texts_do_not_cover_each_other(name):
    figure = PICTURES[name]()
    figure.draw_without_rendering()
    titles = [axes.title.get_window_extent() for axes in figure.axes if axes.get_title()]
    ticks = [
        [tick.get_window_extent() for tick in axes.get_xticklabels() if not tick.get_rotation()]
        for axes in figure.axes
    ]
    for boxes in (titles, *ticks):
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_contact_sheets_show_every_image_with_its_title():
    images = [np.full((4, 4, 3), number, np.uint8) for number in range(65)]
    first, second = contact_sheets(images, [f"title {number}" for number in range(65)])
    shown = [axes for axes in first.axes if axes.images]
    assert (len(shown), len([axes for axes in second.axes if axes.images])) == (60, 5)
    assert [axes.get_title() for axes in shown[:2]] == ["title 0", "title 1"]
    assert shown[7].images[0].get_array()[0, 0, 0] == 7


def test_a_grey_image_is_shown_in_grey():
    (figure,) = contact_sheets([np.arange(4, dtype=np.uint8).reshape(2, 2, 1)], ["x"])
    (image,) = figure.axes[0].images
    assert image.get_clim() == (0, 255)
    assert image.get_array().shape == (2, 2)
