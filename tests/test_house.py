"""The rules of the house, read off the source: sizes, units in names, mirrored tests, errors."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import faultdiag.errors

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "faultdiag"
TESTS = ROOT / "tests"
SOURCES = sorted(PACKAGE.rglob("*.py"))

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
P90_FUNCTION_LINES = 30
MEDIAN_FUNCTION_LINES = 10

# files that state a table, a contract or nothing: what tests them is not a file of the same name
UNMIRRORED = {"__init__.py", "__main__.py", "_version.py", "base.py", "table.py"}
# tests of a whole rather than of one file
WHOLE = {
    "cli/test_main.py",
    "docs/test_gallery.py",
    "signal/test_exports.py",
    "test_api.py",
    "test_extending.py",
    "test_house.py",
    "test_results.py",
    "test_start.py",
}

QUANTITY = re.compile(r"(fs|rates?|freq(s|uency|uencies)?|speeds?|rpm|bands?|durations?)")
NO_UNIT = {"learning_rate": "a number without a dimension"}

OUR_ERRORS = set(faultdiag.errors.__all__)
MODULE_ERRORS = {"AttributeError"}  # what Python asks of the __getattr__ of a package
CATCHES_ALL = {"faultdiag/cli/__init__.py"}  # a fault of ours ends in one line, not in a traceback


class Function(NamedTuple):
    """A function with the length of its code, docstring apart."""

    where: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    n_lines: int


def functions() -> Iterator[Function]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(f"{named(path)}:{node.name}", node, code_lines(node))


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    has_docstring = ast.get_docstring(node) is not None
    docstring = (first.end_lineno - first.lineno + 1) if has_docstring else 0
    return node.end_lineno - node.lineno + 1 - docstring


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_code_lines_leave_the_docstring_out():
    node = ast.parse('def f(\n    x,\n):\n    """One.\n\n    Two.\n    """\n    y = x\n    return y\n').body[
        0
    ]
    assert code_lines(node) == 5


def test_no_file_is_long():
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: n for name, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_functions_are_short():
    found = list(functions())
    lengths = [function.n_lines for function in found]
    assert {f.where: f.n_lines for f in found if f.n_lines > MAX_FUNCTION_LINES} == {}
    assert np.percentile(lengths, 90) <= P90_FUNCTION_LINES
    assert np.median(lengths) <= MEDIAN_FUNCTION_LINES


def test_every_source_file_has_its_test_file():
    missing = []
    for path in SOURCES:
        mirror = TESTS / path.relative_to(PACKAGE).parent / f"test_{path.name}"
        if path.name not in UNMIRRORED and not mirror.is_file():
            missing.append(named(mirror))
    assert missing == []


def test_every_test_file_has_its_source_file():
    orphans = []
    for path in sorted(TESTS.rglob("test_*.py")):
        relative = path.relative_to(TESTS)
        home = ROOT if relative.parts[0] in ("docs", "tools") else PACKAGE
        source = home / relative.parent / path.name.removeprefix("test_")
        mirrors = relative.parts[0] != "contracts" and relative.as_posix() not in WHOLE
        if mirrors and not source.is_file():
            orphans.append(named(path))
    assert orphans == []


def quantities(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Public parameters and fields, as (where, name)."""
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
        arguments = node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            yield node.name, argument.arg
    if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                yield node.name, line.target.id


def lacks_unit(name: str) -> bool:
    """Whether a name ends in a quantity instead of in its unit; counts (n_*) have none."""
    if name.startswith("n_") or name.endswith("_rpm") or name in NO_UNIT:
        return False
    return QUANTITY.fullmatch(name.rpartition("_")[2]) is not None


@pytest.mark.parametrize("name", ["rate", "sample_rate", "fs", "rpm", "band", "speeds", "shaft_freq"])
def test_a_bare_quantity_lacks_its_unit(name):
    assert lacks_unit(name)


@pytest.mark.parametrize("name", ["rate_hz", "speed_rpm", "n_bands", "learning_rate", "data", "offset"])
def test_other_names_lack_nothing(name):
    assert not lacks_unit(name)


def test_quantities_carry_their_unit_in_the_name():
    bare = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            bare += [f"{named(path)}:{where}({name})" for where, name in quantities(node) if lacks_unit(name)]
    assert bare == []


def test_only_errors_of_ours_are_raised():
    """The command line has click's beside them."""
    foreign = []
    for path in SOURCES:
        allowed = OUR_ERRORS | (MODULE_ERRORS if path.name == "__init__.py" else set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func)
                ours = name in allowed or name.endswith(("error_type", "error_class"))
                if not ours and not (named(path).startswith("faultdiag/cli/") and name.startswith("click.")):
                    foreign.append(f"{named(path)}:{node.lineno} raises {name}")
    assert foreign == []


def test_nothing_catches_all_errors():
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            ):
                found.add(named(path))
    assert found <= CATCHES_ALL


def test_every_module_says_what_is_public():
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assigned = {
            ast.unparse(t) for node in tree.body if isinstance(node, ast.Assign) for t in node.targets
        }
        if path.name not in ("__init__.py", "__main__.py", "_version.py") and "__all__" not in assigned:
            silent.append(named(path))
    assert silent == []


def tracked_files() -> list[Path]:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the files of the repository: this is no git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_package_registry():
    # in pieces, so that this file does not hold what it looks for
    machine = [f"/{folder}/" for folder in ("work", "root", "farm")]
    registries = ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian"]
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{named(path)}: {word}" for word in (*machine, *registries) if word in text]
        if named(path) != ".ci/run" and "../" + "shared" in text:
            found.append(f"{named(path)}: only .ci/run may know what lies beside the checkout")
    assert found == []
