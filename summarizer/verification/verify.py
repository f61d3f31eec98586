"""The verifier: checks, repairs, judges and gates the claims of a draft."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from summarizer.domain.claims import CheckedClaim, Claim
from summarizer.domain.drafts import CheckedSection, DraftedSection, Repair, Section, Usage
from summarizer.domain.findings import PageFinding
from summarizer.domain.sections import SectionSpec
from summarizer.ports.models import ClaimJudge, Entailment
from summarizer.verification import absences, citation_repair, gate, right_of_reply
from summarizer.verification import judge as verification_judge
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.policy import Policy
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.sourcing import Sourcing
from summarizer.verification.verdicts import failed_beside, verify_claims


@dataclass(frozen=True)
class Verifier:
    """Verification of drafts and of editors' changes.

    Args:
        specs: specs of all sections, in the order of the page.
        entailment: probability that the cited passages support a claim.
        policy: thresholds of entailment, and conditions for showing claims.
        judge: judge of the claims of a draft; ``None`` without a model.
        words: entailment for claims that the judge decides about, where a low one is only a
            question; ``entailment`` by default.
    """

    specs: Sequence[SectionSpec]
    entailment: Entailment
    policy: Policy
    judge: ClaimJudge | None = None
    words: Entailment | None = None

    def spec(self, key: str) -> SectionSpec:
        """The spec of a section; raises ``KeyError`` when there is none."""
        for spec in self.specs:
            if spec.key == key:
                return spec
        raise KeyError(key)

    def check(
        self, index: EvidenceIndex, sections: Sequence[DraftedSection]
    ) -> tuple[CheckedSection, ...]:
        """Verify every drafted claim, and repair citations of failed claims where possible; with a
        judge, of those that fail exactly.

        Sections and claims keep their order; claims lose the fields that their section does not
        show.

        Raises:
            KeyError: a section has a key without a spec.
        """
        return self._cited_anew(index, self._verified(index, sections))

    def check_edit(
        self, index: EvidenceIndex, section: DraftedSection, changed: Collection[str]
    ) -> tuple[CheckedClaim, ...]:
        """Verify an editor's claims, and repair citations of failed claims where possible.

        Args:
            index: evidence of the draft.
            section: the section with all its claims, in order.
            changed: ids of the claims to verify; the others are context for the section's rules.

        Raises:
            KeyError: the section has a key without a spec.
        """
        contexts = [
            context for context in self._contexts(index, section) if context.claim.id in changed
        ]
        claims = verify_claims(contexts, self.entailment, self.policy)
        checked = CheckedSection(key=section.key, claims=claims)
        done = citation_repair.repair_citations(
            index, [checked], self.specs, self.entailment, self.policy
        )
        (added,) = Sourcing(index, self.entailment).added(done)
        return added.claims

    def to_repair(self, checked: Sequence[CheckedSection]) -> tuple[Repair, ...]:
        """Claims to hand back to their drafter, in the order of the page."""
        return gate.to_repair(checked, self.policy)

    def repairs(
        self, index: EvidenceIndex, checked: Sequence[CheckedSection], answers: Mapping[str, Claim]
    ) -> tuple[CheckedSection, ...]:
        """Replace failed claims by repaired ones, and verify the changed sections again.

        Args:
            index: evidence of the draft.
            checked: the sections before the repair.
            answers: repaired claims by the id of the failed claim, which they keep.

        Returns:
            The sections in order.  A claim without a repair keeps its failed verdict.
        """
        old = {claim.id: claim for section in checked for claim in section.claims}
        contexts = [
            context
            for section in checked
            if any(claim.id in answers for claim in section.claims)
            for context in self._contexts(index, self._fitted(_drafted(section, answers)))
            if context.claim.id in answers or not _stands(old[context.claim.id], context)
        ]
        verified = verify_claims(contexts, self._asked, self.policy)
        new = {c.id: _marked(c, old[c.id], c.id in answers) for c in verified}
        repaired = [
            section.model_copy(update={"claims": tuple(new.get(c.id, c) for c in section.claims)})
            for section in checked
        ]
        return self._cited_anew(index, repaired)

    def ask_judge(
        self, index: EvidenceIndex, checked: Sequence[CheckedSection]
    ) -> tuple[tuple[CheckedSection, ...], Usage, tuple[PageFinding, ...]]:
        """Let the judge decide about each claim that it has not seen and that fails no exact check;
        without a judge nothing changes.

        Of all sections together, none of them judged yet, the judge has findings as a page.

        Raises:
            ModelError: the judge could not be reached.
        """
        if self.judge is None:
            return tuple(checked), Usage(), ()
        new = not any(map(verification_judge.was_asked, (c for s in checked for c in s.claims)))
        whole = new and {section.key for section in checked} == {s.key for s in self.specs}
        return verification_judge.judge_sections(index, checked, self.judge, whole=whole)

    def passes(self, claim: CheckedClaim) -> bool:
        """Whether a claim may be shown to the reader."""
        return gate.passes(claim, self.policy)

    def sourcing(self, index: EvidenceIndex) -> Sourcing:
        """Looks for who asserts the claims of a draft, for ``gate``."""
        return Sourcing(index, self._asked)

    def gate(
        self, index: EvidenceIndex, checked: Sequence[CheckedSection], sourcing: Sourcing
    ) -> tuple[Section, ...]:
        """All sections after the gate, in order, with their accusations and notes on replies, and
        each claim with who asserts it.

        The sources are searched for what an empty section could have told.

        Raises:
            KeyError: a section has a key without a spec.
        """
        decided = gate.decide_all(sourcing.added(checked), self.specs, self.policy)
        paired = right_of_reply.paired(decided, index.pack, self.specs)
        return tuple(
            absences.searched(section, self.spec(section.key), index.pack) for section in paired
        )

    def with_notes(
        self, index: EvidenceIndex, section: Section, page: Sequence[Section]
    ) -> Section:
        """A changed section with its accusations and notes, beside the others of its page."""
        sections = [section if other.key == section.key else other for other in page]
        paired = right_of_reply.paired(sections, index.pack, self.specs)
        found = next(one for one in paired if one.key == section.key)
        update = {"notes": found.notes, "accusations": found.accusations}
        return section.model_copy(update=update)

    def _contexts(self, index: EvidenceIndex, section: DraftedSection) -> list[ClaimContext]:
        spec = self.spec(section.key)
        return [ClaimContext(claim, section.claims, spec, index) for claim in section.claims]

    def _verified(
        self, index: EvidenceIndex, sections: Sequence[DraftedSection]
    ) -> tuple[CheckedSection, ...]:
        rows = [self._contexts(index, self._fitted(section)) for section in sections]
        flat = iter(
            verify_claims([context for row in rows for context in row], self._asked, self.policy)
        )
        return tuple(
            CheckedSection(
                key=section.key,
                claims=tuple(next(flat) for _ in row),
                abstained=section.abstained,
                prompt_version=section.prompt_version,
            )
            for section, row in zip(sections, rows, strict=True)
        )

    def _fitted(self, section: DraftedSection) -> DraftedSection:
        claims = tuple(map(self.spec(section.key).fitted, section.claims))
        return section.model_copy(update={"claims": claims})

    @property
    def _asked(self) -> Entailment:
        """The entailment of claims in drafts."""
        return self.entailment if self.judge is None else self.words or self.entailment

    def _cited_anew(
        self, index: EvidenceIndex, checked: Sequence[CheckedSection]
    ) -> tuple[CheckedSection, ...]:
        judged = self.judge is not None
        return citation_repair.repair_citations(
            index, checked, self.specs, self._asked, self.policy, judged=judged
        )


def _drafted(section: CheckedSection, answers: Mapping[str, Claim]) -> DraftedSection:
    """The section with repaired claims, which keep their ids, in place of failed ones."""
    claims = tuple(answers.get(old.id, old.claim).named(old.id) for old in section.claims)
    return DraftedSection(key=section.key, claims=claims)


def _stands(old: CheckedClaim, context: ClaimContext) -> bool:
    """Whether an unchanged claim keeps what a judge said of it: beside the repaired ones it has no
    new failure, of which none could be overruled."""
    return verification_judge.was_asked(old) and not failed_beside(context)


def _marked(new: CheckedClaim, old: CheckedClaim, repaired: bool) -> CheckedClaim:
    """The claim with its sentence before repair, and its citations before citation repair.

    A repaired claim has new citations of its drafter; an unchanged claim keeps its earlier record.
    """
    first = old.repaired_from or (old.claim.text if repaired else None)
    recited = old.recited_from if new.claim == old.claim else None
    return new.model_copy(update={"repaired_from": first, "recited_from": recited})
