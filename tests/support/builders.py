"""Makers of domain data for tests: every field has a plain default, a test names what matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.domain.claims import (
    CheckedClaim,
    Claim,
    Failure,
    JudgeVerdict,
    Verdict,
    VerdictLabel,
)
from summarizer.domain.drafts import Draft, Judgement, Section, Usage
from summarizer.domain.evidence import Evidence, EvidencePack
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import DedupKeys, NewItem, Passage, SourceItem
from summarizer.domain.jobs import Job
from summarizer.storage.store import Store
from summarizer.text.text_key import text_key

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def hours(n: float) -> dt.timedelta:
    return dt.timedelta(hours=n)


def an_item(key: str = "a1", text: str = "Nothing happened.", **fields: Any) -> SourceItem:
    """A stored news item, published at noon on 1 May 2026 unless said otherwise, and not ingested
    before."""
    defaults: dict[str, Any] = {
        "origin": key,
        "platform": "news",
        "outlet": "The Daily",
        "published_at": NOON,
        "ingested_at": max(NOON, fields.get("published_at") or NOON),
    }
    return SourceItem(key=key, text=text, **(defaults | fields))


def a_pack(*items: SourceItem) -> EvidencePack:
    """A pack with one passage for each line of each item."""
    return EvidencePack(items=items, passages=tuple(p for item in items for p in lines(item)))


def lines(item: SourceItem) -> list[Passage]:
    """One passage a line, with exact offsets."""
    found, start = [], 0
    for line in item.text.split("\n"):
        found.append(
            Passage(
                item_key=item.key, n=len(found) + 1, start=start, end=start + len(line), text=line
            )
        )
        start += len(line) + 1
    return found


def checked(
    text: str,
    *cites: str,
    origins: int = 1,
    told_by: tuple[str, ...] = (),
    label: VerdictLabel = VerdictLabel.SUPPORTED,
    score: float = 0.93,
    failures: tuple[Failure, ...] = (),
    warnings: tuple[str, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    repaired_from: str | None = None,
    **fields: Any,
) -> CheckedClaim:
    """A claim that stands, unless said otherwise."""
    return CheckedClaim(
        claim=Claim(text=text, cites=cites, **fields),
        verdict=Verdict(
            label=label, score=score, failures=failures, warnings=warnings, evidence=evidence
        ),
        origins=origins,
        told_by=told_by,
        repaired_from=repaired_from,
    )


def a_draft(*sections: Section, **fields: Any) -> Draft:
    """The first revision of the first incident, drafted by extraction at noon."""
    defaults: dict[str, Any] = {
        "incident_id": IncidentId("INC-000001"),
        "revision": 1,
        "created_at": NOON,
        "drafter": "extractive",
        "evidence": a_pack(an_item()),
        "evidence_hash": "h",
    }
    return Draft(sections=sections, **(defaults | fields))


def a_job(incident_id: str = "INC-000001", **fields: Any) -> Job:
    """A draft that Kim asked for at noon."""
    defaults: dict[str, Any] = {
        "id": "job", "asked_by": "Kim", "created_at": NOON, "evidence_hash": "h"
    }  # fmt: skip
    return Job(incident_id=IncidentId(incident_id), **(defaults | fields))


class OneWordJudge:
    """A judge that says one word of every claim (``None``: nothing usable) and keeps what it was
    asked."""

    name = "one word"

    def __init__(self, label: VerdictLabel | None = VerdictLabel.SUPPORTED) -> None:
        self.label = label
        self.asked: list[tuple[EvidencePack, Sequence[Claim]]] = []

    def judge(
        self,
        pack: EvidencePack,
        claims: Sequence[Claim],
        questions: Mapping[str, Sequence[str]],
        page: Mapping[str, Sequence[str]] | None = None,
    ) -> Judgement:
        self.asked.append((pack, claims))
        said = JudgeVerdict(label=self.label) if self.label else None
        usage = Usage(calls=1, input_tokens=90, output_tokens=10)
        verdicts = {claim.id: said for claim in claims} if said else {}
        return Judgement(verdicts=verdicts, usage=usage)


def store_item(store: Store, text: str, **fields: Any) -> SourceItem:
    """An item put into a store, with one passage a line and no incident."""
    return store.add_item(
        NewItem(text=text, **({"platform": "news"} | fields)),
        dedup_keys=DedupKeys(text=text_key(text)),
        ingested_at=max(NOON, fields.get("published_at") or NOON),
        split=lambda key, text: lines(an_item(key, text)),
    )
