"""run.json: everything a Run knows about itself, checked when read."""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from faultdiag.errors import RunError

__all__ = [
    "FORMAT_VERSION",
    "DataDocument",
    "NetworkDocument",
    "RunDocument",
    "TrainedRecord",
    "read_document",
]

FORMAT_VERSION = 1
"""Raised when an older faultdiag could no longer use the folder."""


class _Document(BaseModel):
    # a newer minor version may add fields: they are kept out of the way, not refused
    model_config = ConfigDict(extra="ignore", frozen=True)


class TrainedRecord(_Document):
    """One record that windows of were trained on."""

    origin: str
    group: str | None
    label: str
    sha256: str


class DataDocument(_Document):
    """How a record becomes windows."""

    channels: tuple[str, ...]
    rate_hz: float | None
    lowpass_hz: tuple[float, float] | None
    window: int
    test_hop: int


class NetworkDocument(_Document):
    """Which row of NETWORKS builds the network, and how."""

    name: str
    options: dict[str, Any]
    input_shape: tuple[int, ...]
    n_parameters: int


class ResultDocument(_Document):
    """The figures of one test; see `faultdiag.inference.metrics.figures`.

    `unlike` is the share of records that are flagged as unlike the training data. Images have a second
    accuracy: each judged together with its mirror image.
    """

    split: str
    holds_out: str
    leaky: bool
    leaky_classes: tuple[str, ...]
    windows: int
    records: int
    accuracy: float
    macro_f1: float
    fault_macro_f1: float | None
    record_accuracy: float
    record_macro_f1: float
    record_fault_macro_f1: float | None
    undetermined: float
    unlike: float | None = None
    rms_only: dict[str, float] | None
    mirror_accuracy: float | None = None


class MetricsDocument(_Document):
    """All results, as ``train --json`` prints them."""

    results: tuple[ResultDocument, ...]


class RunDocument(_Document):
    """The content of run.json.

    Attributes
    ----------
    format_version : int
        Of the folder.
    input : {"signal", "image"}
        What one example is.
    dataset, source, task, classes
        What was learnt, and where the names of groups mean the same bearings.
    data, view, network
        The way from a file to logits.
    recipe : dict
        The whole recipe.
    training : dict
        Device, seconds, epochs, notes and the rule that knows the RMS only.
    trained_on : list of TrainedRecord
        The records with training or validation windows, with hashes of their prepared samples.
    metrics : dict
        ``{"results": [...]}`` as `train --json` prints them.
    calibration : dict
        Temperature and abstention; null where not determined, with the reason. What tells inputs unlike the
        training data, under ``unlike``, or null.
    onnx : dict
        The exported network, or why there is none.
    files : dict
        SHA-256 of the files that inference needs.
    """

    format_version: int = FORMAT_VERSION
    faultdiag_version: str
    created: str
    input: Literal["signal", "image"]
    dataset: str
    task: str
    classes: tuple[str, ...] = Field(min_length=2)
    data: DataDocument
    view: dict[str, Any]
    network: NetworkDocument
    source: str = ""
    recipe: dict[str, Any]
    training: dict[str, Any]
    trained_on: tuple[TrainedRecord, ...]
    metrics: MetricsDocument
    calibration: dict[str, Any]
    onnx: dict[str, Any]
    files: dict[str, str]

    def to_json(self) -> str:
        """Return the text of run.json."""
        return json.dumps(self.model_dump(mode="json"), indent=1) + "\n"


def read_document(folder: Path) -> RunDocument:
    """Read and check ``run.json`` of a Run folder.

    Raises
    ------
    RunError
        If the file is absent, damaged or of a newer version.
    """
    file = folder / "run.json"
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        version = values["format_version"]
    except OSError as error:
        raise RunError(f"{folder}: no Run: {file.name} cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError(f"{file}: damaged: not the JSON of a Run; train again") from error
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise RunError(
            f"{file}: format version {version!r}, this faultdiag reads up to {FORMAT_VERSION}; "
            "install a newer faultdiag"
        )
    try:
        return RunDocument(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise RunError(f"{file}: damaged: {key}: {first['msg']}; train again") from error
