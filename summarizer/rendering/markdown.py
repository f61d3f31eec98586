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
from summarizer.rendering.sanitize import pieces, visible
from summarizer.rendering.schema import Claim, Document, Noise, Section, Source, Telling

SPECIAL = re.compile(r"[\\`*_\[\]~|]")
ENTITY = re.compile(r"&(?=#|\w)")
EMPTY_LINES = re.compile(r"\n{3,}")
BLOCK_START = re.compile(r"^(?:([-+=#>])|(\d{1,9})([.)])(?=\s|$))")


def render_markdown(page: Page, specs: Sequence[SectionSpec]) -> str:
    """Render the page as Markdown, with passages as footnotes, grouped by source item."""
    lines = "\n".join(_lines(document(page, specs)))
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


def _lines(doc: Document) -> Iterator[str]:
    yield from _head(doc)
    yield from _findings(doc)
    before, behind = layout.around_noise(doc)
    for section in before:
        yield from _section(section)
    yield from _noise(doc.noise)
    for section in behind:
        yield from _section(section)
    yield from _disagreements(doc)
    yield from _about(doc)
    yield from _withheld(doc)
    yield from _sources(doc)
    yield from _provenance(doc)


def _head(doc: Document) -> Iterator[str]:
    headlines = layout.headlines(doc)
    if not any(section.claims for section in headlines):
        yield f"# {escape(doc.incident.title)}"
    for section in headlines:
        yield from LAYOUTS[section.layout](section)
    yield ""
    for section in headlines:
        if section.abstained:
            yield from (f"*{escape(section.abstained)}*", "")
        yield from _footer(section)
    yield from (f"**{doc.answer.question}** {escape(doc.answer.text)}", "")
    yield from (escape(" ".join(doc.answer.caveats)), "")
    yield from (f"*{escape(doc.disclosure)}*", "")
    yield from (f"Incident ID: {escape(doc.incident.id)}", "")
    if doc.incident.merged_into:
        yield from (f"Merged into: {escape(doc.incident.merged_into)}", "")
    yield from (f"Cite this incident: {escape(doc.cite)}", "")


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {escape(section.heading)}", "")
    if section.claims:
        yield from LAYOUTS[section.layout](section)
        yield ""
    if section.abstained:
        yield from (f"*Left empty: {escape(section.abstained)}*", "")
    yield from _footer(section)


def _footer(section: Section) -> Iterator[str]:
    """Warnings, notes and the closing line of a section."""
    for warning, positions in layout.warned(section.claims).items():
        yield from (f"† {escape(warning)} ({phrases.count(len(positions), 'sentence')})", "")
    for note in section.notes:
        yield from (f"Note: {escape(note)}", "")
    if section.closing and section.claims:
        yield from (f"*{escape(section.closing)}*", "")


def _sentence(claim: Claim, section: Section) -> str:
    """A sentence with its tag, footnote marks and, if several, its number of origins."""
    marks = "".join(
        f"[^{c.number}]" if c.number else f" (unknown passage {escape(c.passage)})"
        for c in claim.citations
    )
    dagger = "†" if claim.verdict.warnings else ""
    origins = f" ({phrases.count(claim.origins, 'origin')})" if claim.origins > 1 else ""
    tag = phrases.tag(claim, section)
    return f"{f'*{tag}:* ' if tag else ''}{escape(claim.text)}{marks}{dagger}{origins}"


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
    for name, claims, nobody in layout.columns(section.claims):
        yield from (f"### {name}", "")
        for _, claim in claims:
            yield f"- **{escape(claim.actor or 'Actor not named')}** — {_sentence(claim, section)}"
        if not claims:
            yield f"*{nobody}*"
        yield ""


def _forecast(section: Section) -> Iterator[str]:
    for claim in section.claims:
        yield f"- {_sentence(claim, section)} — **{phrases.likelihood(claim)}**"
        yield f"  - {escape(phrases.judged(claim))}"


def _timeline(section: Section) -> Iterator[str]:
    for claim in section.claims:
        when, basis = phrases.dated(claim)
        yield f"- **{when}** ({basis}) — {_sentence(claim, section)}"


LAYOUTS: Mapping[Layout, Callable[[Section], Iterator[str]]] = {
    Layout.HEADLINE: _headline,
    Layout.PROSE: _prose,
    Layout.POINTS: _points,
    Layout.SIDES: _sides,
    Layout.FORECAST: _forecast,
    Layout.TIMELINE: _timeline,
}


def _noise(noise: Noise) -> Iterator[str]:
    yield from ("## Noise level", "")
    filled = round(noise.score / 5)
    yield (
        f"`{'█' * filled}{'░' * (20 - filled)}` **{noise.score}/100** · {noise.state_name} · "
        f"peak {noise.peak}/100 on {phrases.date_words(noise.peak_at)}"
    )
    yield from ("", "| Factor | Weight | Value | Points | Basis |", "|---|--:|--:|--:|---|")
    for factor in noise.factors:
        cells = phrases.factor_words(factor.weight, factor.value)
        yield f"| {escape(factor.name)} | {' | '.join(cells)} | {escape(factor.basis)} |"
    yield from ("", escape(phrases.noise_note(noise)), "")


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


def _about(doc: Document) -> Iterator[str]:
    yield from (f"## {phrases.ABOUT}", "")
    for actor in doc.about.actors:
        yield f"- **{_inline(actor.name)}**: {_inline(phrases.actor_words(actor))}"
        for telling in phrases.actor_tellings(actor):
            yield f"  - {_told(telling)}"
    yield f"- Platforms: {_inline(phrases.places(doc.about.platforms))}"
    yield f"- Outlets: {_inline(phrases.places(doc.about.outlets))}"
    yield f"- Origins: {phrases.origins(doc)}"
    for heading, words in (phrases.gap(gap, doc) for gap in doc.about.gaps):
        yield f"- Missing ({_inline(heading)}): {_inline(words)}"
    yield ""


def _told(telling: Telling) -> str:
    """A passage with its value in bold, its source and its id."""
    before, value, behind = map(_inline, phrases.told(telling))
    marked = f"**{value}**" if value else ""
    return f"“{before}{marked}{behind}” — *{escape(telling.source)}* ({telling.passage})"


def _withheld(doc: Document) -> Iterator[str]:
    yield from ("## Withheld", "")
    if not layout.withheld(doc):
        yield from ("Nothing was withheld.", "")
        return
    yield from ("These sentences failed a check. They are not part of the page.", "")
    for section in layout.withheld(doc):
        yield from (f"### {escape(section.heading)}: withheld", "")
        for claim in section.withheld:
            yield from _withheld_claim(claim)
        yield ""


def _withheld_claim(claim: Claim) -> Iterator[str]:
    cited = ", ".join(
        f"[^{c.number}]" if c.number else f"unknown passage {escape(c.passage)}"
        for c in claim.citations
    )
    found = pieces(claim.text, claim.verdict.failures)
    yield f"- {_at_start(''.join(_bold(p) if failed else _inline(p) for p, failed in found))}"
    yield f"  - {phrases.LABEL_NAMES[claim.verdict.label]}; cites {cited or 'no passage'}"
    for failure in claim.verdict.failures:
        better = f" Better: [^{failure.better_number}]." if failure.better_number else ""
        yield f"  - {escape(failure.check)}: {escape(failure.reason)}{better}"


def _bold(text: str) -> str:
    """Failing words in bold, with white space outside the asterisks as Markdown requires."""
    words = text.strip()
    return text.replace(words, f"**{_inline(words)}**") if words else text


def _sources(doc: Document) -> Iterator[str]:
    yield from ("## Sources", "", phrases.LEGEND, "")
    if not doc.sources:
        yield from ("The evidence holds no source items.", "")
    for source in doc.sources:
        yield from _source(source)


def _source(source: Source) -> Iterator[str]:
    title = f": {escape(source.title)}" if source.title else ""
    yield from (f"### {escape(source.name)}{title}", "")
    facts = [escape(phrases.byline(source)), escape(phrases.origin_note(source)), source.key]
    yield " · ".join([*facts, *([f"<{source.url}>"] if source.url else [])])
    yield ""
    for passage in source.passages:
        name = escape(source.name)
        yield f"[^{passage.number}]: {escape(passage.text)} — *{name}* ({passage.id})"
        yield ""
    if not source.passages:
        yield from ("*Not cited on this page.*", "")


def _provenance(doc: Document) -> Iterator[str]:
    yield from ("## Provenance", "")
    for name, value in phrases.provenance(doc):
        yield f"- {name}: {escape(value)}"
