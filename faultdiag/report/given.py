"""What was said of a machine before it was diagnosed, for the head of the page."""

from pathlib import Path

from faultdiag.kinematics.catalogue import find_bearing
from faultdiag.kinematics.gears import GearTrain, parse_train
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record
from faultdiag.report.names import PARTS

__all__ = ["given_facts"]


def given_facts(
    *,
    rate_hz: float | None,
    speed_rpm: float | None,
    tacho: str | None,
    bearing: FaultOrders | str | None,
    gear: GearTrain | str | None,
    reference: Path | str | Record | None,
) -> list[tuple[str, str]]:
    """Return what was said, as pairs of name and value; what was not said is left out, but for the rate.

    Parameters
    ----------
    rate_hz, speed_rpm, tacho, bearing, gear, reference
        As for `faultdiag.diagnose`.

    Raises
    ------
    ParameterError
        If the bearing is unknown, or the gears cannot be read.

    Examples
    --------
    >>> given_facts(rate_hz=12800, speed_rpm=1770, tacho=None, bearing=None, gear="32/80", reference=None)
    [('sampling rate', '12800 Hz, as said'), ('speed', '1770 rpm, as said'), \
('gears', '32/80; meshes per turn of the shaft: 32')]
    """
    rate = "that of the files" if rate_hz is None else f"{rate_hz:.10g} Hz, as said"
    facts = [("sampling rate", rate)]
    if speed_rpm is not None:
        facts.append(("speed", f"{speed_rpm:.10g} rpm, as said"))
    if tacho is not None:
        facts.append(("speed", f"by the tachometer, channel {tacho}"))
    if bearing is not None:
        facts.append(("bearing", _bearing(bearing)))
    if gear is not None:
        facts.append(("gears", _gears(gear)))
    if reference is not None:
        facts.append(("reference", reference.origin if isinstance(reference, Record) else str(reference)))
    return facts


def _bearing(bearing: FaultOrders | str) -> str:
    wanted = find_bearing(bearing) if isinstance(bearing, str) else bearing
    orders = ", ".join(
        f"{PARTS[part]} {order:.4g}" for part, order in wanted.fault_orders().items() if part in PARTS
    )
    return f"{wanted.name}; strikes per turn of the shaft: {orders}"


def _gears(gear: GearTrain | str) -> str:
    train = parse_train(gear) if isinstance(gear, str) else gear
    teeth = ", ".join(f"{driving}/{driven}" for driving, driven in train.stages)
    return (
        f"{teeth}; meshes per turn of the shaft: {', '.join(f'{order:.4g}' for order in train.mesh_orders)}"
    )
