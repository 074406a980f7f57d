"""Each kind of fault has its own legend, and the numbers in it are those of the rules."""

import pytest

from faultdiag.diagnosis import gear, shaft_faults
from faultdiag.report import glossary as page
from faultdiag.report.glossary import glossary


def terms(*kinds):
    return dict(glossary(set(kinds), stands_out_db=9.0))


def test_only_what_is_in_the_tables_is_explained():
    assert list(terms()) == ["level", "undetermined"]
    assert list(terms("gear")) == [
        *("confidence", "chance", "effect, gears", "damage from", "score"),
        *("level", "undetermined"),
    ]
    both = [term for term in terms("shaft", "bearing") if term.startswith("effect")]
    assert both == ["effect, bearing", "effect, shaft"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("bearing", ["Sound bearings show less than 5 %", "The cage is never claimed"]),
        ("gear", ["share of the power", "of what repeats with every turn", "only against a reference"]),
        ("shaft", ["4.5 mm/s RMS", "2 times its amplitude and 1.4 mm/s", "4 times where the unit"]),
    ],
)
def test_every_kind_has_its_own_effect(kind, said):
    (says,) = (says for term, says in terms(kind).items() if term.startswith("effect"))
    for words in said:
        assert words in says


def test_the_numbers_are_those_of_the_rules(monkeypatch):
    assert "in a reference: 2 times in a bearing." in terms("bearing", "shaft")["damage from"]
    assert "reference" not in terms("shaft")["damage from"]
    monkeypatch.setitem(gear.LIMITS, "pulse", gear.Limits(0.33, 0.33, 3.0))
    monkeypatch.setattr(page, "LIMIT_MM_S", 2 * shaft_faults.LIMIT_MM_S)
    assert "3 times for one tooth, 2.5 for many" in terms("gear")["damage from"]
    assert "9 mm/s RMS" in terms("shaft")["effect, shaft"]


def test_chance_and_level_are_those_of_a_claim_and_of_a_grey_line():
    told = terms("bearing")
    assert "less than once in 1,000,000" in told["chance"]
    assert "9 dB" in told["level"]
    assert "2.3 more" in told["score"]  # the logarithm of ten
