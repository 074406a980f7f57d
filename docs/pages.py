"""What the pages take from the package itself: `{{ name }}` in a page becomes `PAGES[name]()`, Markdown."""

import ast
import inspect
import json
import pkgutil
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import faultdiag
import faultdiag.signal
from faultdiag.datasets.cards import Card, load_card
from faultdiag.datasets.splits import SPLITS
from faultdiag.datasets.table import DATASETS
from faultdiag.errors import ParameterError
from faultdiag.kinematics.catalogue import catalogue, written_bearing
from faultdiag.networks.table import ACTIVATIONS, NETWORKS
from faultdiag.readers.table import READERS
from faultdiag.registry import Registry
from faultdiag.runs.export.table import EXPORTERS
from faultdiag.views.base import View
from faultdiag.views.make import fit_view
from faultdiag.views.table import VIEWS

GALLERY = Path(__file__).parent / "gallery"

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


class Script(NamedTuple):
    """A script of the gallery: its title, and the names of `faultdiag.signal` that it uses."""

    title: str
    names: frozenset[str]


def scripts() -> dict[str, Script]:
    """Return the scripts of the gallery by the names of their pages, in order."""
    return {path.stem: _script(path) for path in sorted(GALLERY.glob("*.py"))}


def signal_functions() -> str:
    """Return the functions of `faultdiag.signal`; a module stands where the gallery shows most of it."""
    shown = scripts()
    modules: dict[str, list[str]] = defaultdict(list)
    for name, module in faultdiag.signal._HOMES.items():
        modules[module].append(name)
    topics: dict[str, list[str]] = defaultdict(list)
    for names in modules.values():
        topics[max(shown, key=lambda page: len(shown[page].names.intersection(names)))] += names
    text = ""
    for page in filter(topics.__contains__, shown):
        title = shown[page].title
        rows = "".join(map(_function_row, sorted(topics[page], key=str.lower)))
        text += f"### {title.partition(':')[0]}\n\nIn the gallery: [{title}](gallery_built/{page}.rst)\n\n"
        text += f"| function | what it does |\n|---|---|\n{rows}\n"
    return text


def bearings() -> str:
    """Return the bearings that have a name, with what ``--bearing`` would take for them and its source."""
    rows = ""
    for bearing, source in catalogue():
        rows += f"| `{bearing.name}` | `{written_bearing(bearing)}` | {source} |\n"
    return f"| bearing | geometry or orders | source |\n|---|---|---|\n{rows}"


def indicators() -> str:
    """Return the indicators and what they mean."""
    rows = "".join(
        f"| `{name}` | {meaning} |\n" for name, (meaning, _) in faultdiag.signal.INDICATORS.items()
    )
    return f"| indicator | meaning |\n|---|---|\n{rows}"


def view_shapes() -> str:
    """Return rank and shape of each view for windows of one channel, what it needs, and its options."""
    rows = ""
    for name in VIEWS:
        view = _fitted(name)
        options = list(inspect.signature(VIEWS.load(name).fit).parameters)[2:]  # after windows and rate_hz
        rows += (
            f"| `{name}` {VIEWS.describe(name)} | {len(view.shape) - 1} | {'×'.join(map(str, view.shape))} | "
            f"{'speed' if view.needs_speed else ''} | {', '.join(f'`{option}`' for option in options)} |\n"
        )
    head = ["view", "rank", "shape", "needs", "options"]
    return f"| {' | '.join(head)} |\n{'|---' * len(head)}|\n{rows}"


def stored_views() -> str:
    """Return the names of the views that are kept on disk."""
    return ", ".join(f"`{name}`" for name in VIEWS if _fitted(name).is_slow)


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
    "bearings": bearings,
    "cards": cards,
    "datasets": table(DATASETS),
    "exporters": table(EXPORTERS),
    "indicators": indicators,
    "network_sizes": network_sizes,
    "networks": table(NETWORKS),
    "public_names": public_names,
    "readers": table(READERS),
    "signal_functions": signal_functions,
    "splits": table(SPLITS),
    "stored_views": stored_views,
    "view_shapes": view_shapes,
    "views": table(VIEWS),
}


def _script(path: Path) -> Script:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "faultdiag.signal":
            names |= {alias.name for alias in node.names}
        elif (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "signal"
        ):
            names.add(node.attr)
    title = (ast.get_docstring(tree) or "").partition("\n")[0]
    return Script(title, frozenset(names))


def _function_row(name: str) -> str:
    found = getattr(faultdiag.signal, name)
    what = inspect.getdoc(found) if callable(found) else "What there is, by name: the table below."
    where = f"faultdiag.signal.{faultdiag.signal._HOMES[name]}.{name}"
    return f"| {{py:obj}}`{name} <{where}>` | {(what or '').partition(chr(10))[0]} |\n"


def _fitted(name: str) -> View:
    """The view of a signal at 12 kHz, or else of small images."""
    try:
        return fit_view(name, np.zeros((1, 1, 2048), np.float32), rate_hz=12000, options={})
    except ParameterError:
        return fit_view(name, np.zeros((1, 32, 32, 3), np.uint8), rate_hz=None, options={})


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
        "record sets": ", ".join(f"{name} on {one.channel}" for name, one in card.record_sets.items()),
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
