"""The operations that need no stored data: ``verify``, ``cluster`` and ``render``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from summarizer import factories
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.domain.claims import Verdict
    from summarizer.domain.items import NewItem
    from summarizer.domain.page import Page
    from summarizer.noise.series import NoiseSeries
    from summarizer.ports.models import Embedder, Entailment

Row: TypeAlias = Mapping[str, Any]
PageFormat: TypeAlias = Literal["markdown", "html", "json"]


def verify(
    claims: Iterable[Row | tuple[str, str | Sequence[str | Row]]],
    *,
    entailment: Entailment | None = None,
) -> list[Verdict]:
    """Judge claims against sources, by rules and local models; nothing is stored.

    Args:
        claims: each a claim with its sources, which are texts or objects with ``id`` and
            ``text``; or a row as ``summarizer verify`` reads it.
        entailment: scores support; the shipped models when left out.

    Returns:
        A verdict for each claim, in order.

    Raises:
        InputError: a claim or a source is missing; the message names its number, from 0.
    """
    from summarizer.verification.rows import parse_row, verify_claim

    model = entailment or factories.entailment()
    verdicts = []
    for number, given in enumerate(claims):
        try:
            row = parse_row(given if isinstance(given, Mapping) else _claim_row(*given))
        except InputError as error:
            raise InputError(f"Claim {number}: {error}", field=error.field) from error
        verdicts.append(verify_claim(row, model))
    return verdicts


def _claim_row(claim: str, sources: str | Sequence[str | Row]) -> Row:
    return {"claim": claim, "sources": [sources] if isinstance(sources, str) else sources}


def cluster(items: Iterable[NewItem | Row | str], *, embedder: Embedder | None = None) -> list[str]:
    """Put items into incidents, one by one in the order of their publication; nothing is stored.

    Args:
        items: source items, rows as ``summarizer ingest`` reads them, or bare texts.
        embedder: makes the vectors of headings; the shipped model when left out.

    Returns:
        A key for each item, in order; equal keys mean one incident.

    Raises:
        InputError: a row cannot be used; the message names its number, from 0.
    """
    from summarizer.clustering import online
    from summarizer.clustering.online import ClusterItem
    from summarizer.ingestion.index_sync import heading

    asked = [
        ClusterItem(
            key=str(number),
            published_at=item.published_at,
            title=item.title,
            text=item.text,
            url=item.url,
            label=item.incident,
        )
        for number, item in enumerate(_item(n, given) for n, given in enumerate(items))
    ]
    ordered = [asked[n] for n in online.in_time_order(asked)]
    headings = [heading(item.title, item.text) for item in ordered]
    vectors = (embedder or factories.embedder()).embed(headings)
    found = {a.key: a.incident for a in online.cluster(zip(ordered, vectors, strict=True))}
    return [f"incident-{found[item.key]}" for item in asked]


def _item(number: int, given: NewItem | Row | str) -> NewItem:
    from summarizer.domain.items import NewItem
    from summarizer.ingestion.validate import Rejected, parse_row

    if isinstance(given, NewItem):
        return given
    row = {"text": given} if isinstance(given, str) else given
    found = parse_row(row, line=number, html_to_text=factories.html_to_text)
    if isinstance(found, Rejected):
        where = f"{found.field}: " if found.field else ""
        raise InputError(f"Item {number}: {where}{found.reason}.", field=found.field)
    return found.item


def render(page: Page, form: PageFormat = "markdown", *, noise: NoiseSeries | None = None) -> str:
    """An incident's page as text.

    Args:
        page: of ``App.pages``.
        form: ``markdown``, ``html`` (one self-contained document) or ``json``.
        noise: its course over time, drawn into HTML; no chart when left out.
    """
    from summarizer import rendering

    specs = factories.prompts().specs()
    if form == "html":
        return rendering.render_html(page, specs, noise)
    if form == "json":
        return rendering.render_json(page, specs)
    if form == "markdown":
        return rendering.render_markdown(page, specs)
    raise InputError(f"There is no format {form!r}: choose markdown, html or json.", field="form")
