"""The worked examples of the documentation: one's own reader, data set, view, network, activation, split."""

import importlib
import struct
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import faultdiag
from faultdiag.datasets.cards import Card
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.splits import SPLITS, Layout, split_examples
from faultdiag.datasets.table import DATASETS
from faultdiag.errors import DatasetError, ParameterError, RecordError
from faultdiag.networks.table import ACTIVATIONS, NETWORKS
from faultdiag.readers.table import READERS
from faultdiag.records import Record
from faultdiag.views.table import VIEWS

EXTENDING = Path(__file__).parents[1] / "examples" / "extending"
ROWS = {
    "imu": (READERS, "imu:read"),
    "pumps": (DATASETS, "pumps:examples"),
    "envelope": (VIEWS, "envelope:EnvelopeView"),
    "plain": (NETWORKS, "plain:build"),
    "elu": (ACTIVATIONS, "elu:elu"),
    "faster": (SPLITS, "faster:faster"),
}


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    """The rows that the documentation adds, for one test."""
    monkeypatch.syspath_prepend(EXTENDING)
    for name, (table, address) in ROWS.items():
        monkeypatch.setitem(table.rows, name, ("an example", address))


def write_imu(path, counts, *, rate_hz=1000.0, n_channels=2):
    header = b"IMU1" + struct.pack("<fI", rate_hz, n_channels)
    path.write_bytes(header + np.asarray(counts, "<i2").tobytes())
    return path


def test_a_reader_is_found_by_the_ending(tmp_path):
    record = faultdiag.read(write_imu(tmp_path / "a.imu", [1, -1, 2, -2, 3, -3]))
    np.testing.assert_array_equal(record.samples, [[1, 2, 3], [-1, -2, -3]])
    assert record.rate_hz == 1000.0


def test_a_reader_refuses_foreign_and_cut_files(tmp_path):
    (tmp_path / "a.imu").write_bytes(b"RIFF" + bytes(40))
    with pytest.raises(RecordError, match=r"a.imu: not a file of the logger: it begins with b'RIFF'"):
        faultdiag.read(tmp_path / "a.imu")
    with pytest.raises(RecordError, match="b.imu: 3 samples are no whole number for 2 channels"):
        faultdiag.read(write_imu(tmp_path / "b.imu", [1, 2, 3]))
    with pytest.raises(ParameterError, match="has no variables, so there is no 'x'"):
        faultdiag.read(write_imu(tmp_path / "c.imu", [1, 2]), variable="x")


def test_a_data_set_has_a_card_and_gives_examples(tmp_path):
    pumps = importlib.import_module("pumps")
    card = Card(**tomllib.loads((EXTENDING / "pumps.toml").read_text()))
    for number, name in enumerate(pumps.FILES):
        np.save(tmp_path / name, np.full(100, float(number)))
    found = DATASETS.load("pumps")(tmp_path)
    assert found.classes == card.labels
    assert [(r.label, r.samples[0, 0]) for r in found.records] == [
        ("normal", 0.0), ("worn", 1.0), ("normal", 2.0), ("worn", 3.0),
    ]  # fmt: skip
    assert found.records[0].channels == card.channels
    assert len(set(found.groups)) == 4
    (tmp_path / "south-2025.npy").unlink()
    with pytest.raises(DatasetError, match=r"'pumps': .* lacks south-2025.npy"):
        pumps.examples(tmp_path)
    with pytest.raises(ParameterError, match="'pumps' needs --data-dir"):
        pumps.examples()


def test_a_view_shows_the_envelope():
    time = np.arange(1000) / 1000
    tone = (1 + 0.5 * np.cos(2 * np.pi * 5 * time)) * np.cos(2 * np.pi * 100 * time)
    windows = np.stack([tone, np.zeros(1000)])[:, None]
    view = VIEWS.load("envelope").fit(windows, rate_hz=1000.0)
    assert type(view)(**view.state()) == view
    tensors = view(windows, 1000.0)
    assert tensors.shape == (2, *view.shape)
    np.testing.assert_allclose(tensors[0, :, 0], 1 + 0.5 * np.cos(2 * np.pi * 5 * time), atol=1e-5)
    assert not tensors[1].any()
    with pytest.raises(ParameterError, match=r"windows must be \[..., 1, 1000\], got \[2, 1, 999\]"):
        view(windows[..., 1:])


def rig():
    """A slow and a fast record of each of two labels that differ in how often they pulse."""
    records = []
    for label, pulse_hz in (("normal", 0.0), ("worn", 40.0)):
        for speed_rpm in (1200.0, 1800.0):
            time = np.arange(4096) / 1000
            noise = np.random.default_rng(int(speed_rpm)).normal(size=4096)
            samples = noise * (1 + np.cos(2 * np.pi * pulse_hz * time))
            records.append(Record(source=samples[None], rate_hz=1000.0, speed_rpm=speed_rpm, label=label))
    return Examples(name="simulated", task="fault", classes=("normal", "worn"), records=tuple(records))


def test_a_split_holds_out_what_turns_faster():
    layout = Layout(length=256, train_hop=128, test_hop=256)
    split = split_examples(rig(), "faster:1480", lengths=np.full(4, 4096), layout=layout, seed=0)
    assert set(split.train.record.tolist()) == {0, 2}
    assert set(split.tests[0].windows.record.tolist()) == {1, 3}
    unknown = replace(rig(), records=(Record(source=np.zeros((1, 9)), label="worn"),))
    with pytest.raises(ParameterError, match="'faster:1480' needs the speed of every record"):
        split_examples(unknown, "faster:1480", lengths=np.array([9]), layout=layout, seed=0)


@pytest.mark.keras
def test_a_network_takes_one_axis_and_channels():
    with pytest.raises(ParameterError, match=r"'plain': inputs must be \[n, channels\], got \[8, 8, 3\]"):
        NETWORKS.load("plain")(input_shape=(8, 8, 3), n_classes=2)


@pytest.mark.keras
def test_an_activation_is_a_name_for_every_residual_network():
    options = {"activation": "elu", "stages": ((16, 1, 2),)}
    model = NETWORKS.load("record16")(input_shape=(32, 1), n_classes=2, **options)
    assert sum(type(layer).__name__ == "ELU" for layer in model.layers) == 3
    found = model.get_layer(index=3)(np.array([[[-1.0, 2.0]]], np.float32))
    np.testing.assert_allclose(found, [[[np.exp(-1) - 1, 2.0]]], rtol=1e-6)


@pytest.mark.keras
def test_rows_of_ones_own_train_and_predict_together(tmp_path):
    settings = {
        "split": "faster:1480",
        "data.channels": ["ch0"],
        "data.rate_hz": 1000.0,
        "data.window": 256,
        "view.name": "envelope",
        "network.name": "plain",
        "network.options": {"filters": 4},
        "fit.epochs": 1,
    }
    run = faultdiag.train(rig(), settings=settings, out=tmp_path / "run", device="cpu")
    assert run.results[0]["split"] == "faster:1480"
    counts = np.random.default_rng(0).integers(-99, 99, 1024)
    (answer,) = run.predict(write_imu(tmp_path / "a.imu", counts, n_channels=1))
    assert answer.status == "ok"
    assert answer.label in ("normal", "worn")
    assert answer.windows == 4
