"""The same networks in PyTorch, with the arithmetic of ours and channels last for images.

What differs from a network that one would write in PyTorch first: a strided convolution is padded
behind only, as TensorFlow's "same" does for even sizes, epsilon is 1e-3, and every layer has a bias.
What differs from ours: PyTorch's moving variances are unbiased ones.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from rivals.tasks import EPSILON, L2, LEARNING_RATE, MOMENTUM, Task

KERNEL = 3
_CONV = {1: nn.Conv1d, 2: nn.Conv2d}
_NORM = {0: nn.BatchNorm1d, 1: nn.BatchNorm1d, 2: nn.BatchNorm2d}


def twin(task: Task, activation: str = "aprelu") -> nn.Module:
    """Build the network, from ``[batch, channels, *size]`` to logits ``[batch, n_classes]``."""
    network = _Network(task, activation)
    return network.to(memory_format=torch.channels_last) if task.rank == 2 else network


def twin_inputs(task: Task, inputs: Tensor) -> Tensor:
    """Return inputs ``[batch, *size, channels]`` as ``[batch, channels, *size]``: images are not moved."""
    channels_first = inputs.movedim(-1, 1)
    return channels_first if task.rank == 2 else channels_first.contiguous()


def sgd(network: nn.Module, **options: bool) -> torch.optim.SGD:
    """Nesterov's SGD; l2 * sum(w**2) in the loss is a weight decay of 2 * l2, on kernels and scales only."""
    parameters = dict(network.named_parameters())
    groups = [
        {"params": [p for name, p in parameters.items() if name.endswith("weight")], "weight_decay": 2 * L2},
        {"params": [p for name, p in parameters.items() if name.endswith("bias")], "weight_decay": 0.0},
    ]
    return torch.optim.SGD(groups, lr=LEARNING_RATE, momentum=MOMENTUM, nesterov=True, **options)


def twin_step(task: Task, activation: str = "aprelu", *, compile: bool = False) -> Callable[[], float]:
    """Return what does one training step and returns its loss; `torch.compile` works in the first one."""
    torch.manual_seed(0)
    network = twin(task, activation)
    optimizer = sgd(network, fused=True)
    forward = torch.compile(network) if compile else network
    example = task.example()
    inputs, labels = twin_inputs(task, torch.from_numpy(example[0])), torch.from_numpy(example[1])

    def step() -> float:
        optimizer.zero_grad()
        loss = functional.cross_entropy(forward(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


class APReLU(nn.Module):
    """The rectifier with a slope for each input and channel."""

    def __init__(self, channels: int, reduction: int) -> None:
        super().__init__()
        hidden = channels // reduction
        self.squeeze = nn.Linear(2 * channels, hidden)
        self.squeeze_norm = _norm(0, hidden)
        self.excite = nn.Linear(hidden, channels)
        self.excite_norm = _norm(0, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Return the rectified input, of the same shape."""
        positive = functional.relu(x)
        negative = x - positive
        axes = tuple(range(2, x.ndim))
        means = torch.cat([negative.mean(axes), positive.mean(axes)], 1)
        hidden = functional.relu(self.squeeze_norm(self.squeeze(means)))
        slopes = torch.sigmoid(self.excite_norm(self.excite(hidden)))
        return positive + slopes.reshape(*slopes.shape, *(1,) * len(axes)) * negative


class _Block(nn.Module):
    def __init__(self, channels: int, filters: int, stride: int, task: Task, activation: str) -> None:
        super().__init__()
        self.rank, self.stride, self.more = task.rank, stride, filters - channels
        self.norm1 = _norm(task.rank, channels)
        self.rectifier1 = _rectifier(channels, task, activation)
        self.conv1 = _conv(task.rank, channels, filters, stride)
        self.norm2 = _norm(task.rank, filters)
        self.rectifier2 = _rectifier(filters, task, activation)
        self.conv2 = _conv(task.rank, filters, filters, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.rectifier1(self.norm1(x))
        if self.stride > 1:
            y = functional.pad(y, (0, KERNEL - self.stride) * self.rank)
        y = self.conv2(self.rectifier2(self.norm2(self.conv1(y))))
        if self.stride > 1:
            x = x[(..., *(slice(None, None, self.stride),) * self.rank)]
        return y + (functional.pad(x, (0, 0) * self.rank + (0, self.more)) if self.more else x)


class _Network(nn.Module):
    def __init__(self, task: Task, activation: str) -> None:
        super().__init__()
        self.stem = _conv(task.rank, task.input_shape[-1], task.stem_filters, 1)
        blocks, channels = [], task.stem_filters
        for filters, n_blocks, stride in task.stages:
            for number in range(n_blocks):
                blocks.append(_Block(channels, filters, stride if number == 0 else 1, task, activation))
                channels = filters
        self.blocks = nn.Sequential(*blocks)
        self.norm = _norm(task.rank, channels)
        self.rectifier = _rectifier(channels, task, activation)
        self.logits = nn.Linear(channels, task.n_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.rectifier(self.norm(self.blocks(self.stem(x))))
        return self.logits(x.mean(tuple(range(2, x.ndim))))


def _rectifier(channels: int, task: Task, activation: str) -> nn.Module:
    return APReLU(channels, task.reduction) if activation == "aprelu" else nn.ReLU()


def _conv(rank: int, channels: int, filters: int, stride: int) -> nn.Module:
    """A convolution padded on both sides, or, with a stride, not at all: the block pads its input behind."""
    return _CONV[rank](channels, filters, KERNEL, stride=stride, padding=KERNEL // 2 if stride == 1 else 0)


def _norm(rank: int, channels: int) -> nn.Module:
    return _NORM[rank](channels, eps=EPSILON, momentum=1 - MOMENTUM)
