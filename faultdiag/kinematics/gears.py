"""Gears: how fast shafts turn, how often teeth mesh, and how often a damaged tooth strikes."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from faultdiag.errors import ParameterError

__all__ = ["GearStage", "GearTrain", "PlanetaryStage", "parse_train"]

MIN_TEETH = 5

PARTS = ("sun", "ring", "carrier")


class GearStage(NamedTuple):
    """Two gears in mesh.

    Orders of a stage are multiples of the speed of its driving shaft.

    Attributes
    ----------
    teeth_driving, teeth_driven : int
        Teeth of the driving and of the driven gear.

    Examples
    --------
    >>> stage = GearStage(32, 80)
    >>> stage.ratio, stage.hunting_turns
    (0.4, 5)
    """

    teeth_driving: int
    teeth_driven: int

    @property
    def ratio(self) -> float:
        """Turns of the driven shaft per turn of the driving shaft."""
        return self.teeth_driving / self.teeth_driven

    @property
    def hunting_turns(self) -> int:
        """Turns of the driving shaft after which the same two teeth meet again."""
        return math.lcm(self.teeth_driving, self.teeth_driven) // self.teeth_driving


@dataclass(frozen=True)
class GearTrain:
    """Gears in series, from the input shaft on.

    All orders are multiples of the speed of the input shaft.

    Attributes
    ----------
    stages : sequence of GearStage
        Or of pairs: teeth of the driving and of the driven gear of each stage.

    Raises
    ------
    ParameterError
        If there is no stage, or a gear has fewer than 5 teeth.

    Examples
    --------
    >>> train = GearTrain(((32, 80), (48, 64)))
    >>> [round(order, 9) for order in train.shaft_orders]
    [1.0, 0.4, 0.3]
    >>> [round(order, 9) for order in train.mesh_orders]
    [32.0, 19.2]
    """

    stages: Sequence[tuple[int, int]]

    def __post_init__(self) -> None:
        teeth = [number for pair in self.stages for number in pair]
        are_pairs = len(teeth) > 0 and all(len(pair) == 2 for pair in self.stages)
        if not are_pairs or not all(n >= MIN_TEETH and float(n).is_integer() for n in teeth):
            raise ParameterError(f"stages must be pairs of {MIN_TEETH} teeth or more each, got {self.stages}")
        stages = tuple(GearStage(int(driving), int(driven)) for driving, driven in self.stages)
        object.__setattr__(self, "stages", stages)

    @property
    def shaft_orders(self) -> tuple[float, ...]:
        """Turns of each shaft per turn of the input shaft."""
        orders = [1.0]
        for driving, driven in self.stages:
            orders.append(orders[-1] * driving / driven)
        return tuple(orders)

    @property
    def mesh_orders(self) -> tuple[float, ...]:
        """Teeth that mesh in each stage per turn of the input shaft."""
        return tuple(
            order * driving for order, (driving, _) in zip(self.shaft_orders, self.stages, strict=False)
        )

    @property
    def hunting_orders(self) -> tuple[float, ...]:
        """How often the same two teeth of each stage meet per turn of the input shaft (hunting tooth)."""
        return tuple(
            order / GearStage(*stage).hunting_turns
            for order, stage in zip(self.shaft_orders, self.stages, strict=False)
        )

    def sideband_orders(self, *, harmonic: int = 1) -> tuple[dict[str, tuple[float, float]], ...]:
        """Return where a fault of either gear puts its first sidebands around the mesh of each stage.

        Parameters
        ----------
        harmonic : int
            Of the mesh.

        Returns
        -------
        tuple of dict
            For each stage the orders below and above the harmonic that the shaft of the ``driving`` and that
            of the ``driven`` gear cause.

        Raises
        ------
        ParameterError
            If `harmonic` is not a whole number of 1 or more.

        Examples
        --------
        >>> GearTrain(((20, 40),)).sideband_orders()
        ({'driving': (19.0, 21.0), 'driven': (19.5, 20.5)},)
        """
        if not (harmonic >= 1 and float(harmonic).is_integer()):
            raise ParameterError(f"harmonic must be a whole number of 1 or more, got {harmonic}")
        shafts = self.shaft_orders
        return tuple(
            {
                "driving": (harmonic * mesh - shafts[i], harmonic * mesh + shafts[i]),
                "driven": (harmonic * mesh - shafts[i + 1], harmonic * mesh + shafts[i + 1]),
            }
            for i, mesh in enumerate(self.mesh_orders)
        )


def parse_train(text: str) -> GearTrain:
    """Return the gear train that a text such as ``"32/80,48/64"`` means.

    Parameters
    ----------
    text : str
        Teeth of the driving over those of the driven gear, stages parted by commas, from the input on.

    Returns
    -------
    GearTrain
        The gears.

    Raises
    ------
    ParameterError
        If the text has another form, or a gear has fewer than 5 teeth.

    Examples
    --------
    >>> parse_train("32/80, 48/64").stages[1]
    GearStage(teeth_driving=48, teeth_driven=64)
    """
    stages = [re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", piece) for piece in text.split(",")]
    pairs = [(int(stage[1]), int(stage[2])) for stage in stages if stage]
    if len(pairs) != len(stages):
        raise ParameterError(
            f"gears {text!r}: write the teeth of driving and driven gear, stage by stage, such as 32/80,48/64"
        )
    return GearTrain(pairs)


@dataclass(frozen=True)
class PlanetaryStage:
    """A planetary stage: planets on a carrier between a sun and a ring.

    All orders are multiples of the speed of the part that drives; a minus means that a part turns the
    other way.

    Attributes
    ----------
    sun, planet, ring : int
        Teeth.
    n_planets : int
        Number of planets.
    fixed, driving : {"sun", "ring", "carrier"}
        Which part stands still, and which one is driven from outside.

    Raises
    ------
    ParameterError
        If there is no such gear, or the same part is to stand still and to drive.

    Notes
    -----
    Teeth mesh as often as the sun's teeth pass the carrier, and so do those of planet and ring. A damaged
    tooth of sun or ring meets every planet once a turn relative to the carrier. A damaged tooth of a planet
    meets sun and ring once each, with one flank each: `fault_orders` counts one flank, and a tooth that is
    broken off strikes twice as often. A sensor on the ring hears planets come and go, which surrounds all
    this with sidebands at multiples of the carrier's order and of `passing_order`.

    References
    ----------
    Feng, Z. and Zuo, M. J. (2012), Vibration signal models for fault diagnosis of planetary gearboxes,
    Journal of Sound and Vibration 331(22), 4919-4939, doi 10.1016/j.jsv.2012.05.039.

    Examples
    --------
    >>> stage = PlanetaryStage(sun=20, planet=40, ring=100, n_planets=3)
    >>> {part: round(order, 3) for part, order in stage.part_orders().items()}
    {'sun': 1.0, 'ring': 0.0, 'carrier': 0.167, 'planet': -0.25}
    >>> round(stage.mesh_order, 3)
    16.667
    """

    sun: int
    planet: int
    ring: int
    n_planets: int
    fixed: str = "ring"
    driving: str = "sun"

    def __post_init__(self) -> None:
        for name in ("sun", "planet", "ring"):
            teeth = getattr(self, name)
            if not (teeth >= MIN_TEETH and float(teeth).is_integer()):
                raise ParameterError(f"{name} must have {MIN_TEETH} teeth or more, got {teeth}")
        if not (self.n_planets >= 1 and float(self.n_planets).is_integer()):
            raise ParameterError(f"n_planets must be a whole number of 1 or more, got {self.n_planets}")
        if self.ring <= max(self.sun, self.planet):
            raise ParameterError(f"ring must have more teeth than sun and planet, got {self.ring}")
        for name in ("fixed", "driving"):
            if getattr(self, name) not in PARTS:
                raise ParameterError(f"{name} must be {' or '.join(PARTS)}, got {getattr(self, name)!r}")
        if self.fixed == self.driving:
            raise ParameterError(f"driving must be another part than fixed, got {self.driving!r} for both")

    @property
    def mesh_order(self) -> float:
        """Teeth that mesh."""
        return abs(self._sun_against_carrier) * self.sun

    @property
    def passing_order(self) -> float:
        """Planets that pass a place of the housing."""
        return self.n_planets * abs(self.part_orders()["carrier"])

    @property
    def notes(self) -> tuple[str, ...]:
        """What is odd about the numbers of teeth."""
        found = []
        if (self.sun + self.ring) % self.n_planets:
            found.append(
                f"sun + ring, {self.sun + self.ring}, is not divisible by {self.n_planets}: "
                f"the planets cannot be evenly spaced"
            )
        if self.ring != self.sun + 2 * self.planet:
            found.append(
                f"ring is not sun + 2 x planet, {self.sun + 2 * self.planet}: "
                f"right only for gears with profile shift"
            )
        return tuple(found)

    def part_orders(self) -> dict[str, float]:
        """Return how often sun, ring, carrier and planet turn, the planet about its own axis."""
        turns = self._sun_against_carrier
        carrier = -turns * self._against_carrier(self.fixed)
        orders = {part: carrier + turns * self._against_carrier(part) for part in PARTS}
        return {part: order + 0.0 for part, order in orders.items()} | {
            "planet": carrier - turns * self.sun / self.planet
        }

    def fault_orders(self) -> dict[str, float]:
        """Return how often a damaged tooth of each gear strikes: sun, planet (one flank), ring."""
        return {
            "sun": self.n_planets * self.mesh_order / self.sun,
            "planet": self.mesh_order / self.planet,
            "ring": self.n_planets * self.mesh_order / self.ring,
        }

    @property
    def _sun_against_carrier(self) -> float:
        """Turns of the sun as seen from the carrier, per turn of the part that drives."""
        return 1 / (self._against_carrier(self.driving) - self._against_carrier(self.fixed))

    def _against_carrier(self, part: str) -> float:
        """Turns of a part as seen from the carrier, per such turn of the sun."""
        return {"sun": 1.0, "ring": -self.sun / self.ring, "carrier": 0.0}[part]
