"""Lines of an envelope spectrum where faults of a bearing would have them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["N_HARMONICS", "FaultLine", "find_lines", "line_name"]

Numbers = NDArray[np.floating[Any]]

NAMES = {"outer": "BPFO", "inner": "BPFI", "ball": "BSF", "cage": "FTF", "shaft": "shaft"}

MODULATIONS = {"outer": "shaft", "inner": "shaft", "ball": "cage"}
"""Whose turning changes the strength of the strikes, and so gives their line sidebands."""

SPEED_TOLERANCE = 0.002
"""How far off the speed may be, for a peak to be a multiple of it."""

SIDEBANDS = (-2, -1, 1, 2)

MUCH_STRONGER_DB = 6.0
"""A sideband that is so much stronger than its line is something else's line."""

N_HARMONICS = 4

TOLERANCE = 0.01
"""How far off a line may be: balls slide, and load changes the contact angle."""

BACKGROUND = 2 / 3
"""Half width of the surroundings of a line, in shaft speeds: 20 Hz at 1800 rpm."""

CHANCE = 1e-3
"""How often noise alone looks like a line."""

HIGHEST = 8
"""Multiple of a fault's line up to which a peak may be its own: of higher ones 1 % is too much."""

FEWEST_BINS = 5
"""From 0 Hz to a line, and around it: below that a record is too short."""


@dataclass(frozen=True)
class FaultLine:
    """Where a fault would have a line, and what is there.

    Attributes
    ----------
    fault : {"outer", "inner", "ball", "cage", "shaft"}
        What it would mean; the shaft is none.
    name : str
        ``"2×BPFI"``, ``"BPFI+shaft"``.
    harmonic : int
        Multiple of the fault's order, from 1; of a ball that of twice its spin.
    sideband : int
        Multiple of the shaft's order that is added for a race, and of the cage's for a ball.
    order : float
        Multiple of the shaft speed.
    expected_hz : float
        Its frequency. A sideband is expected around the line that was found.
    found_hz : float or None
        The largest peak within 1 % of it; None if that does not stand out of the noise.
    level_db : float
        Of that peak over the median of its surroundings.
    also : tuple of str
        Other lines that the peak may be as well, being within 1 % of it; also a high multiple of the shaft
        speed, or of the first line of another fault that was found, if it is one.
    """

    fault: str
    name: str
    harmonic: int
    sideband: int
    order: float
    expected_hz: float
    found_hz: float | None
    level_db: float
    also: tuple[str, ...] = ()

    @property
    def off(self) -> float:
        """How far from its place the line was found, as a share of it; 0 if it was not."""
        return 0.0 if self.found_hz is None else abs(self.found_hz / self.expected_hz - 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the line as plain JSON."""
        return asdict(self) | {"also": list(self.also)}


def find_lines(
    freq_hz: Numbers, amplitude: Numbers, *, orders: Mapping[str, float], shaft_hz: float, to_hz: float
) -> list[FaultLine]:
    """Look for the first harmonics of each fault in an envelope spectrum, and for sidebands.

    Parameters
    ----------
    freq_hz, amplitude : ndarray, shape [n_lines]
        The spectrum, evenly spaced from 0 Hz.
    orders : mapping of str to float
        Order at which each fault strikes: outer, inner, ball, cage, shaft, or some of them.
    shaft_hz : float
        Speed of the shaft.
    to_hz : float
        Up to where the spectrum is of use, below its end. Lines beyond it are left out, and so are those
        in its first few bins.

    Returns
    -------
    list of FaultLine
        In the order of `orders`, harmonic by harmonic. If the first one is found its sidebands follow it,
        and those sidebands of the others that are found, too; none that is 6 dB stronger than its line.

    Notes
    -----
    In noise each amplitude is Rayleigh-distributed; the largest of n exceeds the median by
    ``10 log10(log2(n / p))`` dB with probability p. A peak that is higher than for p = 0.001 stands out.

    Examples
    --------
    >>> freq_hz = np.arange(0, 500, 0.5)
    >>> amplitude = np.where(freq_hz == 108, 100.0, 1.0)
    >>> line, *_ = find_lines(freq_hz, amplitude, orders={"outer": 3.585}, shaft_hz=30, to_hz=400)
    >>> line.name, line.expected_hz, line.found_hz, line.level_db
    ('BPFO', 107.55, 108.0, 40.0)
    """
    spectrum = _Spectrum(freq_hz, amplitude, shaft_hz, to_hz)
    lines = [
        line
        for fault, order in orders.items()
        for line in spectrum.family(fault, order, orders.get(MODULATIONS.get(fault, "")))
    ]
    return [replace(line, also=_others(line, lines, shaft_hz)) for line in lines]


def line_name(fault: str, harmonic: int, sideband: int = 0) -> str:
    """Return how a line is called. A ball strikes twice a spin: its harmonics are 2, 4, 6 times its spin.

    Examples
    --------
    >>> line_name("inner", 1, -2), line_name("ball", 2)
    ('BPFI−2×shaft', '4×BSF')
    """
    name = _multiple(2 * harmonic if fault == "ball" else harmonic, NAMES[fault])
    if not sideband:
        return name
    return f"{name}{'+' if sideband > 0 else '−'}{_multiple(abs(sideband), NAMES[MODULATIONS[fault]])}"


def _others(line: FaultLine, lines: list[FaultLine], shaft_hz: float) -> tuple[str, ...]:
    """Names of the other lines that a peak could be, and of the multiple of the shaft speed that it is."""
    if line.found_hz is None:
        return ()
    turns = round(line.found_hz / shaft_hz)
    is_multiple = abs(line.found_hz - turns * shaft_hz) <= SPEED_TOLERANCE * line.found_hz
    of_shaft = (line_name("shaft", turns),) if is_multiple and turns > N_HARMONICS else ()
    others = tuple(
        other.name
        for other in lines
        if other.name != line.name and abs(line.found_hz - other.expected_hz) <= TOLERANCE * other.expected_hz
    )
    return others + _high_multiples(line.found_hz, line.fault, lines) + of_shaft


def _high_multiples(found_hz: float, fault: str, lines: list[FaultLine]) -> tuple[str, ...]:
    """Names of the multiples, above those that are looked for, of other faults whose first line is there."""
    first_hz = {
        one.fault: one.found_hz
        for one in lines
        if one.found_hz is not None
        and (one.harmonic, one.sideband) == (1, 0)
        and one.fault not in (fault, "shaft")
    }
    multiples = {other: round(found_hz / base_hz) for other, base_hz in first_hz.items()}
    return tuple(
        line_name(other, k)
        for other, k in multiples.items()
        if N_HARMONICS < k <= HIGHEST and abs(found_hz - k * first_hz[other]) <= TOLERANCE * found_hz
    )


def _multiple(n: int, name: str) -> str:
    return name if n == 1 else f"{n}×{name}"


@dataclass(frozen=True, eq=False)
class _Spectrum:
    freq_hz: Numbers
    amplitude: Numbers
    shaft_hz: float
    to_hz: float

    def family(self, fault: str, order: float, step: float | None) -> Iterator[FaultLine]:
        """The harmonics of a fault with their sidebands, `step` apart, where there is room for them."""
        first_found = False
        for k in range(1, N_HARMONICS + 1):
            line = self.line(fault, k, 0, k * order, TOLERANCE * k * order)
            if line is None:
                continue
            yield line
            first_found |= k == 1 and line.found_hz is not None
            if step is None or line.found_hz is None or not first_found:
                continue
            at = line.found_hz / self.shaft_hz
            for j in SIDEBANDS:
                side = self.line(fault, k, j, at + j * step, TOLERANCE * abs(j) * step)
                if side is None or side.level_db > line.level_db + MUCH_STRONGER_DB:
                    continue
                if k == 1 or side.found_hz is not None:
                    yield side

    def line(self, fault: str, harmonic: int, sideband: int, order: float, reach: float) -> FaultLine | None:
        """What is at an order, give or take `reach`; None where the spectrum has no room for it."""
        bin_hz = float(self.freq_hz[1])
        expected_hz, reach_hz = order * self.shaft_hz, max(reach * self.shaft_hz, bin_hz)
        if not FEWEST_BINS * bin_hz <= expected_hz < self.to_hz - reach_hz:
            return None
        width_hz = max(BACKGROUND * self.shaft_hz, FEWEST_BINS * bin_hz)
        first, last = self._bins(expected_hz, reach_hz)
        near = self.amplitude[first : last + 1]
        # the slope of a line further away is no line
        is_peak = (near >= self.amplitude[first - 1 : last]) & (near >= self.amplitude[first + 1 : last + 2])
        best = int(np.argmax(np.where(is_peak, near, -1) if is_peak.any() else near))
        left, right = self._bins(expected_hz, width_hz)
        level_db = _level_db(near[best], np.median(self.amplitude[max(left, 1) : right + 1]))
        stands_out = is_peak.any() and level_db > 10 * np.log10(np.log2(len(near) / CHANCE))
        return FaultLine(
            fault=fault,
            name=line_name(fault, harmonic, sideband),
            harmonic=harmonic,
            sideband=sideband,
            order=order,
            expected_hz=expected_hz,
            found_hz=float(self.freq_hz[first + best]) if stands_out else None,
            level_db=level_db,
        )

    def _bins(self, at_hz: float, reach_hz: float) -> tuple[int, int]:
        """First and last bin within reach of a frequency."""
        bin_hz = float(self.freq_hz[1])
        return int(np.ceil((at_hz - reach_hz) / bin_hz)), int(np.floor((at_hz + reach_hz) / bin_hz))


def _level_db(line: np.floating[Any], background: np.floating[Any]) -> float:
    tiny = np.finfo(line.dtype).tiny  # silence is 0 dB above silence
    return float(20 * np.log10((line + tiny) / (background + tiny)))
