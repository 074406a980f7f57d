"""APReLU: a leaky ReLU whose slope is computed from the input itself, channel by channel.

A small network looks at the mean of the negative and of the positive part of each channel and gives,
through a sigmoid, the slope of the negative part.
"""

import math
from functools import partial
from typing import Any, Literal, get_args

import keras
from keras import ops

from faultdiag.errors import ParameterError
from faultdiag.networks.fewer_passes import rectified
from faultdiag.networks.normalization import counts_passes
from faultdiag.registry import near_names

__all__ = ["APReLU", "SlopeInputs"]

SlopeInputs = Literal["both", "average", "positive", "negative"]
"""What the slope network sees of each channel: means of both parts, of the channel itself, or of one part."""


_LARGE = 8192  # values of one input from which on passes over them cost more than the start of a kernel


@keras.saving.register_keras_serializable(package="faultdiag")
class APReLU(keras.layers.Layer):
    """Adaptively parametric rectifier: slopes found for each input, for inputs of any rank.

    ``y = max(x, 0) + slope * min(x, 0)``, where the slopes of an input with C channels are
    sigmoid(BN(dense C(relu(BN(dense C // reduction([mean min(x, 0), mean max(x, 0)])))))).

    Parameters
    ----------
    reduction : int
        The hidden layer has ``C // reduction`` units: 16 in the author's CIFAR-10 record 16,
        1 in the paper.
    shared : bool
        One slope for all channels of an input, as in the author's program of June 2020: the means are
        averaged over the channels first, and the hidden layer has ``2 // reduction`` units.
    inputs : {"both", "average", "positive", "negative"}
        What the slope network sees of each channel: the means of its negative and its positive part, its
        mean, or the mean of one part only (the paper's ablation).
    momentum, epsilon : float
        Of the two batch normalisations.
    l2 : float
        Penalty on both kernels and both scales, ``l2 * sum(w**2)``.

    Raises
    ------
    ParameterError
        If `reduction` is below 1 or leaves no hidden unit, or `inputs` is none of the four.

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
        shared: bool = False,
        inputs: SlopeInputs = "both",
        momentum: float = 0.9,
        epsilon: float = 1e-3,
        l2: float = 1e-4,
        **kwargs: Any,
    ) -> None:
        if reduction < 1:
            raise ParameterError(f"APReLU: reduction must be 1 or more, got {reduction}")
        if inputs not in get_args(SlopeInputs):
            raise ParameterError(
                f"APReLU: unknown inputs {inputs!r}; {near_names(inputs, get_args(SlopeInputs))}"
            )
        super().__init__(**kwargs)
        self.reduction = reduction
        self.shared = shared
        self.inputs = inputs
        self.momentum = momentum
        self.epsilon = epsilon
        self.l2 = l2

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the slope network for the channels of `input_shape`, ``[batch, ..., channels]``."""
        channels = int(input_shape[-1] or 0)
        width, slopes = (2, 1) if self.shared else (channels, channels)
        hidden = width // self.reduction
        if hidden < 1:
            of = "one shared slope" if self.shared else f"{channels} channels"
            raise ParameterError(
                f"APReLU: reduction {self.reduction} leaves no hidden unit for {of}; take at most {width}"
            )
        self.squeeze = self._dense(hidden, "squeeze")
        self.squeeze_norm = self._norm("squeeze_norm")
        self.excite = self._dense(slopes, "excite")
        self.excite_norm = self._norm("excite_norm")
        self.squeeze.build((None, slopes * (2 if self.inputs == "both" else 1)))
        self.squeeze_norm.build((None, hidden))
        self.excite.build((None, hidden))
        self.excite_norm.build((None, slopes))
        self.built = True

    def slopes(self, x: Any, training: bool = False) -> Any:
        """Return the slopes, shape [batch, 1, ..., 1, channels], or one channel where they are shared."""
        axes = tuple(range(1, len(x.shape) - 1))
        negative, positive = ops.mean(ops.minimum(x, 0.0), axis=axes), ops.mean(ops.relu(x), axis=axes)
        slopes = self._slopes_of(negative, positive, training=training)
        return ops.reshape(slopes, (-1, *(1,) * len(axes), slopes.shape[-1]))

    def call(self, x: Any, training: bool = False) -> Any:
        """Return the rectified input, of the same shape."""
        if training and None not in x.shape[1:] and math.prod(x.shape[1:]) >= _LARGE and counts_passes(x):
            return rectified(x, partial(self._slopes_of, training=True))
        return ops.relu(x) + self.slopes(x, training=training) * ops.minimum(x, 0.0)

    def _slopes_of(self, negative: Any, positive: Any, *, training: bool) -> Any:
        """From the means of both parts, [batch, channels], to the slopes, [batch, channels or 1]."""
        seen = {
            "both": (negative, positive),
            "average": (negative + positive,),
            "positive": (positive,),
            "negative": (negative,),
        }[self.inputs]
        if self.shared:
            seen = tuple(ops.mean(means, axis=-1, keepdims=True) for means in seen)
        hidden = ops.relu(self.squeeze_norm(self.squeeze(ops.concatenate(seen, axis=-1)), training=training))
        return ops.sigmoid(self.excite_norm(self.excite(hidden), training=training))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return `input_shape`: the layer keeps it."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make this layer again."""
        own = {
            "reduction": self.reduction,
            "shared": self.shared,
            "inputs": self.inputs,
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
