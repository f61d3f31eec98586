"""How templates are read: everything escaped, and a name that nobody gave is an error."""

from __future__ import annotations

import jinja2

from summarizer.rendering import phrases
from summarizer.rendering.sanitize import visible


def environment(package: str) -> jinja2.Environment:
    """For the templates of a package, with the filters by which all pages word things.

    A page adds filters and globals of its own.
    """
    made = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "visible": visible,
        "date_words": phrases.date_words,
        "time_words": phrases.time_words,
        "count": phrases.count,
    }
    return made
