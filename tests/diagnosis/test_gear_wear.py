import numpy as np
import pytest

from faultdiag.diagnosis.gear_wear import tooth_spread

RATE_HZ, SHAFT_HZ, TEETH = 10000.0, 25.0, 30
TURNS = np.arange(40000) * SHAFT_HZ / RATE_HZ


def mesh(depth, *, teeth=TEETH, seed=0, turns=TURNS):
    """A mesh whose teeth differ by a standard deviation of `depth`, with some noise."""
    rng = np.random.default_rng(seed)
    unlike = rng.standard_normal(teeth)
    unlike = (unlike - unlike.mean()) / unlike.std()
    amplitude = 1 + depth * unlike[np.floor(turns * teeth).astype(int) % teeth]
    wave = sum(np.cos(2 * np.pi * k * teeth * turns + k) / k for k in (1, 2, 3))
    return amplitude * wave + 0.3 * rng.standard_normal(len(turns))


def found(x, **options):
    return tooth_spread(x, turns=TURNS, n_teeth=TEETH, **options)


@pytest.mark.parametrize("depth", [0.05, 0.1, 0.3])
def test_the_effect_is_how_unlike_the_teeth_are(depth):
    got = [found(mesh(depth, seed=seed)) for seed in range(4)]
    assert np.mean([one.effect for one in got]) == pytest.approx(depth, rel=0.3)
    assert max(one.p_value for one in got) < 1e-9
    assert [k for k, _ in got[0].harmonics] == [1, 2, 3]


def test_teeth_that_are_alike_spread_by_nothing():
    got = found(mesh(0.0))
    assert got.effect < 0.02
    assert got.p_value > 1e-4


def test_eccentricity_is_no_spread():
    eccentric = (1 + 0.3 * np.cos(2 * np.pi * TURNS)) * (1 + 0.2 * np.cos(4 * np.pi * TURNS))
    got = found(eccentric * (mesh(0.0) - 0) + 0.1)
    assert got.effect < 0.05


def test_another_mesh_is_left_out():
    other = mesh(0.0, teeth=37, seed=1)
    got = found(mesh(0.0) + other, foreign_orders=(float(TEETH), 37.0))
    assert got.effect < 0.03


def test_the_level_does_not_matter():
    x = mesh(0.1)
    assert found(1e-5 * x).effect == pytest.approx(found(x).effect, rel=1e-6)


def test_what_is_not_to_be_seen_is_none():
    noise = np.random.default_rng(0).standard_normal(40000)
    assert found(noise) is None
    assert found(0.1 * mesh(0.1) + noise) is None  # the mesh is too small a part
    assert tooth_spread(mesh(0.1)[:4000], turns=TURNS[:4000], n_teeth=TEETH) is None
    assert tooth_spread(mesh(0.1), turns=TURNS, n_teeth=190) is None  # beyond the band
