"""Citation repair: replaces wrong citations of a claim that the evidence supports.

Models often write a supported sentence and cite a neighbouring passage, or the key of an item.  For
such a claim the module searches the smallest set of passages with which it passes every check.  The
sentence stays as it is, the drafter's citations are stored, and the claim does not count as
faithful as drafted.

Trying many sets gives a false sentence more chances to pass by luck.  Therefore:

- few sets are tried;
- all passages of a set are of one item, since two reports combined may say what neither says;
- a claim contradicted by its own passages is not repaired;
- new passages must contain more of the claim's words than the cited ones, or an allegation stated
  as fact would move to a passage without the attribution;
- the entailment must reach the threshold for whole sources, since the low threshold for cited
  passages assumes that the drafter chose them;
- where a judge decides, only what fails exactly is cited anew: what a rule merely doubts goes to
  the judge with the drafter's passages and with the doubt, which others may hide.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, islice

from summarizer.domain.claims import EXPLAINING, CheckedClaim, Claim, Failure, VerdictLabel
from summarizer.domain.drafts import CheckedSection
from summarizer.domain.sections import SectionSpec
from summarizer.ports.models import Entailment
from summarizer.text.boilerplate_passages import is_boilerplate
from summarizer.text.tokens import coverage, read
from summarizer.verification import scoring
from summarizer.verification.checks import instructions, satire
from summarizer.verification.evidence import CitedEvidence, CitedText, EvidenceIndex, align
from summarizer.verification.judge import CHECK as JUDGE
from summarizer.verification.judge import fails_exactly
from summarizer.verification.policy import Policy
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.verdicts import failed_checks, verify_claims

MOST_CITED = 3
"""Most passages of one set; a sentence that needs more makes several statements."""

CANDIDATES = 12
JOINED = 6
"""Passages tried alone, and the best of them tried in combination: at most 12 + 15 + 20 sets for
each claim, of which only sets within one item count."""

OF_THE_SENTENCE = frozenset(
    {
        "limits", "headline", "readable", "judgeable", "instructions", "superseded", "voice",
        "relative_days", "criterion", "inference", "analogy",
    }
)  # fmt: skip
"""Checks of the sentence alone, which no other citation can fix."""

RIVALS = frozenset({"numbers", "dates"})
"""Checks that report a contradiction when the cited passage has another value of the same kind, as
the neighbour of the right passage often does."""

LEAST_CARRIED = 0.6
"""Least share of a claim's content stems in its new passages, 0–1.

Chosen on the RAGTruth summaries and BUMP (calibration sets, 174 documents, each claim citing a
random passage): 0.5 repairs 87% of the supported RAGTruth sentences and 44% of the unsupported, 0.6
repairs 86% and 38%, 0.7 loses a tenth of the supported.  Unsupported sentences that simply cite
their three most similar sentences pass the checks more often: 66% on RAGTruth; on BUMP, whose
sentences have one wrong detail, 61% against 56% after the search."""


LEAST_CONTENT = 2
"""Least content words of a claim to repair; a single word matches some passage by chance."""


@dataclass(frozen=True)
class _Search:
    """A failed claim, its section, and the passages to try, best first."""

    checked: CheckedClaim
    beside: tuple[Claim, ...]
    spec: SectionSpec
    candidates: tuple[str, ...]

    def contexts(self, size: int, index: EvidenceIndex) -> Iterator[ClaimContext]:
        """The claim citing each set of ``size`` candidates of one item."""
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
    *,
    judged: bool = False,
) -> tuple[CheckedSection, ...]:
    """Replace the citations of each failed claim that other passages fully support.

    Args:
        index: evidence of the draft.
        checked: verified sections.
        specs: specs of all sections.
        entailment: called at most twice for each size of set.
        policy: thresholds of entailment.
        judged: whether a judge decides about what does not fail exactly, which then is left alone.

    Returns:
        The sections in order; claims without a better set are unchanged.
    """
    searches = _searches(index, checked, specs, fails_exactly if judged else curable)
    found: dict[str, CheckedClaim] = {}
    for size in range(1, MOST_CITED + 1):
        left = [search for search in searches if search.checked.id not in found]
        found |= _supported(left, size, index, entailment, policy)
    return tuple(_with(section, found) for section in checked)


def _searches(
    index: EvidenceIndex,
    checked: Sequence[CheckedSection],
    specs: Sequence[SectionSpec],
    fails: Callable[[CheckedClaim], bool],
) -> list[_Search]:
    curables = [(s, c) for s in checked for c in s.claims if fails(c) and curable(c)]
    if not curables:
        return []
    by_key = {spec.key: spec for spec in specs}
    different = distinct(index.known)
    items: dict[str, set[str]] = {}
    for ground in different:
        items.setdefault(ground.item, set()).update(read(ground.text).content_set)
    return [
        _Search(
            claim,
            tuple(beside.claim for beside in section.claims),
            by_key[section.key],
            candidates(claim, different, index.known),
        )
        for section, claim in curables
        if any(_carries_more(words, claim, index) for words in items.values())
    ]


def curable(checked: CheckedClaim) -> bool:
    """Whether other citations could make a failed claim supported.

    What a judge refused is not saved by rules: its drafter cites anew.
    """
    claim, failures = checked.claim, checked.verdict.failures
    return (
        bool(failures)
        and not any(failure.check == JUDGE for failure in failures)
        and len(read(claim.text).content_set) >= LEAST_CONTENT
        and claim.kind not in EXPLAINING
        and all(map(_curable, failures))
    )


def _curable(failure: Failure) -> bool:
    if failure.check in OF_THE_SENTENCE:
        return False
    if failure.label is VerdictLabel.CONTRADICTED:
        return failure.check in RIVALS and failure.better is not None
    return True


def distinct(known: Sequence[CitedText]) -> tuple[CitedText, ...]:
    """Texts without repetitions of an earlier one."""
    by_words = {" ".join(ground.text.split()): ground for ground in reversed(known)}
    first = {ground.id for ground in by_words.values()}
    return tuple(ground for ground in known if ground.id in first)


def citable(ground: CitedText, known: tuple[CitedText, ...]) -> bool:
    """Whether repair may use a text: no boilerplate, instructions to a model or the reader, or
    satire."""
    alone = CitedEvidence((ground,), known)
    return not (
        is_boilerplate(ground.text)
        or instructions.check(ground.text, alone)
        or satire.check(ground.text, alone)
    )


def candidates(
    checked: CheckedClaim, texts: Sequence[CitedText], known: tuple[CitedText, ...]
) -> tuple[str, ...]:
    """Ids of the passages to try for a claim, best first, at most ``CANDIDATES``.

    Passages suggested by a failed check come first, then the others by similarity, with a bonus for
    those that the drafter cited by id or by the key of their item.  Only those that may be among
    the first are read for whether they are ``citable``, which needs a parse.

    Args:
        checked: a failed claim.
        texts: the passages to choose from.
        known: all texts of the evidence.
    """
    claim = checked.claim
    like: dict[str, float] = {}
    for aligned in align(claim.text, texts, limit=sys.maxsize):
        like.setdefault(aligned.ground.id, aligned.recall)
    better = {failure.better for failure in checked.verdict.failures}

    def worth(ground: CitedText) -> float:
        named = ground.item in claim.cites or ground.id in claim.cites
        return like[ground.id] + 1.0 * (ground.id in better) + 0.25 * named

    ranked = sorted((g for g in texts if g.id in like), key=worth, reverse=True)
    usable = (g.id for g in ranked if citable(g, known))
    return tuple(islice(usable, CANDIDATES))


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
        if _carries_more(read(context.cited.text).content_set, search.checked, index)
        and not failed_checks(context)
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
    return {c.id: c for c in verified if not c.verdict.failures}


def _carries_more(there: Set[str], old: CheckedClaim, index: EvidenceIndex) -> bool:
    """Whether some stems have enough of the claim's, and more than its cited passages.

    As many are enough when the cited passages are unknown or must not be cited.
    """
    words = read(old.claim.text).content_set
    carried = coverage(words, there)
    before = coverage(words, read(index.grounds(old.claim.cites).text).content_set)
    unusable = {f.check for f in old.verdict.failures} <= {"structure", instructions.HOSTILE_ITEM}
    return carried >= LEAST_CARRIED and (carried > before or (unusable and carried == before))


def _with(section: CheckedSection, found: Mapping[str, CheckedClaim]) -> CheckedSection:
    claims = tuple(_with_history(old, found.get(old.id)) for old in section.claims)
    return section.model_copy(update={"claims": claims})


def _with_history(old: CheckedClaim, new: CheckedClaim | None) -> CheckedClaim:
    if new is None:
        return old
    named = old.claim.cites if old.recited_from is None else old.recited_from
    history = {"repaired_from": old.repaired_from, "recited_from": named}
    return new.model_copy(update=history)
