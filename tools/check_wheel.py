"""Install the wheel into an empty environment without TensorFlow, and see that it starts there.

python tools/check_wheel.py FOLDER     FOLDER holds exactly one wheel
"""

import random
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

# command -> what its output must hold
WORKING = {
    "--version": "faultdiag",
    "--help": "predict",
    "datasets list": "cwru",
    # these need the files that lie beside the modules: the catalogue, the templates of both pages
    "diagnose noise.csv --rate 12000 --bearing 6205 --speed 1797 --report page.html": "noise.csv",
    "inspect noise.csv --rate 12000 --bearing 6205 --speed 1797 -o folder": "index.html",
}


def main(folder: Path) -> None:
    """Install, then try the commands that need no extra and one that does."""
    (wheel,) = folder.glob("*.whl")
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        venv.create(home / "venv", with_pip=True)
        python = home / "venv" / "bin" / "python"
        _run(home, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel.resolve())
        _run(home, python, "-W", "error", "-c", "import faultdiag; print(faultdiag.__version__)")
        command = home / "venv" / "bin" / "faultdiag"
        numbers = random.Random(0)
        (home / "noise.csv").write_text("\n".join(f"{numbers.gauss(0, 1):.6f}" for _ in range(24000)) + "\n")
        for arguments, expected in WORKING.items():
            if expected not in _run(home, command, *arguments.split()).stdout:
                raise SystemExit(f"faultdiag {arguments}: no {expected!r} in its output")
        _check_missing_extra(home, command)
    print(f"{wheel.name}: installs and starts in an empty environment")


def _check_missing_extra(home: Path, command: Path) -> None:
    """Training without TensorFlow is one line that names the command which installs it."""
    done = _run(home, command, "train", "--dataset", "simulated", "-o", "run", fails=True)
    remedy = 'pip install "faultdiag[train]"'
    if done.returncode != 1 or remedy not in done.stderr or len(done.stderr.splitlines()) != 1:
        raise SystemExit(
            f"faultdiag train without TensorFlow must exit with 1 and one line naming {remedy}, "
            f"got exit code {done.returncode} and:\n{done.stderr}"
        )


def _run(home: Path, *command: object, fails: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a command in `home`, away from the checkout, so that only what was installed is found."""
    text = [str(part) for part in command]
    done = subprocess.run(text, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode and not fails:
        raise SystemExit(f"{' '.join(text)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


if __name__ == "__main__":
    main(Path(sys.argv[1]))
