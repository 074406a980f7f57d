"""``faultdiag predict``."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from faultdiag.cli.common import (
    bearing_option,
    check_one_form,
    check_one_speed,
    csv_option,
    engine_options,
    json_option,
    print_csv,
    print_json,
    quiet_option,
    signal_options,
    speed_options,
)

__all__ = ["predict"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--run",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Default: the newest in runs/.",
)
@signal_options
@speed_options
@bearing_option
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Folder for tables and pictures.")
@csv_option
@json_option
@quiet_option
@engine_options
def predict(
    files: tuple[Path, ...],
    run: Path | None,
    out: Path | None,
    as_csv: bool,
    as_json: bool,
    quiet: bool,
    device: str,
    backend: str | None,
    **signal: Any,
) -> None:
    """Say what is wrong, and how sure that is, for every signal or picture in FILES (or folders of them)."""
    from faultdiag.cli.text import predictions_text
    from faultdiag.inference.images import are_images
    from faultdiag.inference.predict import predict as judge
    from faultdiag.inference.report import make_folder, prediction_rows, write_predictions
    from faultdiag.inference.run import load_run, newest_run

    check_one_form(as_json, as_csv)
    check_one_speed(signal["speed_rpm"], signal["tacho"], signal["pulses_per_turn"])
    if out is not None:
        make_folder(out)  # an hour of judging must not end in a folder that cannot be written
    kind = "image" if are_images(list(files)) else "signal"
    load = partial(newest_run, kind) if run is None else partial(load_run, run)
    chosen = load(backend=backend, device=device)
    signal["rows"] = signal["rows"] or "unknown"
    signal["channel"] = signal["channel"] or None
    signal["pulses_per_turn"] = signal["pulses_per_turn"] or 1
    answers = judge(list(files), run=chosen, trace=out is not None, **signal)
    if out is not None:
        write_predictions(answers, out)
    if as_json:
        print_json([answer.to_dict() for answer in answers])
    elif as_csv:
        print_csv(prediction_rows(answers))
    else:
        text = predictions_text(answers, notes=not quiet)
        if text:
            click.echo(text)
        if text and not quiet:
            click.echo(f"Run: {chosen.folder}{chosen.worth()}")
        if out is not None and not quiet:
            click.echo(f"pictures and tables: {out}")
    failed = [answer for answer in answers if answer.status == "error"]
    for answer in failed:
        click.echo(f"Error: {answer.error}", err=True)
    if failed:
        raise click.exceptions.Exit(1)
