"""The measurement of a GPU runs end to end where there is none, on small networks."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jax", reason="the JAX backend: jax is not installed")
pytestmark = pytest.mark.keras

SCRIPT = Path(__file__).parents[2] / "tools" / "bench_gpu.py"
FIELDS = {"name", "goal", "met", "against", "device"}


def bench(*arguments):
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, SCRIPT, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_without_a_gpu_it_says_so():
    done = bench()
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [
        "bench_gpu: JAX sees no GPU here; --tiny tries everything on the CPU"
    ]


def test_without_time_it_names_what_is_left_out(tmp_path):
    done = bench("--tiny", "--minutes", 0, "--out", tmp_path / "rows.json")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1:] == [
        f"{name}: no time left"
        for name in ("limits", "correctness", "batch_of_the_note", "best_batch", "relu", "signals")
    ]


@pytest.mark.slow
def test_tiny_measures_every_row(tmp_path):
    done = bench("--tiny", "--out", tmp_path / "rows.json")
    assert done.returncode == 0, done.stderr
    assert "failed" not in done.stdout
    rows = {row["name"]: row for row in json.loads((tmp_path / "rows.json").read_text())}
    assert all(set(row) >= FIELDS for row in rows.values())
    assert {"copy, read and written", "matrix product, bfloat16"} <= set(rows)
    assert rows["record16 epoch at batch 2, bfloat16"]["goal"] == 2.0
    assert rows["record16 APReLU / ReLU, batch 2, bfloat16"]["ratio"] > 0
    assert rows["paper-m12 APReLU / ReLU, batch 2, bfloat16"]["goal"] == 1.15
    ours = rows["paper-m12 step, batch 2, bfloat16, aprelu, ours"]
    assert ours["compiler_gflop"] > ours["step_gflop"] > 0
    if importlib.util.find_spec("torch") is None:
        assert "correctness: skipped, torch is not installed" in done.stdout
    else:
        checked = {name: row["met"] for name, row in rows.items() if "error" in row}
        assert len(checked) == 5
        assert all(checked.values())
        assert rows["paper-m12 step, bfloat16, ours / PyTorch"]["goal"] == 0.8
