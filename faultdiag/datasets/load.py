"""Load a data set by name, its options checked."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.download import Progress
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.table import DATASETS
from faultdiag.errors import ParameterError
from faultdiag.registry import check_options

__all__ = ["load_dataset"]


def load_dataset(
    name: str,
    data_dir: Path | str | None = None,
    *,
    task: str | None = None,
    channels: tuple[str, ...] = (),
    progress: Progress | None = None,
    **options: Any,
) -> Examples:
    """Return the examples of a data set.

    Parameters
    ----------
    name : str
        A name in DATASETS.
    data_dir : Path or str, optional
        Folder with the files; by default the set's folder in the user's cache, where it is fetched
        on first use.
    task : str, optional
        Which labels; by default the card's default task.
    channels : tuple of str, optional
        Channels to keep; by default the card's.
    progress : Progress, optional
        Called for every piece of a file that is fetched.
    **options
        The data set's own options, as its function names them.

    Returns
    -------
    data : Examples
        Labelled signals or images.

    Raises
    ------
    ParameterError
        If there is no such data set, task, channel, option or folder, or an option has a wrong type.
    DatasetError
        If the files are absent and cannot be fetched, or contradict what is known of them.
    """
    examples = DATASETS.load(name)
    card = load_card(name)
    arguments = _checked(name, examples, options)
    if "progress" in inspect.signature(examples).parameters:
        arguments["progress"] = progress
    return examples(
        None if data_dir is None else Path(data_dir),
        task=card.checked_task(task or card.defaults.task),
        channels=tuple(channels) or card.defaults.channels,
        **arguments,
    )


def _checked(name: str, examples: Callable[..., Examples], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as the types that the data set's function declares."""
    check_options(f"data set {name!r}", examples, options)
    types = get_type_hints(examples)
    checked = {}
    for key, value in options.items():
        try:
            checked[key] = TypeAdapter(types[key]).validate_python(value)
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise ParameterError(f"data set {name!r}: option {key} = {value!r}: {reason}") from error
    return checked
