"""``faultdiag models``."""

import click

from faultdiag.cli.common import json_option, print_json

__all__ = ["models"]


@click.group()
def models() -> None:
    """List the networks that can be trained."""


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the networks."""
    from faultdiag.networks.table import NETWORKS

    rows = [{"name": name, "description": NETWORKS.describe(name)} for name in NETWORKS]
    if as_json:
        print_json(rows)
    else:
        click.echo("\n".join(f"{row['name']:<12} {row['description']}" for row in rows))
