"""``faultdiag benchmark``."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from faultdiag.cli.common import (
    backend_options,
    check_one_form,
    csv_option,
    json_option,
    print_csv,
    print_json,
    quiet_option,
)

__all__ = ["benchmark"]


@click.group()
def benchmark() -> None:
    """Compare recipes, views or the physics on a data set."""


@benchmark.command()
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with the files of CIFAR-10.")
@click.option("--recipe", "recipes", multiple=True, metavar="FILE|NAME", help="Repeatable; default: cifar10.")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="How many, from 0.")
@click.option(
    "--split",
    default="tuning:5000",
    show_default=True,
    help="tuning:N chooses on training images; official looks at the test images.",
)
@click.option(
    "--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Recipe key, in every training."
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the Runs; the same one goes on where it broke off.",
)
@backend_options
@json_option
@csv_option
@quiet_option
def cifar10(
    recipes: tuple[str, ...],
    seeds: int,
    split: str,
    assignments: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Train recipes on CIFAR-10 with several seeds, and print what each is worth."""
    check_one_form(as_json, as_csv)
    from faultdiag.cli.display import make_display
    from faultdiag.cli.text import benchmark_text
    from faultdiag.training.benchmark import benchmark as run_benchmark
    from faultdiag.training.benchmark import summaries
    from faultdiag.training.recipe import parse_setting

    settings = dict(parse_setting(text) for text in assignments) | {"split": split}
    with make_display(quiet=quiet) as display:
        cells = list(
            run_benchmark(
                "cifar10",
                recipes or ("cifar10",),
                range(seeds),
                settings=settings,
                display=display,
                **options,
            )
        )
    rows = [asdict(row) for row in summaries(cells)]
    if as_json:
        print_json({"split": split, "rows": rows, "runs": [str(cell.folder) for cell in cells]})
    elif as_csv:
        print_csv(rows)
    else:
        click.echo(benchmark_text(rows, split))


@benchmark.command()
@click.option("--dataset", default="cwru", show_default=True, help="Of signals.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with its files.")
@click.option(
    "--view", "views", multiple=True, metavar="NAME", help="Repeatable; default: every view of signals."
)
@click.option("--split", "splits", multiple=True, metavar="SPLIT", help="Repeatable; default: the card's.")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="How many, from 0.")
@click.option(
    "--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Recipe key, in every training."
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the Runs; the same one goes on where it broke off.",
)
@backend_options
@json_option
@csv_option
@quiet_option
def views(
    dataset: str,
    views: tuple[str, ...],
    splits: tuple[str, ...],
    seeds: int,
    assignments: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Train the same network on each view, and print the macro-F1 of what was held out."""
    check_one_form(as_json, as_csv)
    from faultdiag.cli.display import make_display
    from faultdiag.cli.text import views_text
    from faultdiag.datasets.cards import load_card
    from faultdiag.training.recipe import parse_setting
    from faultdiag.training.view_benchmark import compare_views, view_rows
    from faultdiag.views.table import VIEWS

    chosen = views or tuple(name for name in VIEWS if name != "image")
    held_out = splits or (load_card(dataset).defaults.split,)
    settings = dict(parse_setting(text) for text in assignments)
    with make_display(quiet=quiet) as display:
        cells = list(
            compare_views(
                dataset, chosen, held_out, range(seeds), settings=settings, display=display, **options
            )
        )
    rows = [asdict(row) for row in view_rows(cells)]
    if as_json:
        print_json({"benchmark": "views", "rows": rows, "runs": [str(cell.folder) for cell in cells]})
    elif as_csv:
        print_csv(rows)
    else:
        click.echo(views_text(rows))


@benchmark.command("smith-randall")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with the files of CWRU.")
@click.option(
    "--set", "record_sets", multiple=True, metavar="NAME", help="12k_DE, 12k_FE, 48k_DE; default: all."
)
@json_option
@csv_option
def smith_randall(data_dir: Path | None, record_sets: tuple[str, ...], as_json: bool, as_csv: bool) -> None:
    """Diagnose the CWRU records by physics, beside what experts saw in each."""
    check_one_form(as_json, as_csv)
    from faultdiag.cli.text import smith_randall_text
    from faultdiag.datasets.cwru_records import FULL_SETS
    from faultdiag.diagnosis.smith_randall import cases, tallies

    found = list(cases(data_dir, record_sets or tuple(FULL_SETS)))
    rows = [asdict(row) for row in tallies(found)]
    records = [
        {
            "record": case.record,
            "record_set": case.record_set,
            "fault": case.fault,
            "grade": case.grade,
            "first": case.first,
            "label": case.diagnosis.label,
            "confidence": case.diagnosis.confidence,
        }
        for case in found
    ]
    if as_json:
        print_json({"benchmark": "smith-randall", "rows": rows, "records": records})
    elif as_csv:
        print_csv(records)
    else:
        click.echo(smith_randall_text(rows))
