"""``faultdiag evaluate``."""

import time
from pathlib import Path

import click

from faultdiag.cli.common import backend_options, existing_folder, json_option, print_json

__all__ = ["evaluate"]


@click.command()
@click.argument("run", type=existing_folder)
@click.option("--dataset", metavar="NAME", help="Default: the one that the Run was trained on.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with its files.")
@click.option("--task", help="Which labels; default: those of the Run.")
@click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Sampling rate of files that do not say.")
@click.option("--include-training", is_flag=True, help="Judge also what the Run was trained on.")
@json_option
@backend_options
def evaluate(
    run: Path,
    dataset: str | None,
    data_dir: Path | None,
    task: str | None,
    rate_hz: float | None,
    include_training: bool,
    as_json: bool,
    device: str,
    backend: str | None,
) -> None:
    """Judge labelled records that RUN was not trained on."""
    from faultdiag.cli.text import results_text
    from faultdiag.cli.transfer import shown_progress
    from faultdiag.inference.evaluate import assumptions
    from faultdiag.inference.run import load_run
    from faultdiag.runs.backend import use_backend

    began = time.monotonic()
    loaded = load_run(run)
    use_backend(backend, device)
    with shown_progress() as progress:
        examples = loaded.load_examples(dataset, data_dir, task=task, rate_hz=rate_hz, progress=progress)
    results = loaded.evaluate(examples, include_training=include_training)
    notes = [*examples.notes, *assumptions(loaded, examples)]
    if as_json:
        report = loaded.report() | {"seconds": round(time.monotonic() - began, 2), "results": results}
        print_json(report | {"notes": notes})
    else:
        click.echo(results_text(results, notes))
