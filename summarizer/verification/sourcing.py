"""Sourcing: who asserts the claims of a draft, and what a reader should know of that.

No verdict rests on it, so that it is found while a judge decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from summarizer.domain.claims import CheckedClaim, Claim, Kind
from summarizer.domain.drafts import CheckedSection
from summarizer.ports.models import Entailment
from summarizer.verification import corroboration, faults
from summarizer.verification.checks import attribution, operators
from summarizer.verification.corroboration import Tellers
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.section_rules import over_length

AT_ONCE = 12
"""Claims of one step: their passages are parsed together."""

_OF_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.ANALOGY: ("An analogy: it explains, and states nothing of the incident.",),
    Kind.GLOSS: ("General knowledge: it explains a term, and states nothing of the incident.",),
    Kind.INFERENCE: ("Our inference from the cited passages: no source says it.",),
}
"""Warnings of the kinds that the writer adds to the sources."""

_Key = tuple[str, tuple[str, ...]]


class Sourcing:
    """Who asserts the claims of one draft; each is looked for once.

    Args:
        index: evidence of the draft.
        entailment: probability that a passage supports a claim.
    """

    def __init__(self, index: EvidenceIndex, entailment: Entailment) -> None:
        self._index = index
        self._entailment = entailment
        self._told: dict[_Key, Tellers] = {}

    def find(self, checked: Sequence[CheckedSection]) -> Iterator[None]:
        """Look for those who assert the claims of some sections, in steps; it is kept."""
        claims = [claim for section in checked for claim in section.claims]
        keys = iter(dict.fromkeys(_key(one.claim) for one in claims if _is_read(one)))
        new = (key for key in keys if key not in self._told)
        while some := list(islice(new, AT_ONCE)):
            asked = [(text, self._index.grounds(cites)) for text, cites in some]
            found = corroboration.tellers(asked, self._entailment)
            self._told.update(zip(some, found, strict=True))
            yield

    def added(self, checked: Sequence[CheckedSection]) -> tuple[CheckedSection, ...]:
        """The sections, each claim with who asserts it and with its warnings."""
        for _ in self.find(checked):
            pass
        return tuple(
            section.model_copy(update={"claims": tuple(map(self._guarded, section.claims))})
            for section in checked
        )

    def _guarded(self, checked: CheckedClaim) -> CheckedClaim:
        broken = checked.model_copy(update={"verdict": faults.unchecked_verdict()})
        work = partial(self._added, checked)
        return faults.guarded(faults.VERIFICATION, checked.id, work, otherwise=broken)

    def _added(self, checked: CheckedClaim) -> CheckedClaim:
        if not _is_read(checked):
            return checked
        claim, told = checked.claim, self._told[_key(checked.claim)]
        cited = self._index.grounds(claim.cites)
        warnings = attribution.warnings(claim.text, cited, told)
        if claim.actor is None:
            warnings += operators.unattributed(claim.text, cited)
        warnings = _OF_KIND.get(claim.kind, warnings)
        verdict = checked.verdict.model_copy(update={"warnings": warnings})
        update = {"verdict": verdict, "origins": told.origins, "told_by": told.names}
        return checked.model_copy(update=update)


def _key(claim: Claim) -> _Key:
    return claim.text, tuple(claim.cites)


def _is_read(checked: CheckedClaim) -> bool:
    """Whether the checks could read a claim: one that is too long, or broke them, is left alone."""
    broke = any(failure.check == faults.VERIFICATION for failure in checked.verdict.failures)
    return not broke and over_length(checked.claim) is None
