"""Bearings by name, by geometry or by orders: what ``--bearing`` takes."""

import csv
import difflib
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.orders import FaultOrders, GivenOrders

__all__ = ["CatalogueRow", "catalogue", "find_bearing", "written_bearing"]

GEOMETRY = {"n": "n_balls", "d": "ball_mm", "D": "pitch_mm", "angle": "angle_deg"}
"""Key in the text -> field of a `Bearing`."""

ORDERS = ("bpfo", "bpfi", "bsf", "ftf")

FORMS = (
    "write a name, a geometry like n=9,d=7.94,D=39.04,angle=0 (balls, ball and pitch diameter in mm, "
    "degrees) or orders like bpfo=3.585,bpfi=5.415,bsf=2.357,ftf=0.398"
)

MAKER = re.compile(r"(SKF|FAG|NSK|NTN|KOYO|LDK|REXNORD|MB|TIMKEN|FAFNIR|IBU|MTK)(?=\w)")

LIKE = 0.7
"""Share of two spellings that must agree, so that one may be meant by the other: of four digits one may be
wrong, or two exchanged. Less makes other bearings out of it, such as NU2205-E out of 22220."""

SUFFIX = re.compile(r"(?<=\w)(2?RS[12HRL]?|2?RZ|2Z|ZZ?|DDU?|LLU|VV|JEM|C[2-5N]|XL|TVP2?)$")
"""Seals, clearance, grease, cage and grade: they leave the geometry as it is."""


class CatalogueRow(NamedTuple):
    """A bearing and where its geometry, or its orders, come from."""

    bearing: Bearing | GivenOrders
    source: str


@cache
def catalogue() -> tuple[CatalogueRow, ...]:
    """Return the bearings that have a name here.

    Examples
    --------
    >>> [row.bearing.name for row in catalogue()][2:4]
    ['6203', '6203 (IBU)']
    """
    text = (resources.files("faultdiag.kinematics") / "catalogue.csv").read_text(encoding="utf-8")
    return tuple(CatalogueRow(_listed(row), row["source"]) for row in csv.DictReader(text.splitlines()))


def find_bearing(text: str) -> FaultOrders:
    """Return the bearing that a text means.

    Parameters
    ----------
    text : str
        A name in the `catalogue`, with or without its maker, seals and clearance: ``"6205"``,
        ``"SKF 6205-2Z/C3"``; where a maker has a row of its own, as in ``"6205 (NSK)"``, its name before
        or behind finds it. Or a geometry, ``"n=9,d=7.94,D=39.04,angle=0"``: balls, ball diameter and
        pitch diameter in mm, contact angle in degrees, 0 where it is left out. Or orders,
        ``"bpfo=3.585,bpfi=5.415,bsf=2.357,ftf=0.398"``, `bsf` being the spin of a ball: its fault strikes
        twice as often.

    Returns
    -------
    FaultOrders
        A `Bearing`, or `GivenOrders`.

    Raises
    ------
    ParameterError
        If there is no such name (near spellings are given), a piece of the text is wrong or missing, or
        the bearing is impossible.

    Examples
    --------
    >>> find_bearing("6205 2RS/C3").fault_orders() == find_bearing("n=9,d=7.94,D=39.04").fault_orders()
    True
    """
    if "=" in text:
        return _described(text)
    named = {_squeezed(row.bearing.name): row.bearing for row in catalogue()}
    wanted = _squeezed(text)
    maker, bare = _parts(wanted)
    for key in (wanted, bare + maker, bare):
        if key in named:
            return named[key]
    near = _near(bare, named)
    hint = f"did you mean {' or '.join(near)}?" if near else "none here is like it;"
    raise ParameterError(
        f"unknown bearing {text!r}; {hint} `faultdiag machine bearings` lists the {len(named)} that have a "
        f"name; or {FORMS}"
    )


def written_bearing(bearing: Bearing | GivenOrders) -> str:
    """Return the geometry or the orders of a bearing as `find_bearing` takes them.

    Examples
    --------
    >>> written_bearing(Bearing("drive end", n_balls=9, ball_mm=7.94, pitch_mm=39.04))
    'n=9,d=7.94,D=39.04,angle=0'
    """
    if isinstance(bearing, GivenOrders):
        return ",".join(f"{key}={getattr(bearing, key):g}" for key in ORDERS)
    return ",".join(f"{key}={getattr(bearing, field):g}" for key, field in GEOMETRY.items())


def _listed(row: dict[str, str]) -> Bearing | GivenOrders:
    """The bearing of a row: by its geometry, or by its orders where no more is known."""
    if row["bpfo"]:
        return GivenOrders(row["name"], **{key: float(row[key]) for key in ORDERS})
    fields = {field: float(row[field]) for field in GEOMETRY.values() if field != "n_balls"}
    return Bearing(row["name"], n_balls=int(row["n_balls"]), **fields)


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]", "", name).upper()


def _parts(squeezed: str) -> tuple[str, str]:
    """The maker in front, and the name without it and without seals and the like behind."""
    found = MAKER.match(squeezed)
    maker = found.group() if found else ""
    name = squeezed.removeprefix(maker)
    while (shorter := SUFFIX.sub("", name)) != name:
        name = shorter
    return maker, name


def _near(bare: str, named: dict[str, Bearing | GivenOrders]) -> list[str]:
    """Names to offer: those whose source speaks of the bearing, then those spelled nearly the same."""
    related = [row.bearing.name for row in catalogue() if bare and bare in row.source]
    spelled = [named[key].name for key in difflib.get_close_matches(bare, named, n=3, cutoff=LIKE)]
    return list(dict.fromkeys([*related, *spelled]))[:3]


def _described(text: str) -> FaultOrders:
    given: dict[str, float] = {}
    for piece in text.split(","):
        key, equals, number = (part.strip() for part in piece.partition("="))
        if not equals or key not in (*GEOMETRY, *ORDERS):
            raise ParameterError(f"bearing {text!r}: {piece.strip()!r} says nothing; {FORMS}")
        if key in given:
            raise ParameterError(f"bearing {text!r}: {key} is given twice")
        try:
            given[key] = float(number)
        except ValueError as error:
            raise ParameterError(f"bearing {text!r}: {key} must be a number, got {number!r}") from error
    _check_keys(text, set(given))
    if "bpfo" in given:
        return GivenOrders(text, **given)
    if not given["n"].is_integer():
        raise ParameterError(f"bearing {text!r}: n must be a whole number of balls, got {given['n']:g}")
    fields = {GEOMETRY[key]: value for key, value in given.items() if key != "n"}
    return Bearing(text, n_balls=int(given["n"]), **fields)


def _check_keys(text: str, given: set[str]) -> None:
    """Refuse a mixture of both forms, and half of one."""
    is_geometry, is_orders = given & GEOMETRY.keys(), given & set(ORDERS)
    if is_geometry and is_orders:
        raise ParameterError(f"bearing {text!r} mixes geometry and orders; {FORMS}")
    needed = ORDERS if is_orders else ("n", "d", "D")
    missing = [key for key in needed if key not in given]
    if missing:
        raise ParameterError(f"bearing {text!r}: {', '.join(missing)} must be given, too; {FORMS}")
