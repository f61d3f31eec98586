"""Findings: effects of later evidence on the shown sentences of a draft.

Each shown claim is compared with retractions and corrections, and with passages published after
everything that it cites, through conflicts of values and the checks that find contradictions.  No
model is called and no sentence is rewritten; the results are deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.domain.claims import EXPLAINING, CheckedClaim, Claim, Kind, VerdictLabel
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Effect, Finding
from summarizer.domain.items import ItemKey, Passage, SourceItem
from summarizer.domain.sections import ROWS, Layout
from summarizer.monitoring.attention import Counted
from summarizer.monitoring.late_replies import late_ends, late_replies
from summarizer.text.retractions import Retraction, find_retractions
from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, read
from summarizer.verification.checks import comparison, modality, polarity, roles
from summarizer.verification.conflicts import values
from summarizer.verification.conflicts.corrections import values_in
from summarizer.verification.conflicts.disagreements import find_conflicts
from summarizer.verification.conflicts.overtaken import ended_since, overtaken
from summarizer.verification.conflicts.superseded import other_value
from summarizer.verification.evidence import (
    Aligned,
    CitedEvidence,
    CitedText,
    EvidenceIndex,
    GroundSentence,
    best_aligned,
    index_of,
    sentences_of,
)

ALIKE = 0.7
"""Least share of a claim's content (0–1) in a later sentence for the checks to compare them.
``conflicts.values`` requires less, since conflicting values are not shared."""

CONCERNED = 0.3
"""Least share of a sentence's content in the words of a correction that concerns it."""

NEAREST = 3
"""Later sentences compared with each sentence of a claim, the best aligned ones."""

UNTESTED = EXPLAINING | {Kind.INFERENCE, Kind.PREDICTION}
"""Kinds of claim that later reports do not contradict; editors resolve forecasts."""

_DATED = frozenset(key for key, row in ROWS.items() if row.layout is Layout.TIMELINE)
"""Sections whose entries say of when they are."""

_TURNS = (polarity.check, comparison.check, roles.check, modality.check)
"""Checks that find contradictions."""


@dataclass(frozen=True)
class _Present:
    """The present evidence, prepared once for all claims of a draft.

    Args:
        items: by key.
        passages: by id.
        library: index of all passages.
        taken: retractions and corrections among the items.
        fresh: keys of items that the draft's evidence did not have.
    """

    items: dict[str, SourceItem]
    passages: dict[str, Passage]
    library: EvidenceIndex
    taken: tuple[Retraction, ...]
    fresh: frozenset[str]

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Keys of items that were retracted as a whole."""
        return frozenset(key for t in self.taken if t.whole for key in t.of)

    @cached_property
    def sentences(self) -> tuple[GroundSentence, ...]:
        """Sentences of all passages, read once: the caches of ``text`` may be smaller."""
        return tuple(sentences_of(self.library.known))


def recheck(
    draft: Draft, items: Sequence[SourceItem], passages: Sequence[Passage]
) -> tuple[Finding, ...]:
    """Findings of the present evidence against the shown claims of a draft, in page order.

    Args:
        draft: any revision.
        items: exactly the items of the incident.
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
        library=index_of(pack),
        taken=find_retractions(pack.items),
        fresh=frozenset(known - read_before),
    )
    found = [
        finding
        for section in draft.sections
        for claim in section.shown
        for finding in _of_claim(section, claim, present)
    ]
    told = {(finding.claim, finding.passage) for finding in found}
    ends = (f for f in late_ends(draft, pack, present.fresh) if (f.claim, f.passage) not in told)
    late = (*late_replies(draft, pack, present.fresh), *ends)
    return (*found, *late)


def between(before: Draft, after: Draft) -> tuple[Finding, ...]:
    """Findings of the items that are new between two revisions.

    First the effects on sentences of the earlier revision, then the new sentences of the later one
    that cite these items.
    """
    had = {item.key for item in before.evidence.items}
    came = {item.key for item in after.evidence.items} - had
    done = [
        finding
        for finding in recheck(before, after.evidence.items, after.evidence.passages)
        if finding.by in came
    ]
    known = {c.claim.text for section in before.sections for c in section.shown}
    for section in after.sections:
        for claim in section.shown:
            by = next((k for k in _cited_items(claim.claim, after) if k in came), None)
            if by is not None and claim.claim.text not in known:
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


CALLS = {
    Effect.WITHDRAWN: Counted(
        "shown sentence rests on sources that were taken back",
        "shown sentences rest on sources that were taken back",
    ),
    Effect.CONTRADICTED: Counted(
        "shown sentence is contradicted or overtaken by a later source",
        "shown sentences are contradicted or overtaken by a later source",
    ),
    Effect.ENDED: Counted(
        "shown sentence accuses somebody of what a later source drops or takes back",
        "shown sentences accuse somebody of what a later source drops or takes back",
    ),
    Effect.ANSWERED: Counted(
        "shown sentence accuses somebody who has answered in a later source",
        "shown sentences accuse somebody who has answered in a later source",
    ),
    Effect.WEAKENED: Counted(
        "shown sentence has lost a source or rests on one that was corrected",
        "shown sentences have lost a source or rest on one that was corrected",
    ),
}
"""Why findings call an editor, by their effect."""


def attention(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Reasons of findings that call an editor, one sentence each, without text of the sources."""
    found = list(findings)
    reasons = []
    for effect, words in CALLS.items():
        of = [f for f in found if f.effect is effect]
        if of:
            by = ", ".join(dict.fromkeys(f.by for f in of))
            sections = ", ".join(dict.fromkeys(f.section for f in of))
            reasons.append(f"{words.of(len(of))} ({by}): {sections}.")
    return tuple(reasons)


# --- One claim -------------------------------------------------------------------------------


def _of_claim(section: Section, checked: CheckedClaim, present: _Present) -> Iterator[Finding]:
    grounds = present.library.grounds(checked.claim.cites)
    cited = {g.item for g in grounds.cited}
    if not cited:
        return
    yield from _taken_back(section, checked, cited, present)
    late = _overtaken(section, checked, present)
    if late is not None:
        yield late
        return
    if checked.claim.kind in UNTESTED:
        return
    found = _against(checked.claim.text, grounds, cited, present)
    if found is not None:
        passage, reason = found
        name = present.items[passage.item_key].source_name
        said = f"{name} ({passage.item_key}) says otherwise: {reason}"
        yield _finding(section, checked, Effect.CONTRADICTED, name, passage, said)


def _overtaken(section: Section, checked: CheckedClaim, present: _Present) -> Finding | None:
    """The finding of an item that the draft did not have and that calls off what the claim
    announces, or gives a later value of a fact; entries of a timeline say of when they are."""
    claim = checked.claim
    if not present.fresh or section.key in _DATED or claim.kind in EXPLAINING:
        return None
    pack = present.library.pack
    off = overtaken(claim.text, claim.cites, pack) or ended_since(claim.text, claim.cites, pack)
    if off is not None and off.item_key in present.fresh:
        name = present.items[off.item_key].source_name
        said = f"{name} ({off.item_key}) calls it off, moves it or tells its end."
        return _finding(section, checked, Effect.CONTRADICTED, name, off, said)
    differing = () if claim.kind in UNTESTED else find_conflicts(present.library.pack)
    for found in differing:
        came = [t for t in found.tellings if t.item in present.fresh and not t.superseded]
        had = [t for t in found.tellings if t.item not in present.fresh]
        old = other_value(claim.text, claim.cites, had, came) if came else None
        if old is not None and came[-1].value.casefold() != old.value.casefold():
            new = came[-1]
            said = f'{new.source} ({new.item}) gives "{new.value}" where it says "{old.value}".'
            where = present.passages[new.passage]
            return _finding(section, checked, Effect.CONTRADICTED, new.source, where, said)
    return None


def _finding(
    section: Section,
    checked: CheckedClaim,
    effect: Effect,
    source: str,
    where: Passage | ItemKey,
    reason: str,
) -> Finding:
    """A finding; ``where`` is its passage, or its item if no single passage shows it."""
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
    """One finding for each retraction or correction of items that the claim cites.

    None if the claim cites the retracting item as well, unless that item retracts itself.
    """
    origins = {present.items[key].origin for key in cited}
    gone = {k for k in cited if any(t.whole and _leans(k, t, present) for t in present.taken)}
    left = {present.items[key].origin for key in cited - gone}
    for taking in present.taken:
        hit = [key for key in cited if _leans(key, taking, present)]
        if not hit or (taking.by in cited and taking.by not in taking.of):
            continue
        if not taking.whole and not _concerns(taking, checked.claim.text):
            continue
        who = present.items[taking.by].source_name
        where = _passage_of(taking, present) or taking.by
        if not taking.whole:
            effect = Effect.WEAKENED
            reason = f"{who} ({taking.by}) corrects a source that it cites."
        elif left:
            effect = Effect.WEAKENED
            reason = (
                f"{who} ({taking.by}) takes back a source that it cites: independent origins fall "
                f"from {len(origins)} to {len(left)}."
            )
        else:
            effect = Effect.WITHDRAWN
            reason = f"{who} ({taking.by}) takes back every source that it cites."
        yield _finding(section, checked, effect, who, where, reason)


def _concerns(taking: Retraction, text: str) -> bool:
    """Whether the words of a correction have a value of a sentence, or enough of its words."""
    corrected, words = read(taking.words).content_set, read(text).content_set
    values_of = ({v.amount for v in values_in(t)} for t in (taking.words, text))
    return (
        not corrected
        or bool(set.intersection(*values_of))
        or (coverage(words, corrected) >= CONCERNED)
    )


def _leans(key: str, taking: Retraction, present: _Present) -> bool:
    """Whether an item was retracted, or is a copy of such an item from before the retraction.

    An undated copy may be from before it.
    """
    if key in taking.of:
        return True
    item, by = present.items[key], present.items[taking.by]
    of = (present.items[k] for k in taking.of if k in present.items and k != taking.by)
    return key != taking.by and any(
        item.origin == taken.origin
        and (item.published_at is None or item.published_at <= by.seen_at)
        for taken in of
    )


def _passage_of(taking: Retraction, present: _Present) -> Passage | None:
    """The passage of the retraction's wording; ``None`` if only the title has it."""
    words = read(taking.words).content_set
    own = [p for p in present.passages.values() if p.item_key == taking.by]
    best = max(own, key=lambda p: len(words & read(p.text).content_set), default=None)
    return best if best is not None and words & read(best.text).content_set else None


# --- What says otherwise ---------------------------------------------------------------------


def _against(
    text: str, grounds: CitedEvidence, cited: set[str], present: _Present
) -> tuple[Passage, str] | None:
    """The first contradicting later passage, with the reason."""
    items = {key for key in present.items if _is_later(key, cited, present)}
    later = [one for one in present.sentences if one.ground.item in items]
    for span in sentences(text):
        sentence = text[span.start : span.end]
        for other in best_aligned(sentence, later, limit=NEAREST):
            reason = _says_otherwise(sentence, other, grounds)
            if reason:
                return present.passages[other.ground.id], reason
    return None


def _is_later(key: str, cited: set[str], present: _Present) -> bool:
    """Whether an item is new to the draft, or later than everything the claim cites.

    That an undated item is later is not known.
    """
    if key in cited or key in present.withdrawn:
        return False
    if key in present.fresh:
        return True
    own = present.items[key].published_at
    times = [at for key in cited if (at := present.items[key].published_at) is not None]
    return own is not None and len(times) == len(cited) and own > max(times)


def _says_otherwise(sentence: str, other: Aligned, grounds: CitedEvidence) -> str | None:
    """The reason why a later sentence contradicts a sentence, if it does.

    Values (figures, dates, names) come first, then the checks.
    """
    if other.text.rstrip("\"'”’ ").endswith("?"):
        return None
    published = grounds.cited[0].published
    for found in values.differing(sentence, other.text, published, other.ground.published):
        mine = sentence[found.one.start : found.one.end].strip()
        theirs = other.text[found.other.start : found.other.end].strip()
        return f'"{theirs}" where the sentence says "{mine}".'
    words, theirs_too = read(sentence).content_set, read(other.text).content_set
    if other.recall < ALIKE or coverage(theirs_too, words) < values.ALIKE:
        return None
    alone = CitedText(id=other.ground.id, text=other.text, item=other.ground.item)
    for check in _TURNS:
        for failure in check(sentence, CitedEvidence((alone,), (alone,))):
            if failure.label is VerdictLabel.CONTRADICTED:
                return f"{failure.check}. {failure.reason}"
    return None
