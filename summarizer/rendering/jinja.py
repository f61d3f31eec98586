"""Jinja environment with autoescaping and strict undefined variables."""

from __future__ import annotations

import jinja2

from summarizer.rendering import phrases
from summarizer.rendering.sanitize import visible


def environment(package: str) -> jinja2.Environment:
    """Create the environment for a package's templates, with the filters that all pages share."""
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
