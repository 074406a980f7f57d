"""Data set `simulated`: many bearings of one type on a simulated rig, each mounted in its own way."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from faultdiag.datasets.cards import load_card
from faultdiag.datasets.examples import Examples
from faultdiag.datasets.rig import Assembly, simulate_bearing
from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.records import Record

__all__ = ["examples"]

SPEEDS_RPM = (1797.0, 1772.0, 1750.0, 1730.0)
"""Of an induction motor at load 0, 1, 2, 3."""

SNR_SPREAD_DB = 3.0
SEVERITIES = (0.7, 1.4)


def examples(
    data_dir: Path | None = None,
    *,
    task: str = "fault",
    channels: tuple[str, ...] = (),
    seed: int = 0,
    n_bearings: int = 10,
    duration_s: float = 4.0,
    snr_db: float = 3.0,
) -> Examples:
    """Return simulated records of four states at four loads.

    Every bearing is mounted by lot (resonances, shaft harmonics, load zone, slip) and has its own
    severity; every record has its own noise, speed and gain. The same seed gives the same record of a
    bearing and load, however many bearings there are.

    The envelope spectrum tells unseen bearings apart, the amplitude alone nothing: that is how the
    defaults are chosen. A network must see enough mountings to learn the first.

    Parameters
    ----------
    data_dir : None
        There are no files.
    task : {"fault"}
        Labels normal, inner, outer, ball.
    channels : tuple of str
        ``("housing",)`` or empty.
    seed : int
        Of everything drawn by lot.
    n_bearings : int
        Physical bearings of each label.
    duration_s : float
        Length of a record.
    snr_db : float
        Mean power of the fault over the noise; it differs by up to 3 dB from record to record.

    Returns
    -------
    data : Examples
        Conditions of a record: `load` (0 to 3), `bearing` (number among those of its label), and with
        a fault `snr_db` and `severity`.

    Raises
    ------
    ParameterError
        If a folder is given, the task or a channel does not exist, or a number is out of range.

    Examples
    --------
    >>> small = examples(n_bearings=1, duration_s=0.5)
    >>> len(small.records), small.records[4].group, small.records[4].n_samples
    (16, 'inner-0', 6000)
    """
    card = load_card("simulated")
    if data_dir is not None:
        raise ParameterError(
            f"data set 'simulated' has no files; leave its folder out, got {str(data_dir)!r}"
        )
    if n_bearings < 1 or seed < 0:
        raise ParameterError(
            f"n_bearings must be at least 1 and seed at least 0, got {n_bearings} and {seed}"
        )
    task = card.checked_task(task)
    bearing = Bearing(**card.geometry["housing"].model_dump())
    records = [
        _record(bearing, (seed, card.labels.index(label), number), label, load, duration_s, snr_db)
        for label in card.labels
        for number in range(n_bearings)
        for load in range(len(SPEEDS_RPM))
    ]
    return Examples(
        name=card.name,
        source=f"simulated, seed {seed}, {n_bearings} bearings",
        task=task,
        classes=card.labels,
        records=tuple(record.select(channels or card.channels) for record in records),
        notes=card.limits[:1],
    )


def _record(
    bearing: Bearing, lot: tuple[int, int, int], label: str, load: int, duration_s: float, snr_db: float
) -> Record:
    """One record; `lot` seeds the bearing, with the load it seeds the record."""
    drawn = np.random.default_rng(lot)
    assembly, severity = Assembly.draw(drawn), drawn.uniform(*SEVERITIES)
    rng = np.random.default_rng((*lot, load + 1))  # a trailing 0 would seed as `lot` alone does
    speed_rpm = SPEEDS_RPM[load] * (1 + 0.002 * rng.uniform(-1, 1))
    snr_db = snr_db + rng.uniform(-SNR_SPREAD_DB, SNR_SPREAD_DB)
    samples = simulate_bearing(
        bearing=bearing,
        fault=label,
        rate_hz=12000.0,
        duration_s=duration_s,
        speed_rpm=speed_rpm,
        snr_db=snr_db,
        severity=severity,
        # the range of the amplifier differs by up to 40 dB and leaves amplitudes without meaning
        assembly=replace(assembly, gain=assembly.gain * 10 ** rng.uniform(-1, 1)),
        rng=rng,
    )
    of_fault = {} if label == "normal" else {"snr_db": snr_db, "severity": severity}
    group = f"{label}-{lot[-1]}"
    return Record(
        source=samples[None].astype(np.float32),
        rate_hz=12000.0,
        speed_rpm=speed_rpm,
        channels=("housing",),
        label=label,
        group=group,
        conditions={"load": float(load), "bearing": float(lot[-1]), **of_fault},
        origin=f"simulated bearing {group} at load {load}",
    )
