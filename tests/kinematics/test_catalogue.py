import pytest

from faultdiag.datasets.cards import load_card
from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.catalogue import catalogue, find_bearing
from faultdiag.kinematics.orders import GivenOrders

PUBLISHED = {
    # BPFO, BPFI, BSF, FTF as the sources of the geometry print them
    "6205-2RS JEM": (3.5848, 5.4152, 2.3568, 0.3983),
    "6203-2RS JEM": (3.0530, 4.9469, 1.9937, 0.3817),
    "ER-16K": (3.57, 5.43, None, None),
    "NICE": (3.245, 4.755, 2.555, 0.406),
    "UER204": (3.08, 4.92, 2.07, 0.386),
    "ZA-2115": (7.09, 8.91, 4.20, 0.443),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_orders_are_those_published_with_the_rig(name):
    bearing = find_bearing(name)
    found = [bearing.bpfo, bearing.bpfi, bearing.bsf, bearing.ftf]
    for order, published in zip(found, PUBLISHED[name], strict=True):
        assert published is None or order == pytest.approx(published, rel=2e-3)


def test_every_row_has_a_source_and_a_name_of_its_own():
    names = [row.bearing.name for row in catalogue()]
    assert len(set(names)) == len(names) >= 8
    assert all(len(row.source) > 20 for row in catalogue())
    assert all(find_bearing(name).name == name for name in names)


@pytest.mark.parametrize("place", ["DE", "FE"])
def test_the_rig_of_a_card_is_the_same_here(place):
    card = load_card("cwru").geometry[place]
    assert find_bearing(card.name) == Bearing(**card.model_dump())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *[(text, "6205") for text in ("6205", " 6205 ", "6205-2Z", "6205 2RS1/C3", "SKF 6205-2RSH")],
        *[(text, "6203") for text in ("6203", "FAG 6203-C3", "6203zz", "6203-ZC3")],
        *[(text, "6203-2RS JEM") for text in ("6203-2rs jem", "6203 2RS JEM")],
        *[(text, "UER204") for text in ("LDK UER204", "uer 204")],
        *[(text, "ZA-2115") for text in ("Rexnord ZA-2115", "za2115")],
        *[(text, "ER-16K") for text in ("MB ER16K", "er-16k")],
    ],
)
def test_maker_seals_and_clearance_do_not_matter(text, name):
    assert find_bearing(text).name == name


def test_a_geometry_is_a_bearing():
    text = "n=9, d=7.94, D=39.04, angle=10"
    assert find_bearing(text) == Bearing(text, n_balls=9, ball_mm=7.94, pitch_mm=39.04, angle_deg=10)
    assert find_bearing("n=9,d=7.94,D=39.04").angle_deg == 0


def test_orders_are_taken_as_they_are():
    text = "bpfo=3.585,bpfi=5.415,bsf=2.357,ftf=0.398"
    assert find_bearing(text) == GivenOrders(text, bpfo=3.585, bpfi=5.415, bsf=2.357, ftf=0.398)
    assert find_bearing(text).fault_orders()["ball"] == 2 * 2.357


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "6025",
            "unknown bearing '6025'; did you mean 6205.*There are: 6203, .*; or write a name",
        ),
        ("", "unknown bearing ''; There are: 6203"),
        ("C3", "unknown bearing 'C3'"),
        ("n=9,7.94,D=39.04", "'7.94' says nothing; write a name"),
        ("n=9,b=7.94,D=39.04", "'b=7.94' says nothing; write a name"),
        ("n=9,d=7.94,d=8,D=39.04", "d is given twice"),
        ("n=9,d=7;94,D=39.04", "d must be a number, got '7;94'"),
        ("n=9.5,d=7.94,D=39.04", "n must be a whole number of balls, got 9.5"),
        ("n=inf,d=7.94,D=39.04", "n must be a whole number of balls, got inf"),
        ("n=9,angle=10", "d, D must be given, too"),
        ("bpfo=3.585,bpfi=5.415", "bsf, ftf must be given, too"),
        ("n=9,d=7.94,D=39.04,bpfo=3.585", "mixes geometry and orders"),
        ("n=9,d=39.04,D=7.94", "pitch_mm must be larger than the ball's 39.04 mm, got 7.94"),
        (
            "bpfo=107.4,bpfi=162.2,bsf=70.6,ftf=11.9",
            "frequencies over that of the shaft, got 11.9",
        ),
    ],
)
def test_a_wrong_piece_is_named_with_the_remedy(text, message):
    with pytest.raises(ParameterError, match=message) as caught:
        find_bearing(text)
    assert "\n" not in str(caught.value)
    assert repr(text) in str(caught.value)
