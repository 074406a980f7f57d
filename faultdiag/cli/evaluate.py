"""``faultdiag evaluate``."""

from pathlib import Path
from typing import Any

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
    from faultdiag.datasets.load import load_dataset
    from faultdiag.inference.run import load_run
    from faultdiag.runs.backend import use_backend

    loaded = load_run(run)
    use_backend(backend, device)
    options: dict[str, Any] = {} if rate_hz is None else {"rate_hz": rate_hz}
    name = dataset or loaded.document.dataset
    examples = load_dataset(name, data_dir, task=task or loaded.document.task, **options)
    results = loaded.evaluate(examples, include_training=include_training)
    if as_json:
        print_json(loaded.report(results))
    else:
        click.echo(results_text(results))
