"""Markdown format: CommonMark with GitHub's tables and footnotes.

Text from sources and models is escaped: it cannot start a block, a link, a footnote, an image or
HTML.  The only links are the http and https URLs of source items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from summarizer.domain.page import Page
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.rendering import layout, phrases
from summarizer.rendering.document import document
from summarizer.rendering.layout import ReadersPage
from summarizer.rendering.sanitize import visible
from summarizer.rendering.schema import Claim, Document, Section, Source, Telling

SPECIAL = re.compile(r"[\\`*_\[\]~|]")
ENTITY = re.compile(r"&(?=#|\w)")
EMPTY_LINES = re.compile(r"\n{3,}")
BLOCK_START = re.compile(r"^(?:([-+=#>])|(\d{1,9})([.)])(?=\s|$))")


def render_markdown(page: Page, specs: Sequence[SectionSpec]) -> str:
    """Render the page as Markdown, with passages as footnotes, grouped by source item."""
    lines = "\n".join(_lines(layout.for_readers(document(page, specs))))
    return EMPTY_LINES.sub("\n\n", lines).rstrip() + "\n"


def escape(text: str) -> str:
    """Escape text so that Markdown shows it literally anywhere on a line."""
    return _at_start(_inline(text))


def _inline(text: str) -> str:
    """Escape text for the middle of a line."""
    shown = SPECIAL.sub(r"\\\g<0>", visible(text))
    return ENTITY.sub("&amp;", shown).replace("<", "&lt;")


def _at_start(escaped: str) -> str:
    """Escape inline text for the start of a line: no list, heading, quote or rule."""
    return BLOCK_START.sub(r"\2\\\1\3", escaped.strip())


def _lines(page: ReadersPage) -> Iterator[str]:
    doc = page.document
    yield from _head(page)
    yield from _findings(doc)
    leads = [section for section in page.body if section.layout is Layout.POINTS]
    for section in leads:
        yield from _section(section)
    yield from _disagreements(doc)
    for section in page.body[len(leads) :]:
        yield from _section(section)
    yield from _corrections(doc)
    yield from _sources(page)
    yield from _made(page)


def _head(page: ReadersPage) -> Iterator[str]:
    doc = page.document
    if not any(section.claims for section in page.headlines):
        yield f"# {escape(doc.incident.title)}"
    for section in page.headlines:
        yield from LAYOUTS[section.layout](section)
    yield from ("", escape(phrases.status(doc)), "", f"*{escape(doc.disclosure)}*", "")
    if doc.incident.merged_into:
        yield from (f"Merged into: {escape(doc.incident.merged_into)}", "")
    for section in page.headlines:
        yield from _footer(section)


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {escape(section.heading)}", "")
    yield from LAYOUTS[section.layout](section)
    yield ""
    yield from _footer(section)


def _corrections(doc: Document) -> Iterator[str]:
    if not doc.corrections:
        return
    yield from (f"## {phrases.CORRECTIONS}", "")
    for correction in doc.corrections:
        yield f"- **{phrases.date_words(correction.at)}:** {_inline(correction.why)}"
        for sentence in correction.sentences:
            for lead, text in phrases.corrected(sentence.before, sentence.after):
                yield f"  - {lead} {_inline(text)}".rstrip()
    yield ""


def _footer(section: Section) -> Iterator[str]:
    """Warnings, notes and the closing line of a section that shows something."""
    if not section.claims:
        return
    for warning, positions in layout.warned(section.claims).items():
        yield from (f"† {escape(warning)} ({phrases.count(len(positions), 'sentence')})", "")
    for note in section.notes:
        yield from (escape(note), "")
    if section.closing:
        yield from (f"*{escape(section.closing)}*", "")


def _sentence(claim: Claim, section: Section) -> str:
    """A sentence with its tag, marks and dagger, and who tells it where it is an exception."""
    marks = "".join(
        f"[^{c.number}]" if c.number else f" (unknown passage {escape(c.passage)})"
        for c in claim.citations
    )
    dagger = "†" if claim.verdict.warnings else ""
    told = f" ({escape(claim.sourcing)})" if claim.sourcing else ""
    tag = phrases.tag(claim, section)
    return f"{f'*{tag}:* ' if tag else ''}{escape(claim.text)}{marks}{dagger}{told}"


def _headline(section: Section) -> Iterator[str]:
    for position, claim in enumerate(section.claims):
        yield f"{'' if position else '# '}{_sentence(claim, section)}"
        yield ""


def _prose(section: Section) -> Iterator[str]:
    yield " ".join(_sentence(claim, section) for claim in section.claims)


def _points(section: Section) -> Iterator[str]:
    for claim in section.claims:
        yield f"- {_sentence(claim, section)}"


def _sides(section: Section) -> Iterator[str]:
    for name, claims in layout.columns(section.claims):
        yield from (f"### {name}", "")
        for _, claim in claims:
            yield f"- **{escape(claim.actor or 'Actor not named')}** — {_sentence(claim, section)}"
        yield ""


def _forecast(section: Section) -> Iterator[str]:
    for claim in section.claims:
        yield f"- {_sentence(claim, section)} — **{phrases.likelihood(claim)}**"
        yield f"  - {escape(phrases.judged(claim))}"


def _timeline(section: Section) -> Iterator[str]:
    for claim in section.claims:
        when, basis = phrases.dated(claim)
        dated = f"**{when}** ({basis})" if basis else f"**{when}**"
        yield f"- {dated} — {_sentence(claim, section)}"


LAYOUTS: Mapping[Layout, Callable[[Section], Iterator[str]]] = {
    Layout.HEADLINE: _headline,
    Layout.PROSE: _prose,
    Layout.POINTS: _points,
    Layout.SIDES: _sides,
    Layout.FORECAST: _forecast,
    Layout.TIMELINE: _timeline,
}


def _findings(doc: Document) -> Iterator[str]:
    if not doc.findings:
        return
    yield from (f"## {phrases.LATER}", "")
    for finding in doc.findings:
        yield f"- **{phrases.EFFECT_NAMES[finding.effect]}:** {_at_start(_inline(finding.claim))}"
        yield f"  - {escape(finding.reason)}"
        if finding.text:
            yield f"  - “{_inline(finding.text)}” — *{escape(finding.source)}* ({finding.passage})"
    yield ""


def _disagreements(doc: Document) -> Iterator[str]:
    if not doc.disagreements:
        return
    yield from (f"## {phrases.DIFFER}", "")
    for found in doc.disagreements:
        yield f"- {escape(found.summary)}"
        for telling in found.tellings:
            yield f"  - {_told(telling)}"
    yield ""


def _told(telling: Telling) -> str:
    """A passage with its value in bold, its source and its id."""
    before, value, behind = map(_inline, phrases.told(telling))
    marked = f"**{value}**" if value else ""
    return f"“{before}{marked}{behind}” — *{escape(telling.source)}* ({telling.passage})"


def _sources(page: ReadersPage) -> Iterator[str]:
    yield from ("## Sources", "")
    doc = page.document
    yield from (f"{phrases.LEGEND} {doc.sourcing}" if doc.sources else phrases.NO_SOURCES, "")
    for name, items in layout.by_outlet(doc.sources).items():
        yield from (f"### {escape(name)}", "")
        for source in items:
            yield from _source(source)
    for warning, number in page.cautions:
        yield from (f"† {escape(phrases.cautioned(warning, number, page.sentences))}", "")


def _source(source: Source) -> Iterator[str]:
    title = [escape(source.title)] if source.title else []
    copy = [escape(phrases.origin_note(source))] if source.copy_of else []
    address = [f"<{source.url}>"] if source.url else []
    uncited = [] if source.passages else [phrases.UNCITED]
    yield " · ".join([escape(phrases.byline(source)), *title, *copy, *address, *uncited])
    yield ""
    for passage in source.passages:
        name = escape(source.name)
        yield f"[^{passage.number}]: {escape(passage.text)} — *{name}* ({passage.id})"
        yield ""


def _made(page: ReadersPage) -> Iterator[str]:
    doc = page.document
    yield from (f"## {phrases.MADE}", "")
    yield from (escape(f"{doc.answer.question} {doc.answer.text}"), "")
    yield from (escape(" ".join(doc.answer.caveats)), "")
    for section in page.left_out:
        words = " ".join(filter(None, (section.abstained, *section.notes)))
        yield f"- {phrases.LEFT_OUT}: {escape(section.heading)}. {escape(words)}"
    for heading, words in phrases.gaps(doc):
        yield f"- Missing ({_inline(heading)}): {_inline(words)}"
    for name, value in phrases.provenance(doc):
        yield f"- {name}: {escape(value)}"
    yield from ("", escape(doc.cite), "")
