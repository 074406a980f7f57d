"""The page of diagnoses: one file that holds everything and shows it on a telephone, too."""

import base64
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

import faultdiag
from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.diagnosis.diagnosis import Diagnosis, Evidence, Hypothesis
from faultdiag.diagnosis.trace import TurnTrace
from faultdiag.errors import ParameterError, RunError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.records import Record
from faultdiag.report import diagnosis_page, write_report
from faultdiag.report.diagnosis_page import check_report

SHAFT_FAULTS = ("imbalance", "misalignment", "looseness")
SVG = "data:image/svg+xml;base64,"

FAILED = Diagnosis("data/<i>short.mat", status="error", error="data/<i>short.mat: it is too short")


@pytest.fixture(scope="module")
def record(inner):
    """A damaged inner race, and a channel of noise whose shaft cannot be seen."""
    rng = np.random.default_rng(1)
    damaged = simulate_bearing(
        bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04),
        fault="inner",
        rate_hz=inner.rate_hz,
        duration_s=inner.n_samples / inner.rate_hz,
        speed_rpm=1800.0,
        snr_db=3.0,
        assembly=Assembly.draw(rng),
        rng=rng,
    )
    return replace(inner, source=np.stack([damaged, inner.samples[1]]))


@pytest.fixture(scope="module")
def answers(record):
    return faultdiag.diagnose(record, bearing="6205", trace=True)


@pytest.fixture(scope="module")
def page(answers, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "new" / "folder" / "out.html"
    said = {"bearing": "6205", "rate_hz": 12000.0, "reference": "data/<u>new.mat"}
    assert write_report([*answers, FAILED], path, **said) == path
    return path


@pytest.fixture(scope="module")
def html(page, parsed):
    return parsed(page.read_text(encoding="utf-8"))


def of_class(html, name):
    return [attrs for _, attrs in html.found if name in attrs.get("class", "").split()]


def test_the_answers_are_what_this_file_is_about(answers):
    assert [answer.status for answer in answers] == ["ok", "undetermined"]
    assert answers[0].label == "inner"


def test_it_is_one_file_and_nothing_comes_from_elsewhere(page):
    assert [path.name for path in page.parent.iterdir()] == ["out.html"]
    text = re.sub(f'src="{re.escape(SVG)}[^"]*"', "", page.read_text(encoding="utf-8"))
    for foreign in ("http", "//", "<script", "<link", "src="):
        assert foreign not in text


def test_the_page_is_whole_and_has_a_head(html):
    assert html.attributes("html") == [{"lang": "en"}]
    assert {"charset": "utf-8"} in html.attributes("meta")
    assert any(attrs.get("name") == "viewport" for attrs in html.attributes("meta"))
    assert html.text.count("Diagnosis of 2 files") == 2  # title and heading
    assert "outer race 3.585, inner race 5.415" in html.text
    assert "12000 Hz, as said" in html.text
    assert "data/<u>new.mat" in html.text
    assert "1 damaged, 1 undetermined, 1 not diagnosed" in html.text


def test_a_table_on_top_leads_to_every_answer(html):
    links = [attrs["href"].removeprefix("#") for attrs in html.attributes("a")]
    assert links == [attrs["id"] for attrs in html.attributes("section") if "id" in attrs]
    assert len(links) == 3
    assert len(of_class(html, "kind")) == 3


def test_every_kind_of_answer_is_a_colour_and_a_word(html, answers):
    boxes = [attrs["class"] for attrs in of_class(html, "answer")]
    assert boxes == ["answer fault", "answer undetermined", "answer error"]
    for words in ("Inner race damaged", "Undetermined", "Not diagnosed"):
        assert html.text.count(words) == 2  # in the table on top and in the box
    for answer in answers:
        assert answer.text in html.text
        for warning in answer.warnings:
            assert f"Note: {warning}." in html.text
    assert answers[1].warnings
    assert FAILED.error in html.text


def test_names_from_a_file_are_text_not_markup(html):
    assert {"b", "i", "u"} & {tag for tag, _ in html.found} == set()
    assert "channel <b>far</b> end" in html.text


def test_every_line_and_hypothesis_stands_in_a_table(html, answers):
    for answer in answers:
        for one in answer.hypotheses:
            shaft = f"{one.effect:.1f} ×"
            effect = shaft if one.label in SHAFT_FAULTS else f"{100 * one.effect:.1f} %"
            for value in (f"{one.frequency_hz:.2f}", effect, f"{one.score:.1f}"):
                assert value in html.text
        for line in answer.evidence:
            assert f"{line.expected_hz:.2f}" in html.text
            assert f"{line.found_hz:.2f}" in html.text
    assert "2×BPFI" in html.text
    levels = [line.level_db for answer in answers for line in answer.evidence]
    assert len(of_class(html, "weak")) == sum(level < 9 for level in levels) > 0
    assert len(of_class(html, "strong")) == sum(level >= 9 for level in levels) > 0


def test_pictures_are_in_the_page_with_words_for_those_who_do_not_see_them(html):
    images = html.attributes("img")
    assert len(images) == 4
    for image in images:
        content = base64.b64decode(image["src"].removeprefix(SVG))
        assert ElementTree.fromstring(content).tag.endswith("}svg")
        assert len(image["alt"]) > 80
    assert images[0]["alt"].startswith("Envelope spectrum, inner race, inner & outer.mat, channel DE.")
    assert images[1]["alt"].startswith("Evidence by band, inner race")


def test_an_answer_without_curves_has_no_pictures_and_one_alone_no_table_on_top(record, parsed, tmp_path):
    (answer,) = faultdiag.diagnose(record.select(["DE"]), bearing="6205")
    html = parsed(write_report([answer], tmp_path / "out.HTM").read_text(encoding="utf-8"))
    assert html.attributes("img") == html.attributes("a") == []
    assert "Diagnosis of inner & outer.mat" in html.text
    assert "strikes per turn" not in html.text


def test_sentence_and_table_tell_one_chance(html, answers):
    (power,) = re.findall(r"less than once in 10\^(\d+)", answers[0].text)
    best = next(one for one in answers[0].hypotheses if one.label == "inner")
    assert diagnosis_page._chance(best.p_value) == f"≤ 10⁻{power.translate(diagnosis_page.SUPERSCRIPT)}"
    assert diagnosis_page._chance(best.p_value) in html.text


def said(label, **more):
    one = Hypothesis("outer", 0.9, 40.0, 107.0, 1e-12, 0.4)
    return Diagnosis("a/pump.csv", "x", label=label, confidence=0.8, hypotheses=(one,), **more)


def test_other_faults_and_a_sound_bearing_have_their_words(parsed, tmp_path):
    line = Evidence("ball", 1, 141.4, 141.0, 20.0, "a line")
    answers = [said("inner", also=("ball", "outer"), evidence=(line,)), said("normal")]
    html = parsed(write_report(answers, tmp_path / "out.html").read_text(encoding="utf-8"))
    assert "Inner race damaged; also: Ball or roller damaged; Outer race damaged" in html.text
    assert "Also: Ball or roller damaged; Outer race damaged" in html.text
    assert "No sign of damage" in html.text
    assert "Confidence 80 %." in html.text.replace(" Also", ".")
    assert "Confidence 80 % that the bearing is sound." in html.text
    assert "2×BSF" in html.text
    assert "1 damaged, 1 without a sign of damage" in html.text


def test_files_of_one_name_keep_their_folders(parsed, tmp_path):
    answers = [said("normal"), Diagnosis("b/pump.csv", "x", label="normal"), Diagnosis("c/fan.csv", "y")]
    html = parsed(write_report(answers, tmp_path / "out.html").read_text(encoding="utf-8"))
    assert html.text.count("a/pump.csv, channel x") == 2
    assert html.text.count("b/pump.csv, channel x") == 2
    assert "\nfan.csv, channel y" in html.text


@pytest.mark.parametrize(
    ("p_value", "words"),
    [(0.25, "0.25"), (0.00123, "0.0012"), (1e-6, "≤ 10⁻⁶"), (3e-12, "≤ 10⁻¹¹"), (0.0, "≤ 10⁻³⁰⁰")],
)
def test_a_chance_is_a_number_or_a_power_of_ten(p_value, words):
    assert diagnosis_page._chance(p_value) == words


@pytest.mark.parametrize(("share", "words"), [(0.998, "> 99 %"), (0.503, "50 %"), (0.001, "< 1 %")])
def test_what_is_nearly_certain_is_not_called_certain(share, words):
    assert diagnosis_page._percent(share) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "is a folder; a report is one file"), ("pump.mat", "pump.mat: a report is a page")],
)
def test_a_report_is_a_page(answers, tmp_path, name, words):
    with pytest.raises(ParameterError, match=words):
        check_report(tmp_path / name)
    with pytest.raises(ParameterError, match=words):
        write_report(answers, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_report_needs_answers_and_a_bearing_that_is_known(answers, tmp_path):
    with pytest.raises(ParameterError, match="a report needs an answer, got none"):
        write_report([], tmp_path / "out.html")
    with pytest.raises(ParameterError, match="unknown bearing '6025'"):
        write_report(answers, tmp_path / "out.html", bearing="6025")
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "out.html"
    path.write_text("old")

    def full(number):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(RunError, match=r"out.html: cannot write: No space left on device"):
            write_report([FAILED], path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.html"]
    with pytest.raises(RunError, match=r"new.html: cannot write: "):
        write_report([FAILED], path / "new.html")


def test_a_browser_shows_every_picture_and_a_telephone_the_whole_width(on_telephone, page, answers):
    seen = on_telephone(page)
    assert len(seen["images"]) == 4
    assert all(complete and width > 300 and height > 200 for complete, width, height in seen["images"])
    assert seen["page"] <= 390
    assert seen["furthest"] <= 390
    assert "Inner race damaged" in seen["text"]
    assert answers[0].text in seen["text"]


@pytest.mark.data
def test_a_real_record_has_its_page(cwru_dir, parsed, tmp_path):
    given = {"bearing": "6205-2RS JEM", "rate_hz": 12000.0, "speed_rpm": 1797, "channel": ["DE"]}
    answers = faultdiag.diagnose(cwru_dir / "130.mat", trace=True, **given)
    html = parsed(write_report(answers, tmp_path / "out.html").read_text(encoding="utf-8"))
    assert "Outer race damaged" in html.text
    assert len(html.attributes("img")) == 2


def test_a_short_piece_of_noise_is_drawn(tmp_path):
    noise = np.random.default_rng(0).standard_normal((1, 9000))
    record = Record(source=noise, rate_hz=12000.0, speed_rpm=1800.0, origin="noise.npy")
    answers = faultdiag.diagnose(record, bearing="6205", trace=True)
    assert write_report(answers, tmp_path / "out.html").read_text(encoding="utf-8").count("<img") == 2


def test_a_name_that_is_no_text_is_no_obstacle(tmp_path):
    failed = Diagnosis("pump-\udcff.mat", status="error", error="it is too short")
    assert "pump-\\udcff.mat" in write_report([failed], tmp_path / "out.html").read_text(encoding="utf-8")


def test_what_has_no_name_has_pictures_and_lines_that_are_called_by_their_frequency(record, parsed, tmp_path):
    """The strikes of the inner race of a bearing that nobody named: 5.415 x 30 Hz."""
    (answer,) = faultdiag.diagnose(record.select(["DE"]), trace=True)
    families = {line.hypothesis for line in answer.evidence if line.hypothesis.startswith("family")}
    assert len(answer.traces) == len(families) > 0
    html = parsed(write_report([answer], tmp_path / "out.html").read_text(encoding="utf-8"))
    assert len(html.attributes("img")) == 2 * len(answer.traces)
    assert re.search(r"Envelope spectrum, 16[123]\.\d Hz", html.text)
    assert re.search(r"2 × 16[123]\.\d Hz", html.text)
    assert "family" not in html.text


MANY = (
    Hypothesis("misalignment", 0.991, 690.8, 1029.94, 0.0, 110.1, 1.0, part="the shaft"),
    Hypothesis(
        "tooth_distributed",
        0.49,
        690.8,
        944.12,
        0.0,
        0.717,
        0.234,
        part="a gear on the middle shaft (80 or 48 teeth)",
    ),
    Hypothesis(
        "tooth_local", 0.0, -0.04, 11.77, 1.0, 0.001, part="the gear with 64 teeth on the output shaft"
    ),
)


@pytest.fixture
def of_gears(tmp_path):
    """A page of an answer about gears and a shaft, with the widest numbers there are."""
    line = Evidence("tooth_local", 16, 29.5 * 16, 470.8, -0.3, "a line")
    turn = TurnTrace("the input shaft", 29.5, False, np.ones(64), np.ones(64))
    answer = Diagnosis(
        "gears.csv", "x", "undetermined", hypotheses=MANY, evidence=(line,), turn_traces=(turn,)
    )
    return write_report([answer, replace(answer, file="b.csv")], tmp_path / "out.html", gear="32/80,48/64")


def test_the_same_fault_of_two_gears_is_told_once(parsed, tmp_path):
    answers = [said("tooth_distributed", also=("tooth_distributed", "imbalance", "imbalance")), FAILED]
    text = parsed(write_report(answers, tmp_path / "out.html").read_text(encoding="utf-8")).text
    assert text.count("Many teeth damaged") == 2  # in the table on top and in the box
    assert "Many teeth damaged; also: Imbalance" in text


def test_each_kind_of_fault_has_its_own_legend_and_zero_no_sign(of_gears, parsed):
    text = parsed(of_gears.read_text(encoding="utf-8")).text
    assert "effect, gears" in text
    assert "effect, shaft" in text
    assert "effect, bearing" not in text
    assert "-0" not in re.sub(r"20\d\d-\d\d-\d\d", "", text)
    assert "16 × shaft at 29.5 Hz" in text
    assert "32/80, 48/64; meshes per turn of the shaft: 32, 19.2" in text


def test_a_turn_is_drawn_and_limits_stand_beside_effects(of_gears, parsed):
    html = parsed(of_gears.read_text(encoding="utf-8"))
    first, _ = html.attributes("img")
    assert first["alt"].startswith("Power over a turn of the input shaft, gears.csv, channel x. Power of")
    cells = html.text.split()
    assert html.text.count("damage from") == 3  # in two tables and in the legend
    for effect, limit in (("110.1 ×", "1.0 ×"), ("71.7 %", "23.4 %"), ("0.1 %", "–")):
        assert " ".join(cells).count(f"{effect}{limit}") == 2


def test_wide_tables_fit_a_telephone(on_telephone, of_gears):
    seen = on_telephone(of_gears)
    assert seen["page"] <= 390
    assert seen["furthest"] <= 390
