"""Verdicts of a judge model on labelled claims, obtained as in drafting.

Claims on the same sources are judged together, each citing all passages of its sources, with the
prompt and client that judge drafts.  As in drafting, the model's verdict can only lower the
ladder's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from summarizer.domain.claims import CheckedClaim, Claim, Verdict, VerdictLabel
from summarizer.domain.drafts import JudgeVerdict
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import SourceItem
from summarizer.ingestion import passages
from summarizer.jobs.budget import tokens_of
from summarizer.ports.models import ClaimJudge
from summarizer.verification import judge as verification_judge

CLAIMS_A_CALL = 16
"""Maximum claims per call; small models cut off longer answers, which are then unusable."""

SCORES: Mapping[VerdictLabel, float] = {
    label: 1 - n / (len(verification_judge.SEVERITY) - 1)
    for n, label in enumerate(verification_judge.SEVERITY)
}
"""Verdicts as numbers, 0–1, in equal steps of severity; only their order is meaningful."""

_UNDATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Texts = tuple[str, ...]


def judged(
    judge: ClaimJudge, claims: Sequence[tuple[str, Texts]], verdicts: Sequence[Verdict]
) -> list[dict[str, float]]:
    """Verdicts of a judge, and of ladder and judge together, as numbers.

    Args:
        judge: the judge model.
        claims: claims with the texts of their sources.
        verdicts: the ladder's verdict on each claim.

    Raises:
        ModelError: a call to the judge failed.
    """
    places: dict[Texts, list[int]] = {}
    for place, (_, texts) in enumerate(claims):
        places.setdefault(texts, []).append(place)
    found: dict[int, dict[str, float]] = {}
    for texts, whole in places.items():
        pack = _pack(texts)
        cites = tuple(passage.id for passage in pack.passages)
        for first in range(0, len(whole), CLAIMS_A_CALL):
            part = whole[first : first + CLAIMS_A_CALL]
            asked = [Claim(text=claims[place][0], id=str(place), cites=cites) for place in part]
            answer = judge.judge(pack, asked)
            tokens = tokens_of(answer.usage) / len(part)
            for place, claim in zip(part, asked, strict=True):
                said = answer.verdicts.get(claim.id)
                found[place] = _values(said, claim, verdicts[place], tokens)
    return [found[place] for place in range(len(claims))]


def _values(
    said: JudgeVerdict | None, claim: Claim, before: Verdict, tokens: float
) -> dict[str, float]:
    label = said.label if said else VerdictLabel.UNCHECKED
    after = verification_judge.lower(CheckedClaim(claim=claim, verdict=before), said, ()).verdict
    return {
        "judge": SCORES[label],
        "judge accepts": label is VerdictLabel.SUPPORTED,
        "ladder and judge": after.score,
        "ladder and judge accepts": after.label is VerdictLabel.SUPPORTED,
        "unchecked": label is VerdictLabel.UNCHECKED,
        "tokens": tokens,
    }


def _pack(texts: Texts) -> EvidencePack:
    """An evidence pack of the texts, each as an item and independent origin without metadata."""
    items = tuple(
        SourceItem(key=f"a{n}", origin=f"a{n}", platform="source", text=text, ingested_at=_UNDATED)
        for n, text in enumerate(texts, start=1)
        if text.strip()
    )
    found = tuple(passage for item in items for passage in passages.split(item.key, item.text))
    return EvidencePack(items=items, passages=found)
