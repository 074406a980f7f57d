from collections import Counter

import numpy as np
import pytest
from scipy.io import savemat

from faultdiag.datasets.folder import examples
from faultdiag.errors import DatasetError, ParameterError, RecordError


@pytest.fixture
def tree(tmp_path):
    """Two files with a bearing each, two of one bearing, and a healthy one."""
    for number, name in enumerate(("inner/a", "inner/b", "outer/B7/c", "outer/B7/deep/d", "Healthy/e")):
        put(tmp_path, name, np.full(100, float(number)))
    return tmp_path


def put(folder, name, array):
    path = folder / f"{name}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, array)
    return path


def manifest(folder, text):
    (folder / "manifest.csv").write_text(text, encoding="utf-8")


def test_sub_folders_are_labels_and_folders_below_are_groups(tree):
    found = examples(tree, rate_hz=1000)
    assert found.classes == ("Healthy", "inner", "outer")
    rows = [(r.label, r.group, r.read(0, 1).item()) for r in found.records]
    assert rows == [
        ("Healthy", "Healthy/e.npy", 4),
        ("inner", "inner/a.npy", 0),
        ("inner", "inner/b.npy", 1),
        ("outer", "B7", 2),
        ("outer", "B7", 3),
    ]
    assert {r.rate_hz for r in found.records} == {1000}
    assert found.records[1].origin == str(tree / "inner" / "a.npy")


def test_healthy_words_come_first_and_the_rest_is_sorted(tmp_path):
    for label in ("b", "normal", "healthy", "a"):
        put(tmp_path, f"{label}/x", np.zeros(9))
    assert examples(tmp_path).classes == ("normal", "healthy", "a", "b")


def test_other_and_hidden_files_are_left_out_and_counted(tree):
    (tree / "inner" / "readme.txt").write_text("")
    (tree / "inner" / "plot.png").write_text("")
    (tree / ".hidden").mkdir()
    (tree / "inner" / ".DS_Store").write_text("")
    put(tree, ".hidden/x", np.zeros(9))
    put(tree, "loose", np.zeros(9))
    found = examples(tree)
    assert len(found.records) == 5
    text = "\n".join(found.notes)
    assert "1 signal files belong to no label, such as loose.npy: ignored" in text
    assert "2 files are no signals, such as plot.png: ignored" in text


def test_a_label_with_one_record_is_noted(tree):
    text = "\n".join(examples(tree).notes)
    assert "label 'Healthy' has one record only" in text
    assert "'inner'" not in text


def test_a_manifest_says_it_all(tree):
    manifest(
        tree,
        "path,label,rate_hz,speed_rpm,group,load\n"
        "inner/a.npy,good,2000,1500,P1,2\n"
        "outer/B7/c.npy,bad,2000,,,high\n",
    )
    first, second = examples(tree).records
    assert (first.label, first.group, first.rate_hz, first.speed_rpm) == ("good", "P1", 2000, 1500)
    assert first.conditions == {"load": 2.0}
    assert (second.label, second.group, second.speed_rpm) == ("bad", "outer/B7/c.npy", None)
    assert second.conditions == {"load": "high"}
    assert "3 signal files belong to no label, such as e.npy" in "\n".join(examples(tree).notes)


def test_a_file_with_several_signals_gives_records_of_one_group(tmp_path):
    put(tmp_path, "good/many", np.arange(12.0).reshape(3, 4))
    put(tmp_path, "bad/one", np.zeros((1, 4)))
    found = examples(tmp_path, rows="signals")
    assert Counter(r.group for r in found.records) == {"good/many.npy": 3, "bad/one.npy": 1}
    assert [r.read(0, 1).item() for r in found.records] == [0, 0, 4, 8]


def test_channels_are_chosen_in_order(tmp_path):
    for name in ("good/x", "bad/x"):
        put(tmp_path, name, np.arange(20.0).reshape(2, 10))
    found = examples(tmp_path, channels=("1", "0"))
    assert [r.read(0, 1).tolist() for r in found.records] == [[[10], [0]]] * 2
    (said,) = [note for note in found.notes if "arrays" in note]
    assert "2 arrays, such as" in said
    assert "rows taken as channels" in said
    with pytest.raises(ParameterError, match="no channel 'z'"):
        examples(tmp_path, channels=("z",))


def test_other_numbers_of_channels_are_refused(tmp_path):
    put(tmp_path, "good/x", np.zeros((2, 10)))
    put(tmp_path, "bad/y", np.zeros((3, 10)))
    with pytest.raises(DatasetError, match=r"x\.npy has channels ch0, ch1, .*y\.npy has ch0, ch1, ch2: name"):
        examples(tmp_path)


def test_a_single_channel_may_have_any_name(tmp_path):
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        savemat(tmp_path / name / "x.mat", {f"z_{name}": np.arange(50.0)[:, None]})
    assert len(examples(tmp_path).records) == 2


def test_rates_of_file_manifest_and_caller_must_agree(tree):
    manifest(tree, "path,label,rate_hz\ninner/a.npy,x,2000\ninner/b.npy,y,\n")
    assert [r.rate_hz for r in examples(tree, rate_hz=2000).records] == [2000, 2000]
    assert [r.rate_hz for r in examples(tree).records] == [2000, None]
    with pytest.raises(
        DatasetError, match=r"a\.npy: .*manifest\.csv, line 2 says 2000 Hz, rate_hz says 1000 Hz"
    ):
        examples(tree, rate_hz=1000)


def test_a_file_that_cannot_be_read_is_named(tree):
    (tree / "inner" / "c.npy").write_bytes(b"no array")
    with pytest.raises(RecordError, match=r"c\.npy"):
        examples(tree)


def test_a_manifest_may_name_signals_only(tree):
    (tree / "notes.txt").write_text("")
    manifest(tree, "path,label\nnotes.txt,x\ninner/a.npy,y\n")
    with pytest.raises((DatasetError, RecordError, ParameterError), match=r"notes\.txt"):
        examples(tree)


def test_one_label_is_not_enough(tmp_path):
    put(tmp_path, "inner/a", np.zeros(9))
    with pytest.raises(DatasetError, match=r"two labels at least, found \['inner'\]; make a sub-folder"):
        examples(tmp_path)
    with pytest.raises(DatasetError, match=r"found \[\]"):
        examples(tmp_path / "inner")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"task": "size"}, "'folder' has no task 'size'"),
        ({"rate_hz": 0}, "rate_hz must be positive, got 0"),
        ({"rate_hz": float("nan")}, "rate_hz must be positive, got nan"),
    ],
)
def test_wrong_options(tree, options, words):
    with pytest.raises(ParameterError, match=words):
        examples(tree, **options)


def test_a_folder_must_be_named_and_exist(tmp_path):
    with pytest.raises(ParameterError, match="'folder' needs --data-dir"):
        examples(None)
    with pytest.raises(ParameterError, match="'folder': there is no folder '.*absent'"):
        examples(tmp_path / "absent")


@pytest.mark.data
def test_a_manifest_beside_the_files_of_another_rig(hitsm_dir):
    words = {"No": "normal", "IR": "inner", "OR": "outer"}
    lines = ["path,label,rate_hz,speed_rpm,group"]
    for path in sorted(hitsm_dir.glob("*.mat")):
        state, speed_rpm = path.stem.split("_")
        lines.append(f"{path.name},{words[state[:2]]},51200,{speed_rpm},{state}")
    manifest(hitsm_dir, "\n".join(lines) + "\n")
    found = examples(hitsm_dir, rate_hz=51200)
    (hitsm_dir / "manifest.csv").unlink()
    assert found.classes == ("normal", "inner", "outer")
    assert Counter(r.label for r in found.records) == {"normal": 3, "inner": 6, "outer": 6}
    assert Counter(found.groups) == dict.fromkeys(("Normal", "IR2", "IR8", "OR2", "OR8"), 3)
    assert {r.speed_rpm for r in found.records} == {600, 900, 1200}
    assert {(r.n_channels, r.n_samples, r.rate_hz) for r in found.records} == {(1, 262_144, 51_200)}
    # inner race faults give sharper impacts than outer race faults, a healthy bearing none
    kurtosis = {r.origin: _kurtosis(r.samples[0]) for r in found.records}
    of = {
        label: [k for r, k in zip(found.records, kurtosis.values(), strict=True) if r.label == label]
        for label in found.classes
    }
    assert max(of["normal"]) < 6 < min(of["outer"]) < max(of["outer"]) < min(of["inner"])


def _kurtosis(x):
    x = x - x.mean()
    return np.mean(x**4) / np.mean(x**2) ** 2
