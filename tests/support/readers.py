"""What reads outside text: each check, reader and drafter as a function of one text."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from summarizer.adapters.web.feeds import parse_feed
from summarizer.adapters.web.html_text import html_to_text
from summarizer.drafting import neutral_text, prompts
from summarizer.drafting.extractive.drafter import ExtractiveDrafter
from summarizer.ingestion import passages
from summarizer.text import (
    boilerplate,
    boilerplate_passages,
    coreference,
    dates,
    line_wraps,
    names,
    near_duplicates,
    normalize,
    quantities,
    quotations,
    readability,
    retractions,
    sentences,
    tokens,
)
from summarizer.verification import scoring
from summarizer.verification.checks import attribution, instructions
from summarizer.verification.corroboration import Tellers
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.evidence import of_texts
from tests.support.builders import a_pack, an_item

Reader = Callable[[str], object]
_CALLS = itertools.count()
BESIDE = 250
"""Characters of the claim beside a long source, and of the source beside a long claim."""
_SPECS = prompts.load().specs()


def _fresh(read: Reader) -> Reader:
    """The reader on a text that it has not seen, so that no cache answers."""
    return lambda text: read(f"{text}{chr(0x4E00 + next(_CALLS) % 20_000)}")


def _of_claim(check: Callable[..., object]) -> Reader:
    return _fresh(lambda text: check(text, of_texts([("s", f"{text[:BESIDE]} {text[-1]}")])))


def _of_source(check: Callable[..., object]) -> Reader:
    return _fresh(lambda text: check(f"{text[:BESIDE]} {text[-1]}", of_texts([("s", text)])))


def _draft(text: str) -> object:
    item = an_item("a1", text)
    pack = a_pack(item).model_copy(update={"passages": passages.split(item.key, text)})
    return ExtractiveDrafter().draft(pack, _SPECS, lambda section: None)


def _feed(text: str) -> object:
    body = text.replace("&", "&amp;").replace("<", "&lt;").replace("\0", "")
    return parse_feed(
        f"<rss version='2.0'><channel><title>T</title><item><description>{body}"
        "</description></item></channel></rss>".encode()
    )


_CHECKS: Mapping[str, Callable[..., object]] = {
    **scoring.CHECKS,
    "attribution": attribution.check,
    "attribution warnings": lambda claim, grounds: attribution.warnings(
        claim, grounds, Tellers(1, ("Acme",))
    ),
    "instructions": instructions.check,
    "supporting spans": scoring.supporting_spans,
    "entailment": lambda claim, grounds: LexicalEntailment().support([(claim, [grounds.text])]),
}


READERS: Mapping[str, Reader] = {
    **{f"{name}: claim": _of_claim(check) for name, check in _CHECKS.items()},
    **{f"{name}: source": _of_source(check) for name, check in _CHECKS.items()},
    "text sentences": _fresh(sentences.sentences),
    "text clauses": _fresh(sentences.clauses),
    "text passages": _fresh(lambda text: passages.split("a1", text)),
    "text tokens": _fresh(tokens.read),
    "text names": _fresh(names.names),
    "text dates": _fresh(dates.mentions),
    "text quantities": _fresh(quantities.quantities),
    "text quotations": _fresh(quotations.quotes),
    "text speakers": _fresh(quotations.speakers),
    "text readability": _fresh(readability.grade),
    "text near-duplicates": _fresh(near_duplicates.shingles),
    "text boilerplate": _fresh(boilerplate_passages.is_boilerplate),
    "text boilerplate, passages": _fresh(
        lambda text: boilerplate_passages.marked(text.split(". "))
    ),
    "text line wraps": _fresh(line_wraps.unwrap),
    "text boilerplate, trim": _fresh(boilerplate.trim),
    "text retractions": _fresh(lambda text: retractions.find_retractions([an_item("a1", text)])),
    "text coreference": _fresh(coreference.occurrences),
    "text normalize": _fresh(normalize.clean),
    "text markup": _fresh(lambda text: normalize.without_markup(text, html_to_text)),
    "prompt neutralise": _fresh(neutral_text.neutralise),
    "web HTML": _fresh(html_to_text),
    "web feed": _fresh(_feed),
    "drafter": _fresh(_draft),
}
