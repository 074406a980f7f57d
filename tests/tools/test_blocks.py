"""Timing in turn: what a worker does is seen from the numbers that come back."""

import os
import time
from functools import partial

import numpy as np
import pytest
from blocks import Worker, interleaved, ratio


def sleeper(seconds):
    return partial(time.sleep, seconds)


def failing():
    def step():
        os._exit(3)

    return step


def test_two_sides_are_timed_step_by_step():
    seconds = interleaved([partial(sleeper, 0.01), partial(sleeper, 0.03)], n_blocks=3, steps=2, warm=1)
    assert seconds.shape == (3, 2)
    assert (seconds >= [0.01, 0.03]).all()
    assert (seconds.min(axis=0) < [0.03, 0.06]).all()


def test_an_idle_worker_ends_when_it_is_closed():
    worker = Worker(partial(sleeper, 0.0))
    assert worker.seconds(3) < 1
    worker.close()
    assert worker._process.exitcode == 0


def test_a_side_that_ends_is_told():
    worker = Worker(failing)
    with pytest.raises(SystemExit, match="has ended"):
        worker.seconds(1)
    worker.close()


def test_the_ratio_is_that_of_medians_with_the_quartiles_of_the_blocks():
    seconds = np.array([[1.0, 2.0], [2.0, 2.0], [9.0, 3.0], [2.0, 2.0], [2.0, 4.0]])
    assert ratio(seconds, 0, 1) == (1.0, 0.5, 1.0)
    assert ratio(seconds, 1, 0).median == 1.0
