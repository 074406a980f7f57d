"""Sphinx configuration; lists, tables and cards in the pages come out of the package: see pages.py."""

import re
import sys
from pathlib import Path

import faultdiag
import faultdiag.signal

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

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_gallery.gen_gallery"]
exclude_patterns = ["_build", "gallery"]
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
sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "gallery_built",
    "filename_pattern": r"\.py$",
    "within_subsection_order": "FileNameSortKey",
    "reset_modules": ("matplotlib", "pictures.gallery_style"),
    "image_srcset": ["2x"],
    "capture_repr": (),
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
    # a name in a script leads to its description
    "doc_module": ("faultdiag",),
    "reference_url": {"faultdiag": None},
}

# a type in a docstring is a plain word; where several things have that name none is linked rightly
suppress_warnings = ["ref.python"]


def fill_in(app, docname, source):
    """Replace `{{ name }}` by what the package says of itself."""
    source[0] = re.sub(r"\{\{ (\w+) \}\}", lambda found: PAGES[found[1]](), source[0])


def leave_out(app, what, name, member, skip, options):
    """Leave out what scikit-learn adds to a class of ours; its text leads to pages that are not here."""
    return True if (getattr(member, "__module__", "") or "").startswith("sklearn.") else None


def name_handed_on(app, env):
    """Let what `faultdiag.signal` hands on be found by that name; it is described where it is written."""
    objects = env.get_domain("py").objects
    for name, module in faultdiag.signal._HOMES.items():
        if found := objects.get(f"faultdiag.signal.{module}.{name}"):
            objects[f"faultdiag.signal.{name}"] = found._replace(aliased=True)
    return []


def setup(app):
    """Let every page be filled in before it is parsed, and names be found."""
    app.connect("source-read", fill_in)
    app.connect("env-updated", name_handed_on)
    app.connect("autodoc-skip-member", leave_out)
