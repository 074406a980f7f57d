"""Gears and shafts of a train by name."""

from faultdiag.kinematics.gears import GearTrain

__all__ = ["gear_name", "gears_on", "shaft_name", "shafts_by_order"]


def shaft_name(train: GearTrain | None, index: int) -> str:
    """Return the name of a shaft, counted from the input; without a train there is but one.

    Examples
    --------
    >>> train = GearTrain(((32, 80), (48, 64)))
    >>> [shaft_name(train, index) for index in range(3)]
    ['the input shaft', 'the middle shaft', 'the output shaft']
    """
    if train is None:
        return "this shaft"
    last = len(train.stages)
    if index in (0, last):
        return "the input shaft" if index == 0 else "the output shaft"
    return "the middle shaft" if last == 2 else f"shaft {index + 1}"


def gear_name(train: GearTrain | None, index: int) -> str:
    """Return what is known of the gears on a shaft.

    Examples
    --------
    >>> train = GearTrain(((32, 80), (48, 64)))
    >>> gear_name(train, 0)
    'the gear with 32 teeth on the input shaft'
    >>> gear_name(train, 1)
    'a gear on the middle shaft (80 or 48 teeth)'
    """
    where = shaft_name(train, index)
    if train is None:
        return f"a gear on {where}"
    teeth = gears_on(train, index)
    if len(teeth) == 1:
        return f"the gear with {teeth[0]} teeth on {where}"
    return f"a gear on {where} ({teeth[0]} or {teeth[1]} teeth)"


def gears_on(train: GearTrain, index: int) -> list[int]:
    """Return the teeth of the gears on a shaft: the driven one first, then the driving one.

    Examples
    --------
    >>> gears_on(GearTrain(((32, 80), (48, 64))), 1)
    [80, 48]
    """
    driven = [n_teeth for _, n_teeth in train.stages[max(index - 1, 0) : index]]
    return driven + [n_teeth for n_teeth, _ in train.stages[index : index + 1]]


def shafts_by_order(train: GearTrain | None) -> dict[float, list[int]]:
    """Return the shafts that turn at each order: those of one speed cannot be told apart.

    Examples
    --------
    >>> shafts_by_order(GearTrain(((20, 20), (20, 40))))
    {1.0: [0, 1], 0.5: [2]}
    """
    found: dict[float, list[int]] = {}
    for index, order in enumerate(train.shaft_orders if train is not None else [1.0]):
        found.setdefault(round(order, 9), []).append(index)
    return found
