"""SavedModels give the logits of Keras for any number of inputs, and nothing is printed meanwhile."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from faultdiag.networks.residual import build  # noqa: E402
from faultdiag.runs.export.savedmodel import exporter  # noqa: E402

pytestmark = [pytest.mark.keras, pytest.mark.slow]


@pytest.mark.parametrize("shape", [(48, 2), (10, 9, 3)], ids=["signals", "image"])
def test_it_computes_what_keras_computes_and_says_nothing(shape, tmp_path, shaken, capfd):
    pytest.importorskip("tensorflow", reason="SavedModels are those of TensorFlow")
    options = {"stem_filters": 4, "stages": ((4, 1, 1), (6, 1, 2)), "reduction": 2}
    network = shaken(build(input_shape=shape, n_classes=3, **options))
    path = tmp_path / exporter.file
    exporter.write(network, {}, path)
    forward = exporter.open(path)
    x = np.random.default_rng(0).standard_normal((5, *shape)).astype(np.float32)
    for n in (1, 5, 2):
        np.testing.assert_allclose(forward(x[:n]), network(x[:n]), rtol=1e-4, atol=1e-4)
    assert capfd.readouterr() == ("", "")
