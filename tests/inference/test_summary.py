"""Results in words: everything that qualifies a figure stands beside it."""

import pytest

from faultdiag.inference.summary import meaning, result_rows, results_table


def result(**more):
    return {
        "split": "seen",
        "holds_out": "held-out windows",
        "leaky": True,
        "leaky_classes": [],
        "windows": 108,
        "records": 6,
        "accuracy": 0.9876,
        "macro_f1": 0.5,
        "fault_macro_f1": 0.25,
        "record_accuracy": 2 / 3,
        "rms_only": {"accuracy": 0.111, "macro_f1": 0.1},
        "mirror_accuracy": None,
    } | more


UNSEEN = result(
    split="bearing:0.014",
    holds_out="2 bearings",
    leaky=False,
    leaky_classes=["normal"],
    accuracy=0.5,
    rms_only={"accuracy": 0.3, "macro_f1": 0.2},
)


def test_a_table_has_a_line_a_test_and_says_what_each_holds_out():
    lines = results_table([result(), UNSEEN]).splitlines()
    assert lines[0].split("  ")[0] == "test"
    assert " ".join(lines[1].split()) == "seen 108 6 98.8 % 0.500 0.250 66.7 % 11.1 %"
    assert " ".join(lines[2].split()) == "bearing:0.014 108 6 50.0 % 0.500 0.250 66.7 % 30.0 %"
    assert lines[3] == "seen, leaky: held-out windows"
    assert lines[4] == "bearing:0.014: 2 bearings; leaky for class normal"


def test_columns_stand_under_their_heads():
    head, first, second = results_table([result(), UNSEEN]).splitlines()[:3]
    place = head.index("accuracy")
    assert first[place:].startswith("98.8 %")
    assert second[place:].startswith("50.0 %")


def test_what_there_is_not_is_a_dash():
    line = results_table([result(fault_macro_f1=None, rms_only=None)]).splitlines()[1]
    assert " ".join(line.split()) == "seen 108 6 98.8 % 0.500 - 66.7 % -"


def test_rows_are_flat():
    first, second = result_rows([result(leaky_classes=["normal", "ball"]), result(rms_only=None)])
    assert list(first) == list(second)
    assert (first["leaky_classes"], second["leaky_classes"]) == ("normal;ball", "")
    assert (first["rms_only_accuracy"], first["rms_only_macro_f1"]) == (0.111, 0.1)
    assert (second["rms_only_accuracy"], second["rms_only_macro_f1"]) == (None, None)
    assert not any(isinstance(value, list | dict) for value in first.values())
    assert result_rows([]) == []


def test_seen_and_unseen_are_told_apart():
    text = meaning([result(), UNSEEN])
    assert "it has seen 98.8 % are right" in text
    assert "it has never seen 50.0 %, normal excepted, whose only bearing has trained" in text
    assert "(the RMS alone: 11.1 % and 30.0 %)" in text
    assert text.endswith("expect the second on your machine.")


def test_no_class_is_excepted_if_all_were_held_out():
    assert "has never seen 50.0 % (the RMS" in meaning([result(), UNSEEN | {"leaky_classes": []}])


@pytest.mark.parametrize("more", [{}, {"rms_only": None}])
def test_a_leaky_result_says_nothing_about_another_bearing(more):
    text = meaning([result(**more)])
    assert text.startswith("98.8 % of the windows are right")
    assert "it says nothing about another bearing; --split bearing or group does." in text
    assert ("RMS alone" in text) == (not more)


def test_an_honest_result_stands_alone():
    assert meaning([UNSEEN]).startswith("50.0 % of the windows of what it has never seen are right")


def test_without_results_nothing_is_known():
    assert "nothing is known about how right it is: judge it with 'faultdiag evaluate'" in meaning([])


def test_images_have_a_table_and_a_sentence_of_their_own():
    official = result(
        split="official", holds_out="10 images", leaky=False, windows=10, rms_only=None, mirror_accuracy=0.99
    )
    lines = results_table([official]).splitlines()
    assert " ".join(lines[0].split()) == "test images accuracy with mirror images macro-F1"
    assert " ".join(lines[1].split()) == "official 10 98.8 % 99.0 % 0.500"
    assert meaning([official]) == (
        "98.8 % of the images that it has never seen are right, 99.0 % if each is judged together with its "
        "mirror image."
    )
