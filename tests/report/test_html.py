"""Templates take text for text, and pictures lie inside."""

import base64

import pytest

from faultdiag import __version__
from faultdiag.report.html import FORMATS, data_uri, filled

NOTHING = {"facts": [], "warnings": [], "channels": []}


@pytest.mark.parametrize("picture_format", FORMATS)
def test_a_picture_comes_back_from_its_address(picture_format):
    kind, content = data_uri(b"\x89some bytes", picture_format).removeprefix("data:").split(";base64,")
    assert kind == FORMATS[picture_format]
    assert base64.b64decode(content) == b"\x89some bytes"


def test_a_page_says_the_version_and_takes_no_markup():
    page = filled("inspection.html", title="<b>&", **NOTHING)
    assert f"Made by faultdiag {__version__}" in page
    assert "<h1>&lt;b&gt;&amp;</h1>" in page


def test_the_style_of_all_pages_is_in_them():
    style = filled("page.css")
    assert "max-width: 44rem" in style
    assert style in filled("inspection.html", title="", **NOTHING)
