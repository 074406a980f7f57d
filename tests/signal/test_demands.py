import numpy as np
import pytest

from faultdiag.errors import RecordError
from faultdiag.signal.demands import refuse_constant, refuse_short


def test_a_short_signal_is_refused_with_both_counts_and_the_remedy():
    refuse_short(10, 10, what="a filter", remedy="a wider band")
    message = "a filter takes at least 10 samples, the signal has 9; give a longer one or a wider band"
    with pytest.raises(RecordError, match=message):
        refuse_short(9, 10, what="a filter", remedy="a wider band")


def test_a_constant_channel_is_refused_with_its_place_and_value():
    x = np.arange(12.0).reshape(2, 2, 3)
    refuse_constant(x)
    x[1, 0] = 2.5
    with pytest.raises(RecordError, match=r"all 3 samples of row \[1, 0\] are 2\.5; leave out"):
        refuse_constant(x)
    with pytest.raises(RecordError, match="all 4 samples are 0; leave out"):
        refuse_constant(np.zeros(4))
