"""What the pages take from the package itself: `{{ name }}` in a page becomes `PAGES[name]()`, Markdown."""

import inspect
import json
import pkgutil
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import faultdiag
from faultdiag.datasets.cards import Card, load_card
from faultdiag.datasets.splits import SPLITS
from faultdiag.datasets.table import DATASETS
from faultdiag.networks.table import ACTIVATIONS, NETWORKS
from faultdiag.readers.table import READERS
from faultdiag.registry import Registry
from faultdiag.runs.export.table import EXPORTERS
from faultdiag.views.table import VIEWS

OMITTED = ("faultdiag.cli", "faultdiag.__main__", "faultdiag._version")
"""The command line explains itself with --help."""


def table(registry: Registry[Any]) -> Callable[[], str]:
    """Return a page part: the rows of a registry."""

    def rows() -> str:
        head = f"| {registry.kind} | what it is |\n|---|---|\n"
        return head + "".join(f"| `{name}` | {registry.describe(name)} |\n" for name in registry)

    return rows


def cards() -> str:
    """Return the cards of all data sets."""
    return "\n".join(_card(load_card(name)) for name in DATASETS)


def network_sizes() -> str:
    """Return what the presets have and cost, each built for what it was published for."""
    from faultdiag.networks.describe import describe

    columns = ["network", "input", "classes", "variables", "trained", "FLOPs", "receptive field"]
    columns += ["trained with ReLU", "trained in the ReLU twin"]
    rows = f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n"
    for name in NETWORKS:
        if not hasattr(build := NETWORKS.load(name), "published"):
            continue
        shape, n_classes = build.published
        own = inspect.signature(build).parameters["activation"].default
        found, relu, twin = (
            describe(build(input_shape=shape, n_classes=n_classes, **options))
            for options in ({}, {"activation": "relu"}, {"activation": "relu", "as_large_as": own})
        )
        field = " × ".join(map(str, found.receptive_field))
        rows += (
            f"| `{name}` | {' × '.join(map(str, shape))} | {n_classes} | {found.n_parameters:,} | "
            f"{found.n_trainable:,} | {found.flops / 1e6:,.1f} M | {field} | {relu.n_trainable:,} | "
            f"{twin.n_trainable:,} |\n"
        )
    return rows


def public_names() -> str:
    """Return what `import faultdiag` gives, described."""
    return _directives(
        (f"auto{'class' if inspect.isclass(found) else 'function'}", f"faultdiag.{name}")
        for name in sorted(faultdiag.__all__)
        if callable(found := getattr(faultdiag, name))
    )


def write_modules(folder: Path) -> None:
    """Write a page for each room or module right below the package, with all that is public in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = [
        m for m in pkgutil.walk_packages(faultdiag.__path__, "faultdiag.") if not m.name.startswith(OMITTED)
    ]
    for room in [m.name for m in found if m.name.count(".") == 1]:
        inside = [m for m in found if f"{m.name}.".startswith(f"{room}.")]
        page = f"# {room}\n\n"
        for module in inside:
            title = "" if module.name == room else f"## {module.name}\n\n"
            # what a package hands on is described where it is written
            members = "" if module.ispkg else "   :members:\n"
            page += title + _directives([("automodule", module.name)], members)
        (folder / f"{room}.md").write_text(page, encoding="utf-8")


PAGES: dict[str, Callable[[], str]] = {
    "activations": table(ACTIVATIONS),
    "cards": cards,
    "datasets": table(DATASETS),
    "exporters": table(EXPORTERS),
    "network_sizes": network_sizes,
    "networks": table(NETWORKS),
    "public_names": public_names,
    "readers": table(READERS),
    "splits": table(SPLITS),
    "views": table(VIEWS),
}


def _card(card: Card) -> str:
    facts = {
        "licence": card.licence,
        "citation": card.citation,
        "home": card.homepage,
        "rates": ", ".join(f"{rate:g} Hz" for rate in card.rates_hz),
        "channels": ", ".join(card.channels),
        "unit": card.unit,
        "labels": ", ".join(card.labels),
        "groups": card.groups,
        **{f"task `{name}`": text for name, text in card.tasks.items()},
        **{f"bearing {place}": _geometry(bearing) for place, bearing in card.geometry.items()},
        "defaults": ", ".join(f"`{k} = {json.dumps(v)}`" for k, v in card.defaults.model_dump().items() if v),
    }
    told = "".join(f"| {key} | {_line(value)} |\n" for key, value in facts.items() if value)
    limits = "".join(f"- {limit}\n" for limit in card.limits)
    return (
        f"## {card.title}\n\n`--dataset {card.name}`\n\n{_line(card.description)}\n\n"
        f"| | |\n|---|---|\n{told}\n**Know before you use it**\n\n{limits}"
    )


def _geometry(bearing: Any) -> str:
    return (
        f"{bearing.name}: {bearing.n_balls} balls of {bearing.ball_mm:g} mm on a pitch circle of "
        f"{bearing.pitch_mm:g} mm, contact angle {bearing.angle_deg:g}°"
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _directives(named: Iterable[tuple[str, str]], options: str = "") -> str:
    """Sphinx directives, as Markdown holds them."""
    listed = "\n".join(f".. {directive}:: {name}\n{options}" for directive, name in named)
    return f"```{{eval-rst}}\n{listed}```\n\n"
