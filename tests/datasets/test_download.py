import hashlib
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from faultdiag.datasets.download import download
from faultdiag.datasets.files import DataFile
from faultdiag.errors import DatasetError

PAGE = "https://example.org/page"


def get(site, folder, files=None, progress=None):
    download(
        site.files() if files is None else files, folder, base_url=site.base_url, page=PAGE, progress=progress
    )


def assert_whole(site, folder):
    for name, data in site.content.items():
        assert (folder / name).read_bytes() == data
    assert not list(folder.glob("*.part"))
    assert {p.name for p in folder.iterdir()} - {".fetch.lock"} == set(site.content)


def test_files_come_whole_into_a_folder_that_is_made(site, tmp_path):
    get(site, tmp_path / "new" / "er")
    assert_whole(site, tmp_path / "new" / "er")


def test_only_what_is_absent_or_wrong_is_asked_for(site, tmp_path):
    (tmp_path / "1.mat").write_bytes(site.content["1.mat"])
    (tmp_path / "2.mat").write_bytes(b"s" * len(site.content["2.mat"]))
    get(site, tmp_path)
    assert [name for name, _ in site.asked] == ["2.mat"]
    assert_whole(site, tmp_path)


def test_only_the_files_asked_for_come(site, tmp_path):
    get(site, tmp_path, site.files()[1:])
    assert not (tmp_path / "1.mat").exists()
    assert (tmp_path / "2.mat").exists()


def test_a_broken_connection_is_taken_up_where_it_broke(site, tmp_path):
    site.drop_after = [300_000, 200_000]
    get(site, tmp_path)
    starts = [int(wanted[6:-1]) for name, wanted in site.asked if name == "1.mat"]
    assert starts[0] == 0
    assert 0 < starts[1] <= 300_000
    assert starts[1] < starts[2] <= 500_000
    assert_whole(site, tmp_path)


def test_a_part_of_an_earlier_call_is_gone_on_with(site, tmp_path):
    (tmp_path / "1.mat.part").write_bytes(site.content["1.mat"][:1_000_000])
    get(site, tmp_path)
    assert site.asked[0] == ("1.mat", "bytes=1000000-")
    assert_whole(site, tmp_path)


def test_a_part_that_is_already_whole_needs_no_request(site, tmp_path):
    (tmp_path / "1.mat.part").write_bytes(site.content["1.mat"])
    get(site, tmp_path)
    assert [name for name, _ in site.asked] == ["2.mat"]
    assert_whole(site, tmp_path)


def test_a_part_longer_than_the_file_is_begun_anew(site, tmp_path):
    (tmp_path / "1.mat.part").write_bytes(site.content["1.mat"] + b"more")
    get(site, tmp_path)
    assert_whole(site, tmp_path)


def test_a_server_that_cannot_skip_sends_it_all_again(site, tmp_path):
    site.skips = False
    (tmp_path / "1.mat.part").write_bytes(b"x" * 1000)
    get(site, tmp_path)
    assert_whole(site, tmp_path)


def test_a_connection_that_gives_nothing_ends_with_the_part_kept(site, tmp_path):
    site.drop_after = [400_000, 0, None]
    with pytest.raises(
        DatasetError, match=r"fetch 1\.mat, 2\.mat: the connection broke off, and what came is kept; try"
    ):
        get(site, tmp_path)
    kept = (tmp_path / "1.mat.part").stat().st_size
    assert 0 < kept <= 400_000
    assert not (tmp_path / "1.mat").exists()
    get(site, tmp_path)
    assert_whole(site, tmp_path)


def test_a_wrong_checksum_deletes_the_download_and_names_both(site, tmp_path):
    first = site.files()[0]
    false = DataFile(first.name, first.n_bytes, "0" * 64, ())
    with pytest.raises(
        DatasetError, match=rf"1\.mat.*expected {'0' * 64} but got {first.sha256}; it was deleted"
    ):
        get(site, tmp_path, [false])
    assert [p.name for p in tmp_path.iterdir()] == [".fetch.lock"]


def test_a_wrong_download_does_not_replace_the_file_that_was_there(site, tmp_path):
    (tmp_path / "1.mat").write_bytes(b"mine")
    with pytest.raises(DatasetError, match="does not match"):
        get(site, tmp_path, [DataFile("1.mat", len(site.content["1.mat"]), "0" * 64, ())])
    assert (tmp_path / "1.mat").read_bytes() == b"mine"


def test_a_file_shorter_on_the_server_is_refused(site, tmp_path):
    file = site.files()[0]
    site.content["1.mat"] = site.content["1.mat"][:1000]
    with pytest.raises(DatasetError, match=f"expected {file.sha256}"):
        get(site, tmp_path, [file])
    (tmp_path / "1.mat.part").write_bytes(b"x" * 2000)
    with pytest.raises(DatasetError, match="answers 416"):
        get(site, tmp_path, [file])
    assert not list(tmp_path.glob("1.mat*"))


def test_a_file_that_is_not_on_the_server(site, tmp_path):
    with pytest.raises(
        DatasetError, match=r"1/9\.mat answers 404 Not Found|:\d+/9\.mat answers 404 Not Found"
    ):
        get(site, tmp_path, [DataFile("9.mat", 10, "0" * 64, ())])
    assert not list(tmp_path.glob("9*"))


def test_no_network_is_one_line_that_names_page_and_folder(site, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site.base_url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(DatasetError, match="no connection to http") as caught:
        get(site, tmp_path)
    message = str(caught.value)
    assert PAGE in message
    assert str(tmp_path) in message
    assert "\n" not in message


def test_a_server_that_does_not_answer(site, tmp_path, monkeypatch):
    monkeypatch.setattr("faultdiag.datasets.download._TIMEOUT_S", (0.05, 0.05))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        site.base_url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(DatasetError, match="no answer from http"):
            get(site, tmp_path)


def test_a_server_without_a_trusted_certificate(site, tmp_path):
    site.base_url = site.base_url.replace("http:", "https:")
    with pytest.raises(DatasetError, match="no trusted connection to https"):
        get(site, tmp_path)


def test_a_folder_that_cannot_be_made(site, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match=r"2\.mat into .*file: .*(exists|directory)"):
        get(site, tmp_path / "file")


def test_progress_rises_to_the_bytes_of_all_absent_files(site, tmp_path):
    (tmp_path / "1.mat.part").write_bytes(site.content["1.mat"][:500_000])
    seen = []
    get(site, tmp_path, progress=lambda *told: seen.append(told))
    total = sum(len(data) for data in site.content.values())
    assert {t for _, _, t in seen} == {total}
    assert [n for _, n, _ in seen] == sorted(n for _, n, _ in seen)
    assert seen[0][1] > 500_000
    assert seen[-1][:2] == ("2.mat", total)


def test_two_processes_fetch_every_file_once(site, tmp_path):
    script = (
        "import json, sys; from pathlib import Path\n"
        "from faultdiag.datasets.download import download\n"
        "from faultdiag.datasets.files import DataFile\n"
        "files = [DataFile(*row) for row in json.loads(sys.argv[1])]\n"
        "download(files, Path(sys.argv[2]), base_url=sys.argv[3], page='')\n"
    )
    rows = json.dumps([[f.name, f.n_bytes, f.sha256, []] for f in site.files()])
    command = [sys.executable, "-c", script, rows, str(tmp_path), site.base_url]
    workers = [subprocess.Popen(command) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert sorted(name for name, _ in site.asked) == ["1.mat", "2.mat"]
    assert_whole(site, tmp_path)


def test_the_checksum_is_of_the_whole_file_after_a_break(site, tmp_path):
    site.drop_after = [100_000]
    (tmp_path / "1.mat.part").write_bytes(b"\xff" * 50_000)  # another file's beginning
    with pytest.raises(DatasetError, match="does not match"):
        get(site, tmp_path)
    get(site, tmp_path)
    got = hashlib.sha256(Path(tmp_path / "1.mat").read_bytes()).hexdigest()
    assert got == site.files()[0].sha256
