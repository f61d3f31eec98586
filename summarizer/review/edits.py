"""An editor's hand in a draft: what the next revision is made of, and what changed between two.

Everything here is a pure function of drafts.  An editor's words are never dropped: a sentence
that fails its checks is withheld with the reasons where it stood, and can be shown all the same
for a written reason, which stays beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Self

from pydantic import Field, model_validator

from summarizer.domain.claims import CheckedClaim, Claim, with_ids
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.verification.gate import passes
from summarizer.verification.policy import Policy


class Edit(Model):
    """One sentence of a section as an editor wants it, in the order of the section.

    Args:
        id: of the claim it was; ``None`` for a new one.
        claim: its new content, its own id ignored; ``None`` leaves it as it is.
        restore: why a claim that fails is to be shown all the same.
    """

    id: str | None = Field(default=None, min_length=1)
    claim: Claim | None = None
    restore: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.id is None and self.claim is None:
            raise ValueError("an edit needs 'id', 'claim' or both")
        if self.claim is not None and not self.claim.text.strip():
            raise ValueError("a sentence needs words; leave it out to remove it")
        if self.restore is not None and not self.restore.strip():
            raise ValueError("'restore' needs a written reason")
        return self


Verify = Callable[[Sequence[Claim], Collection[str]], Sequence[CheckedClaim]]
"""Verifies some claims of a section, by their ids; all its claims are given, in order."""


def fingerprint(section: Section) -> str:
    """A short hash of everything in a section: two editors who name the same one saw the same."""
    return hashlib.sha256(section.model_dump_json().encode()).hexdigest()[:16]


def edited(
    section: Section, edits: Sequence[Edit], editor: str, verify: Verify, policy: Policy
) -> Section:
    """The section as its editor wants it.

    Sentences that no edit names are removed when they were shown, and stay withheld when they
    were not.  Only new and changed sentences are verified.  A changed sentence keeps its id.

    Raises:
        InputError: an edit names a claim that the section lacks, or one claim stands twice.
    """
    held = {claim.id: claim for claim in (*section.shown, *section.withheld)}
    named = _named(section.key, edits, held)
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


def _named(key: str, edits: Sequence[Edit], held: Collection[str]) -> set[str]:
    """Ids of the claims that edits name."""
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
    """The claim that an edit asks for, under the id that it names."""
    if edit.claim is not None:
        return edit.claim.named(edit.id or "")
    assert old is not None  # an edit without a claim names one
    return old.claim


def _signed(verified: CheckedClaim | None, old: CheckedClaim | None, editor: str) -> CheckedClaim:
    """A changed claim with its editor's name and its first sentence; any other as it is."""
    if verified is None:
        assert old is not None  # a new claim is verified
        return old
    first = (
        None if old is None else old.edited_from or (old.claim.text if old.was_drafted else None)
    )
    return verified.model_copy(update={"edited_by": editor, "edited_from": first})


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
