"""``faultdiag models``: list networks and their rectifiers, and say what a network costs and sees."""

from typing import Any

import click

from faultdiag.cli.common import json_option, print_json

__all__ = ["models"]


def _sizes(ctx: click.Context, parameter: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """Turn ``4096x1`` into numbers."""
    if text is None:
        return None
    sizes = text.split("x")
    if not all(size.isdecimal() and int(size) > 0 for size in sizes):
        raise click.BadParameter(f"{text!r}: write sizes and channels, such as 4096x1 or 32x32x3")
    return tuple(int(size) for size in sizes)


@click.group()
def models() -> None:
    """List the networks that can be trained, and describe one."""


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the networks, and the activations that they take."""
    from faultdiag.networks.table import ACTIVATIONS, NETWORKS

    rows = [
        {"name": name, "kind": table.kind, "description": table.describe(name)}
        for table in (NETWORKS, ACTIVATIONS)
        for name in table
    ]
    if as_json:
        print_json(rows)
    else:
        click.echo("\n".join(f"{row['name']:<15} {row['kind']:<10}  {row['description']}" for row in rows))


@models.command()
@click.argument("name")
@click.option(
    "--input",
    "input_shape",
    callback=_sizes,
    metavar="SIZESxCHANNELS",
    help="Of one input, such as 4096x1 or 32x32x3; default: what the network was published for.",
)
@click.option("--classes", "n_classes", type=click.IntRange(2), help="Default: as published, else 2.")
@click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Sampling rate: gives seconds for samples.")
@click.option(
    "--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Option of it, such as activation=relu."
)
@json_option
def summary(
    name: str,
    input_shape: tuple[int, ...] | None,
    n_classes: int | None,
    rate_hz: float | None,
    assignments: tuple[str, ...],
    as_json: bool,
) -> None:
    """Build the network NAME and print its weights, FLOPs and receptive field."""
    from faultdiag.networks.table import NETWORKS
    from faultdiag.runs.backend import use_backend
    from faultdiag.training.recipe import parse_setting

    NETWORKS.describe(name)  # a wrong name is told at once
    options = dict(parse_setting(text.removeprefix("network.options.")) for text in assignments)
    use_backend()  # before Keras is imported
    from faultdiag.networks.describe import describe, description_lines
    from faultdiag.runs.network import build_network

    shape, n_published = getattr(NETWORKS.load(name), "published", (None, 2))
    if (shape := input_shape or shape) is None:
        raise click.UsageError(
            f"network {name!r} has no input shape of its own: give --input, such as 2048x1"
        )
    model = build_network(name, input_shape=shape, n_classes=n_classes or n_published, options=options)
    found = describe(model)
    if as_json:
        print_json(_document(name, options, found, rate_hz))
    else:
        click.echo("\n".join(description_lines(found, rate_hz)))


def _document(name: str, options: dict[str, Any], found: Any, rate_hz: float | None) -> dict[str, Any]:
    seconds = None if rate_hz is None else found.receptive_field_s(rate_hz)
    return {"name": name, "options": options, **found.to_dict(), "receptive_field_s": seconds}
