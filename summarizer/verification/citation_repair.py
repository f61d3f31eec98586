"""Citing anew: a true sentence that names the wrong passage gets the right one, and says so.

Models often write a sentence that the evidence supports and cite a passage beside the right one,
or the key of an item.  For such a claim the smallest set of passages is looked for with which it
passes every rung that any claim must pass.  No word of the sentence changes, what its drafter had
cited is kept beside it, and the claim does not count as faithful as drafted.

Trying many sets gives a false sentence more chances to pass by luck.  So the sets are few; all
passages of a set stand in one item, since words of two reports can be put together to what neither
says; a claim that its own passages contradict is left alone; other passages must carry more of its
words than those that were named, or an allegation told as fact would be moved to where nobody
alleges; and a claim of any kind must be entailed as strongly as against whole sources, since the
low threshold for cited passages rests on the drafter's having chosen them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from summarizer.domain.claims import CheckedClaim, Claim, Failure, Kind, VerdictLabel
from summarizer.domain.drafts import CheckedSection
from summarizer.domain.sections import SectionSpec
from summarizer.ports.models import Entailment
from summarizer.text.boilerplate import is_boilerplate
from summarizer.text.tokens import coverage, read
from summarizer.verification import scoring
from summarizer.verification.checks import hypotheticals, instructions
from summarizer.verification.evidence import CitedEvidence, CitedText, EvidenceIndex, align
from summarizer.verification.policy import Policy
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.verdicts import failed_checks, verify_claims

MOST_CITED = 3
"""Passages of one set: a sentence that needs more is more than one statement."""

CANDIDATES = 12
JOINED = 6
"""Passages that are tried alone, and the best of them that are tried together: at most 12 + 15 + 20
sets a claim, fewer as only sets within one item count."""

OF_THE_SENTENCE = frozenset({"limits", "headline", "readable", "judgeable"})
"""Checks that look at the sentence alone, so that no passage can cure them."""

RIVALS = frozenset({"numbers", "dates"})
"""Checks that call a claim contradicted when its passage holds another value of the same kind,
which the passage next to the right one often does."""

LEAST_CARRIED = 0.6
"""Share of a claim's content stems that its new passages must hold, 0-1.  Measured on the RAGTruth
summaries and BUMP (calibration sets, 174 documents, each claim citing a passage at random): 0.5
cites 87% of the supported RAGTruth sentences anew and 44% of the unsupported, 0.6 86% and 38%, 0.7
loses a tenth of the supported.  The same unsupported sentences pass the checks in 66% of the cases
when they cite the three sentences most like them, so a search does not make them pass more often;
of BUMP's, which differ from a true sentence in one detail, 61% do and 56%."""


LEAST_CONTENT = 2
"""Content words that a claim must have to be looked for: one word stands somewhere by chance."""


@dataclass(frozen=True)
class _Search:
    """A failed claim, its section, and the passages to try, best first."""

    checked: CheckedClaim
    beside: tuple[Claim, ...]
    spec: SectionSpec
    candidates: tuple[str, ...]

    def contexts(self, size: int, index: EvidenceIndex) -> Iterator[ClaimContext]:
        """The claim with each set of ``size`` candidates of one item as its citations."""
        drafted = self.checked.claim
        for cites in combinations(self.candidates[: CANDIDATES if size == 1 else JOINED], size):
            claim = drafted.model_copy(update={"cites": cites})
            context = ClaimContext(claim, self.beside, self.spec, index)
            one_item = len({ground.item for ground in context.cited.cited}) == 1
            if one_item and set(cites) != set(drafted.cites):
                yield context


def repair_citations(
    index: EvidenceIndex,
    checked: Sequence[CheckedSection],
    specs: Sequence[SectionSpec],
    entailment: Entailment,
    policy: Policy,
) -> tuple[CheckedSection, ...]:
    """Cite other passages for each failed claim that they support whole.

    Args:
        index: of the evidence of the draft.
        checked: verified sections.
        specs: of all sections.
        entailment: asked at most twice for each size of set.
        policy: holds the thresholds of entailment.

    Returns:
        The sections in their order; a claim for which nothing was found is as it was.
    """
    searches = _searches(index, checked, specs)
    found: dict[str, CheckedClaim] = {}
    for size in range(1, MOST_CITED + 1):
        left = [search for search in searches if search.checked.id not in found]
        found |= _supported(left, size, index, entailment, policy)
    return tuple(_with(section, found) for section in checked)


def _searches(
    index: EvidenceIndex, checked: Sequence[CheckedSection], specs: Sequence[SectionSpec]
) -> list[_Search]:
    by_key = {spec.key: spec for spec in specs}
    usable = citable(index.known)
    return [
        _Search(
            claim,
            tuple(beside.claim for beside in section.claims),
            by_key[section.key],
            candidates(claim, usable),
        )
        for section in checked
        for claim in section.claims
        if curable(claim)
    ]


def curable(checked: CheckedClaim) -> bool:
    """Whether other citations could make a failed claim supported."""
    claim, failures = checked.claim, checked.verdict.failures
    return (
        bool(failures)
        and len(read(claim.text).content_set) >= LEAST_CONTENT
        and claim.kind is not Kind.ANALOGY
        and all(map(_curable, failures))
    )


def _curable(failure: Failure) -> bool:
    if failure.check in OF_THE_SENTENCE:
        return False
    if failure.check == "instructions":  # without a place in the sentence, it is the passage's
        return failure.start is None
    if failure.label is VerdictLabel.CONTRADICTED:
        return failure.check in RIVALS and failure.better is not None
    return True


def citable(known: Sequence[CitedText]) -> tuple[CitedText, ...]:
    """The grounds that may be cited anew: no boilerplate, no words to a model or to the reader,
    no question or joke, and of passages with the same words the first."""
    distinct = {" ".join(ground.text.split()): ground for ground in reversed(known)}
    first = {ground.id for ground in distinct.values()}
    return tuple(
        ground
        for ground in known
        if ground.id in first
        and not is_boilerplate(ground.text)
        and not instructions.check(ground.text, CitedEvidence((ground,), tuple(known)))
        and not hypotheticals.check(ground.text, CitedEvidence((ground,), tuple(known)))
    )


def candidates(checked: CheckedClaim, usable: Sequence[CitedText]) -> tuple[str, ...]:
    """Ids of the passages worth citing for a claim, best first, at most ``CANDIDATES``.

    Passages that a failed check pointed to come first, then by likeness, with a lead for those
    that the drafter named, by their id or by the key of their item.
    """
    claim = checked.claim
    like: dict[str, float] = {}
    for aligned in align(claim.text, usable, limit=sys.maxsize):
        like.setdefault(aligned.ground.id, aligned.recall)
    better = {failure.better for failure in checked.verdict.failures}

    def worth(ground: CitedText) -> float:
        named = ground.item in claim.cites or ground.id in claim.cites
        return like[ground.id] + 1.0 * (ground.id in better) + 0.25 * named

    ranked = sorted((g for g in usable if g.id in like), key=worth, reverse=True)
    return tuple(g.id for g in ranked[:CANDIDATES])


def _supported(
    searches: Sequence[_Search],
    size: int,
    index: EvidenceIndex,
    entailment: Entailment,
    policy: Policy,
) -> dict[str, CheckedClaim]:
    """For each claim, by its id, the best supporting set of exactly ``size`` passages."""
    tried = [
        context
        for search in searches
        for context in search.contexts(size, index)
        if _carries_more(context, search.checked) and not failed_checks(context)
    ]
    support = entailment.support(
        [(context.claim.text, [g.text for g in context.cited.cited]) for context in tried]
    )
    best: dict[str, tuple[float, ClaimContext]] = {}
    for context, entailed in zip(tried, support, strict=True):
        enough = scoring.score(entailed, ()) >= scoring.STATELESS_SUPPORTED
        if enough and entailed > best.get(context.claim.id, (0.0, context))[0]:
            best[context.claim.id] = entailed, context
    verified = verify_claims([context for _, context in best.values()], entailment, policy)
    return {c.id: c for c in verified if c.verdict.label is VerdictLabel.SUPPORTED}


def _carries_more(context: ClaimContext, old: CheckedClaim) -> bool:
    """Whether new passages hold more of the claim's words than those named; as many are enough
    where what was named is no passage of the evidence, or one that must not be cited."""
    words = read(old.claim.text).content_set
    named = context.index.grounds(old.claim.cites)
    carried = coverage(words, read(context.cited.text).content_set)
    before = coverage(words, read(named.text).content_set)
    unusable = {f.check for f in old.verdict.failures} <= {"structure", "instructions"}
    return carried >= LEAST_CARRIED and (carried > before or (unusable and carried == before))


def _with(section: CheckedSection, found: Mapping[str, CheckedClaim]) -> CheckedSection:
    claims = tuple(_noted(old, found.get(old.id)) for old in section.claims)
    return section.model_copy(update={"claims": claims})


def _noted(old: CheckedClaim, new: CheckedClaim | None) -> CheckedClaim:
    if new is None:
        return old
    named = old.claim.cites if old.recited_from is None else old.recited_from
    noted = {"repaired_from": old.repaired_from, "recited_from": named}
    return new.model_copy(update=noted)
