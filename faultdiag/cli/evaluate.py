"""``faultdiag evaluate``."""

import time
from pathlib import Path

import click

from faultdiag.cli.common import (
    check_one_form,
    csv_option,
    engine_options,
    existing_folder,
    json_option,
    print_csv,
    print_json,
    quiet_option,
)

__all__ = ["evaluate"]


@click.command()
@click.argument("run", type=existing_folder)
@click.option("--dataset", metavar="NAME", help="Default: the one that the Run was trained on.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with its files.")
@click.option("--task", help="Which labels; default: those of the Run.")
@click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Sampling rate of files that do not say.")
@click.option("--include-training", is_flag=True, help="Judge also what the Run was trained on.")
@csv_option
@json_option
@quiet_option
@engine_options
def evaluate(
    run: Path,
    dataset: str | None,
    data_dir: Path | None,
    task: str | None,
    rate_hz: float | None,
    include_training: bool,
    as_csv: bool,
    as_json: bool,
    quiet: bool,
    device: str,
    backend: str | None,
) -> None:
    """Judge labelled records or images that RUN was not trained on."""
    from faultdiag.cli.text import results_text
    from faultdiag.cli.transfer import shown_progress
    from faultdiag.inference.evaluate import assumptions
    from faultdiag.inference.run import load_run
    from faultdiag.inference.summary import result_rows

    check_one_form(as_json, as_csv)
    began = time.monotonic()
    loaded = load_run(run, backend=backend, device=device).ready()
    with shown_progress(quiet=quiet) as progress:
        examples = loaded.load_examples(dataset, data_dir, task=task, rate_hz=rate_hz, progress=progress)
    results = loaded.evaluate(examples, include_training=include_training)
    notes = [*examples.notes, *assumptions(loaded, examples)]
    if as_json:
        report = loaded.report() | {"seconds": round(time.monotonic() - began, 2), "results": results}
        print_json(report | {"notes": notes})
    elif as_csv:
        print_csv(result_rows(results))
    else:
        click.echo(results_text(results, [] if quiet else notes))
