"""Reading ahead: what the checks ask of an evidence, whatever the claims will be.

It is read while a model writes them.  Nothing is returned: what is read is kept where the checks
look for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.domain.evidence import EvidencePack
from summarizer.text.clauses import clauses
from summarizer.text.parse import parse
from summarizer.text.sentences import sentences
from summarizer.verification import corroboration, hostile_items, section_rules
from summarizer.verification.accusations import accusations
from summarizer.verification.conflicts import superseded
from summarizer.verification.evidence import index_of

AT_ONCE = 16
"""Sentences parsed in one step, which takes some 30 ms."""


def reading(pack: EvidencePack) -> Iterator[None]:
    """Read an evidence in steps of 10 to 150 ms: first what any draft needs, then all sentences, of
    which a draft needs those that a claim comes near."""
    index = index_of(pack)
    yield
    hostile_items.tainted(index.known)
    yield
    told = superseded.to_read(pack)
    yield
    for n in range(0, len(told), AT_ONCE):
        parse(told[n : n + AT_ONCE])
        yield
    superseded.read_evidence(index)
    yield
    accusations(pack)
    yield
    corroboration.read_evidence(index.known)
    yield
    section_rules.read_evidence(index)
    yield
    texts = [p.text[s.start : s.end] for p in pack.passages for s in sentences(p.text)]
    for n in range(0, len(texts), AT_ONCE):
        clauses(texts[n : n + AT_ONCE])
        yield
