"""``faultdiag machine`` prints what the geometry says, in orders and in Hz."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from faultdiag.cli import main
from faultdiag.kinematics.catalogue import catalogue, find_bearing, written_bearing
from faultdiag.kinematics.gears import parse_train


def run(*words):
    return CliRunner().invoke(main, ["machine", *words])


def told(*words):
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def lines_of(document):
    return {line["line"]: line for line in document["lines"]}


def test_a_bearing_has_the_lines_of_its_geometry_in_orders_and_hz():
    document = told("bearing", "6205", "--speed", "1797")
    lines, drive_end = lines_of(document), find_bearing("6205")
    assert (document["bearing"], document["speed_rpm"]) == ("6205", 1797)
    assert list(lines) == ["FTF", "BSF", "2×BSF", "BPFO", "BPFI"]
    expected = (drive_end.ftf, drive_end.bsf, 2 * drive_end.bsf, drive_end.bpfo, drive_end.bpfi)
    for line, order in zip(lines.values(), expected, strict=True):
        assert line["order"] == pytest.approx(order)
        assert line["hz"] == pytest.approx([k * order * 1797 / 60 for k in (1, 2, 3, 4)])


def test_a_bearing_as_a_table():
    done = run("bearing", "SKF 6205-2RS", "--speed", "1797")
    head, *rows = done.output.splitlines()
    assert done.exit_code == 0
    assert head.split() == ["line", "meaning", "order", "1×", "Hz", "2×", "Hz", "3×", "Hz", "4×", "Hz"]
    (bpfo,) = [row.split() for row in rows if row.startswith("BPFO")]
    assert bpfo == ["BPFO", "outer", "race", "3.5848", "107.36", "214.73", "322.09", "429.46"]
    assert any(row.startswith("note: source: the CWRU rig's") for row in rows)


def test_without_a_speed_there_are_orders_alone():
    assert {line["hz"] for line in told("bearing", "6205")["lines"]} == {None}
    assert run("bearing", "6205").output.splitlines()[0].split() == ["line", "meaning", "order"]


@pytest.mark.parametrize("text", ["n=9,d=7.94,D=39.04", "bpfo=3.585,bpfi=5.415,bsf=2.357,ftf=0.398"])
def test_a_bearing_without_a_name_has_no_source(text):
    document = told("bearing", text, "--speed", "60")
    assert document["source"] is None
    assert lines_of(document)["2×BSF"]["hz"][0] == pytest.approx(find_bearing(text).fault_orders()["ball"])


def test_every_bearing_with_a_name_is_listed_with_its_source():
    rows = told("bearings")
    assert [(row["name"], row["geometry"], row["source"]) for row in rows] == [
        (bearing.name, written_bearing(bearing), source) for bearing, source in catalogue()
    ]
    assert len(run("bearings").output.splitlines()) == len(rows)


def test_the_list_can_be_searched_by_name_and_source():
    assert {"6205", "6205 (NSK)", "205K"} <= {row["name"] for row in told("bearings", "--like", "6205")}
    assert {row["name"] for row in told("bearings", "--like", "paderborn")} >= {"6203", "61806"}
    done = run("bearings", "--like", "no such")
    assert (done.exit_code, done.output) == (0, "no bearing has 'no such' in its name or source\n")
    assert told("bearings", "--like", "no such") == []


def test_gears_have_shafts_meshes_sidebands_and_hunting_teeth():
    document, train = told("gear", "32/80,48/64", "--speed", "1780"), parse_train("32/80,48/64")
    lines = lines_of(document)
    assert document["train"] == [[32, 80], [48, 64]]
    assert [lines[f"shaft {k}"]["order"] for k in (1, 2, 3)] == pytest.approx(train.shaft_orders)
    assert [lines[f"mesh {k}"]["order"] for k in (1, 2)] == pytest.approx(train.mesh_orders)
    assert [lines[f"hunting tooth {k}"]["order"] for k in (1, 2)] == pytest.approx(train.hunting_orders)
    assert lines["mesh 2"]["hz"] == pytest.approx([k * 19.2 * 1780 / 60 for k in (1, 2, 3, 4)])
    # a sideband of the second harmonic of the mesh, not twice a sideband of the first
    assert lines["mesh 1 - shaft 2"]["hz"][:2] == pytest.approx([31.6 * 1780 / 60, 63.6 * 1780 / 60])
    assert lines["mesh 2 + shaft 3"]["order"] == pytest.approx(19.5)


def test_gears_as_a_table():
    done = run("gear", "32/80,48/64")
    assert done.exit_code == 0
    assert "mesh 2 + shaft 3  sideband                 19.5000" in done.output.splitlines()
    assert "note: stage 1: the same two teeth meet every 5 turns of shaft 1" in done.output


def test_a_planetary_stage_has_its_parts_and_teeth():
    document = told("planetary", "20/40/100", "--planets", "3", "--speed", "600")
    lines = lines_of(document)
    assert document["notes"] == []
    assert lines["carrier"]["order"] == pytest.approx(1 / 6)
    assert (lines["planet"]["order"], lines["planet"]["hz"][0]) == pytest.approx((-0.25, 2.5))
    assert lines["mesh"]["hz"][0] == pytest.approx(1000 / 6)
    assert lines["2×planet tooth"]["order"] == pytest.approx(2 * lines["planet tooth"]["order"])


def test_what_is_odd_about_a_planetary_stage_is_a_note():
    done = run("planetary", "20/40/103", "--planets", "4", "--fixed", "sun", "--driving", "carrier")
    assert done.exit_code == 0
    assert "note: sun + ring, 123, is not divisible by 4" in done.output
    assert "note: ring is not sun + 2 x planet, 100" in done.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["bearing", "6025"], "unknown bearing '6025'; did you mean 6205"),
        (["bearing", "n=9,d=7.94"], "D must be given, too"),
        (["bearing", "6205", "--speed", "0"], "must be a positive number of turns a minute, got 0"),
        (["bearing", "6205", "--speed", "nan"], "must be a positive number of turns a minute, got nan"),
        (["gear", "32-80"], "gears '32-80': write the teeth of driving and driven gear"),
        (["gear", "32/4"], "5 teeth or more each"),
        (["planetary", "20/40", "--planets", "3"], "'20/40': write the teeth of sun, planet and ring"),
        (["planetary", "20/40/100"], "Missing option '--planets'"),
        (["planetary", "20/40/100", "--planets", "3", "--fixed", "sun"], "got 'sun' for both"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(words, message):
    done = run(*words)
    assert done.exit_code == 2
    assert message in done.output.splitlines()[-1]


def test_it_loads_no_library():
    probe = (
        "import sys; from faultdiag.cli import main; "
        "main(['machine', 'gear', '32/80'], standalone_mode=False); "
        "main(['machine', 'bearing', '6205'], standalone_mode=False); "
        "print(sorted({'numpy', 'scipy', 'keras', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
