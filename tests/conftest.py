"""What all tests share: real records where they are, no network, quiet and repeatable libraries."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

# before the first import of Keras: no log lines of its backend, the backend that most people have, and
# the convolutions that `use_backend` chooses in processes that ask it first
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("MPLBACKEND", "agg")

hypothesis.settings.register_profile("here", deadline=None, max_examples=30)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def _same_start(request: pytest.FixtureRequest) -> None:
    """Start every test of Keras from the same weights, whatever ran before it."""
    if request.node.get_closest_marker("keras"):
        import keras

        keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection but one to a server of the test itself."""
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise OSError(f"tests use no network, and this one asked for {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_loopback)
        yield


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of the real records."""
    folder = os.environ.get("FAULTDIAG_TEST_DATA")
    if not folder:
        pytest.skip("needs real records: FAULTDIAG_TEST_DATA names no folder of them")
    if not Path(folder).is_dir():
        pytest.fail(f"FAULTDIAG_TEST_DATA={folder} is no folder")
    return Path(folder)


@pytest.fixture(scope="session")
def cwru_dir(test_data: Path) -> Iterator[Path]:
    """Official files of the CWRU bearings: 119 whole ones and 99_part.mat."""
    yield from _unpacked(test_data / "cwru", "--parts")


@pytest.fixture(scope="session")
def hitsm_dir(test_data: Path) -> Iterator[Path]:
    """MATLAB files of 15 records of the HIT-SM bearings."""
    yield from _unpacked(test_data / "bearing_hitsm_mfs")


@pytest.fixture(scope="session")
def cifar10_dir(test_data: Path) -> Iterator[Path]:
    """Both official layouts of CIFAR-10, unpacked, and the archive of the Python layout."""
    pytest.importorskip("pillow_jxl", reason="the pictures are JPEG XL: pip install pillow-jxl-plugin")
    yield from _unpacked(test_data / "cifar10", "--binary", "--archive")


def _unpacked(packed: Path, *options: str) -> Iterator[Path]:
    """A folder with the files that the data's own unpack.py writes."""
    with tempfile.TemporaryDirectory(prefix=f"faultdiag-{packed.name}-") as folder:
        command = [sys.executable, str(packed / "unpack.py"), folder, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"{packed / 'unpack.py'} failed: {done.stderr}")
        yield Path(folder)


TONES_HZ = {"inner": 1500.0, "normal": 500.0, "outer": 3000.0}
"""Three states that a tiny network tells apart in seconds."""


@pytest.fixture(scope="session")
def tones() -> Any:
    """Examples: two seconds of a tone in noise at 12 kHz, three groups of each of three classes."""
    from faultdiag.datasets.examples import Examples
    from faultdiag.records import Record

    rng = np.random.default_rng(0)
    time_s = np.arange(24000) / 12000
    records = []
    for label, frequency_hz in TONES_HZ.items():
        for number in range(3):
            tone = np.sin(2 * np.pi * (frequency_hz * time_s + rng.uniform()))
            samples = (tone + 0.3 * rng.standard_normal(24000)).astype(np.float32)
            group = f"{label}-{number}"
            records.append(
                Record(source=samples[None], rate_hz=12000.0, label=label, group=group, origin=group)
            )
    classes = ("normal", "inner", "outer")
    return Examples(name="tones", source="tones", task="fault", classes=classes, records=tuple(records))


@pytest.fixture(scope="session")
def tone_settings() -> dict[str, Any]:
    """A recipe for `tones`: every kind of layer, all augmentation, and no more."""
    return {
        "data.window": 256,
        "network.name": "residual",
        "network.options.stages": [],
        "network.options.stem_filters": 8,
        "network.options.stem_kernel": 16,
        "network.options.stem_stride": 4,
        "network.options.reduction": 4,
        "augment.noise": 0.1,
        "augment.flip_sign": True,
        "augment.mask": 0.1,
        "fit.epochs": 5,
        "fit.batch_size": 32,
        "fit.learning_rate": 0.05,
    }


@pytest.fixture(scope="session")
def tone_run(tones: Any, tone_settings: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A finished Run on `tones`, trained without interruption; tests copy it before they change it."""
    import faultdiag

    out = tmp_path_factory.mktemp("tones") / "run"
    return faultdiag.train(tones, settings=tone_settings, out=out, device="cpu")


@pytest.fixture(scope="session")
def image_run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A finished Run on images of 8 x 8 pixels, dark ones and light ones."""
    import faultdiag
    from faultdiag.datasets.examples import Examples

    labels = np.arange(120) % 2
    noise = np.random.default_rng(0).integers(0, 128, (120, 8, 8, 3))
    images = (noise + 127 * labels[:, None, None, None]).astype(np.uint8)
    examples = Examples(
        name="brightness", task="which", classes=("dark", "light"), images=images, image_labels=labels
    )
    network = {"stem_filters": 4, "stages": [[4, 1, 2]], "reduction": 2}
    settings = {"network.options": network, "fit.epochs": 3, "fit.batch_size": 16}
    return faultdiag.train(
        examples, settings=settings, out=tmp_path_factory.mktemp("images") / "run", device="cpu"
    )


@pytest.fixture(scope="session")
def tone_dir(tones: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`tones` as a folder of files: <label>/<group>/signal.npy."""
    folder = tmp_path_factory.mktemp("tone_files")
    for record in tones.records:
        place = folder / record.label / record.group
        place.mkdir(parents=True)
        np.save(place / "signal.npy", record.samples[0])
    return folder
