"""Figures that need no screen, in colours that everybody can tell apart."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb

from faultdiag.plots.figure import COLOURS, GREY, new_figure


def test_a_figure_has_the_size_and_the_axes_that_were_asked_for():
    figure, axes = new_figure(2, 1, (6.0, 4.0), sharex=True)
    assert figure.get_size_inches().tolist() == [6.0, 4.0]
    assert axes.shape == (2,)
    axes[0].set_xlim(0, 7)
    assert axes[1].get_xlim() == (0, 7)


def test_pyplot_does_not_know_of_it():
    before = plt.get_fignums()
    new_figure(1, 1, (3.0, 2.0))
    assert plt.get_fignums() == before


# Machado, Oliveira and Fernandes (2009), doi 10.1109/TVCG.2009.113, severity 1, on linear RGB
DEUTERANOPIA = [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]
PROTANOPIA = [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]


def test_colours_stay_apart_without_red_or_green():
    for matrix in (DEUTERANOPIA, PROTANOPIA):
        seen = {
            name: np.matmul(matrix, np.array(to_rgb(colour)) ** 2.2).clip(0, 1) ** (1 / 2.2)
            for name, colour in {**COLOURS, "grey": GREY}.items()
        }
        for one, other in combinations(seen, 2):
            assert np.abs(seen[one] - seen[other]).max() > 0.1, (one, other)
