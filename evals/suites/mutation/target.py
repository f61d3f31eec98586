"""Target of a fault: one claim with its cited passages and the other evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from random import Random

from evals.suites.mutation.words import Span, content, held, quoted
from summarizer.domain.claims import Claim
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem

Plant = Callable[["Target", Random], Claim | None]
"""Plants one fault into a claim; ``None`` if it does not apply."""


@dataclass(frozen=True)
class Target:
    """A claim to plant a fault in.

    Args:
        claim: an honest claim that the gate shows.
        pack: evidence of its draft.
        foreign: sentences of another incident.
    """

    claim: Claim
    pack: EvidencePack
    foreign: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentence."""
        return self.claim.text

    @cached_property
    def cited(self) -> tuple[Passage, ...]:
        """The passages that the claim cites."""
        return tuple(p for p in self.pack.passages if p.id in self.claim.cites)

    @cached_property
    def others(self) -> tuple[Passage, ...]:
        """The passages that the claim does not cite."""
        return tuple(p for p in self.pack.passages if p.id not in self.claim.cites)

    @cached_property
    def items(self) -> tuple[SourceItem, ...]:
        """The items of the cited passages."""
        keys = {passage.item_key for passage in self.cited}
        return tuple(item for item in self.pack.items if item.key in keys)

    @cached_property
    def source(self) -> str:
        """Texts of the cited passages, with titles, outlets and authors of their items."""
        heads = [h for i in self.items for h in (i.title, i.outlet, i.author) if h]
        return "\n".join([*(p.text for p in self.cited), *heads])

    @cached_property
    def everything(self) -> str:
        """Texts of all passages, with titles, outlets and authors of their items."""
        heads = [h for i in self.pack.items for h in (i.title, i.outlet, i.author) if h]
        return "\n".join([*(p.text for p in self.pack.passages), *heads])

    @cached_property
    def quoted(self) -> tuple[Span, ...]:
        """Spans of quotations in the sentence, with their marks."""
        return quoted(self.text)

    def is_quoted(self, start: int) -> bool:
        """Whether an offset of the sentence is in a quotation."""
        return any(a <= start < b for a, b in self.quoted)

    def unquoted(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Matches of a pattern that begin outside quotations."""
        return [m for m in pattern.finditer(self.text) if not self.is_quoted(m.start())]

    def replaced(self, span: Span, words: str) -> Claim:
        """The claim with other words in a span."""
        start, end = span
        return self.said(self.text[:start] + words + self.text[end:])

    def said(self, text: str) -> Claim:
        """The claim with another text, with white space and punctuation tidied."""
        text = re.sub(r"\s([,.;:!?])", r"\1", re.sub(r"\s{2,}", " ", text)).strip(" ,")
        return self.claim.model_copy(update={"text": text[:1].upper() + text[1:]})

    def with_tail(self, tail: str) -> Claim | None:
        """The claim with words appended; ``None`` if it ends with a quotation or mark."""
        bare = self.text.rstrip(" .")
        if not bare or bare[-1] in "\"”’'?!:;)":
            return None
        return self.said(f"{bare}, {tail}" + ("." if self.text.rstrip().endswith(".") else ""))

    def alike(self, share: float) -> tuple[Passage, ...]:
        """Passages that contain at least that share of the claim's content words."""
        mine = content(self.text)
        return tuple(p for p in self.pack.passages if held(mine, content(p.text)) >= share)
