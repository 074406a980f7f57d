"""What our training step is measured against: the same networks, written by other means.

`SIDES` names them; each is prepared in a process of its own, see `blocks`. Every side trains on one
batch in the memory of the host, in float32, with Nesterov's SGD and the same penalty on weights.
"""

import os
from collections.abc import Callable

from rivals.tasks import TASKS, Task

__all__ = ["SIDES", "TASKS", "Step", "prepare"]

Step = Callable[[], object]


def prepare(side: str, network: str) -> Step:
    """Return what does one training step of a side: a name in `SIDES` and one in `TASKS`."""
    return SIDES[side](TASKS[network])


def _ours(task: Task, activation: str = "aprelu") -> Step:
    from faultdiag.runs.backend import use_backend

    use_backend("tensorflow", "cpu")  # before Keras is imported, as the command line does
    from rivals.ours import compiled_ours

    model = compiled_ours(task, activation)
    inputs, labels = task.example()
    return lambda: model.train_on_batch(inputs, labels)


def _note(task: Task) -> Step:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    from rivals.note import compiled_note

    model = compiled_note(task)
    inputs, labels = task.example()
    targets = keras.utils.to_categorical(labels, task.n_classes)
    return lambda: model.train_on_batch(inputs, targets)


def _torch(task: Task, activation: str = "aprelu", compile: bool = False) -> Step:
    from rivals.twin import twin_step

    return twin_step(task, activation, compile=compile)


SIDES: dict[str, Callable[[Task], Step]] = {
    "ours": _ours,
    "ours with ReLU": lambda task: _ours(task, "relu"),
    "note's program": _note,
    "PyTorch eager": _torch,
    "PyTorch compiled": lambda task: _torch(task, compile=True),
    "PyTorch eager with ReLU": lambda task: _torch(task, "relu"),
    "PyTorch compiled with ReLU": lambda task: _torch(task, "relu", compile=True),
}
