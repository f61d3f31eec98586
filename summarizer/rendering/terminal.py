"""Terminal format, for 80 to 100 columns.

Rich's markup, emoji codes and highlighting are off, and control sequences in source text are
removed.  No information depends on colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from summarizer.domain.page import Page
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.rendering import layout, phrases
from summarizer.rendering.document import document
from summarizer.rendering.sanitize import pieces, visible
from summarizer.rendering.schema import Claim, Document, Noise, Section, Source

MEASURE = 100
"""Maximum line width in columns, for readability."""


def render_terminal(page: Page, specs: Sequence[SectionSpec], console: Console) -> None:
    """Print the page on a console, at its width up to ``MEASURE`` columns."""
    doc = document(page, specs)
    blocks = bool(console.encoding.lower().startswith("utf"))
    before, behind = layout.around_noise(doc)
    parts = [
        *_head(doc),
        *_findings(doc),
        *(part for section in before for part in _section(section)),
        *_noise(doc.noise, blocks),
        *(part for section in behind for part in _section(section)),
        *_disagreements(doc),
        *_about(doc),
        *_withheld(doc),
        *_sources(doc),
        *_provenance(doc),
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


def _head(doc: Document) -> Iterator[RenderableType]:
    headlines = layout.headlines(doc)
    if not any(section.claims for section in headlines):
        yield _say(doc.incident.title, "bold")
    for section in headlines:
        yield from LAYOUTS[section.layout](section)
    yield Text()
    for section in headlines:
        yield from _footer(section)
    yield Text.assemble((f"{doc.answer.question} ", "bold"), _say(doc.answer.text))
    yield _say(" ".join(doc.answer.caveats), "dim")
    yield Text()
    yield _say(doc.disclosure, "italic")
    merged = f" (merged into {doc.incident.merged_into})" if doc.incident.merged_into else ""
    yield _say(f"Incident ID: {doc.incident.id}{merged}")
    yield _say(f"Cite this incident: {doc.cite}")


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


def _about(doc: Document) -> Iterator[RenderableType]:
    yield from _heading(phrases.ABOUT)
    for actor in doc.about.actors:
        yield Text.assemble(
            (visible(actor.name), "bold"), f": {visible(phrases.actor_words(actor))}"
        )
        for t in phrases.actor_tellings(actor):
            yield _indented(_say(f"“{t.text}” — {t.source} ({t.passage})", "dim"))
    yield _say(f"Platforms: {phrases.places(doc.about.platforms)}")
    yield _say(f"Outlets: {phrases.places(doc.about.outlets)}")
    yield _say(f"Origins: {phrases.origins(doc)}")
    for heading, words in (phrases.gap(gap, doc) for gap in doc.about.gaps):
        yield _say(f"Missing ({heading}): {words}")


def _section(section: Section) -> Iterator[RenderableType]:
    yield from _heading(section.heading)
    if section.claims:
        yield from LAYOUTS[section.layout](section)
    yield from _footer(section)


def _footer(section: Section) -> Iterator[RenderableType]:
    """Reason for an empty section, warnings, notes and the closing line."""
    if section.abstained:
        yield _say(f"Left empty: {section.abstained}", "italic")
    for warning, positions in layout.warned(section.claims).items():
        yield _say(f"† {warning} ({phrases.count(len(positions), 'sentence')})", "dim")
    for note in section.notes:
        yield _say(f"Note: {note}", "dim")
    if section.closing and section.claims:
        yield _say(section.closing, "italic")


def _sentence(claim: Claim, section: Section) -> Text:
    """A sentence with its tag, citation marks and, if several, its number of origins."""
    tag = phrases.tag(claim, section)
    text = Text(f"({tag}) " if tag else "", style="", overflow="fold")
    text.append(visible(claim.text).strip())
    if claim.citations:
        text.append(" " + _marks(claim), "cyan")
    if claim.verdict.warnings:
        text.append("†", "cyan")
    if claim.origins > 1:
        text.append(f" ({phrases.count(claim.origins, 'origin')})", "dim")
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
    for name, claims, nobody in layout.columns(section.claims):
        yield _say(name, "bold")
        for _, claim in claims:
            actor = _say(f"{claim.actor or 'Actor not named'}: ", "bold")
            yield _indented(Text.assemble(actor, _sentence(claim, section), overflow="fold"))
        if not claims:
            yield _indented(_say(nobody, "dim"))


def _forecast(section: Section) -> Iterator[RenderableType]:
    for claim in section.claims:
        yield _sentence(claim, section)
        yield _indented(_say(f"{phrases.likelihood(claim)}. {phrases.judged(claim)}", "dim"))


def _timeline(section: Section) -> Iterator[RenderableType]:
    rows = []
    for claim in section.claims:
        when, basis = phrases.dated(claim)
        sentence = _sentence(claim, section)
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


def bar(share: float, columns: int, blocks: bool) -> str:
    """A bar of fixed width, filled by ``share`` (0–1), in block characters or in ASCII."""
    filled = round(max(0.0, min(1.0, share)) * columns)
    full, empty = ("█", "░") if blocks else ("#", ".")
    return full * filled + empty * (columns - filled)


def _noise(noise: Noise, blocks: bool) -> Iterator[RenderableType]:
    yield from _heading("Noise level")
    yield Text.assemble(
        (bar(noise.score / 100, 40, blocks), "cyan"), (f" {noise.score}/100", "bold")
    )
    peak = f"peak {noise.peak}/100 on {phrases.date_words(noise.peak_at)}"
    yield _say(f"{noise.state_name} · {peak}")
    yield Text()
    yield _factors(noise, blocks)
    yield _say(phrases.noise_note(noise), "dim")


def _factors(noise: Noise, blocks: bool) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    table.add_column("Factor", no_wrap=True)
    table.add_column("Weight", justify="right", no_wrap=True)
    table.add_column("Value", no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("Basis", ratio=1, overflow="fold")
    for factor in noise.factors:
        weight, value, points = phrases.factor_words(factor.weight, factor.value)
        drawn = f"{bar(factor.value, 8, blocks)} {value}" if factor.value is not None else value
        table.add_row(_say(factor.name), weight, drawn, points, _say(factor.basis))
    return table


def _withheld(doc: Document) -> Iterator[RenderableType]:
    yield from _heading("Withheld")
    if not layout.withheld(doc):
        yield _say("Nothing was withheld.")
        return
    yield _say("These sentences failed a check and are not part of the page; >>failing words<<.")
    for section in layout.withheld(doc):
        yield Text()
        yield _say(section.heading, "bold")
        yield _rows([(Text("-"), _withheld_claim(claim)) for claim in section.withheld])


def _withheld_claim(claim: Claim) -> Group:
    text = Text(overflow="fold")
    for piece, failed in pieces(claim.text, claim.verdict.failures):
        text.append(f">>{piece}<<" if failed else piece, "bold" if failed else "")
    cites = _marks(claim) or "no passage"
    lines = [_say(f"{phrases.LABEL_NAMES[claim.verdict.label]}; cites {cites}", "dim")]
    for failure in claim.verdict.failures:
        better = f" Better: [{failure.better_number}]." if failure.better_number else ""
        lines.append(_say(f"{failure.check}: {failure.reason}{better}"))
    return Group(text, *map(_indented, lines))


def _sources(doc: Document) -> Iterator[RenderableType]:
    yield from _heading("Sources")
    yield _say(phrases.LEGEND, "dim")
    if not doc.sources:
        yield _say("The evidence holds no source items.")
    for source in doc.sources:
        yield from _source(source)


def _source(source: Source) -> Iterator[RenderableType]:
    title = f": {source.title}" if source.title else ""
    yield Text()
    yield _say(f"{source.name}{title}", "bold")
    facts = f"{source.key} · {phrases.byline(source)} · {phrases.origin_note(source)}"
    yield _indented(_say(facts, "dim"))
    if source.url:  # on one line, so that terminals recognise the URL
        yield Text(f"  {source.url}", style="dim", no_wrap=True)
    if source.passages:
        marks = [Text(f"[{passage.number}]", "cyan") for passage in source.passages]
        quotes = [_say(passage.text.strip()) for passage in source.passages]
        yield _indented(_rows(list(zip(marks, quotes, strict=True))))
    else:
        yield _indented(_say("Not cited on this page.", "dim"))


def _provenance(doc: Document) -> Iterator[RenderableType]:
    yield from _heading("Provenance")
    yield _rows([(_say(name), _say(value)) for name, value in phrases.provenance(doc)])
