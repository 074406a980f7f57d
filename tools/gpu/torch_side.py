"""The twin in PyTorch on the same device: channels last, compiled, and whole steps as a CUDA graph.

These functions run in a process of their own, as JAX and PyTorch bring their own CUDA libraries: they
take and return plain numbers and arrays.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from rivals.tasks import L2, Task
from rivals.transfer import Arrays, as_keras, copy_to_twin, tensors_of
from rivals.twin import sgd, twin, twin_inputs
from torch import Tensor, nn
from torch.nn import functional

from gpu.augmentation import MEAN, N_DRAWS, affine_maps

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def reference(task: Task, weights: Arrays, inputs: Any, labels: Any) -> tuple[Any, Arrays]:
    """Return logits and gradients in training mode, computed in float64 on the CPU."""
    network = twin(task).double()
    copy_to_twin(weights, network)
    logits = network.train()(twin_inputs(task, torch.from_numpy(inputs).double()))
    penalty = sum((p**2).sum() for name, p in network.named_parameters() if name.endswith("weight"))
    (functional.cross_entropy(logits, torch.from_numpy(labels)) + L2 * penalty).backward()
    tensors = tensors_of(network, weights).items()
    gradients = {path: as_keras(tensor.grad.numpy()) for path, tensor in tensors if tensor.grad is not None}
    return logits.detach().numpy(), gradients


def sampled(images: Any, maps: Any) -> Any:
    """Return bytes ``[batch, size, size, channels]`` seen through affine maps, as an array."""
    found = _warped(torch.from_numpy(images), torch.from_numpy(maps))
    return found.permute(0, 2, 3, 1).numpy()


def epoch_seconds(task: Task, activation: str, precision: str, how: str, n: int, repeats: int) -> float:
    """Time epochs of `n` inputs, as `keras_side.epoch_time` does; `how` is as in `bench_gpu`."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_float32_matmul_precision("high")  # TF32 in products, as JAX and cuDNN have it by default
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    torch.compiler.reset()
    epoch = _Epoch(task, activation, DTYPES[precision], n, device)
    if how != "eager":
        epoch.loss = torch.compile(epoch.loss)
    step = epoch.captured() if how == "compiled, CUDA graph" else epoch.step
    seconds = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        loss = epoch.run(step)
        seconds.append(time.perf_counter() - start)
        if not np.isfinite(loss):
            raise ArithmeticError(f"{task.network}: the loss is {loss} in PyTorch")
    return float(np.median(seconds[1:]))


class _Epoch:
    """Steps on data that lie on the device; which of them a step takes is written into `chosen`."""

    def __init__(self, task: Task, activation: str, dtype: torch.dtype, n: int, device: torch.device) -> None:
        generator = torch.Generator().manual_seed(0)
        if task.rank == 2:
            raw = torch.randint(0, 256, (n, *task.input_shape), dtype=torch.uint8, generator=generator)
        else:
            raw = torch.randn((n, *task.input_shape), generator=generator)
        self.task, self.dtype, self.device = task, dtype, device
        self.inputs = raw.to(device)
        self.labels = torch.randint(0, task.n_classes, (n,), generator=generator).to(device)
        self.chosen = torch.arange(task.batch, device=device)
        self.network: nn.Module = twin(task, activation).to(device)
        self.optimizer = sgd(self.network, fused=True)
        self.loss: Callable[..., Tensor] = self._loss

    def run(self, step: Callable[[], Tensor]) -> float:
        """Run one epoch; return the loss of its last step."""
        order = torch.randperm(len(self.labels), device=self.device)
        for chosen in order.split(self.task.batch)[: len(order) // self.task.batch]:
            self.chosen.copy_(chosen)
            loss = step()
        return loss.item()

    def step(self) -> Tensor:
        """Do one training step; return its loss, on the device."""
        self.optimizer.zero_grad()
        draws = 2 * torch.rand(N_DRAWS, self.task.batch, device=self.device) - 1
        loss = self.loss(self.inputs[self.chosen], self.labels[self.chosen], draws)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def captured(self) -> Callable[[], Tensor]:
        """Return the step as one CUDA graph: nothing of it is launched by Python any more."""
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(5):
                self.step()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            loss = self.step()

        def replay() -> Tensor:
            graph.replay()
            return loss

        return replay

    def _loss(self, raw: Tensor, labels: Tensor, draws: Tensor) -> Tensor:
        if self.task.rank == 2:
            maps = affine_maps(draws, self.task.input_shape[0], torch)
            inputs = (_warped(raw, maps) / 255 - MEAN).contiguous(memory_format=torch.channels_last)
        else:
            inputs = twin_inputs(self.task, raw)
        mixed = self.dtype != torch.float32
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=mixed, cache_enabled=False):
            logits = self.network(inputs)
        return functional.cross_entropy(logits.float(), labels)


def _warped(images: Tensor, maps: Tensor) -> Tensor:
    """Return bytes ``[batch, size, size, channels]`` as numbers ``[batch, channels, size, size]``."""
    half = (images.shape[1] - 1) / 2
    # PyTorch counts from -1 to 1, columns first
    column = torch.stack([maps[:, 1, 1], maps[:, 1, 0], maps[:, 1, 2] / half], -1)
    row = torch.stack([maps[:, 0, 1], maps[:, 0, 0], maps[:, 0, 2] / half], -1)
    channels_first = images.permute(0, 3, 1, 2).float()
    grid = functional.affine_grid(torch.stack([column, row], 1), channels_first.shape, align_corners=True)
    return functional.grid_sample(channels_first, grid, padding_mode="border", align_corners=True)
