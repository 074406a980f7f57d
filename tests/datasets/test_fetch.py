import pytest

from faultdiag.datasets import fetch as module
from faultdiag.datasets.cards import load_card
from faultdiag.datasets.fetch import ensure, fetch, files_of_task
from faultdiag.datasets.load import load_dataset
from faultdiag.datasets.verify import verify
from faultdiag.errors import DatasetError, ParameterError


@pytest.fixture
def small(site, monkeypatch, tmp_path):
    """The data set cwru with the two files of the site, and a cache folder of its own."""
    card = load_card("cwru").model_copy(update={"download_url": site.base_url})
    monkeypatch.setattr(module, "load_card", lambda name: card)
    monkeypatch.setattr(module, "data_files", lambda name: tuple(site.files()))
    monkeypatch.setattr(module, "cache_folder", lambda name: tmp_path / "cache" / name)
    return site


def test_all_files_come_from_the_address_of_the_card(small, tmp_path):
    assert fetch("cwru", tmp_path / "here") == tmp_path / "here"
    assert sorted(p.name for p in (tmp_path / "here").glob("*.mat")) == ["1.mat", "2.mat"]


def test_named_files_go_into_the_cache_by_default(small, tmp_path):
    folder = fetch("cwru", names=["2.mat"])
    assert folder == tmp_path / "cache" / "cwru"
    assert [p.name for p in folder.glob("*.mat")] == ["2.mat"]


def test_another_address_may_be_given(small, tmp_path):
    with pytest.raises(DatasetError, match="other/1.mat answers 404"):
        fetch("cwru", tmp_path, base_url=f"{small.base_url}other/")


def test_a_file_that_the_set_does_not_have(small):
    with pytest.raises(ParameterError, match=r"'cwru' has no file '1.mta'; did you mean 1\.mat"):
        fetch("cwru", names=["1.mta"])


def test_a_set_without_files():
    with pytest.raises(ParameterError, match="'folder' has no files to fetch"):
        fetch("folder")


def test_a_named_folder_without_any_file_is_filled(small, tmp_path):
    assert ensure("cwru", tmp_path, ["1.mat"]) == tmp_path
    assert (tmp_path / "1.mat").is_file()
    assert not (tmp_path / "2.mat").exists()


@pytest.mark.parametrize("present", ["2.mat", "2_part.mat"])
def test_a_named_folder_with_any_file_is_left_as_it_is(small, tmp_path, present):
    (tmp_path / present).write_bytes(b"mine")
    assert ensure("cwru", tmp_path, ["1.mat", "2.mat"]) == tmp_path
    assert small.asked == []
    assert [p.name for p in tmp_path.iterdir()] == [present]


def test_a_named_folder_that_does_not_exist_is_not_made(small, tmp_path):
    with pytest.raises(ParameterError, match="there is no folder '.*absent'"):
        ensure("cwru", tmp_path / "absent", ["1.mat"])


def test_the_cache_is_completed(small):
    folder = ensure("cwru", None, ["2.mat"])
    ensure("cwru", None, ["1.mat", "2.mat"])
    ensure("cwru", None, ["1.mat", "2.mat"])
    assert [name for name, _ in small.asked] == ["2.mat", "1.mat"]
    assert sorted(p.name for p in folder.glob("*.mat")) == ["1.mat", "2.mat"]


def test_progress_is_told(small):
    seen = []
    ensure("cwru", None, ["2.mat"], progress=lambda *told: seen.append(told))
    assert seen == [("2.mat", 6000, 6000)]


def test_without_network_the_page_and_the_folder_are_named(small, tmp_path, monkeypatch):
    files = tuple(small.files())
    small.content.clear()
    monkeypatch.setattr(module, "data_files", lambda name: files)
    with pytest.raises(
        DatasetError, match=r"'cwru': .* lacks 1 files; .*edu/bearingdatacenter into"
    ) as caught:
        ensure("cwru", tmp_path, ["1.mat"])
    assert str(caught.value).endswith(f"into {tmp_path}")


def test_the_default_task_needs_its_files():
    assert files_of_task("cwru") == files_of_task("cwru", "fault")


def test_a_task_that_the_set_does_not_have():
    with pytest.raises(ParameterError, match="'cwru' has no task 'faul'; did you mean fault"):
        files_of_task("cwru", "faul")


@pytest.mark.data
def test_official_files_come_through_and_are_found(site, cwru_dir, tmp_path):
    names = ["97.mat", "105.mat"]
    site.content = {name: (cwru_dir / name).read_bytes() for name in names}
    site.drop_after = [1_000_000]
    fetch("cwru", tmp_path, names, base_url=site.base_url)
    verdicts = {verdict.file: verdict.status for verdict in verify("cwru", tmp_path)}
    assert [verdicts.pop(name) for name in names] == ["ok", "ok"]
    assert set(verdicts.values()) == {"missing"}
    assert [record.label for record in load_dataset("cwru", tmp_path).records] == ["normal", "inner"]
