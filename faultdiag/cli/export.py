"""``faultdiag export``."""

from pathlib import Path

import click

from faultdiag.cli.common import existing_folder, json_option, print_json

__all__ = ["export"]


@click.command()
@click.argument("run", type=existing_folder)
@click.option(
    "--to", default="onnx", show_default=True, metavar="onnx|litert|savedmodel", help="Format to write."
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="File or folder to write; default: inside RUN."
)
@json_option
def export(run: Path, to: str, out: Path | None, as_json: bool) -> None:
    """Write the network of RUN for other programs, checked against the original.

    With an ONNX file inside RUN, 'predict' needs neither TensorFlow nor Keras.
    """
    from faultdiag.runs.export.exporting import export_run

    report = export_run(run, to, out)
    if as_json:
        print_json(
            {
                "run": str(run),
                "to": to,
                "file": str(report.path),
                "golden": str(report.golden),
                "max_difference": report.max_difference,
                "inputs": report.n_inputs,
            }
        )
    else:
        click.echo(
            f"{report.path}: probabilities within {report.max_difference:.1e} of Keras' "
            f"on {report.n_inputs} inputs"
        )
