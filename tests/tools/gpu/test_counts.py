"""Counts of a small network by hand, and of the published one."""

import pytest
from gpu.counts import Convolution, convolutions, step_bytes, step_flops
from rivals.tasks import TASKS, Task

SMALL = Task("small", (8, 8, 3), 2, 5, 4, ((8, 1, 2),), 1)


def test_convolutions_of_a_small_network():
    assert list(convolutions(SMALL)) == [
        Convolution(8 * 8 * 3, 8 * 8 * 4, 64 * 9 * 3 * 4),
        Convolution(8 * 8 * 4, 4 * 4 * 8, 16 * 9 * 4 * 8),
        Convolution(4 * 4 * 8, 4 * 4 * 8, 16 * 9 * 8 * 8),
    ]


@pytest.mark.parametrize(("activation", "passes"), [("relu", 8), ("aprelu", 11)])
def test_bytes_of_a_small_network(activation, passes):
    convolved = 3 * (192 + 256 + 256 + 128 + 128 + 128)
    rectified = 256 + 128 + 128
    assert step_bytes(SMALL, activation, 4) == 5 * 4 * (convolved + passes * rectified)


def test_record16_has_the_published_number_of_products():
    assert step_flops(TASKS["record16"]) == pytest.approx(6 * 100 * 22.9e6, rel=2e-3)
