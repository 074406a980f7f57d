"""Signal processing: ours beside what others, or a plain program, make of the same signal; one thread each.

python tools/bench_signal.py      prints how far angular resampling is from the truth, ours and the peer's
"""

import os
from functools import partial

import numpy as np
from blocks import Prepare, Step
from groups import Group, Row
from numpy.typing import NDArray

__all__ = ["GROUPS", "one_thread", "resampling_errors"]

RATE_HZ = 48000
LENGTH_S = 10.0
N_LEVELS = 7
BAND_HZ = (3000.0, 9000.0)
N_BLOCK = 8192
ORDERS = (1.0, 7.3, 20.0, 50.0)
PER_TURN = 128  # both keep 0.4 of it as the highest order: 51
SPEEDS_RPM = {"constant": (1797.0, 1797.0), "ramp": (600.0, 1800.0)}
COHERENCE = {"rate_hz": 12000, "max_cyclic_hz": 200, "resolution_hz": 100}
COHERENCE_S = 2.0

Samples = NDArray[np.float64]


def main() -> None:
    """Print the largest errors of angular resampling, away from the ends."""
    for name in SPEEDS_RPM:
        for side, error in resampling_errors(name).items():
            print(f"{name:<10} {side:<12} {error:.1e} of the amplitude")


def one_thread(prepare: Prepare) -> Step:
    """Return a step whose libraries compute in one thread; what it imports is loaded by then."""
    from threadpoolctl import threadpool_limits

    step = prepare()
    threadpool_limits(1)
    return step


def resampling_errors(name: str) -> dict[str, float]:
    """Return the largest error of each side for a sum of orders of amplitude 1, in the middle 90 %."""
    errors = {}
    for side, prepare in {"faultdiag": our_angle, "rota-order": rota_angle}.items():
        found = prepare(name)()
        values = np.asarray(getattr(found, "x", found))
        edge = len(values) // 20
        off = values - _orders(np.arange(len(values)) / PER_TURN)
        errors[side] = float(np.abs(off[edge:-edge]).max())
    return errors


def our_kurtogram() -> Step:
    """The fast kurtogram."""
    from faultdiag.signal.kurtogram import fast_kurtogram

    return partial(fast_kurtogram, _strikes(), rate_hz=RATE_HZ, n_levels=N_LEVELS)


def openconmo_kurtogram() -> Step:
    """The same number of levels by openconmo."""
    from openconmo.kurtogram import fast_kurtogram

    return partial(fast_kurtogram, _strikes(), RATE_HZ, nlevel=N_LEVELS)


def our_separation() -> Step:
    """Discrete and random part."""
    from faultdiag.signal.separation import discrete_random_separation

    return partial(discrete_random_separation, _strikes(), n_block=N_BLOCK)


def openconmo_separation() -> Step:
    """The same length of blocks by openconmo, its bar of progress turned off."""
    os.environ["TQDM_DISABLE"] = "1"  # read when tqdm is imported
    from openconmo.benchmark_methods import DRS

    return partial(DRS, _strikes(), N_BLOCK, 500)


def our_angle(name: str) -> Step:
    """Angular resampling, the integral of the speed included."""
    from faultdiag.signal.angle import angular_resample, turns_from_speed

    speed_rpm, x = _run_up(name)

    def step() -> Samples:
        turns = turns_from_speed(speed_rpm, rate_hz=RATE_HZ)
        return np.asarray(angular_resample(x, rate_hz=RATE_HZ, turns=turns, samples_per_turn=PER_TURN))

    return step


def rota_angle(name: str) -> Step:
    """The same by rota-order as it comes."""
    import rota

    speed_rpm, x = _run_up(name)
    return partial(rota.angle.angular_resample, x, RATE_HZ, speed_rpm, samples_per_rev=PER_TURN)


def our_envelope_spectrum() -> Step:
    """The squared envelope spectrum of a band."""
    from faultdiag.signal.envelope import squared_envelope_spectrum

    return partial(squared_envelope_spectrum, _strikes(), rate_hz=RATE_HZ, band_hz=BAND_HZ)


def plain_envelope_spectrum() -> Step:
    """The same, plainly."""
    from plain_versions import squared_envelope_spectrum

    return partial(squared_envelope_spectrum, _strikes(), rate_hz=RATE_HZ, band_hz=BAND_HZ)


def our_prewhitening() -> Step:
    """Cepstrum prewhitening."""
    from faultdiag.signal.cepstrum import cepstrum_prewhitened

    return partial(cepstrum_prewhitened, _strikes())


def plain_prewhitening() -> Step:
    """The same, plainly."""
    from plain_versions import cepstrum_prewhitened

    return partial(cepstrum_prewhitened, _strikes())


def our_coherence() -> Step:
    """The spectral coherence of a short record: the plain one takes long."""
    from faultdiag.signal.cyclic import spectral_coherence

    return partial(spectral_coherence, _modulated(), **COHERENCE)


def plain_coherence() -> Step:
    """The same, plainly."""
    from plain_versions import spectral_coherence

    return partial(spectral_coherence, _modulated(), **COHERENCE)


def our_average() -> Step:
    """The mean turn of a signal at even steps of time."""
    from faultdiag.signal.angle import angular_resample
    from faultdiag.signal.synchronous import synchronous_average

    turns, x = _turning()

    def step() -> Samples:
        even = angular_resample(x, rate_hz=RATE_HZ, turns=turns, samples_per_turn=PER_TURN)
        return np.asarray(synchronous_average(even, samples_per_turn=PER_TURN)[0])

    return step


def plain_average() -> Step:
    """The same, plainly."""
    from plain_versions import synchronous_average

    turns, x = _turning()
    return partial(synchronous_average, x, turns=turns, samples_per_turn=PER_TURN)


def _group(name: str, goal: float | None, rival: str, ours: Prepare, theirs: Prepare, steps: int) -> Group:
    sides = {"faultdiag": partial(one_thread, ours), rival: partial(one_thread, theirs)}
    return Group(sides, steps, (Row(f"signal_{name}", "faultdiag", (rival,), goal),))


GROUPS = {
    "signal kurtogram": _group("kurtogram", 1 / 5, "openconmo", our_kurtogram, openconmo_kurtogram, 2),
    "signal separation": _group("separation", 1 / 30, "openconmo", our_separation, openconmo_separation, 3),
    "signal envelope_spectrum": _group(
        "envelope_spectrum", 1.0, "plain SciPy", our_envelope_spectrum, plain_envelope_spectrum, 10
    ),
    "signal prewhitening": _group(
        "prewhitening", 1.0, "plain SciPy", our_prewhitening, plain_prewhitening, 20
    ),
    "signal coherence": _group("coherence", 1.0, "plain NumPy", our_coherence, plain_coherence, 1),
    "signal average": _group("average", 1.0, "plain NumPy", our_average, plain_average, 4),
} | {
    f"signal angle_{name}": _group(
        f"angle_{name}", 1 / 3, "rota-order", partial(our_angle, name), partial(rota_angle, name), 2
    )
    for name in SPEEDS_RPM
}


def _noise(n_samples: int) -> Samples:
    return np.random.default_rng(0).standard_normal(n_samples)


def _strikes() -> Samples:
    """A resonance struck 97 times a second, under a shaft's tone, in noise."""
    time_s = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    since_s = time_s % (1 / 97)
    ringing = np.exp(-1000 * since_s) * np.sin(2 * np.pi * 5400 * since_s)
    return ringing + np.sin(2 * np.pi * 29.95 * time_s) + 0.3 * _noise(len(time_s))


def _modulated() -> Samples:
    """Noise that goes up and down 87.3 times a second."""
    time_s = np.arange(round(COHERENCE_S * COHERENCE["rate_hz"])) / COHERENCE["rate_hz"]
    return (1 + 0.8 * np.cos(2 * np.pi * 87.3 * time_s)) * _noise(len(time_s))


def _orders(turns: Samples) -> Samples:
    return np.asarray(sum(np.cos(2 * np.pi * order * turns) for order in ORDERS))


def _run_up(name: str) -> tuple[Samples, Samples]:
    """A speed that changes evenly, and the orders at its angle, both at each sample."""
    speed_rpm = np.linspace(*SPEEDS_RPM[name], round(LENGTH_S * RATE_HZ))
    time_s = np.arange(len(speed_rpm)) / RATE_HZ
    rise = (speed_rpm[-1] - speed_rpm[0]) / time_s[-1]
    return speed_rpm, _orders((speed_rpm[0] * time_s + rise * time_s**2 / 2) / 60)


def _turning() -> tuple[Samples, Samples]:
    """A shaft angle, and whole orders at it."""
    turns = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ * 29.95
    return turns, np.asarray(sum(np.cos(2 * np.pi * order * turns) for order in (1, 7, 20, 50)))


if __name__ == "__main__":
    main()
