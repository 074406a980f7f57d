"""The model card says what a person must know."""

import pytest

from faultdiag.runs.document import MetricsDocument
from faultdiag.training.card import card_text

pytestmark = pytest.mark.keras


@pytest.fixture
def document(tone_run):
    return tone_run.document


def test_the_card_of_a_run_is_its_card(tone_run):
    assert (tone_run.folder / "card.md").read_text(encoding="utf-8") == card_text(tone_run.document)


def test_it_says_what_goes_in_and_what_comes_out(document):
    text = card_text(document)
    assert "windows of 256 samples at 12000 Hz, channels ch0" in text
    assert "says one of: normal, inner, outer" in text
    assert f"{document.network.n_parameters:,} parameters" in text
    assert "trained for 5 epochs" in text
    assert "(seed 0)" in text


def test_it_has_the_results_and_what_they_mean(document):
    text = card_text(document)
    for result in document.metrics.results:
        assert result.holds_out in text
    assert "expect the second on your machine" in text


def test_it_says_where_it_was_made(document):
    assert f"(tensorflow, {document.training['device']})" in card_text(document)


def with_data(document, **more):
    return document.model_copy(update={"data": document.data.model_copy(update=more)})


def test_it_names_the_low_pass_and_an_unknown_rate(document):
    low = with_data(document, lowpass_hz=(4500.0, 5000.0), rate_hz=None)
    assert "at unknown rate, low-pass 4500 to 5000 Hz" in card_text(low)


def test_it_says_whether_inputs_unlike_the_training_data_are_flagged(document):
    assert "flagged above a limit that 6 training bearings, left out in turn, have set" in card_text(document)
    without = document.model_copy(update={"calibration": document.calibration | {"unlike": None}})
    assert "not flagged: that takes signals of 4 bearings at least" in card_text(without)


def test_it_has_notes_or_says_that_there_are_none(document):
    assert "- none\n" in card_text(document)
    noted = document.model_copy(update={"training": document.training | {"notes": ["one", "two"]}})
    assert "- one\n- two\n" in card_text(noted)


def test_it_says_that_nothing_was_held_out(document):
    text = card_text(document.model_copy(update={"metrics": MetricsDocument(results=())}))
    assert "nothing was held out" in text
    assert "nothing is known about how right it is" in text


def test_it_shows_images_as_images(document):
    assert "Takes images, channels of the image" in card_text(
        with_data(document.model_copy(update={"input": "image"}), channels=())
    )
