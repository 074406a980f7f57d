"""Cards: the facts and defaults of each data set, one TOML file each, checked when read."""

import tomllib
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from faultdiag.datasets.table import DATASETS
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.registry import near_names

__all__ = ["Card", "Defaults", "Geometry", "RecordSet", "load_card"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Geometry(_Strict):
    """A bearing: balls, ball and pitch diameter in mm, contact angle in degrees."""

    name: str
    n_balls: int
    ball_mm: float
    pitch_mm: float
    angle_deg: float = 0.0


class RecordSet(_Strict):
    """Records whose faults are of one bearing: the channel at it, and the options that load them."""

    channel: str
    options: dict[str, Any] = {}


class Defaults(_Strict):
    """What `train` uses where nothing else is said; the values overlay the recipe's."""

    task: str
    split: str
    split_of_task: dict[str, str] = {}
    view: str
    network: str
    channels: tuple[str, ...] = ()
    rate_hz: float | None = None
    lowpass_hz: tuple[float, float] | None = None
    window: int | None = None
    epochs: int | None = None
    recipe: str | None = None


class Card(_Strict):
    """Everything a person must know before using a data set."""

    name: str
    title: str
    description: str
    licence: str
    citation: str
    homepage: str = ""
    input: str = "signal"
    rates_hz: tuple[float, ...] = ()
    channels: tuple[str, ...] = ()
    unit: str = "unknown"
    labels: tuple[str, ...] = ()
    groups: str = ""
    tasks: dict[str, str]
    defaults: Defaults
    geometry: dict[str, Geometry] = {}
    record_sets: dict[str, RecordSet] = {}
    limits: tuple[str, ...] = ()
    download_url: str = ""
    sources: tuple[str, ...] = ()

    def checked_task(self, task: str) -> str:
        """Return the task if the data set has it; else `ParameterError` tells which it has."""
        if task not in self.tasks:
            near = near_names(task, list(self.tasks))
            raise ParameterError(f"data set {self.name!r} has no task {task!r}; {near}")
        return task


def load_card(name: str) -> Card:
    """Read the card of a data set: ``cards/<name>.toml`` beside its module.

    Parameters
    ----------
    name : str
        A name in DATASETS.

    Raises
    ------
    ParameterError
        If there is no such data set.
    DatasetError
        If the card is not valid; the message names the key.
    """
    home = DATASETS.home(name)
    try:
        file = resources.files(home) / "cards" / f"{name}.toml"
        values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return Card(**values)
    except (ImportError, TypeError) as error:  # TypeError: a module that is no package
        raise DatasetError(
            f"card of data set {name!r}: {home!r} is no package that can be imported; "
            "put the module into one, and the card into its folder 'cards'"
        ) from error
    except (FileNotFoundError, tomllib.TOMLDecodeError) as error:
        raise DatasetError(f"card of data set {name!r}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise DatasetError(f"card of data set {name!r}, key {key}: {first['msg']}") from error
