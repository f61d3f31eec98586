"""Living drafts: what the evidence of today does to sentences that stand on a page.

No model is asked and nothing is rewritten.  Each shown claim is held against the items that take
others back, and against what was published later than everything that it cites: by the checks'
own contradictions, passage by passage.  The same draft and the same items give the same findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.domain.claims import CheckedClaim, Claim, Kind, VerdictLabel
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Effect, Finding
from summarizer.domain.items import ItemKey, Passage, SourceItem
from summarizer.monitoring import value_conflicts
from summarizer.text.retractions import Retraction, find_retractions
from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, read
from summarizer.verification.checks import comparison, modality, polarity, roles, swaps
from summarizer.verification.evidence import Aligned, CitedEvidence, CitedText, EvidenceIndex, align

ALIKE = 0.7
"""Share of a claim's content that a later sentence must hold before the checks compare them; where
one slot has two values, ``slots`` asks for less, since the values themselves are not shared."""

NEAREST = 3
"""Later sentences that one sentence of a claim is held against, those most like it first."""

UNTESTED = frozenset({Kind.ANALOGY, Kind.PREDICTION})
"""Kinds of claim that no report contradicts: what becomes of a forecast is resolved on its day."""

_TURNS = (polarity.check, comparison.check, swaps.check, roles.check, modality.check)

ALERTS = frozenset({Effect.WITHDRAWN, Effect.CONTRADICTED})


@dataclass(frozen=True)
class _Present:
    """The evidence of today, made ready once for all claims of a draft."""

    items: dict[str, SourceItem]
    passages: dict[str, Passage]
    library: EvidenceIndex
    taken: tuple[Retraction, ...]
    fresh: frozenset[str]

    @property
    def withdrawn(self) -> frozenset[str]:
        """Keys of items that were retracted as a whole."""
        return frozenset(key for t in self.taken if t.whole for key in t.of)


def recheck(
    draft: Draft, items: Sequence[SourceItem], passages: Sequence[Passage]
) -> tuple[Finding, ...]:
    """What the evidence of today does to the shown claims of a draft, in the order of the page.

    Args:
        draft: any revision.
        items: all items of the incident, and nothing of another.
        passages: all passages of those items.
    """
    known = {item.key for item in items}
    pack = EvidencePack(
        items=(*items, *(i for i in draft.evidence.items if i.key not in known)),
        passages=(*passages, *(p for p in draft.evidence.passages if p.item_key not in known)),
    )
    read_before = {item.key for item in draft.evidence.items}
    present = _Present(
        items={item.key: item for item in pack.items},
        passages={passage.id: passage for passage in pack.passages},
        library=EvidenceIndex(pack),
        taken=find_retractions(pack.items),
        fresh=frozenset(known - read_before),
    )
    return tuple(
        finding
        for section in draft.sections
        for claim in section.shown
        for finding in _of_claim(section, claim, present)
    )


def between(before: Draft, after: Draft) -> tuple[Finding, ...]:
    """What the items that came between two revisions did, sentence by sentence.

    Sentences of the earlier one that they weaken, contradict or take the ground from come first,
    then those of the later one that are new and rest on them.
    """
    had = {item.key for item in before.evidence.items}
    came = {item.key for item in after.evidence.items} - had
    done = [
        finding
        for finding in recheck(before, after.evidence.items, after.evidence.passages)
        if finding.by in came
    ]
    told = {c.claim.text for section in before.sections for c in section.shown}
    for section in after.sections:
        for claim in section.shown:
            by = next((k for k in _cited_items(claim.claim, after) if k in came), None)
            if by is not None and claim.claim.text not in told:
                done.append(_new(section, claim, by, before, after.evidence))
    return tuple(done)


def _new(
    section: Section, claim: CheckedClaim, by: ItemKey, before: Draft, pack: EvidencePack
) -> Finding:
    passages = (pack.passage(cite) for cite in claim.claim.cites)
    source = pack.item(by).source_name
    return _finding(
        section,
        claim,
        Effect.NEW,
        source,
        next(p for p in passages if p is not None and p.item_key == by),
        f"It rests on {source} ({by}), which revision {before.revision} did not have.",
    )


def _cited_items(claim: Claim, draft: Draft) -> list[ItemKey]:
    passages = (draft.evidence.passage(cite) for cite in claim.cites)
    return [p.item_key for p in passages if p is not None]


def attention(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Why findings call for an editor, one sentence each, without a word of the sources."""
    found = list(findings)
    told = []
    for effect, words in (
        (Effect.WITHDRAWN, "rest on what its source has taken back"),
        (Effect.CONTRADICTED, "are contradicted by a later source"),
        (Effect.WEAKENED, "have lost a source or rest on one that was corrected"),
    ):
        of = [f for f in found if f.effect is effect]
        if of:
            by = ", ".join(dict.fromkeys(f.by for f in of))
            sections = ", ".join(dict.fromkeys(f.section for f in of))
            told.append(f"{len(of)} shown sentence(s) {words} ({by}): {sections}.")
    return tuple(told)


# --- One claim -------------------------------------------------------------------------------


def _of_claim(section: Section, checked: CheckedClaim, present: _Present) -> Iterator[Finding]:
    grounds = present.library.grounds(checked.claim.cites)
    cited = {g.item for g in grounds.cited}
    if not cited:
        return
    yield from _taken_back(section, checked, cited, present)
    if checked.claim.kind in UNTESTED:
        return
    found = _against(checked.claim.text, grounds, cited, present)
    if found is not None:
        passage, reason = found
        name = present.items[passage.item_key].source_name
        said = f"{name} ({passage.item_key}) says otherwise: {reason}"
        yield _finding(section, checked, Effect.CONTRADICTED, name, passage, said)


def _finding(
    section: Section,
    checked: CheckedClaim,
    effect: Effect,
    source: str,
    where: Passage | ItemKey,
    reason: str,
) -> Finding:
    """``where`` is the passage that does it, or the item where no passage says so."""
    passage = where if isinstance(where, Passage) else None
    return Finding(
        section=section.key,
        claim=checked.claim.text,
        effect=effect,
        by=where.item_key if isinstance(where, Passage) else where,
        source=source,
        passage=passage.id if passage else None,
        text=passage.text if passage else None,
        reason=reason,
        held_by=section.locked_by or section.edited_by or checked.edited_by,
    )


def _taken_back(
    section: Section, checked: CheckedClaim, cited: set[str], present: _Present
) -> Iterator[Finding]:
    """One finding for each item that takes back what the claim rests on.

    A claim that cites the retraction too tells of it, and so does an item that takes back itself.
    """
    origins = {present.items[key].origin for key in cited}
    gone = {k for k in cited if any(t.whole and _leans(k, t, present) for t in present.taken)}
    left = {present.items[key].origin for key in cited - gone}
    for taking in present.taken:
        hit = [key for key in cited if _leans(key, taking, present)]
        if not hit or (taking.by in cited and taking.by not in taking.of):
            continue
        who = present.items[taking.by].source_name
        where = _passage_of(taking, present) or taking.by
        if not taking.whole:
            effect, reason = Effect.WEAKENED, f"{who} ({taking.by}) corrects what it rests on."
        elif left:
            effect = Effect.WEAKENED
            reason = (
                f"{who} ({taking.by}) takes back what it rests on: independent origins fall from "
                f"{len(origins)} to {len(left)}."
            )
        else:
            effect = Effect.WITHDRAWN
            reason = f"{who} ({taking.by}) takes back all that it rests on."
        yield _finding(section, checked, effect, who, where, reason)


def _leans(key: str, taking: Retraction, present: _Present) -> bool:
    """Whether an item is one that was taken back, or a copy of it that was public before."""
    if key in taking.of:
        return True
    item, by = present.items[key], present.items[taking.by]
    of = (present.items[k] for k in taking.of if k in present.items and k != taking.by)
    return key != taking.by and any(
        item.origin == taken.origin and item.seen_at <= by.seen_at for taken in of
    )


def _passage_of(taking: Retraction, present: _Present) -> Passage | None:
    """The passage that says that something is taken back, if its text and no title does."""
    words = read(taking.words).content_set
    own = [p for p in present.passages.values() if p.item_key == taking.by]
    best = max(own, key=lambda p: len(words & read(p.text).content_set), default=None)
    return best if best is not None and words & read(best.text).content_set else None


# --- What says otherwise ---------------------------------------------------------------------


def _against(
    text: str, grounds: CitedEvidence, cited: set[str], present: _Present
) -> tuple[Passage, str] | None:
    """The later passage that most plainly says otherwise, with what it says."""
    later = [g for g in present.library.known if _is_later(g, cited, present)]
    for span in sentences(text):
        sentence = text[span.start : span.end]
        for other in align(sentence, later, limit=NEAREST):
            reason = _says_otherwise(sentence, other, grounds)
            if reason:
                return present.passages[other.ground.id], reason
    return None


def _is_later(ground: CitedText, cited: set[str], present: _Present) -> bool:
    """Of an item that the draft had not read, or that came after everything the claim cites."""
    if ground.item in cited or ground.item in present.withdrawn:
        return False
    item = present.items[ground.item]
    newest = max(present.items[key].seen_at for key in cited)
    return ground.item in present.fresh or item.seen_at > newest


def _says_otherwise(sentence: str, other: Aligned, grounds: CitedEvidence) -> str | None:
    """In words, how a later sentence differs, by its figures, days and names, or by the checks."""
    if other.text.rstrip("\"'”’ ").endswith("?"):
        return None
    published = grounds.cited[0].published
    for found in value_conflicts.differing(sentence, other.text, published, other.ground.published):
        mine = sentence[found.one.start : found.one.end].strip()
        theirs = other.text[found.other.start : found.other.end].strip()
        return f'"{theirs}" where the sentence says "{mine}".'
    words, theirs_too = read(sentence).content_set, read(other.text).content_set
    if other.recall < ALIKE or coverage(theirs_too, words) < value_conflicts.ALIKE:
        return None
    alone = CitedText(id=other.ground.id, text=other.text, item=other.ground.item)
    for check in _TURNS:
        for failure in check(sentence, CitedEvidence((alone,), (alone,))):
            if failure.label is VerdictLabel.CONTRADICTED:
                return f"{failure.check}. {failure.reason}"
    return None
