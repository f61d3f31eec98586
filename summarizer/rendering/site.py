"""Pages around those of incidents on the public site: index, corrections, method, notes.

Like the page of an incident, each is one file that loads nothing and needs no script.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from summarizer.domain.incidents import IncidentId
from summarizer.domain.publication import Entry, Former, Notice
from summarizer.rendering import html

INDEX, CORRECTIONS, METHOD = "index.html", "corrections/index.html", "method/index.html"
PLACES = (
    ("All incidents", INDEX),
    ("Corrections", CORRECTIONS),
    ("How this is made", METHOD),
    ("Feed", "feed.atom"),
)
"""Names of the pages that every page links to, and their paths.

Where a function below takes ``site``, it is the name of the site."""


def page_path(incident_id: str) -> str:
    """Path of the page of an incident; a server shows it at ``INC-000042`` too."""
    return f"{incident_id}/index.html"


def render_index(site: str, entries: Sequence[Entry]) -> str:
    """The list of public pages by the day on which each became public, newest first."""
    newest = sorted(entries, key=lambda e: (e.first_at, e.incident_id), reverse=True)
    days = [(day, list(of_day)) for day, of_day in groupby(newest, key=_day)]
    return _render("index", site, INDEX, days=days)


def render_corrections(
    site: str, notices: Sequence[Notice], titles: Mapping[IncidentId, str]
) -> str:
    """Corrected and withdrawn pages, with the titles of those that are public."""
    return _render("corrections", site, CORRECTIONS, notices=notices, titles=titles)


def render_method(site: str, half_life_days: float) -> str:
    """How pages are made and how often the check errs."""
    return _render("method", site, METHOD, half_life_days=half_life_days)


def render_former(site: str, former: Former) -> str:
    """What stands where a page was: that it was withdrawn, or where its incident is told."""
    return _render("former", site, page_path(former.incident_id), former=former)


def render_sitemap(base: str, paths: Sequence[str]) -> str:
    """A sitemap (https://www.sitemaps.org) of pages below an absolute URL."""
    places = "".join(
        f"<url><loc>{escape(f'{base}/{path.removesuffix(INDEX)}')}</loc></url>\n" for path in paths
    )
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return (
        f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )


def _render(template: str, site: str, here: str, **told: Any) -> str:
    css = html.inlined("incident.css") + html.inlined("site.css")
    up = "../" * here.count("/")
    given = {"site": site, "here": here, "up": up, "places": PLACES, "css": css}
    policy = html.policy(css)
    return (
        html.templates()
        .get_template(f"site/{template}.html.j2")
        .render(**given, policy=policy, **told)
    )


def _day(entry: Entry) -> dt.date:
    return entry.first_at.astimezone(dt.UTC).date()
