"""Splits: which windows train, validate and test, and what the test holds out, in words.

No split puts overlapping windows on two sides. Splits that hold out bearings, groups or loads put no
record on two sides, but for classes with a single bearing, which they name.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from faultdiag.datasets.examples import Examples
from faultdiag.errors import DatasetError, ParameterError
from faultdiag.registry import Registry, near_names
from faultdiag.windows import Windows, tile

__all__ = ["SPLITS", "Layout", "Part", "Split", "split_examples"]

Numbers = NDArray[np.int64]

SEEN_SHARES = (0.7, 0.1)
"""Training and validation share of a training record's time; the rest tests what was seen."""

SINGLE_SHARES = (0.6, 0.1)
"""The same for a class with a single bearing, which cannot be held out."""


@dataclass(frozen=True)
class Layout:
    """How windows are cut.

    Attributes
    ----------
    length, train_hop, test_hop : int
        Samples of a window, and from one to the next.
    """

    length: int
    train_hop: int
    test_hop: int


@dataclass(frozen=True, eq=False)
class Part:
    """One test.

    Attributes
    ----------
    split : str
        ``"seen"`` or the split as asked for.
    holds_out : str
        What the network has not seen, in words.
    windows : Windows
        The test windows.
    leaky : bool
        Whether the test bearings have been trained on.
    leaky_classes : tuple of str
        Classes of which that is so although the test as a whole is not leaky.
    """

    split: str
    holds_out: str
    windows: Windows
    leaky: bool
    leaky_classes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Split:
    """The windows of each side; no test part was used for anything else."""

    train: Windows
    validation: Windows
    tests: tuple[Part, ...]
    notes: tuple[str, ...] = ()


Splitter = Callable[[Examples, Numbers, str, int, Layout], Split]


def split_examples(examples: Examples, spec: str, *, lengths: Numbers, layout: Layout, seed: int) -> Split:
    """Split the windows of a data set.

    Parameters
    ----------
    examples : Examples
        The data set.
    spec : str
        Name of a split, with its value after a colon: ``"random"``, ``"load:3"``.
    lengths : ndarray of int64, shape [n_records]
        Samples of each record as prepared; ones for images.
    layout : Layout
        How windows are cut.
    seed : int
        Of every choice by lot.

    Returns
    -------
    Split

    Raises
    ------
    ParameterError
        If there is no such split, or its value holds out nothing or leaves a class untrained.
    DatasetError
        If the records are too short to train a class on, or to test.
    """
    name, _, value = spec.partition(":")
    split = SPLITS.load(name.strip())(examples, lengths, value.strip(), seed, layout)
    for label in _absent(examples, split.train):
        raise DatasetError(
            f"split {spec!r}: class {label!r} has no training window of {layout.length} samples; "
            "give it more or longer records, or shorten the window"
        )
    return _with_full_tests(examples, spec, split)


def random(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Share windows without overlap out by lot, class by class: the field's habit, and leaky."""
    _no_value("random", value)
    rng = np.random.default_rng(seed)
    everything = _windows(examples.free, lengths, (0.0, 1.0), layout, layout.length)
    sides: list[list[Numbers]] = [[], [], []]
    labels = examples.labels[everything.record]
    for label in range(len(examples.classes)):
        members = rng.permutation(np.flatnonzero(labels == label))
        cuts = np.round(np.cumsum(SEEN_SHARES) * len(members)).astype(int)
        for side, piece in zip(sides, np.split(members, cuts), strict=True):
            side.append(piece)
    train, validation, test = (everything.take(np.sort(np.concatenate(side))) for side in sides)
    leaky = examples.kind == "signal"
    words = "windows drawn by lot from recordings that also train" if leaky else "images drawn by lot"
    return Split(train, validation, (Part("random", words, test, leaky=leaky),))


def chronological(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Train on the beginning of every record and test on its end, with gaps."""
    _no_value("chronological", value)
    _refuse_images("chronological", examples)
    train, validation, test = _in_time(np.arange(len(lengths)), lengths, SEEN_SHARES, layout)
    words = "the last 20 % of every recording, the rest of which trains"
    return Split(train, validation, (Part("chronological", words, test, leaky=True),))


def none(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Train on everything: for a network whose test lies elsewhere."""
    _no_value("none", value)
    everything = _windows(examples.free, lengths, (0.0, 1.0), layout, layout.train_hop)
    nothing = Windows.join([], layout.length)
    return Split(everything, nothing, (), ("nothing is held out: no result can be given",))


def bearing(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Hold out the bearings with this value of a condition that tells bearings apart, or this group."""
    _refuse_images("bearing", examples)
    held = [
        name == value or any(_equals(record.conditions.get(key), value) for key in ("size_in", "bearing"))
        for record, name in zip(examples.records, examples.groups, strict=True)
    ]
    return _hold_out_groups(examples, lengths, f"bearing:{value}", np.array(held, bool), layout)


def group(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Hold out the named groups, or a fifth of the groups of every class by lot."""
    _refuse_images("group", examples)
    groups = examples.groups
    if not value:
        held = np.isin(groups, sorted(_drawn_groups(examples, seed)))
        return _hold_out_groups(examples, lengths, "group", held, layout)
    names = [name.strip() for name in value.split(",")]
    for name in names:
        if name not in groups:
            there = near_names(name, sorted(set(groups.tolist())))
            raise ParameterError(f"split 'group:{value}': no record is of group {name!r}; {there}")
    return _hold_out_groups(examples, lengths, f"group:{value}", np.isin(groups, names), layout)


def load(examples: Examples, lengths: Numbers, value: str, seed: int, layout: Layout) -> Split:
    """Hold out one load; the bearings are those of training."""
    _refuse_images("load", examples)
    loads = [r.conditions.get("load_hp", r.conditions.get("load")) for r in examples.records]
    held = np.array([_equals(load, value) for load in loads], bool)
    if not held.any():
        known = sorted({f"{x:g}" if isinstance(x, float) else str(x) for x in loads if x is not None})
        there = f"the records have load {', '.join(known)}" if known else "no record says its load"
        raise ParameterError(f"split 'load:{value}' holds out nothing; {there}")
    _refuse_untrained(examples, f"load:{value}", held)
    train, validation, seen = _in_time(np.flatnonzero(~held), lengths, SEEN_SHARES, layout)
    test = _windows(np.flatnonzero(held), lengths, (0.0, 1.0), layout, layout.test_hop)
    words = f"all recordings at load {value}; the same bearings train at other loads"
    return Split(train, validation, (_seen(seen), Part(f"load:{value}", words, test, leaky=True)))


SPLITS: Registry[Splitter] = Registry(
    "split",
    "faultdiag.splits",
    {
        "bearing": ("hold out physical bearings: bearing:0.014", "faultdiag.datasets.splits:bearing"),
        "chronological": ("the end of every recording (leaky)", "faultdiag.datasets.splits:chronological"),
        "group": ("hold out groups by lot, or named: group:A,B", "faultdiag.datasets.splits:group"),
        "load": ("hold out one load: load:3 (leaky: same bearings)", "faultdiag.datasets.splits:load"),
        "none": ("train on everything, test nothing", "faultdiag.datasets.splits:none"),
        "official": (
            "test on the images kept for it",
            "faultdiag.datasets.image_splits:official",
        ),
        "random": ("windows by lot: the field's habit (leaky)", "faultdiag.datasets.splits:random"),
        "tuning": (
            "choose a recipe on so many training images: tuning:5000",
            "faultdiag.datasets.image_splits:tuning",
        ),
    },
)


def _with_full_tests(examples: Examples, spec: str, split: Split) -> Split:
    """The split without a `seen` part that has no window; what other parts lack is noted."""
    notes, tests = list(split.notes), []
    for part in split.tests:
        if len(part.windows):
            tests.append(part)
            absent = ", ".join(_absent(examples, part.windows))
            notes += [f"test {part.split!r} has no window of class {absent}"] if absent else []
        elif part.split == "seen":
            notes.append("no recording that trains is long enough to be tested too: there is no test 'seen'")
        else:
            raise DatasetError(
                f"split {spec!r} has no test window of {part.windows.length} samples; "
                "give longer records, or shorten the window"
            )
    return replace(split, tests=tuple(tests), notes=tuple(notes))


def _hold_out_groups(
    examples: Examples, lengths: Numbers, spec: str, held: NDArray[np.bool_], layout: Layout
) -> Split:
    """Held-out groups test; a class with a single group is cut in time and tests on both sides."""
    labels, groups = examples.labels, examples.groups
    n_groups = [len(np.unique(groups[labels == label])) for label in range(len(examples.classes))]
    single = np.array([n_groups[label] == 1 for label in labels], bool)
    # the one group of a class trains, so its records under other labels are not unseen either
    held = held & ~np.isin(groups, groups[single])
    if not held.any():
        raise ParameterError(
            f"split {spec!r} holds out nothing: no class with several groups has a matching one; groups are "
            + ", ".join(sorted(set(groups.tolist()))[:20])
        )
    _refuse_untrained(examples, spec, held)
    train, validation, seen = _in_time(np.flatnonzero(~held & ~single), lengths, SEEN_SHARES, layout)
    once = _in_time(np.flatnonzero(single), lengths, SINGLE_SHARES, layout)
    unseen = _windows(np.flatnonzero(held), lengths, (0.0, 1.0), layout, layout.test_hop)

    def both(first: Windows, second: Windows) -> Windows:
        return Windows.join([first, second], layout.length)

    names = sorted(set(groups[unseen.record].tolist()))
    listed = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
    bearings = "1 bearing" if len(names) == 1 else f"{len(names)} bearings"
    words = f"every recording of {bearings} it has never seen ({listed})"
    leaky_classes = tuple(c for c, n in zip(examples.classes, n_groups, strict=True) if n == 1)
    # stand-ins alone are no test of unseen bearings
    windows = both(unseen, once[2]) if len(unseen) else unseen
    notes = tuple(
        f"class {name!r} has one bearing only: the last 30 % of its recordings stand in for an unseen one"
        for name in leaky_classes
    )
    parts = (_seen(both(seen, once[2])), Part(spec, words, windows, False, leaky_classes))
    return Split(both(train, once[0]), both(validation, once[1]), parts, notes)


def _seen(windows: Windows) -> Part:
    return Part("seen", "held-out windows of recordings it has seen", windows, leaky=True)


def _in_time(
    records: Numbers, lengths: Numbers, shares: tuple[float, float], layout: Layout
) -> tuple[Windows, Windows, Windows]:
    """Cut records in time into training, validation and test windows, half a window of gap between."""
    first, second = shares[0], shares[0] + shares[1]
    return (
        _windows(records, lengths, (0.0, first), layout, layout.train_hop),
        _windows(records, lengths, (first, second), layout, layout.train_hop),
        _windows(records, lengths, (second, 1.0), layout, layout.test_hop),
    )


def _windows(
    records: Numbers, lengths: Numbers, span: tuple[float, float], layout: Layout, hop: int
) -> Windows:
    """Windows in a span of each record's time; a span that does not begin the record begins with a gap."""
    parts = []
    for record in records:
        start, stop = (round(share * int(lengths[record])) for share in span)
        gap = layout.length // 2 if span[0] > 0 else 0
        parts.append(
            Windows.of(int(record), tile(start + gap, stop, length=layout.length, hop=hop), layout.length)
        )
    return Windows.join(parts, layout.length)


def _drawn_groups(examples: Examples, seed: int) -> set[str]:
    """A fifth of the groups of every class, one at least; every class keeps one to train on."""
    rng = np.random.default_rng(seed)
    labels, groups = examples.labels, examples.groups
    of_class = [set(groups[labels == label].tolist()) for label in range(len(examples.classes))]
    chosen: set[str] = set()
    for names in of_class:
        wanted = max(1, round(len(names) / 5))
        for name in rng.permutation(sorted(names)).tolist():
            if len(chosen & names) < wanted and not any(own and own <= {*chosen, name} for own in of_class):
                chosen.add(name)
    return chosen


def _absent(examples: Examples, windows: Windows) -> list[str]:
    """Classes without any of these windows."""
    there = set(examples.labels[windows.record].tolist())
    return [name for number, name in enumerate(examples.classes) if number not in there]


def _refuse_untrained(examples: Examples, spec: str, held: NDArray[np.bool_]) -> None:
    for number, name in enumerate(examples.classes):
        of_class = examples.labels == number
        if of_class.any() and held[of_class].all():
            raise ParameterError(
                f"split {spec!r} holds out every record of class {name!r}; none is left to train"
            )


def _refuse_images(name: str, examples: Examples) -> None:
    if examples.kind == "image":
        raise ParameterError(
            f"split {name!r} is for records, and data set {examples.name!r} has images; take 'random'"
        )


def _equals(found: float | str | None, wanted: str) -> bool:
    """Whether a condition has the value that a split's text names, as a number where both are."""
    try:
        return found is not None and float(found) == float(wanted)
    except ValueError:
        return found == wanted


def _no_value(name: str, value: str) -> None:
    if value:
        raise ParameterError(f"split {name!r} takes no value, got {value!r}")
