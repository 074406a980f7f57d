"""Families of lines in the envelope: what strikes how often, without a bearing and even without a speed."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faultdiag.diagnosis.bearing_confidence import EFFECT
from faultdiag.diagnosis.bearing_rules import N_BEST
from faultdiag.diagnosis.confidence import ALPHA
from faultdiag.diagnosis.envelope_lines import USED, EnvelopeLines, envelope_lines
from faultdiag.diagnosis.evidence import N_HARMONICS, comb_nats
from faultdiag.diagnosis.family_null import family_p_value
from faultdiag.diagnosis.family_words import family_sentence
from faultdiag.diagnosis.shaft_speed import WIDE, ShaftSpeed
from faultdiag.errors import RecordError

__all__ = ["LineFamily", "best_family_score", "line_families", "longest_s"]

Numbers = NDArray[np.floating[Any]]

MOST = 5
"""Families that are told."""

TRIES = 40
"""Combs that are looked at for them: a strong fault has sidebands, which are none of their own."""

LOWEST_HZ, HIGHEST_HZ = 2.0, 1000.0
"""Fundamentals that are looked for: slower strikes are too few in a usual record, faster ones come from no
bearing but that of a spindle."""

LOWEST_ORDER = 0.3
"""With the speed known: the cage of a bearing goes round 0.35 times a turn or more."""

FEWEST_STRIKES = 20
"""In a record, as for turns of a shaft."""

LONGEST_S = 30.0
"""Of a longer record this much is looked at: slip smears the lines of a bearing more than the rest would
sharpen them, and memory grows with the length. More only where the shaft takes longer for 20 turns."""

BACKGROUND_HZ = 25.0
"""Width of the stretches whose median is the background."""

SPREAD = 4e-3
"""How far the lines of a slipping bearing smear out, as a share of their frequency."""

NO_EVIDENCE = 0.35
"""Nats of a line that says nothing: of the median of noise."""

CLEAR_NATS = 6.0
"""Mean over the five best bands from which a single line is there: one in a hundred lines of noise has it."""

HALF = 0.5
"""Share of the evidence of a line that the lines between must have to be of its kind."""

N_MULTIPLES = 5
"""Up to such multiples and fractions a family is another view of a stronger one."""

CHUNK = 8192
"""Combs that are looked at together: it bounds the memory."""


@dataclass(frozen=True)
class LineFamily:
    """Something that comes back with a frequency of its own.

    Attributes
    ----------
    frequency_hz : float
        How often.
    n_harmonics : int
        How many of the first four lines are clear.
    score : float
        Evidence in nats, the mean of the five best bands.
    p_value : float
        Chance that noise has such a family anywhere.
    effect : float
        By how much the power of the vibration goes up and down with it, 0.1 for 10 %.
    order : float or None
        Frequency over that of the shaft, where its speed is known.
    band_hz : (float, float)
        Where it shows most.
    lines : tuple of (int, float, float)
        Number, frequency and level in dB over the noise of the first four lines in that band.
    text : str
        A sentence for a mechanic.
    """

    frequency_hz: float
    n_harmonics: int
    score: float
    p_value: float
    effect: float
    order: float | None
    band_hz: tuple[float, float]
    lines: tuple[tuple[int, float, float], ...]
    text: str


class Search(NamedTuple):
    """What is searched: envelope spectra, and the fundamentals that fit them.

    Attributes
    ----------
    lines : EnvelopeLines
        Of the signal.
    nats : ndarray, shape [n_bands, n_lines + 1]
        Evidence of the lines; the last one stands for all that lie beyond.
    numbers : ndarray of int64, shape [n_fundamentals]
        Lines that may be fundamentals.
    places : float
        How many of them are independent, as for `faultdiag.diagnosis.family_null.family_p_value`.
    """

    lines: EnvelopeLines
    nats: Numbers
    numbers: NDArray[np.int64]
    places: float


def line_families(
    x: NDArray[np.floating[Any]], *, rate_hz: float, shaft: ShaftSpeed | None = None
) -> list[LineFamily]:
    """Return what comes back regularly in the power of a vibration, at most five families, strongest first.

    Parameters
    ----------
    x : ndarray, shape [n_samples]
        The signal; of a longer one the first 30 s, or as long as a slow shaft takes for 20 turns.
    rate_hz : float
        Sampling rate.
    shaft : ShaftSpeed, optional
        Its speed: then families are given in orders, too.

    Raises
    ------
    RecordError
        If the record is too short for 20 strikes.

    Notes
    -----
    Combs of four harmonics are looked for at all fundamentals from 2 Hz (or 0.3 times the shaft) to 1 kHz,
    in squared envelope spectra of many bands. The strongest one is told and taken out, and so on; what is a
    multiple, a fraction or a sideband of a stronger family is left out. Told is what noise shows less than
    once in a million records and what changes the power by 10 % or more.
    """
    x = x[: round(longest_s(None if shaft is None else shaft.speed_rpm) * rate_hz)]
    search = _search(x, rate_hz, shaft)
    nats, numbers = search.nats, search.numbers
    found: list[LineFamily] = []
    for _ in range(TRIES):
        scores = _scores(nats, numbers)
        real = family_p_value(scores, n_bands=len(nats), places=search.places) <= ALPHA
        if not real.any() or len(found) == MOST:
            break
        numbers, scores = numbers[real], scores[real]
        best = _fundamental(nats, int(numbers[scores.argmax()]), lowest=int(search.numbers[0]))
        one = _family(search, nats, best, shaft)
        if one.effect >= EFFECT and not any(_same(one, other, search, shaft) for other in found):
            found.append(one)
        nats = _without(nats, search.lines.step_hz, one.frequency_hz)
    return sorted(found, key=lambda one: -one.score)


def longest_s(speed_rpm: float | None) -> float:
    """Return how many seconds of a record are looked at; the shaft may turn slower than was said."""
    return LONGEST_S if speed_rpm is None else max(LONGEST_S, 60 * FEWEST_STRIKES / ((1 - WIDE) * speed_rpm))


def best_family_score(x: NDArray[np.floating[Any]], *, rate_hz: float) -> tuple[float, float, int]:
    """Return the highest score of any family, the number of places and of bands: what a null is made from."""
    search = _search(x, rate_hz, None)
    return float(_scores(search.nats, search.numbers).max()), search.places, len(search.nats)


def _search(x: NDArray[np.floating[Any]], rate_hz: float, shaft: ShaftSpeed | None) -> Search:
    duration_s = len(x) / rate_hz
    lowest_hz = LOWEST_HZ if shaft is None else LOWEST_ORDER * shaft.speed_rpm / 60
    lowest_hz = max(lowest_hz, FEWEST_STRIKES / duration_s)
    highest_hz = min(HIGHEST_HZ, USED * rate_hz / 4)  # two harmonics must fit
    if lowest_hz >= highest_hz:
        raise RecordError(
            f"{duration_s:.3g} s at {rate_hz:g} Hz are too short for {FEWEST_STRIKES} strikes; record longer"
        )
    lines = envelope_lines(x, rate_hz=rate_hz, highest_hz=2 * highest_hz, background_hz=BACKGROUND_HZ)
    nats = np.pad(lines.nats, ((0, 0), (0, 1)), constant_values=NO_EVIDENCE)
    numbers = np.arange(int(np.ceil(lowest_hz / lines.step_hz)), int(highest_hz / lines.step_hz) + 1)
    # a band that does not reach the second line of a comb says nothing of it
    wide = USED * (lines.high_hz - lines.low_hz)
    reached = len(wide) - np.searchsorted(np.sort(wide), 2 * lines.step_hz * numbers)
    places = duration_s * lines.step_hz * float(np.sum((reached / len(wide)) ** 2))
    return Search(lines, nats, numbers, places)


def _combs(nats: Numbers, fundamentals: Numbers | NDArray[np.int64]) -> Numbers:
    """Evidence of the combs at fundamentals, in lines, shape [n_bands, n_fundamentals]."""
    places = np.rint(np.multiply.outer(fundamentals, np.arange(1, N_HARMONICS + 1))).astype(np.int64)
    return comb_nats(nats[:, np.minimum(places, nats.shape[-1] - 1)])


def _best_mean(nats: Numbers) -> Numbers:
    """Mean of the five best bands."""
    n_best = min(N_BEST, len(nats))
    best: Numbers = np.partition(nats, len(nats) - n_best, axis=0)[-n_best:].mean(axis=0)
    return best


def _scores(nats: Numbers, numbers: NDArray[np.int64]) -> Numbers:
    # whole lines are enough: the evidence of a line is that of its neighbours too
    chunks = [numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK)]
    return np.concatenate([_best_mean(_combs(nats, chunk)) for chunk in chunks])


def _fundamental(nats: Numbers, number: int, *, lowest: int) -> int:
    """The true fundamental of a comb: the best may have every second line only, or none but even ones."""
    places = np.minimum([round(number * k) for k in (0.5, 1, 1.5, 2)], nats.shape[-1] - 1)
    half, whole, one_and_half, double = _best_mean(nats[:, places])
    if min(half, one_and_half) >= max(HALF * whole, CLEAR_NATS) and number >= 2 * lowest:
        return round(number / 2)
    return 2 * number if double >= CLEAR_NATS > whole else number


def _family(search: Search, nats: Numbers, number: int, shaft: ShaftSpeed | None) -> LineFamily:
    """The family at a fundamental, which is looked for within one line."""
    lines = search.lines
    fundamentals = number + np.linspace(-0.75, 0.75, 13)
    combs = _combs(nats, fundamentals)
    scores = _best_mean(combs)
    best = int(scores.argmax())
    band = int(combs[:, best].argmax())
    frequency_hz = float(fundamentals[best]) * lines.step_hz
    places = np.rint(fundamentals[best] * np.arange(1, N_HARMONICS + 1)).astype(np.int64)
    places = places[places < lines.power.shape[-1] - 1]
    clear = int(np.sum(_best_mean(nats[:, places]) >= CLEAR_NATS))
    heights = np.max([lines.modulation[0, places + k] for k in (-1, 0, 1)], axis=0)
    effect = float(np.sort(heights)[-2:].mean())
    return LineFamily(
        frequency_hz=frequency_hz,
        n_harmonics=clear,
        score=float(scores[best]),
        p_value=float(family_p_value(scores[best], n_bands=len(nats), places=search.places)),
        effect=effect,
        order=None if shaft is None else 60 * frequency_hz / shaft.speed_rpm,
        band_hz=(float(lines.low_hz[band]), float(lines.high_hz[band])),
        lines=_levels(lines, band, places),
        text=family_sentence(frequency_hz, n_clear=clear, effect=effect, step_hz=lines.step_hz, shaft=shaft),
    )


def _levels(
    lines: EnvelopeLines, band: int, places: NDArray[np.int64]
) -> tuple[tuple[int, float, float], ...]:
    """Number, frequency and level of the strongest of three lines at each harmonic."""
    near = lines.power[band, places + np.arange(-1, 2)[:, None]]
    found_hz = lines.step_hz * (places + near.argmax(axis=0) - 1)
    levels_db = 10 * np.log10(np.maximum(near.max(axis=0), 1e-12))
    return tuple(
        (number, float(hz), float(db))
        for number, (hz, db) in enumerate(zip(found_hz, levels_db, strict=True), 1)
    )


def _without(nats: Numbers, step_hz: float, frequency_hz: float) -> Numbers:
    """The evidence without all multiples of a frequency."""
    at_hz = step_hz * np.arange(nats.shape[-1])
    multiple = np.rint(at_hz / frequency_hz)
    near = np.abs(at_hz - multiple * frequency_hz) <= 3 * step_hz + SPREAD * at_hz
    rest: Numbers = np.where(near & (multiple >= 1), np.float32(NO_EVIDENCE), nats)
    return rest


def _same(one: LineFamily, stronger: LineFamily, search: Search, shaft: ShaftSpeed | None) -> bool:
    """Whether a family is a multiple, a fraction or a sideband of a stronger one."""
    ratio = max(one.frequency_hz, stronger.frequency_hz) / min(one.frequency_hz, stronger.frequency_hz)
    if round(ratio) <= N_MULTIPLES and abs(ratio / round(ratio) - 1) <= SPREAD:
        return True
    step_hz = search.lines.step_hz
    carrier_hz = max(round(one.frequency_hz / stronger.frequency_hz), 1) * stronger.frequency_hz
    if shaft is not None:
        away = (one.frequency_hz - carrier_hz) / (shaft.speed_rpm / 60)
        near = (2 * step_hz + SPREAD / 2 * carrier_hz) / (shaft.speed_rpm / 60)
        if round(away) and abs(away - round(away)) <= near:
            return True
    # a sideband has its mirror image on the other side
    mirrored = round((2 * carrier_hz - one.frequency_hz) / step_hz)
    evidence = _best_mean(search.nats[:, [min(mirrored, search.nats.shape[-1] - 1)]])
    return bool(evidence[0] >= CLEAR_NATS)
