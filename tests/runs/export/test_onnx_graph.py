"""The graph is channels first, signals are images of height 1, and what comes out is a checked model."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

from faultdiag.runs.export.onnx_graph import Graph  # noqa: E402


def computed(graph, output, x):
    model = graph.model(output, input_shape=(None,) * (x.ndim - 1), n_classes=2)
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["logits"], {"signal": x})[0]


@pytest.mark.parametrize("shape", [(2, 5, 3), (2, 4, 5, 3), (2, 4, 5, 6, 3)])
def test_channels_come_first(shape):
    x = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    graph = Graph(rank=len(shape) - 2)
    found = computed(graph, graph.channels_first("signal"), x)
    expected = np.moveaxis(x, -1, 1)
    np.testing.assert_array_equal(found, expected[:, :, None] if len(shape) == 3 else expected)


def test_a_signal_has_the_axes_of_an_image():
    assert [Graph(rank).n_axes for rank in (1, 2, 3)] == [2, 2, 3]
    assert Graph(1).along_axes((5,), fill=0) == [0, 5]
    assert Graph(2).along_axes((5, 6)) == [5, 6]


def test_a_constant_is_what_it_was():
    graph = Graph(2)
    total = graph.add("Add", graph.channels_first("signal"), graph.constant(np.array([[0.5, -2.0]])))
    found = computed(graph, total, np.zeros((1, 3, 2, 1), np.float32))
    np.testing.assert_array_equal(found, np.full((1, 1, 3, 2), [0.5, -2.0]))


def test_sizes_that_are_open_have_names():
    graph = Graph(1)
    model = graph.model(graph.channels_first("signal"), input_shape=(None, 3), n_classes=4)
    (entry,) = model.graph.input
    sizes = [size.dim_param or size.dim_value for size in entry.type.tensor_type.shape.dim]
    assert sizes == ["batch", "size_0", 3]


def test_a_wrong_operator_is_noticed_here():
    graph = Graph(1)
    with pytest.raises(onnx.checker.ValidationError):
        graph.model(graph.add("NoSuchOperator", "signal"), input_shape=(3, 1), n_classes=2)
