"""What people read."""

from faultdiag.cli.text import predictions_text, results_text, train_text
from faultdiag.inference.prediction import Prediction


def answer(**changes):
    fields = {
        "file": "pump.npy",
        "signal": 0,
        "status": "ok",
        "label": "inner",
        "probability": 0.912,
        "probabilities": {"normal": 0.088, "inner": 0.912},
        "windows": 40,
        "share": 0.95,
        "run": "runs/r",
    }
    return Prediction(**(fields | changes))


def test_an_answer_is_one_line_with_label_probability_and_share():
    assert predictions_text([answer()]) == "pump.npy: inner (91.2 %), 95 % of 40 windows agree"


def test_an_answer_says_that_its_signal_is_unlike_the_training_data():
    (line,) = predictions_text([answer(unlike=True)], notes=False).splitlines()
    assert line.endswith("windows agree, unlike the training data")
    assert predictions_text([answer(unlike=False)]) == predictions_text([answer(unlike=None)])


def test_further_signals_of_a_file_are_numbered():
    assert predictions_text([answer(signal=2)]).startswith("pump.npy[2]: inner")


def test_warnings_stand_below_their_answer():
    lines = predictions_text([answer(warnings=["the rate is not known"]), answer(file="b.npy")]).splitlines()
    assert lines[1] == "  note: the rate is not known"
    assert lines[2].startswith("b.npy")


def test_an_error_is_no_result_and_goes_elsewhere():
    failed = answer(status="error", label=None, probability=None, share=None, windows=0, error="too short")
    assert predictions_text([failed]) == ""


def test_undetermined_is_an_answer():
    text = predictions_text([answer(status="undetermined", label=None)])
    assert text.startswith("pump.npy: undetermined")


def test_results_of_nothing_held_out_say_that_nothing_is_known():
    assert "Nothing was held out" in results_text([])


def test_a_training_names_its_run(tone_run):
    lines = train_text(tone_run).splitlines()
    assert lines[:-1] == results_text(tone_run.results).splitlines()
    assert lines[-1].startswith(f"Run: {tone_run.folder} (5 epochs, ")
    assert "card.md" in lines[-1]


def test_the_physics_stands_below_the_answer():
    physics = {"label": "outer", "text": "The outer race is damaged.", "error": None}
    text = predictions_text([answer(physics=physics, agrees=False)])
    assert "  physics contradicts: The outer race is damaged." in text.splitlines()
    failed = predictions_text([answer(physics={"text": "", "error": "too short"}, agrees=None)])
    assert "  physics cannot say: too short" in failed.splitlines()
