"""``faultdiag datasets``: list, describe, fetch and verify data sets."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from faultdiag.cli.common import (
    bearing_option,
    check_one_form,
    csv_option,
    json_option,
    print_csv,
    print_json,
    quiet_option,
)

if TYPE_CHECKING:
    from faultdiag.diagnosis.labels import LabelCheck

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
@click.option("--physics", is_flag=True, help="Check the labels of the records, not the files.")
@click.option(
    "--set",
    "record_sets",
    multiple=True,
    metavar="NAME",
    help="Record set of the card; repeatable; default: all.",
)
@bearing_option
@click.option("--channel", help="Channel at the bearing; default: the card's, or the only one.")
@click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Sampling rate of files that do not say.")
@click.option("--speed", "speed_rpm", type=float, metavar="RPM", help="Shaft speed of files that do not say.")
@json_option
@csv_option
@quiet_option
def verify(
    name: str,
    data_dir: Path | None,
    physics: bool,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Compare the files of a data set with the official sizes and checksums, or its labels with physics.

    With --physics every labelled record is diagnosed, and those are listed whose spectrum contradicts the
    label, apart from those that show nothing. The options from --set to --speed belong to it. The exit code
    is 1 if a record contradicts its label, and 0 if none does, whatever could not be judged.
    """
    check_one_form(as_json, as_csv)
    if physics:
        _verify_labels(name, data_dir, as_json=as_json, as_csv=as_csv, quiet=quiet, options=options)
        return
    _refuse_options_of_physics(options)
    from faultdiag.datasets.verify import refuse_wrong, verify

    verdicts = verify(name, data_dir)
    rows = [asdict(verdict) for verdict in verdicts]
    if as_json:
        print_json(rows)
    elif as_csv:
        print_csv(rows)
    else:
        click.echo("\n".join(f"{verdict.file:<12} {verdict.status}" for verdict in verdicts))
        click.echo(_tally_line(name, [verdict.status for verdict in verdicts]))
    refuse_wrong(name, verdicts)


def _tally_line(name: str, statuses: Sequence[str]) -> str:
    """How many files there are of each status, and what to do where some are missing."""
    counts = ", ".join(f"{n} {status}" for status, n in Counter(statuses).most_common())
    fetch_all = f"; `faultdiag datasets fetch {name} --all` gets the missing ones"
    remedy = fetch_all if "missing" in statuses else ""
    return f"{len(statuses)} files: {counts}{remedy}"


def _refuse_options_of_physics(options: dict[str, Any]) -> None:
    flags = {"record_sets": "--set", "rate_hz": "--rate", "speed_rpm": "--speed"}
    for key, value in options.items():
        if value not in (None, ()):
            raise click.UsageError(f"{flags.get(key, f'--{key}')} is of use with --physics alone; add it")


def _verify_labels(
    name: str, data_dir: Path | None, *, as_json: bool, as_csv: bool, quiet: bool, options: dict[str, Any]
) -> None:
    from faultdiag.diagnosis.labelled_records import labelled_records
    from faultdiag.diagnosis.labels import check_label, tallies

    if options["rate_hz"] is None:
        del options["rate_hz"]  # an option of those data sets alone whose files do not say it
    records, notes = labelled_records(name, data_dir, **options)
    checks = [check_label(record, bearing) for record, bearing in _shown(records, quiet=quiet)]
    rows = [asdict(tally) for tally in tallies(checks)]
    if as_json:
        print_json({"name": name, "rows": rows, "records": [asdict(c) for c in checks], "notes": notes})
    elif as_csv:
        print_csv([check.to_row() for check in checks])
    else:
        click.echo("\n".join([*_tally_lines(rows), *_check_lines(checks)]))
    if not (quiet or as_json):
        click.echo("".join(f"note: {note}\n" for note in notes), err=True, nl=False)
    if any(check.outcome == "contradicts" for check in checks):
        raise click.exceptions.Exit(1)


def _shown(records: Sequence[Any], *, quiet: bool) -> Iterable[Any]:
    """The records, with a bar on stderr that moves as they are taken: on a terminal; else a line."""
    if quiet:
        yield from records
        return
    with click.progressbar(records, label=f"diagnosing {len(records)} records", file=sys.stderr) as shown:
        yield from shown


def _tally_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """A table: how many records of each label came out how."""
    titles = {
        "n": "records",
        "agrees": "agrees",
        "contradicts": "contradicts",
        "shows_nothing": "shows nothing",
        "not_judged": "not judged",
    }
    width = max(len("label"), *(len(row["label"]) for row in rows))
    head = "  ".join(["label".ljust(width), *titles.values()])
    cells = ([str(row[key]).rjust(len(title)) for key, title in titles.items()] for row in rows)
    return [
        head,
        *("  ".join([row["label"].ljust(width), *own]) for row, own in zip(rows, cells, strict=True)),
    ]


def _check_lines(checks: "Sequence[LabelCheck]") -> list[str]:
    """The records that do not agree, by outcome: contradicting, silent, not judged (one line a reason)."""
    lines = []
    for outcome in ("contradicts", "shows nothing"):
        own = [check for check in checks if check.outcome == outcome]
        lines += [f"\n{outcome}:"] if own else []
        for check in own:
            sure = "" if check.confidence is None else f" ({100 * check.confidence:.0f} %)"
            said = "" if check.found is None else f"{check.found}{sure}: "
            lines.append(f"  {_named(check)}: {said}{check.text}")
    reasons: dict[str, list[str]] = {}
    for check in checks:
        if check.outcome == "not judged":
            reasons.setdefault(check.text, []).append(_named(check))
    lines += ["\nnot judged:"] if reasons else []
    for reason, names in reasons.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        lines.append(f"  {names[0]}{more}: {reason}")
    return lines


def _named(check: "LabelCheck") -> str:
    return f"{check.file}, {check.channel}, labelled {check.label}"
