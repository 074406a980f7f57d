"""``python -m faultdiag``."""

from faultdiag.cli import main

main(prog_name="faultdiag")
