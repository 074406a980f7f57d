"""Sphinx configuration; lists, tables and cards in the pages come out of the package: see pages.py."""

import re
import sys
from pathlib import Path

import faultdiag

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from pages import PAGES, write_modules  # noqa: E402 (it lies beside this file)
from pictures import write_pictures  # noqa: E402

write_modules(HERE / "api" / "generated")
write_pictures(HERE / "api" / "pictures")

project = "faultdiag"
author = "faultdiag contributors"
copyright = "2026, faultdiag contributors"
version = release = faultdiag.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

html_theme = "pydata_sphinx_theme"
html_title = "faultdiag"
html_show_sourcelink = False
html_theme_options = {"secondary_sidebar_items": ["page-toc"], "show_prev_next": False}

autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
# a type in a docstring is a plain word; where several things have that name none is linked rightly
suppress_warnings = ["ref.python"]


def fill_in(app, docname, source):
    """Replace `{{ name }}` by what the package says of itself."""
    source[0] = re.sub(r"\{\{ (\w+) \}\}", lambda found: PAGES[found[1]](), source[0])


def setup(app):
    """Let every page be filled in before it is parsed."""
    app.connect("source-read", fill_in)
