"""Our network as `faultdiag train` trains it on the CPU, without augmentation."""

import keras

from faultdiag.networks.table import NETWORKS
from rivals.tasks import LEARNING_RATE, Task


def our_network(task: Task, activation: str = "aprelu") -> keras.Model:
    """Build the network, from ``[batch, *input_shape]`` to logits ``[batch, n_classes]``."""
    build = NETWORKS.load(task.network)
    return build(
        input_shape=task.input_shape, n_classes=task.n_classes, stages=task.stages, activation=activation
    )


def compiled_ours(task: Task, activation: str = "aprelu") -> keras.Model:
    """Build it and compile it by the engine; the schedule is so long that the rate stays what it is."""
    # here, as a machine that only knows the network needs neither
    from faultdiag.runs.backend import use_backend
    from faultdiag.training.fit import compiled
    from faultdiag.training.recipe import Fit, Recipe

    fit = Fit(optimizer="sgd", learning_rate=LEARNING_RATE, warmup=0, weight_decay=0, precision="float32")
    recipe = Recipe(dataset="random numbers", task="speed", split="none", fit=fit)
    device = use_backend(device="cpu")
    return compiled(our_network(task, activation), recipe, steps=1_000_000, device=device)
