"""The physics beside a network's answer: whether the lines of the bearing agree with it."""

from dataclasses import replace

from faultdiag.errors import ParameterError, RecordError
from faultdiag.inference.prediction import Prediction
from faultdiag.kinematics.orders import FaultOrders
from faultdiag.records import Record

__all__ = ["beside_physics"]


def beside_physics(
    answer: Prediction, record: Record, bearing: FaultOrders, *, speed_rpm: float | None = None
) -> Prediction:
    """Return an answer with what the physics says of the first channel of its signal.

    Parameters
    ----------
    answer : Prediction
        Of the network.
    record : Record
        What was judged, as it was read.
    bearing : FaultOrders
        The bearing whose housing was measured.
    speed_rpm : float, optional
        Speed of the shaft; default: that of the record.

    Returns
    -------
    Prediction
        `physics` is a diagnosis as plain JSON, an error included. `agrees` is None where either has no
        answer, or the network's classes are not named after parts of a bearing; a contradiction is also a
        warning.
    """
    from faultdiag.diagnosis.record import diagnose_record  # SciPy, which a network alone does not need

    if answer.status == "error":
        return answer
    try:
        said = diagnose_record(record.select(record.channels[:1]), bearing, speed_rpm=speed_rpm)[0]
    except (RecordError, ParameterError) as error:
        physics = {"status": "error", "label": None, "text": "", "error": str(error)}
        return replace(answer, physics=physics)
    names = {"normal", *bearing.fault_orders()}
    comparable = said.label is not None and answer.label in names
    agrees = (answer.label == said.label or answer.label in said.also) if comparable else None
    warnings = list(answer.warnings)
    if agrees is False:
        warnings.append(f"the network says {answer.label}, the physics {said.label}: look at the evidence")
    return replace(answer, physics=said.to_dict(), agrees=agrees, warnings=warnings)
