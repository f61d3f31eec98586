"""How the documents become a site: ``make docs`` builds it into ``site/``.

The source folder is the repository, so that a link means the same file on the site and in the
repository.  Nothing is loaded from another host, neither while building nor while reading.
"""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

from sphinx.application import Sphinx

import summarizer

project = "Incident summarizer"
version = release = summarizer.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "docs/**",
    "examples/README.md",
    "examples/*/README.md",
]
exclude_patterns = [".*", "site", "data", "demo-data", "eval-runs", "dist"]

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "Incident summarizer"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["_root"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_use_index = False
pygments_style = "default"

SWAGGER_UI = ("swagger-ui-bundle.js", "swagger-ui.css")


def write_openapi(app: Sphinx) -> None:
    """Put the OpenAPI document and the viewer that shows it where the pages will be.

    The document is written as a script too: a page opened from a folder may not fetch a file.
    Before any page is read: autodoc changes the annotations of pydantic's base class, and no
    model can be defined after it.
    """
    from api.__main__ import openapi

    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    document = json.dumps(openapi(), indent=1)
    (static / "openapi.json").write_text(document, encoding="utf-8")
    (static / "openapi.js").write_text(f"window.OPENAPI = {document};\n", encoding="utf-8")
    for name in SWAGGER_UI:
        shutil.copyfile(str(files("fastapi_offline") / "static" / name), static / name)


def setup(app: Sphinx) -> None:
    """Write the OpenAPI document before the pages."""
    app.connect("builder-inited", write_openapi)
