"""What a data set gives: labelled records, or labelled images."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from faultdiag.errors import DatasetError
from faultdiag.records import Record

__all__ = ["Examples", "is_healthy"]


def is_healthy(label: str) -> bool:
    """Whether a class is no fault: normal or healthy, in any case."""
    return label.lower() in ("normal", "healthy")


@dataclass(frozen=True, eq=False, kw_only=True)
class Examples:
    """Labelled signals or images, before any split or view.

    Attributes
    ----------
    name, task : str
        The data set and what its labels mean here.
    classes : tuple of str
        All labels, in the order of the network's outputs.
    records : tuple of Record
        Signals, each with its label and group; empty for images.
    images : ndarray of uint8, shape [n, height, width, channels], or None
        Images; None for signals.
    image_labels : ndarray of int64, shape [n], or None
        Class number of each image.
    official_test : ndarray of bool, shape [n], or None
        Which images the data set itself keeps for testing; None where it keeps none.
    source : str
        Where the names of groups mean the same bearings: two data sets of one source share them.
    missing : tuple of str
        Files of the task that are not there.
    notes : tuple of str
        What a reader of the results must know, one sentence each.
    """

    name: str
    task: str
    classes: tuple[str, ...]
    records: tuple[Record, ...] = ()
    images: NDArray[np.uint8] | None = None
    image_labels: NDArray[np.int64] | None = None
    official_test: NDArray[np.bool_] | None = None
    source: str = ""
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.classes) < 2 or len(set(self.classes)) < len(self.classes):
            raise DatasetError(
                f"data set {self.name!r}: needs two classes at least, each named once, "
                f"got {list(self.classes)}"
            )
        n_labels = 0 if self.image_labels is None else len(self.image_labels)
        if self.images is not None and len(self.images) != n_labels:
            raise DatasetError(f"data set {self.name!r}: {len(self.images)} images but {n_labels} labels")
        if self.official_test is not None and len(self.official_test) != n_labels:
            raise DatasetError(
                f"data set {self.name!r}: {len(self.official_test)} marks of test images, {n_labels} images"
            )
        for record in self.records:
            if record.label not in self.classes:
                raise DatasetError(
                    f"{record.origin}: label {record.label!r} is none of the classes {list(self.classes)}"
                )

    @property
    def kind(self) -> Literal["signal", "image"]:
        """What one example is."""
        return "signal" if self.images is None else "image"

    @property
    def labels(self) -> NDArray[np.int64]:
        """Class number of each record or image, shape [n]."""
        if self.image_labels is not None:
            return self.image_labels
        return np.array([self.classes.index(str(r.label)) for r in self.records], np.int64)

    @property
    def free(self) -> NDArray[np.int64]:
        """Numbers of the records or images that the data set does not keep for testing."""
        if self.official_test is not None:
            return np.flatnonzero(~self.official_test)
        return np.arange(len(self.labels))

    @property
    def groups(self) -> NDArray[Any]:
        """Physical bearing or gear of each record, shape [n]; a record without one is its own group."""
        if self.images is not None:
            return np.arange(len(self.images)).astype(str)
        return np.array([r.group or f"record {i}" for i, r in enumerate(self.records)])
