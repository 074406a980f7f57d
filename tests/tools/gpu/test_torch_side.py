"""The side of PyTorch: the same warp, and epochs that run on a CPU, too."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the twins in PyTorch: torch is not installed")

from gpu.torch_side import epoch_seconds, sampled
from rivals.tasks import TASKS


def test_the_warp_is_that_of_scipy(images, maps, seen):
    np.testing.assert_allclose(sampled(images, maps), seen(images, maps), atol=1e-2)


@pytest.mark.parametrize(("network", "shape"), [("record16", (8, 8, 3)), ("paper-m12", (32, 1))])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_an_epoch_takes_time(network, shape, precision):
    task = TASKS[network]._replace(input_shape=shape, batch=2, stages=((32, 1, 2),))
    assert 0 < epoch_seconds(task, "aprelu", precision, "eager", 4, 1) < 60
