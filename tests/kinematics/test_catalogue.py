import re

import pytest

from faultdiag.datasets.cards import load_card
from faultdiag.errors import ParameterError
from faultdiag.kinematics.bearing import Bearing
from faultdiag.kinematics.catalogue import catalogue, find_bearing, written_bearing
from faultdiag.kinematics.orders import GivenOrders

PUBLISHED = {
    # BPFO, BPFI, BSF, FTF as the sources of the geometry print them
    "6205-2RS JEM": (3.5848, 5.4152, 2.3568, 0.3983),
    "6203-2RS JEM": (3.0530, 4.9469, 1.9937, 0.3817),
    "ER-16K": (3.57, 5.43, None, None),
    "NICE": (3.245, 4.755, 2.555, 0.406),
    "UER204": (3.08, 4.92, 2.07, 0.386),
    "ZA-2115": (7.09, 8.91, 4.20, 0.443),
    "NU205": (104.65 / 20, 155.35 / 20, None, None),
    "NU206-E": (5.24, 7.76, 2.49, 0.403),
    "MaFaulDa": (2.998, 5.002, 1.871, 0.375),
    "6804": (5.611, 7.389, None, None),
}

BOUNDARY_MM = {
    # bore and outside of the dimension series, which the standard fixes
    **{
        f"62{code}": size
        for code, size in {"01": (12, 32), "03": (17, 40), "05": (25, 52), "06": (30, 62)}.items()
    },
    "6804": (20, 32),
    "61806": (30, 42),
    "1205": (25, 52),
    "QJ212": (60, 110),
    "N204": (20, 47),
    "NJ204": (20, 47),
    "NU205": (25, 52),
    "NU206": (30, 62),
    "NU2205": (25, 52),
}

OUTSIDE_MM = {
    2: {2: 35, 3: 40, 4: 47, 5: 52, 6: 62, 7: 72, 8: 80, 9: 85, 10: 90, 11: 100, 12: 110, 13: 120, 14: 125},
    3: {
        3: 47,
        4: 52,
        6: 72,
        7: 80,
        8: 90,
        9: 100,
        10: 110,
        11: 120,
        12: 130,
        14: 150,
        15: 160,
        16: 170,
        18: 190,
    },
}
INSERTS = [row.bearing for row in catalogue() if re.fullmatch(r"[23]\d\dK", row.bearing.name)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_orders_are_those_published_with_the_rig(name):
    bearing = find_bearing(name)
    found = [bearing.bpfo, bearing.bpfi, bearing.bsf, bearing.ftf]
    for order, published in zip(found, PUBLISHED[name], strict=True):
        assert published is None or order == pytest.approx(published, rel=2e-3)


def test_every_row_has_a_source_and_a_name_of_its_own():
    names = [row.bearing.name for row in catalogue()]
    assert len(set(names)) == len(names) >= 50
    assert all(find_bearing(name).name == name for name in names)
    for name, source in [(row.bearing.name, row.source) for row in catalogue()]:
        named_before = source.startswith("as ") and source.removeprefix("as ") in names
        assert len(source) > 20 or named_before, name


def test_every_row_is_written_as_it_is_taken():
    for bearing, _ in catalogue():
        assert find_bearing(written_bearing(bearing)).fault_orders() == bearing.fault_orders()


def test_orders_of_every_row_are_those_of_one_bearing():
    """A whole number of balls, all orders from the same ratio of ball and pitch, up to the digits printed."""
    for bearing, _ in catalogue():
        n_balls = round(bearing.bpfo + bearing.bpfi)
        ratio = (bearing.bpfi - bearing.bpfo) / (bearing.bpfi + bearing.bpfo)
        assert bearing.bpfo + bearing.bpfi == pytest.approx(n_balls, abs=3e-3), bearing.name
        assert bearing.ftf == pytest.approx(bearing.bpfo / n_balls, abs=6e-4), bearing.name
        if getattr(bearing, "angle_deg", 0) == 0:
            assert bearing.bsf == pytest.approx((1 - ratio**2) / (2 * ratio), rel=5e-3), bearing.name


def test_balls_of_a_geometry_fit_between_bore_and_outside():
    checked = set()
    for bearing, _ in catalogue():
        number = re.match(r"(NU|NJ|N|QJ)?\d+", bearing.name)
        if number and number.group() in BOUNDARY_MM and isinstance(bearing, Bearing):
            bore_mm, outside_mm = BOUNDARY_MM[number.group()]
            mean_mm, height_mm = (bore_mm + outside_mm) / 2, (outside_mm - bore_mm) / 2
            assert bearing.pitch_mm == pytest.approx(mean_mm, abs=0.1 * height_mm), bearing.name
            assert 0.4 * height_mm < bearing.ball_mm < 0.7 * height_mm, bearing.name
            checked.add(number.group())
    assert len(checked) >= 12


@pytest.mark.parametrize("bearing", INSERTS, ids=lambda bearing: bearing.name)
def test_orders_of_inserts_are_those_of_balls_by_the_inch_between_the_rings(bearing):
    """The maker's orders, the standard's dimensions and balls by the inch know nothing of each other."""
    series, code = int(bearing.name[0]), int(bearing.name[1:3])
    bore_mm = {2: 15, 3: 17}.get(code, 5 * code)
    pitch_mm = (bore_mm + OUTSIDE_MM[series][code]) / 2
    ratio = (bearing.bpfi - bearing.bpfo) / (bearing.bpfi + bearing.bpfo)
    inches = ratio * pitch_mm / 25.4
    assert inches == pytest.approx(round(64 * inches) / 64, rel=0.02 if bearing.name == "202K" else 0.004)


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
        *[(text, "6205 (NSK)") for text in ("6205 (NSK)", "NSK 6205DDU", "nsk-6205")],
        *[(text, "NU206-E") for text in ("NU206-E-XL-TVP2", "FAG NU 206 E")],
        *[(text, "206K") for text in ("206K", "Timken 206K", "Fafnir 206KDD")],
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
            "unknown bearing '6025'; did you mean 6205\\? `faultdiag machine bearings` lists .*; or write",
        ),
        ("SKF 6308-2Z", "unknown bearing 'SKF 6308-2Z'; did you mean 308K\\? "),
        ("", "unknown bearing ''; none here is like it; `faultdiag machine bearings` lists"),
        ("22220", "unknown bearing '22220'; none here is like it; .* a geometry like n=9"),
        ("NU 222 ECP", "unknown bearing 'NU 222 ECP'; none here is like it;"),
        ("6230", "did you mean .*6203\\? "),
        ("NU204", "did you mean N204 or .*NJ204"),
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
