"""Which of Keras' backends computes, and on which device; decided before Keras is imported."""

import ctypes
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from faultdiag.errors import FaultdiagError, MissingExtraError, ParameterError
from faultdiag.registry import near_names

__all__ = ["Device", "no_chatter", "use_backend"]

_M_TOP_PAD = -2  # of glibc's malloc.h
_EXTRAS = {"tensorflow": "train", "jax": "jax", "torch": "torch"}

# what this process computes on, by backend: Keras and its backends hold that by process, too
_used: "dict[str, Device]" = {}


@dataclass(frozen=True)
class Device:
    """Where a network computes.

    Attributes
    ----------
    backend : str
        Of Keras: tensorflow, jax or torch.
    name : str
        ``"cpu"`` or ``"gpu:0"``.
    """

    backend: str
    name: str

    @property
    def is_gpu(self) -> bool:
        """Whether it is a GPU."""
        return self.name.startswith("gpu")


def use_backend(backend: str | None = None, device: str = "auto") -> Device:
    """Choose backend and device for this process.

    Parameters
    ----------
    backend : {"tensorflow", "jax", "torch"}, optional
        Default: ``$KERAS_BACKEND``, else the first that is installed.
    device : str
        ``"auto"`` (what this process already computes on, else a GPU if there is one), ``"cpu"``,
        ``"gpu"`` or ``"gpu:1"``.

    Raises
    ------
    ParameterError
        If the name of the backend or device is none, or another backend or device is already at work.
    MissingExtraError
        If Keras or the backend is not installed.
    FaultdiagError
        If the GPU asked for is not there.
    """
    kind, _, number = device.partition(":")
    if kind not in ("auto", "cpu", "gpu") or (number and (kind != "gpu" or not number.isdigit())):
        raise ParameterError(f"unknown device {device!r}; write auto, cpu, gpu or gpu:1")
    name = _backend_name(backend)
    if kind == "auto" and name in _used:
        return _used[name]
    os.environ["KERAS_BACKEND"] = name
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow leaves oneDNN's convolutions off on AVX2 processors, where they are twice as fast as its own
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    if kind == "cpu" and name == "jax" and "jax" not in sys.modules:
        os.environ["JAX_PLATFORMS"] = "cpu"
    with no_chatter():
        gpus = {"tensorflow": _tensorflow_gpus, "jax": _jax_gpus, "torch": _torch_gpus}[name]()
        importlib.import_module("keras")
    _keep_freed_memory()
    index = None if kind == "cpu" or (kind == "auto" and not gpus) else int(number or 0)
    if index is not None and not gpus:
        raise FaultdiagError(f"device {device!r}: {name} sees no GPU here; use --device cpu")
    if index is not None and index >= len(gpus):
        raise FaultdiagError(f"device {device!r}: {name} sees {len(gpus)} GPU(s), counted from 0")
    try:
        _use_cpu(name) if index is None else _use_gpu(name, gpus, index)
    except RuntimeError as error:  # what TensorFlow says once it has computed
        raise ParameterError(
            f"device {device!r}: this process already computes elsewhere; start a new one"
        ) from error
    _used[name] = Device(name, "cpu" if index is None else f"gpu:{index}")
    return _used[name]


def _keep_freed_memory() -> None:
    """Let glibc keep the large blocks that each training step frees.

    By default it hands them back to the system and asks again, page by page, in the next step: that was
    a quarter of the processor time of a training.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_TOP_PAD, 128 << 20)


@contextmanager
def no_chatter() -> Iterator[None]:
    """Keep off stderr what libraries say of absent GPU drivers before they can be told not to."""
    if sys.stderr is None:  # it was closed before the start
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _backend_name(backend: str | None) -> str:
    """The backend to use, checked to be known, installed and not in conflict with a loaded one."""
    loaded = sys.modules["keras"].backend.backend() if "keras" in sys.modules else None
    name = backend or loaded or os.environ.get("KERAS_BACKEND") or _first_installed()
    if name not in _EXTRAS:
        raise ParameterError(f"unknown backend {name!r}; {near_names(name, list(_EXTRAS))}")
    for module in ("keras", name):
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError(f"backend {name!r} ({module} is not installed)", _EXTRAS[name])
    if loaded not in (None, name):
        raise ParameterError(
            f"backend {name!r}: this process already computes with {loaded!r}; start a new one"
        )
    return name


def _first_installed() -> str:
    for name in _EXTRAS:
        if importlib.util.find_spec(name) is not None:
            return name
    raise MissingExtraError("a network (no backend of Keras is installed)", "train")


def _tensorflow_gpus() -> list[Any]:
    import tensorflow as tf

    return list(tf.config.list_physical_devices("GPU"))


def _jax_gpus() -> list[Any]:
    import jax

    return [d for d in jax.devices() if d.platform == "gpu"]


def _torch_gpus() -> list[Any]:
    import torch

    return [torch.device("cuda", i) for i in range(torch.cuda.device_count())]


def _use_cpu(backend: str) -> None:
    if backend == "tensorflow":
        import tensorflow as tf

        tf.config.set_visible_devices([], "GPU")
    elif backend == "jax":
        import jax

        jax.config.update("jax_default_device", jax.devices("cpu")[0])
    else:
        import torch

        torch.set_default_device("cpu")


def _use_gpu(backend: str, gpus: list[Any], index: int) -> None:
    if backend == "tensorflow":
        import tensorflow as tf

        tf.config.set_visible_devices([gpus[index]], "GPU")
        tf.config.experimental.set_memory_growth(gpus[index], True)
    elif backend == "jax":
        import jax

        jax.config.update("jax_default_device", gpus[index])
    else:
        import torch

        torch.set_default_device(gpus[index])
