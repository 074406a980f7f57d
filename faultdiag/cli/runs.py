"""``faultdiag runs``."""

from pathlib import Path

import click

from faultdiag.cli.common import existing_folder, json_option, print_json

__all__ = ["runs"]


@click.group()
def runs() -> None:
    """List and show the Runs that training has made."""


@runs.command("list")
@click.option("--in", "folder", type=existing_folder, help="Default: runs, which need not be there.")
@json_option
def list_runs(folder: Path | None, as_json: bool) -> None:
    """List the finished Runs, newest first."""
    from faultdiag.runs.folder import find_runs

    folder = folder or Path("runs")
    rows = []
    for path, document in find_runs(folder):
        figures = ", ".join(
            f"{r.split}{' (leaky)' if r.leaky else ''} {100 * r.accuracy:.1f} %"
            for r in document.metrics.results
        )
        rows.append({"name": str(path), "description": figures or "nothing held out"})
    if as_json:
        print_json(rows)
    else:
        click.echo(
            "\n".join(f"{row['name']}  {row['description']}" for row in rows)
            or f"no finished Run in {folder}"
        )


@runs.command("show")
@click.argument("run", type=existing_folder)
@json_option
def show_run(run: Path, as_json: bool) -> None:
    """Show the card of a Run."""
    from faultdiag.runs.folder import check_finished, read_card

    document = check_finished(run)
    if as_json:
        print_json(document.model_dump(mode="json"))
    else:
        click.echo(read_card(run))
