"""The plan of a residual network: every number that decides its layers, checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from faultdiag.errors import ParameterError
from faultdiag.networks.activations import Settings
from faultdiag.networks.table import ACTIVATIONS
from faultdiag.registry import near_names

__all__ = ["Block", "Plan", "Shortcut", "Stages"]

Shortcut = Literal["pad", "pad-both", "projection", "none"]
"""How the input of a block is added to its output; see `faultdiag.networks.residual.build`."""

Stages = tuple[tuple[int, int, int], ...]
"""Filters, number of blocks and stride of the first block of each stage."""


class Block(NamedTuple):
    """One block: channels in, channels out, stride of its first convolution."""

    channels: int
    filters: int
    stride: int

    @property
    def keeps_shape(self) -> bool:
        """Whether its output has the shape of its input."""
        return self.channels == self.filters and self.stride == 1


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a residual network is built from; the attributes are the options of `residual.build`.

    Raises
    ------
    ParameterError
        If the rank is not 1 to 3, a name is unknown, a number is not positive, or a stage narrows where
        the shortcut cannot.
    """

    channels: int
    n_classes: int
    stem_filters: int
    stem_kernel: int
    stem_stride: int
    stages: Stages
    kernel: int
    shortcut: Shortcut
    activation: str
    settings: Settings

    def __post_init__(self) -> None:
        if not 1 <= self.settings.rank <= 3:
            raise ParameterError(
                f"network: inputs must have rank 1 to 3 beside the channels, got rank {self.settings.rank}"
            )
        ACTIVATIONS.describe(self.activation)
        if self.shortcut not in get_args(Shortcut):
            near = near_names(self.shortcut, get_args(Shortcut))
            raise ParameterError(f"network: unknown shortcut {self.shortcut!r}; {near}")
        if self.n_classes < 2:
            raise ParameterError(f"network: needs at least 2 classes, got {self.n_classes}")
        _check_conv(self.stem_filters, self.stem_kernel, self.stem_stride)
        for filters, n_blocks, stride in self.stages:
            _check_conv(filters, self.kernel, stride)
            if n_blocks < 1:
                raise ParameterError(f"network: a stage needs at least 1 block, got {n_blocks}")
        for block in self.blocks():
            self._check_widths(block)

    @property
    def last_filters(self) -> int:
        """Channels before the global mean."""
        return self.stages[-1][0] if self.stages else self.stem_filters

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        channels = self.stem_filters
        for filters, n_blocks, stride in self.stages:
            for number in range(n_blocks):
                yield Block(channels, filters, 1 if number else stride)
                channels = filters

    def _check_widths(self, block: Block) -> None:
        if self.shortcut in ("pad", "pad-both") and block.filters < block.channels:
            raise ParameterError(
                f"network: a stage of {block.filters} filters follows {block.channels} channels; stages may "
                f"not narrow with shortcut {self.shortcut!r}: take 'projection'"
            )


def _check_conv(filters: int, kernel: int, stride: int) -> None:
    if min(filters, kernel, stride) < 1:
        raise ParameterError(
            f"network: filters, kernel and stride must be positive, got {filters}, {kernel}, {stride}"
        )
