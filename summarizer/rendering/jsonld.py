"""JSON-LD format: a schema.org ``NewsArticle`` with one ``citation`` per cited source item.

https://schema.org/NewsArticle
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from summarizer.domain.page import Page
from summarizer.domain.reviews import ReviewState
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.rendering import phrases
from summarizer.rendering.document import document
from summarizer.rendering.sanitize import visible
from summarizer.rendering.schema import Correction, Document, Source


def render_jsonld(page: Page, specs: Sequence[SectionSpec]) -> str:
    """Render the page as JSON-LD, without withheld sentences and verdicts.

    ``<``, ``>`` and ``&`` are escaped, so that it can be embedded in a ``script`` element.
    """
    text = json.dumps(_article(document(page, specs)), indent=2, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text + "\n"


def _article(doc: Document) -> dict[str, Any]:
    body = [s for s in doc.sections if s.layout is not Layout.HEADLINE]
    text = [visible(" ".join(claim.text for claim in s.claims)) for s in body if s.claims]
    made = doc.provenance.created_at.isoformat()
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "identifier": doc.incident.id,
        "headline": visible(doc.incident.title),
        "dateCreated": doc.incident.created_at.isoformat(),
        "dateModified": made,
        "version": doc.provenance.revision,
        "creativeWorkStatus": doc.review.state.value,
        "creditText": doc.cite,
        "abstract": text[0] if text else None,
        "articleBody": "\n\n".join(text) or None,
        "backstory": doc.disclosure,
        "editor": _editor(doc),
        "correction": [_correction(one) for one in doc.corrections] or None,
        "citation": [_citation(source) for source in doc.sources if source.passages],
    }
    return {name: value for name, value in article.items() if value is not None}


def _correction(correction: Correction) -> dict[str, str]:
    told = [
        f"{lead} {text}".rstrip()
        for sentence in correction.sentences
        for lead, text in phrases.corrected(sentence.before, sentence.after)
    ]
    return {
        "@type": "CorrectionComment",
        "text": visible(" ".join([correction.why, *told])),
        "datePublished": correction.at.isoformat(),
    }


def _editor(doc: Document) -> dict[str, str] | None:
    """The approving editor; ``None`` without an approval."""
    if doc.review.state is not ReviewState.APPROVED or doc.review.by is None:
        return None
    return {"@type": "Person", "name": visible(doc.review.by)}


def _citation(source: Source) -> dict[str, Any]:
    found = {
        "@type": "CreativeWork",
        "identifier": source.key,
        "name": visible(source.title) or None,
        "url": source.url,
        "datePublished": source.published_at.isoformat() if source.published_at else None,
        "author": {"@type": "Person", "name": visible(source.author)} if source.author else None,
        "publisher": {"@type": "Organization", "name": visible(source.name)},
        "text": [visible(passage.text) for passage in source.passages],
    }
    return {name: value for name, value in found.items() if value is not None}
