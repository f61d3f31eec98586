"""One finished draft as the values are computed from it, and the simple things about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from summarizer.domain.claims import CheckedClaim, Kind
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.items import Passage
from summarizer.domain.sections import Rule, SectionSpec
from summarizer.ingestion.passages import split
from summarizer.jobs.budget import Price, tokens_of
from summarizer.verification.evidence import CitedEvidence, EvidenceIndex
from summarizer.verification.verify import Verifier

Value = float | None
"""``None`` where there is nothing to judge."""


@dataclass(frozen=True)
class Judged:
    """A draft with what made it.

    Args:
        verifier: checked the draft and decided what is shown.
    """

    draft: Draft
    verifier: Verifier

    @cached_property
    def library(self) -> EvidenceIndex:
        """The grounds of the pack."""
        return EvidenceIndex(self.draft.evidence)

    @property
    def whole(self) -> CitedEvidence:
        """Every passage of the pack, as if a claim cited them all."""
        return CitedEvidence(self.library.known, self.library.known)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage of the items in the pack, those that did not fit included."""
        return tuple(p for item in self.draft.evidence.items for p in split(item.key, item.text))

    def sections(self, rule: Rule | None = None) -> Iterator[tuple[SectionSpec, Section]]:
        """The sections that keep a rule with their specs; all of them when none is named."""
        for spec in self.verifier.specs:
            if rule is None or rule in spec.row.rules:
                yield spec, self.draft.section(spec.key)

    def shown(self, rule: Rule | None = None) -> list[CheckedClaim]:
        """The claims that reach a reader, in order."""
        return [claim for _, section in self.sections(rule) for claim in section.shown]

    def drafted(self, rule: Rule | None = None) -> list[CheckedClaim]:
        """The claims that the drafter wrote, shown or withheld, as they ended."""
        return [
            claim
            for _, section in self.sections(rule)
            for claim in (*section.shown, *section.withheld)
        ]


def share(held: Iterable[bool]) -> Value:
    """The share that is true, 0–1; ``None`` of nothing."""
    every = list(held)
    return sum(every) / len(every) if every else None


def abstention(judged: Judged) -> Value:
    """Share of the sections that show nothing."""
    return share(not section.shown for _, section in judged.sections())


def withheld(judged: Judged) -> Value:
    """Share of the drafted claims that no reader sees."""
    total = judged.draft.claims_drafted
    return 1 - len(judged.shown()) / total if total else None


def tokens(judged: Judged) -> float:
    """Tokens in and out, those written to and read from a cache included; 0 without a model."""
    return float(tokens_of(judged.draft.usage))


def cost(draft: Draft, prices: Mapping[str, Price]) -> Value:
    """Money for the calls of a draft, in the currency of the prices.

    0 without a model, ``None`` where its model has no price; a judge counts as the drafting model.
    """
    if draft.model is None:
        return 0.0
    price = prices.get(draft.model)
    return None if price is None else price.of(draft.usage)


def is_analogy(checked: CheckedClaim) -> bool:
    """Whether a claim explains and states nothing, so that no source can support it."""
    return checked.claim.kind is Kind.ANALOGY
