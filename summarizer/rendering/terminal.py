"""Terminal format, for 80 to 100 columns.

Rich's markup, emoji codes and highlighting are off, and control sequences in source text are
removed.  No information depends on colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from summarizer.domain.page import Page
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.rendering import layout, phrases
from summarizer.rendering.document import document
from summarizer.rendering.layout import ReadersPage
from summarizer.rendering.sanitize import visible
from summarizer.rendering.schema import Claim, Document, Section, Source

MEASURE = 100
"""Maximum line width in columns, for readability."""


def render_terminal(page: Page, specs: Sequence[SectionSpec], console: Console) -> None:
    """Print the page on a console, at its width up to ``MEASURE`` columns."""
    shown = layout.for_readers(document(page, specs))
    doc = shown.document
    leads = [section for section in shown.body if section.layout is Layout.POINTS]
    parts = [
        *_head(shown),
        *_findings(doc),
        *(part for section in leads for part in _section(section)),
        *_disagreements(doc),
        *(part for section in shown.body[len(leads) :] for part in _section(section)),
        *_corrections(doc),
        *_sources(shown),
        *_made(shown),
    ]
    width = min(console.width, MEASURE)
    for part in parts:
        whole = isinstance(part, Text) and bool(part.no_wrap)
        console.print(part, width=width, soft_wrap=whole, highlight=False)


def _say(words: str, style: str = "") -> Text:
    return Text(visible(words), style=style, overflow="fold")


def _indented(part: RenderableType, columns: int = 2) -> Padding:
    return Padding(part, (0, 0, 0, columns))


def _heading(words: str) -> Iterator[RenderableType]:
    title = visible(words)
    yield Text()
    yield Text(title.upper(), style="bold")
    yield Text()


def _rows(rows: Sequence[tuple[Text, RenderableType]]) -> Table:
    """Two columns, the second with a hanging indent."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def _head(page: ReadersPage) -> Iterator[RenderableType]:
    doc = page.document
    if not any(section.claims for section in page.headlines):
        yield _say(doc.incident.title, "bold")
    for section in page.headlines:
        yield from LAYOUTS[section.layout](section)
    yield _say(phrases.status(doc), "bold dim")
    yield _say(doc.disclosure, "dim")
    if doc.incident.merged_into:
        yield _say(f"Merged into {doc.incident.merged_into}.")
    for section in page.headlines:
        yield from _footer(section)


def _corrections(doc: Document) -> Iterator[RenderableType]:
    if not doc.corrections:
        return
    yield from _heading(phrases.CORRECTIONS)
    for correction in doc.corrections:
        yield _say(f"{phrases.date_words(correction.at)}: {correction.why}")
        for sentence in correction.sentences:
            for lead, text in phrases.corrected(sentence.before, sentence.after):
                yield _indented(_say(f"{lead} {text}".rstrip()))


def _findings(doc: Document) -> Iterator[RenderableType]:
    if not doc.findings:
        return
    yield from _heading(phrases.LATER)
    for finding in doc.findings:
        yield Text.assemble(
            (f"{phrases.EFFECT_NAMES[finding.effect]}: ", "bold"), _say(finding.reason)
        )
        yield _indented(_say(finding.claim))
        if finding.text:
            yield _indented(_say(f"“{finding.text}” — {finding.source} ({finding.passage})", "dim"))


def _disagreements(doc: Document) -> Iterator[RenderableType]:
    if not doc.disagreements:
        return
    yield from _heading(phrases.DIFFER)
    for found in doc.disagreements:
        yield _say(found.summary)
        for t in found.tellings:
            yield _indented(_say(f"“{t.text}” — {t.source} ({t.passage})", "dim"))


def _section(section: Section) -> Iterator[RenderableType]:
    yield from _heading(section.heading)
    yield from LAYOUTS[section.layout](section)
    yield from _footer(section)


def _footer(section: Section) -> Iterator[RenderableType]:
    """Warnings, notes and the closing line of a section that shows something."""
    if not section.claims:
        return
    for warning, positions in layout.warned(section.claims).items():
        yield _say(f"† {warning} ({phrases.count(len(positions), 'sentence')})", "dim")
    for note in section.notes:
        yield _say(note, "dim")
    if section.closing:
        yield _say(section.closing, "italic")


def _sentence(claim: Claim, section: Section) -> Text:
    """A sentence with its tag, marks and dagger, and who tells it where it is an exception."""
    tag = phrases.tag(claim, section)
    text = Text(f"({tag}) " if tag else "", style="", overflow="fold")
    text.append(visible(claim.text).strip())
    if claim.citations:
        text.append(" " + _marks(claim), "cyan")
    if claim.verdict.warnings:
        text.append("†", "cyan")
    if claim.sourcing:
        text.append(f" ({visible(claim.sourcing)})", "dim")
    return text


def _marks(claim: Claim) -> str:
    return "".join(
        f"[{c.number}]" if c.number else f"[unknown passage {visible(c.passage)}]"
        for c in claim.citations
    )


def _headline(section: Section) -> Iterator[RenderableType]:
    for claim in section.claims:
        title = _sentence(claim, section)
        title.stylize("bold")
        yield title


def _prose(section: Section) -> Iterator[RenderableType]:
    yield Text(" ").join(_sentence(claim, section) for claim in section.claims)


def _points(section: Section) -> Iterator[RenderableType]:
    yield _rows([(Text("•"), _sentence(claim, section)) for claim in section.claims])


def _sides(section: Section) -> Iterator[RenderableType]:
    for name, claims in layout.columns(section.claims):
        yield _say(name, "bold")
        for _, claim in claims:
            actor = _say(f"{claim.actor or 'Actor not named'}: ", "bold")
            yield _indented(Text.assemble(actor, _sentence(claim, section), overflow="fold"))


def _forecast(section: Section) -> Iterator[RenderableType]:
    for claim in section.claims:
        yield _sentence(claim, section)
        yield _indented(_say(f"{phrases.likelihood(claim)}. {phrases.judged(claim)}", "dim"))


def _timeline(section: Section) -> Iterator[RenderableType]:
    rows = []
    for claim in section.claims:
        when, basis = phrases.dated(claim)
        sentence = _sentence(claim, section)
        if basis:
            sentence.append(f" ({basis})", "dim")
        rows.append((Text(when, "bold"), sentence))
    yield _rows(rows)


LAYOUTS: Mapping[Layout, Callable[[Section], Iterator[RenderableType]]] = {
    Layout.HEADLINE: _headline,
    Layout.PROSE: _prose,
    Layout.POINTS: _points,
    Layout.SIDES: _sides,
    Layout.FORECAST: _forecast,
    Layout.TIMELINE: _timeline,
}


def _sources(page: ReadersPage) -> Iterator[RenderableType]:
    yield from _heading("Sources")
    doc = page.document
    yield _say(f"{phrases.LEGEND} {doc.sourcing}" if doc.sources else phrases.NO_SOURCES, "dim")
    for name, items in layout.by_outlet(doc.sources).items():
        yield _say(name, "bold")
        for source in items:
            yield from _source(source)
    for warning, number in page.cautions:
        yield _say(f"† {phrases.cautioned(warning, number, page.sentences)}", "dim")


def _source(source: Source) -> Iterator[RenderableType]:
    facts = [phrases.byline(source), *([source.title] if source.title else [])]
    facts += [phrases.origin_note(source)] if source.copy_of else []
    facts += [] if source.passages else [phrases.UNCITED]
    yield _indented(_say(" · ".join(facts), "dim"))
    if source.url:  # on one line, so that terminals recognise the URL
        yield Text(f"  {source.url}", style="dim", no_wrap=True)
    if source.passages:
        marks = [Text(f"[{passage.number}]", "cyan") for passage in source.passages]
        quotes = [_say(passage.text.strip()) for passage in source.passages]
        yield _indented(_rows(list(zip(marks, quotes, strict=True))))


def _made(page: ReadersPage) -> Iterator[RenderableType]:
    doc = page.document
    yield from _heading(phrases.MADE)
    yield _say(f"{doc.answer.question} {doc.answer.text} {' '.join(doc.answer.caveats)}")
    for section in page.left_out:
        words = " ".join(filter(None, (section.abstained, *section.notes)))
        yield _say(f"{phrases.LEFT_OUT}: {section.heading}. {words}")
    for heading, words in phrases.gaps(doc):
        yield _say(f"Missing ({heading}): {words}")
    yield _rows([(_say(name), _say(value)) for name, value in phrases.provenance(doc)])
    yield _say(doc.cite)
