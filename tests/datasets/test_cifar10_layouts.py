"""Both layouts against bytes made here."""

import os
import pickle

import numpy as np
import pytest

from faultdiag.datasets.cifar10_layouts import read_binary, read_python
from faultdiag.errors import DatasetError


def planes(n=3, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (n, 3072), dtype=np.uint8)


def pickled(**changes):
    content = {"data": planes(), "labels": [3, 0, 9], "batch_label": "one", "filenames": ["a", "b", "c"]}
    named = {key.encode(): value for key, value in (content | changes).items() if value is not None}
    return pickle.dumps(named, protocol=3)


def binary(labels=(3, 0, 9)):
    return np.column_stack([np.array(labels, np.uint8), planes()]).tobytes()


@pytest.mark.parametrize(("read", "content"), [(read_python, pickled()), (read_binary, binary())])
def test_planes_become_images(read, content):
    """Red, green and blue plane, row by row: pixel (row, column) is at row * 32 + column of each."""
    batch = read(content, "here")
    assert (batch.images.dtype, batch.images.shape) == (np.uint8, (3, 32, 32, 3))
    for colour in range(3):
        assert batch.images[1, 5, 7, colour] == planes()[1, colour * 1024 + 5 * 32 + 7]
    assert batch.labels.tolist() == [3, 0, 9]


class Worker:
    """Would run a command when it is unpickled."""

    def __reduce__(self):
        return os.system, ("echo ran > /tmp/ran",)


def test_a_pickle_that_wants_more_than_data_is_refused():
    said = r"^here: refused, the pickle wants posix\.system, which is more than data$"
    with pytest.raises(DatasetError, match=said):
        read_python(pickled(filenames=Worker()), "here")


@pytest.mark.parametrize(
    "name", ["numpy\nload", "numpy\nfromfile", "builtins\neval", "numpy.core.multiarray\nfrombuffer"]
)
def test_only_what_makes_an_array_is_admitted(name):
    with pytest.raises(DatasetError, match="which is more than data"):
        read_python(f"c{name}\n.".encode(), "here")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pickled()[:-100], "here: damaged pickle"),
        (b"", "here: damaged pickle"),
        (pickle.dumps([1, 2], protocol=3), "here: holds no bytes 'data' of shape"),
        (pickled(data=None), "here: holds no bytes 'data' of shape"),
        (pickled(data=planes()[:, :-1]), "here: holds no bytes 'data' of shape"),
        (pickled(data=planes().astype(float)), "here: holds no bytes 'data' of shape"),
        (pickled(labels=[1, 2]), "here: holds no list 'labels' of 3 numbers"),
        (pickled(labels=[1, 2, "x"]), "here: holds no list 'labels' of 3 numbers"),
        (pickled(labels=[1, 2, 10]), "here: image 2 has label 10, and there are labels 0 to 9"),
        (pickled(labels=[-1, 2, 1]), "here: image 0 has label -1, and there are labels 0 to 9"),
        (pickled(labels=[1, 10**30, 1]), "here: image 1 has label 255"),
    ],
)
def test_a_pickle_of_something_else_is_refused(content, said):
    with pytest.raises(DatasetError, match=said):
        read_python(content, "here")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (binary()[:-1], "here: 9218 bytes are no whole records of 3073 bytes"),
        (b"", "here: 0 bytes are no whole records of 3073 bytes"),
        (binary((1, 200, 3)), "here: image 1 has label 200, and there are labels 0 to 9"),
    ],
)
def test_records_that_are_none_are_refused(content, said):
    with pytest.raises(DatasetError, match=said):
        read_binary(content, "here")
