"""A finished draft with its verifier, and simple metrics of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from summarizer.domain.claims import EXPLAINING, CheckedClaim
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.items import Passage
from summarizer.domain.sections import Rule, SectionSpec
from summarizer.ingestion.passages import split
from summarizer.jobs.budget import Price
from summarizer.verification.evidence import CitedEvidence, EvidenceIndex
from summarizer.verification.verify import Verifier

Value = float | None
"""Value of a metric; ``None`` if it does not apply."""


@dataclass(frozen=True)
class Judged:
    """A draft with the verifier that checked it."""

    draft: Draft
    verifier: Verifier

    @cached_property
    def library(self) -> EvidenceIndex:
        """Index of the pack's passages."""
        return EvidenceIndex(self.draft.evidence)

    @property
    def whole(self) -> CitedEvidence:
        """All passages of the pack, as if a claim cited them."""
        return CitedEvidence(self.library.known, self.library.known)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages of the items in the pack, including those left out of it."""
        return tuple(p for item in self.draft.evidence.items for p in split(item.key, item.text))

    def sections(self, rule: Rule | None = None) -> Iterator[tuple[SectionSpec, Section]]:
        """Sections with a rule, with their specs; all sections by default."""
        for spec in self.verifier.specs:
            if rule is None or rule in spec.row.rules:
                yield spec, self.draft.section(spec.key)

    def shown(self, rule: Rule | None = None) -> list[CheckedClaim]:
        """Shown claims, in order."""
        return [claim for _, section in self.sections(rule) for claim in section.shown]

    def drafted(self, rule: Rule | None = None) -> list[CheckedClaim]:
        """All claims in their final form, shown and withheld."""
        return [
            claim
            for _, section in self.sections(rule)
            for claim in (*section.shown, *section.withheld)
        ]


def share(held: Iterable[bool]) -> Value:
    """Share of true values, 0–1; ``None`` without values."""
    every = list(held)
    return sum(every) / len(every) if every else None


def abstention(judged: Judged) -> Value:
    """Share of sections without shown claims."""
    return share(not section.shown for _, section in judged.sections())


def withheld(judged: Judged) -> Value:
    """Share of drafted claims that are withheld."""
    total = judged.draft.claims_drafted
    return 1 - len(judged.shown()) / total if total else None


def unchecked(judged: Judged) -> Value:
    """Share of drafted claims that are shown with no other check than by rules."""
    total = judged.draft.claims_drafted
    return sum(c.in_own_words for c in judged.shown()) / total if total else None


def overruled(judged: Judged) -> Value:
    """Share of shown claims with a finding that the judge overruled; ``None`` without a judge."""
    if judged.draft.judge is None:
        return None
    return share(bool(claim.verdict.overruled) for claim in judged.shown())


def tokens(judged: Judged) -> float:
    """Input and output tokens, including cache writes and reads; 0 without a model."""
    return float(judged.draft.usage.tokens)


def cost(draft: Draft, prices: Mapping[str, Price]) -> Value:
    """Cost of a draft's calls, in the currency of the prices.

    0 without a model, ``None`` if its model has no price; a judge's calls are priced as the
    drafting model's.
    """
    if draft.model is None:
        return 0.0
    price = prices.get(draft.model)
    return None if price is None else price.of(draft.usage)


def is_analogy(checked: CheckedClaim) -> bool:
    """Whether a claim is an analogy, which no source can support."""
    return checked.claim.kind in EXPLAINING
