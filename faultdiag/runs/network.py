"""The network of a Run: built by our own table, filled with the arrays of model.keras.

No foreign code runs.
"""

import inspect
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from faultdiag.errors import ParameterError, RunError
from faultdiag.networks.table import NETWORKS, Builder
from faultdiag.registry import check_options
from faultdiag.runs.document import NetworkDocument

if TYPE_CHECKING:
    import keras

__all__ = ["build_network", "load_network"]


def build_network(
    name: str, *, input_shape: tuple[int | None, ...], n_classes: int, options: dict[str, Any]
) -> "keras.Model":
    """Build a network by its name in NETWORKS.

    Raises
    ------
    ParameterError
        If the name or an option is unknown, or an option does not fit.
    """
    builder = NETWORKS.load(name)
    return builder(input_shape=input_shape, n_classes=n_classes, **_checked(name, builder, options))


def load_network(folder: Path, document: NetworkDocument, n_classes: int) -> "keras.Model":
    """Build the network of a Run and load its weights.

    Raises
    ------
    RunError
        If the network is none that this faultdiag builds, or the weights are not those of it.
    """
    try:
        model = build_network(
            document.name, input_shape=document.input_shape, n_classes=n_classes, options=document.options
        )
    except ParameterError as error:
        raise RunError(f"{folder / 'run.json'}: {error}") from error
    wrong = f"{folder / 'model.keras'}: the weights are not those of the network in run.json"
    if model.count_params() != document.n_parameters:
        raise RunError(wrong)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # all that Keras says of a layer without arrays
            model.load_weights(folder / "model.keras")
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, UserWarning) as error:
        raise RunError(wrong) from error
    return model


def _checked(name: str, builder: Builder, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as the types that the builder declares: a recipe file has lists for tuples."""
    check_options(f"network {name!r}", builder, options)
    parameters = inspect.signature(builder).parameters
    checked = {}
    for key, value in options.items():
        try:
            checked[key] = TypeAdapter(parameters[key].annotation).validate_python(value)
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise ParameterError(f"network {name!r}: option {key} = {value!r}: {reason}") from error
    return checked
