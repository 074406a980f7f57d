import pytest

from faultdiag.diagnosis.bearing_parts import part_name
from faultdiag.kinematics.bearing import Bearing

ORDERS = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04).fault_orders()


@pytest.mark.parametrize("label", ORDERS)
def test_every_part_of_a_bearing_has_a_name_with_its_article(label):
    article, name = part_name(label).split(" ", 1)
    assert article in ("the", "a")
    assert label in name


def test_a_label_of_no_part_stays():
    assert part_name("seal") == "seal"
