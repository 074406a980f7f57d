"""``faultdiag models`` says what the table says."""

import json

from click.testing import CliRunner

from faultdiag.cli import main
from faultdiag.networks.table import NETWORKS


def test_list_names_every_network_with_its_description():
    done = CliRunner().invoke(main, ["models", "list"])
    assert done.exit_code == 0
    for name in NETWORKS:
        assert any(
            line.split()[0] == name and NETWORKS.describe(name) in line for line in done.output.splitlines()
        )


def test_list_as_json_is_the_documented_document():
    done = CliRunner().invoke(main, ["models", "list", "--json"])
    rows = json.loads(done.output)
    assert [row["name"] for row in rows] == NETWORKS.names()
    assert all(set(row) == {"name", "description"} for row in rows)
