"""A page as one HTML file: no request to anywhere, readable without script, on paper, by ear.

Every word is escaped by default.  The content security policy admits exactly the one style sheet
and the one script that stand in the file, by their hashes, so that nothing in a source text can
run or load anything even if it got past the escaping.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from summarizer.domain import incidents
from summarizer.domain.incidents import State
from summarizer.domain.page import Page
from summarizer.domain.sections import SectionSpec
from summarizer.noise.series import NoiseSeries
from summarizer.rendering import jinja, layout, noise_chart, phrases
from summarizer.rendering.document import document
from summarizer.rendering.sanitize import pieces
from summarizer.rendering.schema import Document


def render_html(page: Page, specs: Sequence[SectionSpec], course: NoiseSeries | None = None) -> str:
    """The page as one self-contained HTML document in UTF-8, with the course of its noise drawn
    where there is one."""
    doc = document(page, specs)
    before, behind = layout.around_noise(doc)
    css, js = _inlined("incident.css") + _inlined("course.css"), _inlined("incident.js")
    return (
        _environment()
        .get_template("incident.html.j2")
        .render(
            doc=doc,
            headlines=layout.headlines(doc),
            before_noise=before,
            after_noise=behind,
            withheld=layout.withheld(doc),
            users=_users(doc),
            figure=render_course(course) if course else "",
            css=css,
            js=js,
            policy=_policy(css, js),
        )
    )


def render_course(course: NoiseSeries) -> Markup:
    """The course of noise as a figure: drawn, in a sentence, and as a table."""
    names = {state: phrases.STATE_NAMES[State(state.value)] for state in incidents.State}
    template = _environment().get_template("course.html.j2")
    return Markup(
        template.render(
            course=course,
            plots=noise_chart.plots(course, names),
            caption=phrases.course_caption(course, names),
            names=names,
        )
    )


def _users(doc: Document) -> dict[int, list[tuple[str, str]]]:
    """For each passage number the sentences that cite it: anchor and name."""
    users: dict[int, list[tuple[str, str]]] = {}
    for section in doc.sections:
        for position, claim in enumerate(section.claims, start=1):
            for citation in claim.citations:
                if citation.number:
                    link = (f"c-{section.key}-{position}", f"{section.heading} {position}")
                    users.setdefault(citation.number, []).append(link)
    return users


@cache
def _environment() -> jinja2.Environment:
    environment = jinja.environment("summarizer.rendering")
    environment.globals |= {
        "wording": phrases,
        "columns": layout.columns,
        "warned": layout.warned,
        "pieces": pieces,
    }
    return environment


@cache
def _inlined(name: str) -> Markup:
    """A style sheet or script of ours, as it stands in the page."""
    file = resources.files("summarizer.rendering").joinpath("templates", name)
    return Markup("\n" + file.read_text(encoding="utf-8"))


def _policy(css: str, js: str) -> str:
    """Content security policy: nothing but our style and script, by hash."""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
