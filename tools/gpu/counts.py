"""What one training step must compute and move, counted from the shapes alone."""

from collections.abc import Iterator
from typing import NamedTuple

from rivals.tasks import Task

KERNEL = 3

# Passes over the input of a normalisation with its rectifier. Forward: read for the moments, read and
# write. Backward: two arrays read for the sums over the batch, two read and one written.
PASSES = {"relu": 8, "aprelu": 11}  # APReLU reads once more for the means, and twice for its slopes


class Convolution(NamedTuple):
    """Numbers that go in and come out for one input, and multiply-adds."""

    n_in: int
    n_out: int
    n_products: int


def convolutions(task: Task) -> Iterator[Convolution]:
    """Yield the convolutions of the network in order."""
    places, channels = _places(task.input_shape[:-1]), task.input_shape[-1]
    strided = [(task.stem_filters, 1)]
    for filters, n_blocks, stride in task.stages:
        for number in range(n_blocks):
            strided += [(filters, stride if number == 0 else 1), (filters, 1)]
    for filters, stride in strided:
        out = places // stride**task.rank
        products = out * filters * channels * KERNEL**task.rank
        yield Convolution(places * channels, out * filters, products)
        places, channels = out, filters


def step_flops(task: Task) -> int:
    """Multiplications and additions of all convolutions in one step: forward, and twice backward."""
    return 3 * 2 * task.batch * sum(c.n_products for c in convolutions(task))


def step_bytes(task: Task, activation: str, n_bytes: int) -> int:
    """Least bytes of activations moved in one step, where only a rectifier joins its normalisation.

    A convolution reads its input and writes its output; backward it reads the gradient of its output
    twice, its input once, and writes the gradient of that. The sums with the shortcuts are left out.
    """
    each = list(convolutions(task))
    rectified = sum(c.n_in for c in each[1:]) + each[-1].n_out
    numbers = sum(3 * (c.n_in + c.n_out) for c in each) + PASSES[activation] * rectified
    return task.batch * n_bytes * numbers


def _places(size: tuple[int, ...]) -> int:
    places = 1
    for n in size:
        places *= n
    return places
