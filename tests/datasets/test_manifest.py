import pytest

from faultdiag.datasets.manifest import read_manifest
from faultdiag.errors import DatasetError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.npy", "b.npy", "sub/c.npy"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def write(folder, text, encoding="utf-8"):
    (folder / "manifest.csv").write_bytes(text.encode(encoding))
    return read_manifest(folder)


def test_path_and_label_are_enough(folder):
    first, second = write(folder, "path,label\na.npy,normal\nsub/c.npy,inner\n")
    assert (first.path, first.label, first.group) == (folder / "a.npy", "normal", "a.npy")
    assert (second.path, second.label, second.group) == (folder / "sub" / "c.npy", "inner", "sub/c.npy")
    assert first.rate_hz is first.speed_rpm is None
    assert first.conditions == {}


def test_every_other_column_is_a_condition_and_a_number_where_it_can_be(folder):
    text = "load_hp,label,path,oil,group,rate_hz,speed_rpm,note\n2,normal,a.npy,nan,G 1,12e3,1772.5,\n"
    (entry,) = write(folder, text)
    assert entry.conditions == {"load_hp": 2.0, "oil": "nan"}
    assert (entry.group, entry.rate_hz, entry.speed_rpm) == ("G 1", 12000.0, 1772.5)


def test_blanks_around_values_and_a_byte_order_mark_do_not_matter(folder):
    (entry,) = write(folder, "path, label\n a.npy , normal \n".replace(", l", ",l"), "utf-8-sig")
    assert (entry.path, entry.label) == (folder / "a.npy", "normal")


def test_an_absolute_path_is_taken_as_it_is(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "d.npy"
    elsewhere.write_bytes(b"")
    (entry,) = write(folder, f"path,label\n{elsewhere},normal\n")
    assert entry.path == elsewhere


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "manifest.csv: no column 'path'; there are: none"),
        ("path,labell\na.npy,x\n", "manifest.csv: no column 'label'; there are: path, labell"),
        ("path,label\na.npy,x\nno.npy,y\n", "line 3: there is no file 'no.npy'"),
        ("path,label\nsub,x\n", "line 2: there is no file 'sub'"),
        ("path,label\n,x\n", "line 2: there is no file ''"),
        ("path,label\na.npy,\n", "line 2: the label of 'a.npy' is empty"),
        ("path,label\na.npy\n", "line 2: needs 2 values"),
        ("path,label\na.npy,x,y\n", "line 2: needs 2 values"),
        ("path,label\na.npy,x\nb.npy,y\na.npy,z\n", "line 4: 'a.npy' is already in line 2"),
        ("path,label,rate_hz\na.npy,x,fast\n", "line 2: rate_hz must be a positive number, got 'fast'"),
        ("path,label,rate_hz\na.npy,x,0\n", "line 2: rate_hz must be a positive number, got '0'"),
        ("path,label,speed_rpm\na.npy,x,inf\n", "line 2: speed_rpm must be a positive number, got 'inf'"),
        ('path,label\n"a.npy,x\n', "line 2: needs 2 values"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_value(folder, text, words):
    with pytest.raises(DatasetError, match=words):
        write(folder, text)


def test_a_manifest_in_another_encoding(folder):
    with pytest.raises(DatasetError, match="manifest.csv: not a CSV file in UTF-8: .*0xe4"):
        write(folder, "path,label\na.npy,Schäden\n", "latin-1")


def test_a_value_too_long_for_a_csv_file(folder):
    with pytest.raises(DatasetError, match="manifest.csv: not a CSV file in UTF-8: field larger"):
        write(folder, f"path,label\na.npy,{'x' * 200_000}\n")
