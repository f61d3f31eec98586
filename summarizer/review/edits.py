"""Editors' changes to a section, as pure functions of drafts.

An editor's words are never dropped: a sentence that fails its checks is withheld with the reasons,
and can be restored with a written reason, which is stored with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Self

from pydantic import Field, model_validator

from summarizer.domain import limits
from summarizer.domain.absences import EMPTIED
from summarizer.domain.claims import CheckedClaim, Claim, with_ids
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.model import Model
from summarizer.domain.reviews import ChangeReason
from summarizer.errors import InputError
from summarizer.verification.gate import passes
from summarizer.verification.policy import Policy


def check_parts(
    id_: str | None,
    *,
    changed: bool,
    removed: bool,
    restored: bool,
    reasoned: bool,
    public: bool,
) -> None:
    """Check that an edit has the parts that it needs, and none that do not go together.

    Raises:
        ValueError: it does not; the message says what goes with what.
    """
    if id_ is None and not changed:
        raise ValueError("an edit needs 'id', 'claim' or both")
    if removed and (id_ is None or changed or restored):
        raise ValueError("'remove' goes with 'id', and with neither 'claim' nor 'restore'")
    if public and not restored:
        raise ValueError("'public' goes with 'restore'")
    if reasoned and (id_ is None or not (changed or removed)):
        raise ValueError("'reason' is of a change: it goes with 'id', and 'claim' or 'remove'")


class Edit(Model):
    """One sentence of a section after an edit.

    Args:
        id: of the existing claim; ``None`` for a new one.
        claim: the new content, whose own id is ignored; ``None`` leaves the claim as it is.
        restore: reason to show the claim even if it fails its checks.
        public: whether readers see that reason.
        remove: take the claim out, a withheld one too.
        reason: why an existing claim is changed or removed.
    """

    id: str | None = Field(default=None, min_length=1)
    claim: Claim | None = None
    restore: str | None = None
    public: bool = False
    remove: bool = False
    reason: ChangeReason | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        check_parts(
            self.id, changed=self.claim is not None, removed=self.remove,
            restored=self.restore is not None, reasoned=self.reason is not None,
            public=self.public,
        )  # fmt: skip
        if self.claim is not None and not self.claim.text.strip():
            raise ValueError("a sentence needs words; leave it out to remove it")
        if self.restore is not None and not any(map(str.isalnum, self.restore)):
            raise ValueError("'restore' needs a written reason")
        texts = {"restore": (self.restore, limits.REASON)}
        if self.claim is not None:
            texts |= {name: (getattr(self.claim, name), n) for name, n in limits.LENGTHS.items()}
        for name, (text, most) in texts.items():
            if text is not None and len(text) > most:
                raise ValueError(f"'{name}' {limits.too_long(text, most)}")
        return self


Verify = Callable[[Sequence[Claim], Collection[str]], Sequence[CheckedClaim]]
"""Function of all claims of a section, in order, and the ids of those to verify; returns the
verified ones."""


def fingerprint(section: Section) -> str:
    """A short hash of the whole section, by which a change since it was read is detected."""
    return hashlib.sha256(section.model_dump_json().encode()).hexdigest()[:16]


def edited(
    section: Section, edits: Sequence[Edit], editor: str, verify: Verify, policy: Policy
) -> Section:
    """The section with an editor's changes.

    Sentences without an edit are removed if they were shown, and kept if they were withheld.  Only
    new and changed sentences are verified.  A changed sentence keeps its id.  ``changes`` tells
    what became of each sentence.

    Raises:
        InputError: the section lacks a claim of an edit, or two edits have the same claim.
    """
    held = {claim.id: claim for claim in (*section.shown, *section.withheld)}
    named = _named(section.key, edits, held)
    edits = [edit for edit in edits if not edit.remove]
    before = [held[edit.id] if edit.id else None for edit in edits]
    claims = with_ids(section.key, list(map(_wanted, edits, before)), held)
    changed = {
        claim.id
        for claim, old in zip(claims, before, strict=True)
        if old is None or claim != old.claim
    }
    verified = {claim.id: claim for claim in verify(claims, changed)}
    wanted = [
        _restored(_signed(verified.get(claim.id), old, editor), edit)
        for claim, old, edit in zip(claims, before, edits, strict=True)
    ]
    left = [claim for claim in section.withheld if claim.id not in named]
    return _arranged(section, wanted, left, policy).model_copy(update={"edited_by": editor})


class SentenceChange(Model):
    """What an editor made of one sentence.

    Args:
        id: of the claim, in the revisions before and after.
        before: its text.
        after: its text then, the same where only its citations or other fields changed; ``None``
            when it was removed.
        reason: the editor's, where one was given.
    """

    id: str
    before: str
    after: str | None
    reason: ChangeReason | None = None


def changes(before: Section, after: Section, edits: Sequence[Edit]) -> tuple[SentenceChange, ...]:
    """The sentences that edits changed or removed, in the order of the section before.

    A sentence with a reason is among them even where it stands as before, such as one whose old
    citations were found to be the only ones that fit.
    """
    left = {claim.id: claim.claim for claim in (*after.shown, *after.withheld)}
    reasons = {edit.id: edit.reason for edit in edits}
    return tuple(
        SentenceChange(
            id=was.id,
            before=was.claim.text,
            after=left[was.id].text if was.id in left else None,
            reason=reasons.get(was.id),
        )
        for was in (*before.shown, *before.withheld)
        if left.get(was.id) != was.claim or reasons.get(was.id) is not None
    )


def _named(key: str, edits: Sequence[Edit], held: Collection[str]) -> set[str]:
    """Ids of the claims that the edits name; raises ``InputError`` for unknown and repeated ids."""
    named: set[str] = set()
    for n, edit in enumerate(edits):
        if edit.id is None:
            continue
        if edit.id not in held:
            raise InputError(
                f"Section {key!r} has no claim {edit.id!r}: read the section again.",
                field=f"edits.{n}.id",
            )
        if edit.id in named:
            raise InputError(
                f"Claim {edit.id!r} is named by two edits: give each sentence once.", field="edits"
            )
        named.add(edit.id)
    return named


def _wanted(edit: Edit, old: CheckedClaim | None) -> Claim:
    """The claim of an edit, under the edit's id."""
    if edit.claim is not None:
        return edit.claim.named(edit.id or "")
    assert old is not None  # an edit without a claim names one
    return old.claim


def _signed(verified: CheckedClaim | None, old: CheckedClaim | None, editor: str) -> CheckedClaim:
    """A changed claim with its editor and its drafted text; an unchanged claim as it was."""
    if verified is None:
        assert old is not None  # a new claim is verified
        return old
    first = (
        None if old is None else old.edited_from or (old.claim.text if old.was_drafted else None)
    )
    return verified.model_copy(update={"edited_by": editor, "edited_from": first})


def _restored(claim: CheckedClaim, edit: Edit) -> CheckedClaim:
    if not edit.restore:
        return claim
    return claim.model_copy(
        update={"restored_because": edit.restore, "reason_is_public": edit.public}
    )


def _arranged(
    section: Section, wanted: Sequence[CheckedClaim], left: Sequence[CheckedClaim], policy: Policy
) -> Section:
    shown: list[CheckedClaim] = []
    withheld: list[CheckedClaim] = []
    for claim in wanted:
        restored = claim.restored_because is not None and not claim.is_erased
        if restored or passes(claim, policy):
            shown.append(claim.model_copy(update={"place": None}))
        else:
            withheld.append(claim.model_copy(update={"place": len(shown)}))
    return section.model_copy(
        update={
            "shown": tuple(shown),
            "withheld": (*withheld, *left),
            "abstained": None if shown else section.abstained or EMPTIED,
        }
    )


def answered(draft: Draft, key: str, *, accept: bool) -> Draft:
    """The draft after the suggestion for a section was accepted or refused.

    Accepting replaces the whole section, its lock and its editor's name included.

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
    """The draft with the section of the same key replaced."""
    sections = tuple(section if s.key == section.key else s for s in draft.sections)
    return draft.model_copy(update={"sections": sections})
