"""The folder of an inspection: whole or not there, and a page that shows everything without a network."""

import base64
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from faultdiag.errors import ParameterError, RunError
from faultdiag.report import page
from faultdiag.report.inspection import inspect
from faultdiag.report.page import check_folder, write_inspection


@pytest.fixture(scope="module")
def inspection(inner):
    return inspect(replace(inner, speed_rpm=1850.0), bearing="6205", speed_rpm=1800)


@pytest.fixture(scope="module")
def written(inspection, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page") / "inspection-inner"
    assert write_inspection(inspection, folder) == folder / "index.html"
    return folder


@pytest.fixture(scope="module")
def html(written, parsed):
    return parsed((written / "index.html").read_text(encoding="utf-8"))


def test_the_folder_holds_every_picture_in_both_formats(written):
    names = {path.name for path in written.iterdir()}
    stems = [
        f"{channel}-{picture}"
        for channel in ("0-DE", "1-_b_far__b__end")
        for picture in ("envelope", "kurtogram", "waveform", "spectrum", "spectrogram")
    ]
    pictures = {f"{stem}.{ending}" for stem in stems for ending in ("png", "svg")}
    assert names == {"index.html", "inspection.json", *pictures}
    for name in pictures:
        if name.endswith(".svg"):
            assert ElementTree.parse(written / name).getroot().tag.endswith("}svg")
        else:
            assert (written / name).read_bytes().startswith(b"\x89PNG")


def test_the_values_are_those_of_the_inspection(written, inspection):
    document = json.loads((written / "inspection.json").read_text())
    files = document.pop("files")
    assert document == json.loads(json.dumps(inspection.to_dict()))
    assert {*files, "inspection.json"} == {path.name for path in written.iterdir()}


def test_the_page_is_whole_and_has_a_head(html):
    assert html.attributes("html") == [{"lang": "en"}]
    assert {"charset": "utf-8"} in html.attributes("meta")
    assert any(attrs.get("name") == "viewport" for attrs in html.attributes("meta"))
    assert html.text.count("Inspection of inner & outer.mat") == 2  # title and heading


def test_nothing_on_the_page_comes_from_elsewhere(written):
    text = (written / "index.html").read_text(encoding="utf-8")
    without_pictures = re.sub(r'src="data:image/png;base64,[^"]*"', "", text)
    assert "http" not in without_pictures
    assert "//" not in without_pictures
    assert "<script" not in without_pictures


def test_pictures_are_in_the_page_with_words_for_those_who_do_not_see_them(html, written):
    images = html.attributes("img")
    assert len(images) == 10
    for image, link in zip(images, html.attributes("a"), strict=True):
        content = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
        assert content == (written / link["href"]).with_suffix(".png").read_bytes()
        assert link["href"].endswith(".svg")
        assert len(image["alt"]) > 40
    assert "Envelope spectrum of channel DE." in images[0]["alt"]


def test_names_from_a_file_are_text_not_markup(html):
    assert "b" not in [tag for tag, _ in html.found]
    assert "Channel <b>far</b> end" in html.text


def test_lines_indicators_facts_and_warnings_stand_on_the_page(html, inspection):
    channel = inspection.channels[0]
    best = channel.found()[0]
    for said in (best.name, f"{best.found_hz:.2f}", "6205, in orders", "1800 rpm", "the file says 1850 rpm"):
        assert said in html.text
    assert f"{channel.indicators['kurtosis']:.4g}" in html.text
    assert "spectral centroid, Hz" in html.text
    weak = [line for one in inspection.channels for line in one.lines if line.found_hz is None]
    assert len([attrs for attrs in html.attributes("tr") if attrs.get("class") == "weak"]) == len(weak) > 0


def test_a_zone_stands_on_the_page(inner, tmp_path):
    from faultdiag.signal.severity_zones import IndustrialMachine

    motor = IndustrialMachine(power_kw=55, speed_rpm=1800, support="rigid")
    found = inspect(inner.select(["DE"]), machine=motor)
    text = write_inspection(found, tmp_path / "zone", formats=["png"]).read_text(encoding="utf-8")
    assert f"zone {found.channels[0].severity.zone} by ISO 20816-3" in text


def test_formats_are_a_choice(inspection, tmp_path):
    write_inspection(inspection, tmp_path / "svg", formats=["svg"])
    endings = {path.suffix for path in (tmp_path / "svg").iterdir()}
    assert endings == {".svg", ".html", ".json"}
    assert "data:image/svg+xml;base64," in (tmp_path / "svg" / "index.html").read_text()
    with pytest.raises(ParameterError, match="unknown picture format 'gif'; there are: png, svg"):
        write_inspection(inspection, tmp_path / "gif", formats=["gif"])
    with pytest.raises(ParameterError, match="a picture needs a format"):
        write_inspection(inspection, tmp_path / "none", formats=[])


@pytest.fixture
def quick(monkeypatch):
    """One small picture instead of all."""
    first = page.channel_pictures
    monkeypatch.setattr(page, "channel_pictures", lambda *some: [next(iter(first(*some)))])


@pytest.mark.usefixtures("quick")
def test_an_earlier_inspection_is_replaced_as_a_whole(inspection, tmp_path):
    folder = tmp_path / "again"
    write_inspection(inspection, folder, formats=["svg"])
    write_inspection(inspection, folder, formats=["png"])
    assert {path.suffix for path in folder.iterdir()} == {".png", ".html", ".json"}


@pytest.mark.usefixtures("quick")
def test_an_empty_folder_is_filled(inspection, tmp_path):
    write_inspection(inspection, tmp_path, formats=["png"])
    assert (tmp_path / "index.html").is_file()


@pytest.mark.parametrize("has_inspection", [False, True])
@pytest.mark.usefixtures("quick")
def test_a_folder_with_something_else_is_refused_and_left_alone(inspection, tmp_path, has_inspection):
    if has_inspection:
        write_inspection(inspection, tmp_path, formats=["png"])
    (tmp_path / "notes.txt").write_text("mine")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ParameterError, match="holds 'notes.txt', which no inspection has written"):
        write_inspection(inspection, tmp_path)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("content", ["no json", "{}", "[]", '{"files": 3}'])
def test_a_foreign_file_of_the_same_name_is_foreign(tmp_path, content):
    (tmp_path / "inspection.json").write_text(content)
    with pytest.raises(ParameterError, match="holds 'inspection.json'"):
        check_folder(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(ParameterError, match="taken is no folder; name another one with --out"):
        check_folder(tmp_path / "taken")


@pytest.mark.usefixtures("quick")
def test_nothing_is_left_half_written(inspection, tmp_path, monkeypatch):
    write_inspection(inspection, tmp_path / "old", formats=["png"])
    old = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}

    def full(figure, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page, "save_picture", full)
    for name in ("old", "new"):
        with pytest.raises(RunError, match=f"{name}: cannot write: No space left on device"):
            write_inspection(inspection, tmp_path / name)
    assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == old
    assert not (tmp_path / "new").exists()


def test_a_browser_shows_every_picture_and_a_telephone_the_whole_width(on_telephone, written):
    seen = on_telephone(written / "index.html")
    assert len(seen["images"]) == 10
    assert all(complete and width > 500 and height > 200 for complete, width, height in seen["images"])
    assert seen["page"] <= 390
    assert seen["furthest"] <= 390
