"""Recipes: everything that decides a training, as TOML, checked key by key.

A recipe is built in layers, later ones winning: the defaults below, the data set's card, a recipe
file, the command line.
"""

import tomllib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.examples import Examples
from faultdiag.errors import FaultdiagError, ParameterError
from faultdiag.registry import near_names

__all__ = ["Augment", "Data", "Fit", "Named", "Recipe", "make_recipe", "parse_setting", "recipe_toml"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Data(_Strict):
    """Which records, in which common form, cut into which windows."""

    channels: tuple[str, ...] = ()
    rate_hz: float | None = Field(None, gt=0)
    lowpass_hz: tuple[float, float] | None = None
    window: int = Field(2048, ge=1)
    train_hop: int | None = Field(None, ge=1)
    test_hop: int | None = Field(None, ge=1)
    options: dict[str, Any] = {}


class Named(_Strict):
    """A row of a table with its options."""

    name: str
    options: dict[str, Any] = {}


class Augment(_Strict):
    """Changes of the training tensors that keep their label; 0 turns one off.

    The first three are for signals, the others for images: angles, shares of the image, pixels, and the
    parameter of the Beta distribution that says how much of another image is mixed into each.
    """

    noise: float = Field(0.0, ge=0)
    flip_sign: bool = False
    mask: float = Field(0.0, ge=0, lt=1)
    rotate_deg: float = Field(0.0, ge=0, le=180)
    shear_deg: float = Field(0.0, ge=0, lt=90)
    shift: float = Field(0.0, ge=0, lt=1)
    zoom: float = Field(0.0, ge=0, lt=1)
    mirror: Literal["none", "random", "alternating"] = "none"
    crop: int = Field(0, ge=0)
    cutout: int = Field(0, ge=0)
    mixup: float = Field(0.0, ge=0)


class Fit(_Strict):
    """The optimiser and its schedule.

    `warmup` is the share of the training in which the rate rises to `learning_rate`, with the schedules
    cosine and triangle; `drops` are the epochs after which it is divided by ten, with the schedule steps.
    `momentum` is that of sgd and muon. Muon moves kernels of convolutions by at most `kernel_share` of their
    norm, and all else as sgd does. `decay` says which weights `weight_decay` shrinks: all, or kernels only;
    those that muon keeps at their norm are never among them.
    """

    epochs: int = Field(20, ge=1)
    batch_size: int = Field(32, ge=1)
    optimizer: Literal["adamw", "muon", "sgd"] = "adamw"
    learning_rate: float = Field(2e-3, gt=0)
    kernel_share: float = Field(0.05, gt=0, lt=1)
    momentum: float = Field(0.9, ge=0, lt=1)
    schedule: Literal["cosine", "triangle", "steps"] = "cosine"
    warmup: float = Field(0.1, ge=0, lt=1)
    drops: tuple[Annotated[int, Field(ge=1)], ...] = ()
    weight_decay: float = Field(1e-4, ge=0)
    decay: Literal["all", "kernels"] = "all"
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    class_weights: bool = True
    patience: int = Field(6, ge=0)
    precision: Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"] = "auto"
    xla: bool | None = None


class Recipe(_Strict):
    """A whole training.

    Attributes
    ----------
    dataset, task, split : str
        What is learnt, and what is held out.
    seed : int
        Of every choice by lot: split, weights, order, augmentation.
    data, view, network, augment, fit
        See `Data`, `Named`, `Augment` and `Fit`.
    """

    dataset: str
    task: str
    split: str
    seed: int = Field(0, ge=0, lt=2**31)
    data: Data = Data()
    view: Named = Named(name="raw")
    network: Named = Named(name="vibration")
    augment: Augment = Augment()
    fit: Fit = Fit()


def make_recipe(
    dataset: str | Examples, *, recipe: Path | str | None = None, settings: Mapping[str, Any] | None = None
) -> Recipe:
    """Put a recipe together.

    Parameters
    ----------
    dataset : str or Examples
        A name in DATASETS, whose card gives defaults; examples in memory have some of their own.
    recipe : Path or str, optional
        A recipe file, or the name of one that comes with faultdiag; by default the card's, if it names one.
    settings : mapping of str to value, optional
        Dotted keys that win over all else: ``{"fit.epochs": 5}``.

    Raises
    ------
    ParameterError
        If a setting is unknown, out of range or of another data set, or there is no such recipe.
    FaultdiagError
        If a recipe file is not valid or of another data set; the message names file and key.
    """
    if recipe is None and isinstance(dataset, str):
        recipe = load_card(dataset).defaults.recipe
    content, origin = ({}, "") if recipe is None else _recipe_content(recipe)
    if isinstance(dataset, Examples):
        values = _example_values(dataset)
    else:
        values = _card_values(dataset, task=(settings or {}).get("task") or content.get("task"))
    name = values["dataset"]
    if content:
        values = _merged(values, content)
        _check(values, name, origin=f"recipe {origin}", error_type=FaultdiagError)
    given: dict[str, Any] = {}
    for key, value in (settings or {}).items():
        given = _merged(given, _nested(key, value))
    return _check(_merged(values, given), name, origin="setting", error_type=ParameterError)


def parse_setting(text: str) -> tuple[str, Any]:
    """Split ``key=value`` of the command line; the value is TOML, or else plain text.

    Examples
    --------
    >>> parse_setting("fit.epochs=5"), parse_setting("network.name=residual")
    (('fit.epochs', 5), ('network.name', 'residual'))
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ParameterError(f"--set {text!r}: write key=value, such as fit.epochs=5")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()


def recipe_toml(recipe: Recipe) -> str:
    """Return the recipe as TOML that `make_recipe` reads back to the same recipe."""
    return tomli_w.dumps(recipe.model_dump(mode="json", exclude_none=True))


def _card_values(dataset: str, *, task: str | None) -> dict[str, Any]:
    """The defaults of a card, in the places that a recipe has for them."""
    given = load_card(dataset).defaults.model_dump(exclude_none=True)
    given.pop("recipe", None)
    splits = given.pop("split_of_task")
    given["task"] = task or given["task"]
    given["split"] = splits.get(str(given["task"]), given["split"])
    values: dict[str, Any] = {"dataset": dataset}
    places = {"view": "view.name", "network": "network.name", "epochs": "fit.epochs"}
    places |= {key: f"data.{key}" for key in ("channels", "rate_hz", "lowpass_hz", "window")}
    for key, value in given.items():
        values = _merged(values, _nested(places.get(key, key), value))
    return values


def _example_values(examples: Examples) -> dict[str, Any]:
    """Defaults for examples that came without a card."""
    if examples.kind == "image":
        shared = {"split": "random", "view": {"name": "image"}, "network": {"name": "residual"}}
    else:
        shared = {"split": "group", "view": {"name": "raw"}, "network": {"name": "vibration"}}
    return {"dataset": examples.name, "task": examples.task, **shared}


def _recipe_content(recipe: Path | str) -> tuple[dict[str, Any], str]:
    """The tables of a recipe file, or of one that comes with the package, and its name for messages."""
    file, origin = _recipe_file(recipe), str(recipe)
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")), origin
    except OSError as error:
        raise FaultdiagError(f"recipe {origin}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # of the text or of the TOML in it
        raise FaultdiagError(f"recipe {origin}: not valid TOML: {error}") from error


def _recipe_file(recipe: Path | str) -> Traversable:
    path = Path(recipe)
    if path.is_file():
        return path
    folder = resources.files("faultdiag.training") / "recipes"
    files = {file.name: file for file in folder.iterdir()} if folder.is_dir() else {}
    if f"{recipe}.toml" in files:
        return files[f"{recipe}.toml"]
    names = sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    raise ParameterError(
        f"recipe {str(recipe)!r}: no such file, and no recipe of that name; {near_names(str(recipe), names)}"
    )


def _nested(key: str, value: Any) -> dict[str, Any]:
    first, dot, rest = key.partition(".")
    return {first: _nested(rest, value) if dot else value}


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tables key by key; another name in a `Named` table drops the options of the old one."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            fresh = "name" in value and value["name"] != old.get("name", value["name"])
            merged[key] = dict(value) if fresh else _merged(old, value)
        else:
            merged[key] = value
    return merged


def _check(values: dict[str, Any], dataset: str, *, origin: str, error_type: type[FaultdiagError]) -> Recipe:
    try:
        recipe = Recipe(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            near = near_names(str(first["loc"][-1]), _keys_at(first["loc"][:-1]))
            raise error_type(f"{origin}: unknown key {key!r}; {near}") from error
        raise error_type(f"{origin}: {key} = {first['input']!r}: {first['msg']}") from error
    if recipe.dataset != dataset:
        raise error_type(
            f"{origin}: dataset = {recipe.dataset!r} while {dataset!r} is trained on; leave that key out"
        )
    return recipe


def _keys_at(place: tuple[int | str, ...]) -> list[str]:
    """The keys that a recipe has at a place."""
    model: Any = Recipe
    for part in place:
        model = model.model_fields[str(part)].annotation
    return list(model.model_fields)
