import pytest

from faultdiag.diagnosis.confidence import against_chance, against_limit


def test_confidence_is_one_half_at_the_limit():
    assert against_chance(1e-6, alpha=1e-6) == 0.5
    assert against_limit(0.1, limit=0.1) == 0.5


def test_confidence_rises_with_the_effect_and_falls_with_chance():
    effects = [against_limit(effect, limit=2.0) for effect in (0.0, 0.5, 1.9, 2.1, 9.0, 1e300)]
    chances = [against_chance(p_value, alpha=1e-6) for p_value in (1.0, 1e-3, 1e-5, 1e-7, 1e-50, 0.0)]
    assert effects == sorted(effects)
    assert chances == sorted(chances)
    for confidence in (*effects, *chances):
        assert 0 <= confidence <= 1


def test_twice_the_limit_is_as_sure_as_half_of_it_is_not():
    assert against_limit(2.0, limit=1.0) == pytest.approx(1 - against_limit(0.5, limit=1.0))
    assert against_limit(2.0, limit=1.0) == pytest.approx(1 / (1 + 2.718281828459045**-3))
