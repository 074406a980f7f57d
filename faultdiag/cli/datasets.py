"""``faultdiag datasets``: list, describe, fetch and verify data sets."""

from pathlib import Path

import click

from faultdiag.cli.common import json_option, print_json, quiet_option

__all__ = ["datasets"]

_data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the files; by default one in your cache.",
)


@click.group()
def datasets() -> None:
    """List, describe, fetch and verify data sets."""


@datasets.command("list")
@json_option
def list_datasets(as_json: bool) -> None:
    """List the data sets."""
    from faultdiag.datasets.table import DATASETS

    rows = [{"name": name, "description": DATASETS.describe(name)} for name in DATASETS]
    if as_json:
        print_json(rows)
    else:
        click.echo("\n".join(f"{row['name']:<12} {row['description']}" for row in rows))


@datasets.command()
@click.argument("name")
@json_option
def info(name: str, as_json: bool) -> None:
    """Print the card of a data set: its facts, limits and defaults."""
    from faultdiag.datasets.describe import card_document, card_lines

    document = card_document(name)
    if as_json:
        print_json(document)
    else:
        click.echo("\n".join(card_lines(document)))


@datasets.command()
@click.argument("name")
@_data_dir_option
@click.option("--task", help="Fetch what this task needs; by default the set's default task.")
@click.option("--all", "everything", is_flag=True, help="Fetch every file of the set.")
@json_option
@quiet_option
def fetch(
    name: str, data_dir: Path | None, task: str | None, everything: bool, as_json: bool, quiet: bool
) -> None:
    """Download the files of a data set; what is there and right is left alone."""
    from faultdiag.cli.transfer import shown_progress
    from faultdiag.datasets.fetch import fetch, files_of_task

    if everything and task:
        raise click.UsageError("--task and --all contradict each other: give one")
    names = None if everything else files_of_task(name, task)
    with shown_progress(quiet=quiet) as progress:
        folder = fetch(name, data_dir, names, progress=progress)
    if as_json:
        print_json({"name": name, "folder": str(folder)})
    else:
        click.echo(folder)


@datasets.command()
@click.argument("name")
@_data_dir_option
@json_option
def verify(name: str, data_dir: Path | None, as_json: bool) -> None:
    """Compare the files of a data set with the official sizes and checksums."""
    from faultdiag.datasets.verify import refuse_wrong, verify

    verdicts = verify(name, data_dir)
    if as_json:
        print_json([{"file": verdict.file, "status": verdict.status} for verdict in verdicts])
    else:
        click.echo("\n".join(f"{verdict.file:<12} {verdict.status}" for verdict in verdicts))
    refuse_wrong(name, verdicts)
