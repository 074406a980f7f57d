"""Split that holds out high speeds: ``faster:1480`` trains at up to 1480 rpm and tests above."""

import numpy as np
from numpy.typing import NDArray

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.splits import Layout, Part, Split
from faultdiag.errors import ParameterError
from faultdiag.windows import Windows, tile

__all__ = ["faster"]


def faster(examples: Examples, lengths: NDArray[np.int64], value: str, seed: int, layout: Layout) -> Split:
    """Hold out every record that turns faster than `value` rpm; nothing is drawn by lot."""
    limit_rpm = float(value)
    speeds_rpm = [record.mean_speed_rpm for record in examples.records]
    if None in speeds_rpm:
        raise ParameterError(f"split 'faster:{value}' needs the speed of every record")
    held = [speed is not None and speed > limit_rpm for speed in speeds_rpm]

    def windows(wanted: bool, hop: int) -> Windows:
        parts = []
        for number, length in enumerate(lengths):
            if held[number] == wanted:
                starts = tile(0, int(length), length=layout.length, hop=hop)
                parts.append(Windows.of(number, starts, layout.length))
        return Windows.join(parts, layout.length)

    test = Part(
        split=f"faster:{value}",
        holds_out=f"every recording above {value} rpm; the same bearings may train below",
        windows=windows(True, layout.test_hop),
        leaky=True,
    )
    return Split(windows(False, layout.train_hop), Windows.join([], layout.length), (test,))
