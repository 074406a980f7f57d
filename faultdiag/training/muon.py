"""Muon: steps along which every direction of a kernel moves alike."""

from typing import Any

import keras
from keras import ops

__all__ = ["Muon", "moves_by_muon", "orthogonalized"]

# of the polynomial that brings singular values near 1 in few rounds (K. Jordan)
_A, _B, _C = 3.4445, -4.7750, 2.0315


class Muon(keras.optimizers.SGD):
    """Muon for the kernels of convolutions, Nesterov's SGD for all other weights.

    A kernel counts as a matrix, filters by taps. Its step is the momentum with all singular values made
    about equal, as long as a share of the kernel's norm, and that norm stays what it was at the start.

    Parameters
    ----------
    learning_rate : float or LearningRateSchedule
        Of the other weights.
    kernel_share : float
        The length of a kernel's step, as a share of its norm, where the learning rate is 1.
    momentum : float
        Of both.
    weight_decay : float, optional
        Of the other weights; `exclude_from_weight_decay` must name the kernels.

    References
    ----------
    K. Jordan, Y. Jin, V. Boza, J. You, F. Cesista, L. Newhouse, J. Bernstein, "Muon: An optimizer for hidden
    layers in neural networks", 2024; kernels of constant norm as in K. Jordan's airbench, 2024.
    """

    def __init__(
        self,
        learning_rate: Any,
        *,
        kernel_share: float,
        momentum: float = 0.9,
        weight_decay: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, momentum=momentum, nesterov=True, weight_decay=weight_decay, **kwargs)
        self.kernel_share = kernel_share

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Move one weight."""
        if not moves_by_muon(variable):
            super().update_step(gradient, variable, learning_rate)
            return
        if self.momentum:
            trace = self.momentums[self._get_variable_index(variable)]
            self.assign(trace, self.momentum * trace + gradient)
            gradient = gradient + self.momentum * trace
        share = ops.cast(learning_rate, variable.dtype) * self.kernel_share
        norm = _norm(variable)
        moved = variable - share * norm * _unit(orthogonalized(gradient))
        self.assign(variable, norm * _unit(moved))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make it again."""
        config: dict[str, Any] = super().get_config()
        del config["nesterov"]
        return config | {"kernel_share": self.kernel_share}


def moves_by_muon(weight: Any) -> bool:
    """Whether a weight is the kernel of a convolution, of any rank."""
    return len(weight.shape) >= 3


def orthogonalized(kernel: Any, rounds: int = 3) -> Any:
    """Return a kernel [..., filters] whose singular values, as a matrix, are about equal, most near 1.

    Parameters
    ----------
    kernel : tensor, shape [..., filters]
    rounds : int
        Of the Newton-Schulz iteration.
    """
    filters = kernel.shape[-1]
    matrix = ops.reshape(kernel, (-1, filters))
    tall = matrix.shape[0] > filters
    x = _unit(ops.transpose(matrix) if tall else matrix)
    for _ in range(rounds):
        square = ops.matmul(x, ops.transpose(x))
        x = _A * x + ops.matmul(_B * square + _C * ops.matmul(square, square), x)
    return ops.reshape(ops.transpose(x) if tall else x, kernel.shape)


def _norm(x: Any) -> Any:
    return ops.sqrt(ops.sum(ops.square(x)))


def _unit(x: Any) -> Any:
    return x / (_norm(x) + 1e-12)
