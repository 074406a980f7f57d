"""The note's program: the author's network composed of stock Keras layers, compiled with Keras' defaults.

It follows what the author wrote of his record 16: zero channels are made as x - x, the shortcut is
halved by an average pooling of one pixel, the means of the negative and of the positive part are two
global poolings, and the network ends in a softmax. Written anew for Keras 3.
"""

from typing import Any

import keras
from keras import layers, regularizers

from rivals.tasks import EPSILON, L2, LEARNING_RATE, MOMENTUM, Task

_CONV = {1: layers.Conv1D, 2: layers.Conv2D}
_POOL = {1: layers.AveragePooling1D, 2: layers.AveragePooling2D}
_MEAN = {1: layers.GlobalAveragePooling1D, 2: layers.GlobalAveragePooling2D}


def note_network(task: Task) -> keras.Model:
    """Build the network, from ``[batch, *input_shape]`` to probabilities ``[batch, n_classes]``."""
    inputs = keras.Input(task.input_shape)
    x = _conv(inputs, task.stem_filters, 1, task)
    for filters, n_blocks, stride in task.stages:
        for number in range(n_blocks):
            x = _block(x, filters, stride if number == 0 else 1, task)
    x = _MEAN[task.rank]()(_aprelu(_norm(x), task))
    return keras.Model(inputs, _dense(x, task.n_classes, activation="softmax"))


def compiled_note(task: Task) -> keras.Model:
    """Build it and compile it as the author does; whether XLA is used is left to Keras."""
    model = note_network(task)
    sgd = keras.optimizers.SGD(LEARNING_RATE, momentum=MOMENTUM, nesterov=True)
    model.compile(loss="categorical_crossentropy", optimizer=sgd, metrics=["accuracy"])
    return model


def _block(x: Any, filters: int, stride: int, task: Task) -> Any:
    y = _conv(_aprelu(_norm(x), task), filters, stride, task)
    y = _conv(_aprelu(_norm(y), task), filters, 1, task)
    if stride > 1:
        x = _POOL[task.rank](1, strides=stride)(x)
    if filters > x.shape[-1]:  # as many zero channels as there are channels: the author only doubles
        x = layers.Concatenate()([x, layers.Subtract()([x, x])])
    return layers.Add()([y, x])


def _aprelu(x: Any, task: Task) -> Any:
    channels = x.shape[-1]
    zeros = layers.Subtract()([x, x])
    positive = layers.Activation("relu")(x)
    negative = layers.Minimum()([x, zeros])
    means = layers.Concatenate()([_MEAN[task.rank]()(negative), _MEAN[task.rank]()(positive)])
    hidden = layers.Activation("relu")(_norm(_dense(means, channels // task.reduction)))
    slopes = layers.Activation("sigmoid")(_norm(_dense(hidden, channels)))
    slopes = layers.Reshape((*(1,) * task.rank, channels))(slopes)
    return layers.Add()([positive, layers.Multiply()([slopes, negative])])


def _conv(x: Any, filters: int, stride: int, task: Task) -> Any:
    return _CONV[task.rank](
        filters,
        3,
        strides=stride,
        padding="same",
        kernel_initializer="he_normal",
        kernel_regularizer=regularizers.L2(L2),
    )(x)


def _dense(x: Any, units: int, activation: str | None = None) -> Any:
    penalty = regularizers.L2(L2)
    return layers.Dense(units, activation, kernel_initializer="he_normal", kernel_regularizer=penalty)(x)


def _norm(x: Any) -> Any:
    penalty = regularizers.L2(L2)
    return layers.BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON, gamma_regularizer=penalty)(x)
