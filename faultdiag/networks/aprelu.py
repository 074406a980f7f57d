"""APReLU: a leaky ReLU whose slope is computed from the input itself, channel by channel.

A small network looks at the mean of the negative and of the positive part of each channel and gives,
through a sigmoid, the slope of the negative part.
"""

from typing import Any

import keras
from keras import ops

from faultdiag.errors import ParameterError

__all__ = ["APReLU"]


@keras.saving.register_keras_serializable(package="faultdiag")
class APReLU(keras.layers.Layer):
    """Adaptively parametric rectifier with one slope per input and channel, for inputs of any rank.

    ``y = max(x, 0) + slope * min(x, 0)``, where the slopes of an input with C channels are
    sigmoid(BN(dense C(relu(BN(dense C // reduction([mean min(x, 0), mean max(x, 0)])))))).

    Parameters
    ----------
    reduction : int
        The hidden layer has ``C // reduction`` units: 16 in the author's CIFAR-10 record 16,
        1 in the paper.
    momentum, epsilon : float
        Of the two batch normalisations.
    l2 : float
        Penalty on both kernels and both scales, ``l2 * sum(w**2)``.

    Raises
    ------
    ParameterError
        If `reduction` is below 1 or leaves no hidden unit.

    References
    ----------
    M. Zhao, S. Zhong, X. Fu, B. Tang, S. Dong, M. Pecht, "Deep Residual Networks With Adaptively
    Parametric Rectifier Linear Units for Fault Diagnosis", IEEE Trans. Ind. Electron., 2020,
    doi:10.1109/TIE.2020.2972458.
    """

    def __init__(
        self,
        *,
        reduction: int = 16,
        momentum: float = 0.9,
        epsilon: float = 1e-3,
        l2: float = 1e-4,
        **kwargs: Any,
    ) -> None:
        if reduction < 1:
            raise ParameterError(f"APReLU: reduction must be 1 or more, got {reduction}")
        super().__init__(**kwargs)
        self.reduction = reduction
        self.momentum = momentum
        self.epsilon = epsilon
        self.l2 = l2

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the slope network for the channels of `input_shape`, ``[batch, ..., channels]``."""
        channels = int(input_shape[-1] or 0)
        hidden = channels // self.reduction
        if hidden < 1:
            raise ParameterError(
                f"APReLU: reduction {self.reduction} leaves no hidden unit for {channels} channels; "
                f"take at most {channels}"
            )
        self.squeeze = self._dense(hidden, "squeeze")
        self.squeeze_norm = self._norm("squeeze_norm")
        self.excite = self._dense(channels, "excite")
        self.excite_norm = self._norm("excite_norm")
        self.squeeze.build((None, 2 * channels))
        self.squeeze_norm.build((None, hidden))
        self.excite.build((None, hidden))
        self.excite_norm.build((None, channels))
        self.built = True

    def slopes(self, x: Any, training: bool = False) -> Any:
        """Return the slope of each input and channel, shape [batch, 1, ..., 1, channels]."""
        axes = tuple(range(1, len(x.shape) - 1))
        parts = (ops.minimum(x, 0.0), ops.relu(x))
        means = ops.concatenate([ops.mean(part, axis=axes) for part in parts], axis=-1)
        hidden = ops.relu(self.squeeze_norm(self.squeeze(means), training=training))
        slopes = ops.sigmoid(self.excite_norm(self.excite(hidden), training=training))
        return ops.reshape(slopes, (-1, *(1,) * len(axes), x.shape[-1]))

    def call(self, x: Any, training: bool = False) -> Any:
        """Return the rectified input, of the same shape."""
        return ops.relu(x) + self.slopes(x, training=training) * ops.minimum(x, 0.0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return `input_shape`: the layer keeps it."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make this layer again."""
        own = {
            "reduction": self.reduction,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "l2": self.l2,
        }
        return {**super().get_config(), **own}

    def _dense(self, units: int, name: str) -> Any:
        return keras.layers.Dense(
            units,
            kernel_initializer="he_normal",
            kernel_regularizer=keras.regularizers.L2(self.l2),
            dtype=self.dtype_policy,
            name=name,
        )

    def _norm(self, name: str) -> Any:
        return keras.layers.BatchNormalization(
            momentum=self.momentum,
            epsilon=self.epsilon,
            gamma_regularizer=keras.regularizers.L2(self.l2),
            dtype=self.dtype_policy,
            name=name,
        )
