"""Each kind of fault has the legend of its own limit, and that is the limit of the rules."""

import pytest

from faultdiag.diagnosis import gear, shaft_faults
from faultdiag.report import glossary as page
from faultdiag.report.glossary import glossary


def terms(*kinds):
    return dict(glossary(set(kinds), stands_out_db=9.0))


def test_only_what_is_in_the_tables_is_explained():
    assert list(terms()) == ["level", "undetermined"]
    assert list(terms("gear")) == ["confidence", "chance", "effect, gears", "score", "level", "undetermined"]
    both = [term for term in terms("shaft", "bearing") if term.startswith("effect")]
    assert both == ["effect, bearing", "effect, shaft"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("bearing", ["Damage from 10 % on", "2 times that of a reference", "less than half"]),
        ("gear", ["from 5 % on", "10 % of the power of what repeats", "from 7 % and 2.5 times"]),
        ("shaft", ["4.5 mm/s RMS", "2 times its amplitude and 1.4 mm/s", "4 times where the unit"]),
    ],
)
def test_an_effect_is_told_with_its_limit(kind, said):
    (says,) = (says for term, says in terms(kind).items() if term.startswith("effect"))
    for words in said:
        assert words in says


def test_the_numbers_are_those_of_the_rules(monkeypatch):
    monkeypatch.setitem(gear.LIMITS, "pulse", gear.Limits(0.33, 0.33, 3.0))
    monkeypatch.setattr(page, "LIMIT_MM_S", 2 * shaft_faults.LIMIT_MM_S)
    assert "Damage from 33 % on" in terms("gear")["effect, gears"]
    assert "9 mm/s RMS" in terms("shaft")["effect, shaft"]


def test_chance_and_level_are_those_of_a_claim_and_of_a_grey_line():
    told = terms("bearing")
    assert "less than once in 1,000,000" in told["chance"]
    assert "9 dB" in told["level"]
    assert "2.3 more" in told["score"]  # the logarithm of ten
