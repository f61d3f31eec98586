"""An editor's hand in a draft: what the next revision is made of, and what changed between two.

Everything here is a pure function of drafts.  An editor's words are never dropped: a sentence
that fails its checks is withheld with the reasons where it stood, and can be shown all the same
for a written reason, which stays beside it.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from summarizer.domain import (
    CheckedClaim,
    Claim,
    Draft,
    EvidencePack,
    Label,
    Model,
    Section,
    SourceItem,
    Suggestion,
)
from summarizer.errors import InputError
from summarizer.gate import Policy, passes

SHOWN, WITHHELD = "s", "w"
"""How a claim of a section is named: ``s0`` is its first shown, ``w1`` its second withheld."""

ALIKE = 0.5
"""Share of characters in common, in order, from which a sentence counts as changed and not as
replaced by another (``difflib`` ratio)."""


class Edit(Model):
    """One sentence of a section as an editor wants it, in the order of the section.

    Args:
        ref: the claim it was (``s0``, ``w1``); ``None`` for a new one.
        claim: its new content; ``None`` leaves it as it is.
        restore: why a claim that fails is to be shown all the same.
    """

    ref: str | None = Field(default=None, pattern=r"^[sw](?:0|[1-9][0-9]{0,5})$")
    claim: Claim | None = None
    restore: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.ref is None and self.claim is None:
            raise ValueError("an edit needs 'ref', 'claim' or both")
        if self.claim is not None and not self.claim.text.strip():
            raise ValueError("a sentence needs words; leave it out to remove it")
        if self.restore is not None and not self.restore.strip():
            raise ValueError("'restore' needs a written reason")
        return self


Judge = Callable[[Sequence[Claim], Sequence[int]], Sequence[CheckedClaim]]
"""Verifies those claims of a section, the whole of which is given, whose positions are given."""


def fingerprint(section: Section) -> str:
    """A short hash of everything in a section: two editors who name the same one saw the same."""
    return hashlib.sha256(section.model_dump_json().encode()).hexdigest()[:16]


def edited(
    section: Section, edits: Sequence[Edit], editor: str, judge: Judge, policy: Policy
) -> Section:
    """The section as its editor wants it.

    Sentences that no edit names are removed when they were shown, and stay withheld when they
    were not.  Only new and changed sentences are verified.

    Raises:
        InputError: an edit names a claim that the section lacks, or one claim stands twice.
    """
    before = [_named(section, edit.ref, n) for n, edit in enumerate(edits)]
    named = [edit.ref for edit in edits if edit.ref]
    if twice := next((ref for ref in named if named.count(ref) > 1), None):
        raise InputError(
            f"Claim {twice!r} is named by two edits: give each sentence once.", field="edits"
        )
    claims = [
        edit.claim or (old.claim if old else Claim(text=""))
        for edit, old in zip(edits, before, strict=True)
    ]
    changed = [n for n, old in enumerate(before) if old is None or claims[n] != old.claim]
    judged = dict(zip(changed, judge(claims, changed), strict=True))
    wanted = [
        _restored(_signed(judged.get(n), old, editor), edit)
        for n, (edit, old) in enumerate(zip(edits, before, strict=True))
    ]
    left = [c for n, c in enumerate(section.withheld) if f"{WITHHELD}{n}" not in set(named)]
    return _arranged(section, wanted, left, policy).model_copy(update={"edited_by": editor})


def _named(section: Section, ref: str | None, n: int) -> CheckedClaim | None:
    """The claim that edit ``n`` names, if it names one."""
    if ref is None:
        return None
    claims = section.shown if ref[0] == SHOWN else section.withheld
    if int(ref[1:]) >= len(claims):
        raise InputError(
            f"Section {section.key!r} has no claim {ref!r}: read the section again.",
            field=f"edits.{n}.ref",
        )
    return claims[int(ref[1:])]


def _signed(judged: CheckedClaim | None, old: CheckedClaim | None, editor: str) -> CheckedClaim:
    """A changed claim with its editor's name and what it was first; any other as it is."""
    if judged is None:
        assert old is not None  # whatever is new is judged
        return old
    first = (
        None if old is None else old.edited_from or (old.claim.text if old.was_drafted else None)
    )
    return judged.model_copy(update={"edited_by": editor, "edited_from": first})


def _restored(claim: CheckedClaim, edit: Edit) -> CheckedClaim:
    return claim.model_copy(update={"restored_because": edit.restore}) if edit.restore else claim


def _arranged(
    section: Section, wanted: Sequence[CheckedClaim], left: Sequence[CheckedClaim], policy: Policy
) -> Section:
    shown: list[CheckedClaim] = []
    withheld: list[CheckedClaim] = []
    for claim in wanted:
        if claim.restored_because is not None or passes(claim, policy):
            shown.append(claim.model_copy(update={"place": None}))
        else:
            withheld.append(claim.model_copy(update={"place": len(shown)}))
    return section.model_copy(
        update={
            "shown": tuple(shown),
            "withheld": (*withheld, *left),
            "abstained": None if shown else section.abstained or "An editor emptied the section.",
        }
    )


# --- A new draft beside an editor's work -----------------------------------------------------


def beside(newest: Draft | None, fresh: Draft) -> Draft:
    """A fresh draft with every section that an editor holds kept as it is.

    The drafted section waits beside it as a suggestion, unless it says the same.  Suggestions that
    nobody has answered stay until a newer one for their section comes.
    """
    if newest is None:
        return fresh
    kept = {s.key: s for s in newest.sections if s.is_kept}
    waiting = {s.section.key: s for s in newest.suggestions if s.section.key in kept}
    for section in fresh.sections:
        if section.key in kept and section.shown and not says_the_same(section, kept[section.key]):
            waiting[section.key] = Suggestion(
                section=section,
                made_at=fresh.created_at,
                drafter=drafter_name(fresh.drafter, fresh.model),
                asked_by=fresh.made_by or fresh.drafter,
            )
    sections = tuple(kept.get(s.key, s) for s in fresh.sections)
    suggestions = tuple(waiting[s.key] for s in sections if s.key in waiting)
    return fresh.model_copy(
        update={
            "parent": newest.revision,
            "sections": sections,
            "suggestions": suggestions,
            "evidence": united(fresh.evidence, newest.evidence, cited(sections, suggestions)),
        }
    )


def drafter_name(drafter: str, model: str | None) -> str:
    """The drafter, with its model if it has one."""
    return f"{drafter} ({model})" if model else drafter


def with_suggestion(draft: Draft, suggestion: Suggestion, evidence: EvidencePack) -> Draft:
    """The draft with a suggestion in the place of an older one for the same section.

    ``evidence`` is the pack that the suggestion was drafted from.
    """
    others = [s for s in draft.suggestions if s.section.key != suggestion.section.key]
    suggestions = (*others, suggestion)
    return draft.model_copy(
        update={
            "suggestions": suggestions,
            "evidence": united(draft.evidence, evidence, cited((), suggestions)),
        }
    )


def answered(draft: Draft, key: str, *, accept: bool) -> Draft:
    """The draft without the suggestion for a section, which it then is or is not.

    A lock and an editor's name go with the words that they stood for.

    Raises:
        InputError: no suggestion waits for that section.
    """
    found = next((s for s in draft.suggestions if s.section.key == key), None)
    if found is None:
        raise InputError(f"No suggestion waits for section {key!r}.", field="key")
    sections = tuple(found.section if accept and s.key == key else s for s in draft.sections)
    others = tuple(s for s in draft.suggestions if s is not found)
    return draft.model_copy(update={"sections": sections, "suggestions": others})


def replaced(draft: Draft, section: Section) -> Draft:
    """The draft with a section in the place of the one with its key."""
    sections = tuple(section if s.key == section.key else s for s in draft.sections)
    return draft.model_copy(update={"sections": sections})


def united(pack: EvidencePack, other: EvidencePack, wanted: Iterable[str]) -> EvidencePack:
    """A pack with those passages of another one that it lacks and that are wanted."""
    have = {passage.id for passage in pack.passages}
    more = [p for p in other.passages if p.id in set(wanted) - have]
    if not more:
        return pack
    known = {item.key for item in pack.items}
    needed = {passage.item_key for passage in more} - known
    items = sorted((*pack.items, *(i for i in other.items if i.key in needed)), key=_in_time)
    place = {item.key: n for n, item in enumerate(items)}
    passages = sorted((*pack.passages, *more), key=lambda p: (place[p.item_key], p.n))
    return pack.model_copy(update={"items": tuple(items), "passages": tuple(passages)})


def _in_time(item: SourceItem) -> tuple[object, ...]:
    return item.seen_at, len(item.key), item.key


def cited(sections: Iterable[Section], suggestions: Iterable[Suggestion]) -> frozenset[str]:
    """Every passage that a claim of these cites."""
    every = (*sections, *(suggestion.section for suggestion in suggestions))
    return frozenset(
        cite for s in every for claim in (*s.shown, *s.withheld) for cite in claim.claim.cites
    )


def says_the_same(a: Section, b: Section) -> bool:
    """Whether two sections show the same claims."""
    return [c.claim for c in a.shown] == [c.claim for c in b.shown]


# --- Differences -----------------------------------------------------------------------------


class Change(StrEnum):
    """What became of a sentence between two revisions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Difference(Model):
    """One sentence before and after.

    Args:
        before: ``None`` for one that was added.
        after: ``None`` for one that was removed.
    """

    change: Change
    before: CheckedClaim | None = None
    after: CheckedClaim | None = None


class SectionDifference(Model):
    """The sentences of one section in two revisions, side by side, in reading order."""

    key: str
    rows: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return all(row.change is Change.SAME for row in self.rows)


def difference(before: Draft, after: Draft) -> tuple[SectionDifference, ...]:
    """Sentence by sentence, what the reader of each section gets in two revisions."""
    old = {section.key: section.shown for section in before.sections}
    new = {section.key: section.shown for section in after.sections}
    return tuple(
        SectionDifference(key=key, rows=tuple(_rows(old.get(key, ()), new.get(key, ()))))
        for key in dict.fromkeys((*old, *new))
    )


def _rows(old: Sequence[CheckedClaim], new: Sequence[CheckedClaim]) -> list[Difference]:
    matcher = difflib.SequenceMatcher(
        a=[c.claim.model_dump_json() for c in old],
        b=[c.claim.model_dump_json() for c in new],
        autojunk=False,
    )
    rows: list[Difference] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(old[a:b], new[c:d], strict=True)
            rows += [Difference(change=Change.SAME, before=x, after=y) for x, y in pairs]
        else:
            rows += _paired(list(old[a:b]), list(new[c:d]))
    return rows


def _paired(old: list[CheckedClaim], new: list[CheckedClaim]) -> list[Difference]:
    """Each new sentence beside the old one that it is most like, if it is like any."""
    rows: list[Difference] = []
    for claim in new:
        like = max(old, key=lambda o: _likeness(o, claim), default=None)
        if like is None or _likeness(like, claim) < ALIKE:
            rows.append(Difference(change=Change.ADDED, after=claim))
            continue
        behind = old.index(like)
        rows += [Difference(change=Change.REMOVED, before=gone) for gone in old[:behind]]
        rows.append(Difference(change=Change.CHANGED, before=like, after=claim))
        old = old[behind + 1 :]
    return rows + [Difference(change=Change.REMOVED, before=gone) for gone in old]


def _likeness(a: CheckedClaim, b: CheckedClaim) -> float:
    return difflib.SequenceMatcher(None, a.claim.text, b.claim.text, autojunk=False).ratio()


def unsupported(draft: Draft) -> list[tuple[str, CheckedClaim]]:
    """Shown claims that their sources don't support whole, each with its section's key."""
    return [
        (section.key, claim)
        for section in draft.sections
        for claim in section.shown
        if claim.verdict.label is not Label.SUPPORTED
    ]
