"""Which part of the input a position deep in a network sees: arithmetic of kernels and strides."""

from dataclasses import dataclass, replace
from typing import Literal

from faultdiag.errors import ParameterError

__all__ = ["Reach"]


@dataclass(frozen=True)
class Reach:
    """What the positions of a tensor see of the input, along one axis.

    Position i sees the samples from ``first + i * hop`` to ``last + i * hop``; those outside the input are
    the zeros of a padding.

    Attributes
    ----------
    n : int
        Number of positions.
    first, last : int
        Samples that position 0 sees, both included.
    hop : int
        Samples from one position to the next.

    Examples
    --------
    >>> Reach(100).through(kernel=5, stride=2).through(kernel=3, stride=1).n_seen
    9
    """

    n: int
    first: int = 0
    last: int = 0
    hop: int = 1

    @property
    def n_seen(self) -> int:
        """Samples of the input that one position sees: the receptive field."""
        return self.last - self.first + 1

    def through(
        self, *, kernel: int, stride: int, dilation: int = 1, padding: Literal["same", "valid"] = "same"
    ) -> "Reach":
        """Return the reach behind a convolution or pooling.

        Raises
        ------
        ParameterError
            If the kernel is longer than the input and nothing is padded.
        """
        long = (kernel - 1) * dilation + 1
        if padding == "same":
            n = -(-self.n // stride)
            before = max((n - 1) * stride + long - self.n, 0) // 2  # an odd zero stands behind
        else:
            n, before = (self.n - long) // stride + 1, 0
        if n < 1:
            raise ParameterError(f"input: {self.n} samples are too few for a kernel of {long}; give more")
        first = self.first - before * self.hop
        return Reach(n, first, first + (long - 1) * self.hop + self.last - self.first, self.hop * stride)

    def joined(self, other: "Reach") -> "Reach":
        """Return the reach of a sum: what either part sees."""
        return replace(self, first=min(self.first, other.first), last=max(self.last, other.last))
