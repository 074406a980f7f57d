"""What was found, sorted and as plain JSON."""

import json

import pytest

from faultdiag.report.inspection import inspect


@pytest.fixture(scope="module")
def found(inner):
    return inspect(inner, bearing="6205")


def test_each_peak_is_told_once_the_strongest_first(found):
    lines = found.channels[0].found()
    assert len({line.found_hz for line in lines}) == len(lines)
    assert [line.level_db for line in lines] == sorted((line.level_db for line in lines), reverse=True)


def test_of_two_names_for_a_peak_the_nearer_is_told(found):
    channel = found.channels[0]
    (peak,) = [line for line in channel.found() if "2×BPFI" in (line.name, *line.also)]
    both = [line for line in channel.lines if line.found_hz == peak.found_hz]
    assert len(both) == 2
    assert peak.off == min(line.off for line in both)


def test_the_document_is_json_and_holds_every_line(found):
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert set(document) == {
        *("file", "rate_hz", "duration_s", "stretch_s", "speed_rpm", "speed_range_rpm", "bearing"),
        *("fault_orders", "band_from", "channels", "warnings"),
    }
    assert (document["bearing"], document["band_from"]) == ("6205", "kurtogram")
    assert document["fault_orders"]["inner"] == pytest.approx(5.415, abs=1e-3)
    assert document["stretch_s"] == [0.0, 4.0]
    first = document["channels"][0]
    assert set(first) == {"channel", "unit", "indicators", "band_hz", "lines", "severity"}
    assert [line["name"] for line in first["lines"]] == [line.name for line in found.channels[0].lines]
    assert first["severity"] is None
