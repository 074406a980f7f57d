import numpy as np
import pytest

from faultdiag.errors import ParameterError
from faultdiag.views.stft import StftView


def test_a_tone_is_a_row_and_a_knock_a_column():
    n = 2048
    quiet = 0.01 * np.random.default_rng(0).standard_normal(n)
    tone = np.sin(2 * np.pi * 0.25 * np.arange(n)) + quiet
    knock = quiet.copy()
    knock[1024] = 10
    x = np.stack([tone, knock])[None]
    view = StftView.fit(x, rate_hz=12000.0)
    assert (view.frame, view.hop, view.shape) == (128, 30, (64, 65, 2))
    tensor = view(x)[0]
    assert np.all(tensor[..., 0].argmax(axis=0) == 31)  # 0.25 of the rate is line 32; line 0 is left out
    middle = (1024 - 64) / 30
    assert np.all(np.abs(tensor[..., 1].argmax(axis=1) - middle) < 1.5)


def test_frame_and_hop_may_be_chosen():
    x = np.random.default_rng(0).standard_normal((2, 1, 500))
    assert StftView.fit(x, rate_hz=1000.0, frame=50, hop=25).shape == (25, 19, 1)
    with pytest.raises(ParameterError, match="view 'stft': frame must lie from 8 to 500, got 501"):
        StftView.fit(x, rate_hz=1000.0, frame=501)
