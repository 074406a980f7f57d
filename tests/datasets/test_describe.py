import json

from faultdiag.datasets.describe import card_document, card_lines


def test_the_document_tells_the_files_of_the_set():
    document = card_document("cwru")
    assert document["n_files"] == 161
    assert document["n_bytes"] == 688_307_872
    assert document["cache_folder"].endswith("cwru")
    assert document["defaults"]["split"] == "bearing:0.014"
    assert json.loads(json.dumps(document)) == document


def test_a_set_without_files_has_none():
    document = card_document("folder")
    assert (document["n_files"], document["n_bytes"]) == (0, 0)


def test_lines_are_short_and_name_every_fact():
    document = card_document("cwru")
    lines = list(card_lines(document))
    text = " ".join(line.strip() for line in lines)
    assert max(map(len, lines)) <= 100
    assert "rates_hz: 12000, 48000" in lines
    assert "  fault: normal, inner, outer or ball" in lines
    assert all(limit in text for limit in document["limits"])
    assert "name 6205-2RS JEM, n_balls 9, ball_mm 7.94, pitch_mm 39.04, angle_deg 0" in text
