"""An editor's hand in a draft: what the next revision is made of, and what changed between two.

Everything here is a pure function of drafts.  An editor's words are never dropped: a sentence
that fails its checks is withheld with the reasons where it stood, and can be shown all the same
for a written reason, which stays beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Self

from pydantic import Field, model_validator

from summarizer.domain.claims import CheckedClaim, Claim
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.verification.gate import Policy, passes

SHOWN, WITHHELD = "s", "w"
"""How a claim of a section is named: ``s0`` is its first shown, ``w1`` its second withheld."""


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
