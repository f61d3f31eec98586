"""HTML format: one self-contained file without external requests, readable without script.

Templates escape by default.  As a second barrier, the content security policy allows only the
inlined style sheets and script, by hash, so that source text can neither run nor load anything.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

from summarizer.domain import limits
from summarizer.domain.incidents import State
from summarizer.domain.page import Page
from summarizer.domain.sections import SectionSpec
from summarizer.noise.series import NoiseSeries
from summarizer.rendering import layout, noise_chart, phrases
from summarizer.rendering.document import document
from summarizer.rendering.schema import Document

if TYPE_CHECKING:
    import jinja2


def render_html(
    page: Page,
    specs: Sequence[SectionSpec],
    course: NoiseSeries | None = None,
    places: Sequence[tuple[str, str]] = (),
) -> str:
    """Render the page as a self-contained HTML document.

    Args:
        page: the page.
        specs: sections of a draft, in order.
        course: adds a noise chart.
        places: names and relative URLs of other pages of the site that it stands on.
    """
    shown = layout.for_readers(document(page, specs))
    doc = shown.document
    css, js = inlined("incident.css") + inlined("course.css"), inlined("incident.js")
    css += inlined("site.css") if places else ""
    return (
        templates()
        .get_template("incident.html.j2")
        .render(
            doc=doc,
            page=shown,
            outlets=layout.by_outlet(doc.sources),
            users=_users(doc),
            figure=render_course(course) if course else "",
            css=css,
            js=js,
            places=places,
            policy=policy(css, js, page.report_to),
            report_to=page.report_to,
            longest_report=limits.REPORT,
        )
    )


def render_course(course: NoiseSeries, names: Mapping[State, str] = phrases.STATE_NAMES) -> Markup:
    """Render a noise series as a figure: chart, caption and table; ``names`` are of the states."""
    template = templates().get_template("course.html.j2")
    return Markup(
        template.render(
            course=course,
            plots=noise_chart.plots(course, names),
            caption=phrases.course_caption(course, names),
            names=names,
        )
    )


def _users(doc: Document) -> dict[int, list[tuple[str, str]]]:
    """Anchor and name of the sentences that cite each passage, by passage number."""
    users: dict[int, list[tuple[str, str]]] = {}
    for section in doc.sections:
        for position, claim in enumerate(section.claims, start=1):
            for citation in claim.citations:
                if citation.number:
                    link = (f"c-{section.key}-{position}", f"{section.heading} {position}")
                    users.setdefault(citation.number, []).append(link)
    return users


@cache
def templates() -> jinja2.Environment:
    """The environment of the templates of pages."""
    from summarizer.rendering import jinja  # the list of incidents needs words, and no templates

    environment = jinja.environment("summarizer.rendering")
    environment.globals |= {
        "wording": phrases,
        "columns": layout.columns,
        "warned": layout.warned,
    }
    return environment


@cache
def inlined(name: str) -> Markup:
    """Content of a style sheet or script of this package, for inlining."""
    file = resources.files("summarizer.rendering").joinpath("templates", name)
    return Markup("\n" + file.read_text(encoding="utf-8"))


def policy(css: str, js: str | None = None, report_to: str | None = None) -> str:
    """Content security policy that allows only the inlined style and script, by hash, and the form
    of readers to be sent where it belongs."""
    script = f"script-src '{_hash(js)}'; " if js is not None else ""
    form = "'none'"
    if report_to is not None:
        form = "/".join(report_to.split("/")[:3]) if "://" in report_to else "'self'"
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; {script}base-uri 'none'; form-action {form}"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
