"""The data sets."""

from faultdiag.datasets.base import DataSet
from faultdiag.registry import Registry

__all__ = ["DATASETS"]

DATASETS: Registry[DataSet] = Registry(
    "data set",
    "faultdiag.datasets",
    {
        "cifar10": ("small pictures in ten classes", "faultdiag.datasets.cifar10:examples"),
        "cwru": ("bearings of Case Western Reserve University", "faultdiag.datasets.cwru:examples"),
        "folder": (
            "your own signals: a folder per label, or manifest.csv",
            "faultdiag.datasets.folder:examples",
        ),
        "simulated": ("a simulated bearing rig; needs no files", "faultdiag.datasets.simulated:examples"),
    },
)
