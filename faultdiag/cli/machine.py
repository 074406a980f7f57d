"""``faultdiag machine``: at which frequencies to look for faults of bearings and gears."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import click

from faultdiag.cli.common import json_option, print_json

__all__ = ["machine"]

F = TypeVar("F", bound=Callable[..., Any])

HARMONICS = (1, 2, 3, 4)


class _Line(NamedTuple):
    """What is looked for, and where it and its harmonics lie."""

    line: str
    meaning: str
    orders: tuple[float, ...]


def _speed(ctx: click.Context, parameter: click.Parameter, speed_rpm: float | None) -> float | None:
    if speed_rpm is not None and not 0 < speed_rpm < math.inf:
        raise click.BadParameter(f"must be a positive number of turns a minute, got {speed_rpm:g}")
    return speed_rpm


speed_option = click.option(
    "--speed", "speed_rpm", type=float, metavar="RPM", callback=_speed, help="Gives Hz beside orders."
)


@click.group()
def machine() -> None:
    """Tell at which frequencies faults of a bearing or of gears show.

    Orders are multiples of the speed of the shaft.
    """


@machine.command()
@click.argument("name")
@speed_option
@json_option
def bearing(name: str, speed_rpm: float | None, as_json: bool) -> None:
    """Show the fault frequencies of a bearing and their harmonics.

    NAME is one that `faultdiag machine bearings` lists, such as 6205, with or without maker and seals; or
    n=9,d=7.94,D=39.04,angle=0 (balls, ball and pitch diameter in mm, degrees); or
    bpfo=3.585,bpfi=5.415,bsf=2.357,ftf=0.398 (orders).
    """
    from faultdiag.kinematics.catalogue import catalogue, find_bearing

    found = find_bearing(name)
    orders = found.fault_orders()
    lines = [
        _line("FTF", "cage", orders["cage"]),
        _line("BSF", "spin of a ball or roller", orders["ball"] / 2),
        _line("2×BSF", "ball or roller", orders["ball"]),
        _line("BPFO", "outer race", orders["outer"]),
        _line("BPFI", "inner race", orders["inner"]),
    ]
    source = next((row.source for row in catalogue() if row.bearing is found), None)
    notes = [f"source: {source}"] if source else []
    notes.append("real bearings are off by about 1 %: balls slide, and load changes the contact angle")
    _show({"bearing": found.name, "source": source}, lines, speed_rpm, notes, as_json)


@machine.command()
@click.option("--like", default="", metavar="TEXT", help="Only those with this in name or source.")
@json_option
def bearings(like: str, as_json: bool) -> None:
    """List the bearings that have a name, with the source of each."""
    from faultdiag.kinematics.catalogue import catalogue, written_bearing

    rows = [
        {"name": bearing.name, "geometry": written_bearing(bearing), "source": source}
        for bearing, source in catalogue()
        if like.casefold() in f"{bearing.name} {source}".casefold()
    ]
    if as_json:
        print_json(rows)
    else:
        click.echo(
            "\n".join(_aligned([tuple(row.values()) for row in rows]))
            or f"no bearing has {like!r} in its name or source"
        )


@machine.command()
@click.argument("train")
@speed_option
@json_option
def gear(train: str, speed_rpm: float | None, as_json: bool) -> None:
    """Show shafts, meshes, sidebands and hunting tooth of gears in series.

    TRAIN is the teeth of driving and driven gear, stage by stage from the input on: 32/80,48/64. Orders and
    --speed are those of the input shaft.
    """
    from faultdiag.kinematics.gears import GearStage, parse_train

    gears = parse_train(train)
    beside = [gears.sideband_orders(harmonic=k) for k in HARMONICS]
    lines = [_line(f"shaft {k}", "turns", order) for k, order in enumerate(gears.shaft_orders, 1)]
    notes = []
    for i, stage in enumerate(gears.stages):
        lines.append(_line(f"mesh {i + 1}", f"{stage[0]}/{stage[1]} teeth", gears.mesh_orders[i]))
        for shaft, part in ((i + 1, "driving"), (i + 2, "driven")):
            for side, sign in enumerate("-+"):
                orders = tuple(around[i][part][side] for around in beside)
                lines.append(_Line(f"mesh {i + 1} {sign} shaft {shaft}", "sideband", orders))
        lines.append(_line(f"hunting tooth {i + 1}", "the same two teeth meet", gears.hunting_orders[i]))
        turns = GearStage(*stage).hunting_turns
        notes.append(f"stage {i + 1}: the same two teeth meet every {turns} turns of shaft {i + 1}")
    _show({"train": [list(stage) for stage in gears.stages]}, lines, speed_rpm, notes, as_json)


@machine.command()
@click.argument("teeth", metavar="SUN/PLANET/RING")
@click.option("--planets", "n_planets", type=click.IntRange(1), required=True, help="Number of planets.")
@click.option(
    "--fixed",
    type=click.Choice(["sun", "ring", "carrier"]),
    default="ring",
    show_default=True,
    help="Part that stands still.",
)
@click.option(
    "--driving",
    type=click.Choice(["sun", "ring", "carrier"]),
    default="sun",
    show_default=True,
    help="Part whose speed orders and --speed refer to.",
)
@speed_option
@json_option
def planetary(teeth: str, speed_rpm: float | None, as_json: bool, **options: Any) -> None:
    """Show how the parts of a planetary stage turn, mesh and fail."""
    from faultdiag.kinematics.gears import PlanetaryStage

    numbers = teeth.split("/")
    if len(numbers) != 3 or not all(number.strip().isdecimal() for number in numbers):
        raise click.UsageError(f"{teeth!r}: write the teeth of sun, planet and ring, such as 20/40/100")
    sun, planet, ring = map(int, numbers)
    stage = PlanetaryStage(sun=sun, planet=planet, ring=ring, **options)
    strikes = stage.fault_orders()
    lines = [
        *(_line(part, "turns", order) for part, order in stage.part_orders().items()),
        _line("mesh", f"{teeth} teeth", stage.mesh_order),
        _line("planet passing", "planets pass the housing", stage.passing_order),
        *(_line(f"{part} tooth", "damaged", order) for part, order in strikes.items()),
        _line("2×planet tooth", "both flanks", 2 * strikes["planet"]),
    ]
    document = {"sun": sun, "planet": planet, "ring": ring, **options}
    _show(document, lines, speed_rpm, stage.notes, as_json)


def _line(line: str, meaning: str, order: float) -> _Line:
    return _Line(line, meaning, tuple(k * order for k in HARMONICS))


def _show(
    document: dict[str, Any],
    lines: Sequence[_Line],
    speed_rpm: float | None,
    notes: Sequence[str],
    as_json: bool,
) -> None:
    """Print lines in orders, and in Hz with harmonics where the speed is known."""
    rows: list[dict[str, Any]] = []
    for line in lines:
        hz = None if speed_rpm is None else [abs(order) * speed_rpm / 60 for order in line.orders]
        rows.append({"line": line.line, "meaning": line.meaning, "order": line.orders[0], "hz": hz})
    if as_json:
        print_json({**document, "speed_rpm": speed_rpm, "lines": rows, "notes": list(notes)})
        return
    head = ["line", "meaning", "order", *(f"{k}× Hz" for k in HARMONICS if speed_rpm is not None)]
    table = [
        [row["line"], row["meaning"], f"{row['order']:.4f}", *(f"{hz:.2f}" for hz in row["hz"] or ())]
        for row in rows
    ]
    click.echo("\n".join([*_aligned([head, *table]), *(f"note: {note}" for note in notes)]))


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
