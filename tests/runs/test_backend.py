"""Backend and device: what is asked for, what is there, and what this process already does."""

import importlib.util
import os
import sys
from types import SimpleNamespace

import pytest

from faultdiag.errors import FaultdiagError, MissingExtraError, ParameterError
from faultdiag.runs import backend as backend_module
from faultdiag.runs.backend import Device, use_backend


class Machine:
    """What a backend finds: its GPUs, and what it was told to use."""

    def __init__(self):
        self.gpus = []
        self.told = []
        self.installed = {"keras", "tensorflow", "jax", "torch"}
        self.fixed = False

    def use(self, *told):
        if self.fixed:
            raise RuntimeError("Visible devices cannot be modified after being initialized")
        self.told.append(told)


@pytest.fixture
def machine(monkeypatch):
    """A process that has computed nothing yet, on a machine of the test's making."""
    machine = Machine()
    keras = SimpleNamespace(backend=SimpleNamespace(backend=lambda: os.environ["KERAS_BACKEND"]))
    monkeypatch.setattr(backend_module, "_used", {})
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setattr(backend_module.importlib, "import_module", lambda name: keras)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name if name in machine.installed else None)
    for name in ("tensorflow", "jax", "torch"):
        monkeypatch.setattr(backend_module, f"_{name}_gpus", lambda: machine.gpus)
    monkeypatch.setattr(backend_module, "_use_cpu", lambda name: machine.use(name, "cpu"))
    monkeypatch.setattr(backend_module, "_use_gpu", lambda name, gpus, index: machine.use(name, gpus[index]))
    return machine


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_without_a_gpu_the_cpu_computes(machine, device):
    used = use_backend(None, device)
    assert used == Device("tensorflow", "cpu")
    assert not used.is_gpu
    assert machine.told == [("tensorflow", "cpu")]


@pytest.mark.parametrize(("device", "name"), [("auto", "gpu:0"), ("gpu", "gpu:0"), ("gpu:1", "gpu:1")])
def test_a_gpu_computes_where_there_is_one(machine, device, name):
    machine.gpus = ["first", "second"]
    used = use_backend(None, device)
    assert used == Device("tensorflow", name)
    assert used.is_gpu
    assert machine.told == [("tensorflow", machine.gpus[int(name[-1])])]


def test_the_cpu_computes_if_asked_for(machine):
    machine.gpus = ["first"]
    assert use_backend(None, "cpu").name == "cpu"


def test_auto_keeps_what_this_process_computes_on(machine):
    """Loading a Run must not undo --device cpu."""
    machine.gpus = ["first", "second"]
    for device in ("cpu", "gpu:1"):
        chosen = use_backend(None, device)
        assert use_backend() == chosen
    assert len(machine.told) == 2


def test_a_device_cannot_change_once_it_has_computed(machine):
    machine.gpus = ["first"]
    use_backend(None, "cpu")
    machine.fixed = True
    with pytest.raises(
        ParameterError, match="device 'gpu': this process already computes elsewhere; start a"
    ):
        use_backend(None, "gpu")
    assert use_backend().name == "cpu"


def test_a_gpu_that_is_not_there_is_one_line(machine):
    with pytest.raises(
        FaultdiagError, match="device 'gpu': tensorflow sees no GPU here; use --device cpu"
    ) as e:
        use_backend(None, "gpu")
    assert e.value.exit_code == 1
    machine.gpus = ["first"]
    with pytest.raises(FaultdiagError, match=r"device 'gpu:1': tensorflow sees 1 GPU\(s\), counted from 0"):
        use_backend(None, "gpu:1")


@pytest.mark.parametrize("device", ["", "gpuu", "gpu:x", "gpu:-1", "cpu:0", "auto:1", "cuda"])
def test_an_unknown_device_is_a_wrong_parameter(machine, device):
    with pytest.raises(ParameterError, match=f"unknown device '{device}'; write auto, cpu, gpu or gpu:1"):
        use_backend(None, device)


def test_a_backend_is_the_given_one_else_that_of_the_environment_else_the_first_installed(
    machine, monkeypatch
):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert use_backend().backend == "jax"
    assert use_backend("torch").backend == os.environ["KERAS_BACKEND"] == "torch"
    monkeypatch.delenv("KERAS_BACKEND")
    machine.installed.remove("tensorflow")
    assert use_backend().backend == "jax"


def test_an_unknown_backend_gives_near_spellings(machine, monkeypatch):
    with pytest.raises(ParameterError, match=r"unknown backend 'tensorflw'; did you mean tensorflow\?"):
        use_backend("tensorflw")
    monkeypatch.setenv("KERAS_BACKEND", "caffe")
    with pytest.raises(ParameterError, match="unknown backend 'caffe'; there are: jax, tensorflow, torch"):
        use_backend()


@pytest.mark.parametrize(
    ("absent", "backend", "extra"),
    [("torch", "torch", "torch"), ("jax", "jax", "jax"), ("keras", None, "train")],
)
def test_what_is_not_installed_names_its_extra(machine, absent, backend, extra):
    machine.installed.remove(absent)
    with pytest.raises(MissingExtraError, match=rf'{absent} is not installed.*"faultdiag\[{extra}\]"'):
        use_backend(backend)


def test_without_any_backend_the_extra_is_that_for_training(machine, monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND")
    machine.installed.clear()
    with pytest.raises(MissingExtraError, match=r'no backend of Keras is installed.*"faultdiag\[train\]"'):
        use_backend()


def test_another_backend_needs_a_new_process(machine, monkeypatch):
    loaded = SimpleNamespace(backend=SimpleNamespace(backend=lambda: "tensorflow"))
    monkeypatch.setitem(sys.modules, "keras", loaded)
    with pytest.raises(
        ParameterError, match="backend 'jax': this process already computes with 'tensorflow'"
    ):
        use_backend("jax")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert use_backend().backend == "tensorflow", "what Keras was loaded with counts"


def test_jax_on_the_cpu_looks_for_no_gpu(machine, monkeypatch):
    monkeypatch.delitem(sys.modules, "jax", raising=False)
    monkeypatch.setenv("JAX_PLATFORMS", "")
    use_backend("jax", "cpu")
    assert os.environ["JAX_PLATFORMS"] == "cpu"


def test_what_libraries_say_at_their_start_is_kept_off_stderr(machine, monkeypatch, capfd):
    monkeypatch.setattr(backend_module, "_tensorflow_gpus", lambda: os.write(2, b"no drivers\n") and [])
    use_backend()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_a_process_without_stderr_computes_too(machine, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert use_backend() == Device("tensorflow", "cpu")


@pytest.mark.keras
def test_the_real_one_computes_on_the_cpu():
    assert use_backend(None, "cpu").name == "cpu"
    assert use_backend().name == "cpu"
