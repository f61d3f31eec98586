"""Claims for people to label: a claim with the passages that it cites."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from summarizer.domain.claims import Claim
from summarizer.domain.drafts import Draft
from summarizer.domain.model import Model


class CitedClaim(Model):
    """A claim with the passages that it cites, as (id, text); at least one.

    Args:
        incident: id of the incident.
        section: key of the section.
        kind: of the claim, such as ``fact``.
    """

    claim: str
    passages: tuple[tuple[str, str], ...]
    incident: str = ""
    section: str = ""
    kind: str = ""

    @property
    def id(self) -> str:
        """Hash of claim and passages, blind to white space, which spreadsheets change.

        It begins with a letter that is no digit, so that no spreadsheet takes it for a number.
        """
        parts = (self.claim, *(part for passage in self.passages for part in passage))
        text = "\x1f".join(" ".join(part.split()) for part in parts)
        return "c" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def labelled(self, label: int, **more: str) -> dict[str, Any]:
        """A row for ``eval verifier``: label 1 supported, 0 unsupported."""
        sources = [{"id": id_, "text": text} for id_, text in self.passages]
        head = {"id": self.id, "claim": self.claim, "sources": sources, "label": label}
        return head | self.model_dump(include={"incident", "section", "kind"}) | more


def cited(draft: Draft, section: str, claim: Claim) -> CitedClaim | None:
    """A claim of a draft with its passages; ``None`` if the draft holds none of them."""
    found = map(draft.evidence.passage, dict.fromkeys(claim.cites))
    passages = tuple((passage.id, passage.text) for passage in found if passage is not None)
    if not passages:
        return None
    return CitedClaim(
        claim=claim.text,
        passages=passages,
        incident=draft.incident_id,
        section=section,
        kind=claim.kind.value,
    )


def drafted(drafts: Iterable[Draft]) -> tuple[list[CitedClaim], int]:
    """What drafters wrote in some drafts, shown or withheld, each once.

    Returns:
        The claims, and the number of those that were left out since they cite nothing.
    """
    found = [
        cited(draft, section.key, checked.claim)
        for draft in drafts
        for section in draft.sections
        for checked in (*section.shown, *section.withheld)
        if checked.edited_by is None
    ]
    return unique(claim for claim in found if claim is not None), found.count(None)


def unique(claims: Iterable[CitedClaim]) -> list[CitedClaim]:
    """The claims, of equal ones the first."""
    first: dict[str, CitedClaim] = {}
    for claim in claims:
        first.setdefault(claim.id, claim)
    return list(first.values())
