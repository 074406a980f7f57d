"""``faultdiag train``."""

from pathlib import Path
from typing import Any

import click

from faultdiag.cli.common import backend_options, json_option, print_json, quiet_option

__all__ = ["train"]


@click.command()
@click.option("--dataset", metavar="NAME", help="What to learn; 'faultdiag datasets list' names them.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with its files.")
@click.option("--task", help="Which labels; default: the card's.")
@click.option(
    "--split", help="What is held out: group, bearing:0.014, load:3, chronological, random or none."
)
@click.option(
    "--view", help="What the network sees of a window, such as raw; several as channels: raw+raw_prewhitened."
)
@click.option("--network", help="'faultdiag models list' names them.")
@click.option("--epochs", type=click.IntRange(1), help="Largest number of epochs.")
@click.option("--channel", multiple=True, help="Channel to use; repeatable.")
@click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Sampling rate of files that do not say.")
@click.option("--recipe", metavar="FILE|NAME", help="A TOML file, or a recipe that comes with faultdiag.")
@click.option(
    "--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Recipe key, such as fit.batch_size=32."
)
@click.option(
    "--resume", type=click.Path(path_type=Path), metavar="RUN.part", help="Finish an unfinished Run."
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Folder of the Run; default: a new one in runs/."
)
@click.option("--seed", type=click.IntRange(0), help="Seed of every random choice.")
@click.option("--tensorboard", is_flag=True, help="Write TensorBoard logs into the Run.")
@backend_options
@json_option
@quiet_option
def train(assignments: tuple[str, ...], as_json: bool, quiet: bool, **options: Any) -> None:
    """Train a network, and say what it is worth on bearings it has seen and on ones it has not."""
    if not options["dataset"] and not options["resume"]:
        raise click.UsageError("nothing to train on: give --dataset or --resume")
    from faultdiag.cli.display import make_display
    from faultdiag.cli.text import train_text
    from faultdiag.training import train as train_run
    from faultdiag.training.recipe import parse_setting

    settings = _settings(options) | dict(parse_setting(text) for text in assignments)
    with make_display(quiet=quiet) as display:
        run = train_run(settings=settings, display=display, **options)
    if as_json:
        print_json(run.report())
    else:
        click.echo(train_text(run))


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """Take the options that are recipe keys out of `options` and return them as settings."""
    places = {
        "task": "task",
        "split": "split",
        "seed": "seed",
        "view": "view.name",
        "network": "network.name",
        "epochs": "fit.epochs",
        "channel": "data.channels",
        "rate_hz": "data.options.rate_hz",
    }
    given = {key: options.pop(key) for key in places}
    return {places[key]: value for key, value in given.items() if value not in (None, ())}
