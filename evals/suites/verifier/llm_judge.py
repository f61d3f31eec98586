"""Verdicts of a judge model on labelled claims, obtained as in drafting.

Claims on the same sources are judged together, each citing all passages of its sources, with the
prompt and client that judge drafts, and with the findings of the checks as questions.  Claims that
are nearly alike are asked in different calls: two versions side by side would give away that one of
them was changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from evals.framework.records import Record
from evals.framework.results import Run
from evals.tape import Tape
from summarizer.domain.claims import CheckedClaim, Claim, JudgeVerdict, Verdict, VerdictLabel
from summarizer.domain.drafts import CallRecord
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import SourceItem
from summarizer.domain.model import Model
from summarizer.ingestion import passages
from summarizer.ports.models import ClaimJudge
from summarizer.text.tokens import read
from summarizer.verification import judge as verification_judge

CLAIMS_A_CALL = 16
"""Maximum claims per call; small models cut off longer answers, which are then unusable."""

ALIKE = 0.6
"""Share of common content words, of those in either, from which two claims are not asked together;
minimal pairs share .7 or more."""

SCORES: Mapping[VerdictLabel, float] = {
    VerdictLabel.SUPPORTED: 1.0,
    VerdictLabel.PARTLY: 0.75,
    VerdictLabel.UNSUPPORTED: 0.25,
    VerdictLabel.CONTRADICTED: 0.0,
}
"""Verdicts as numbers, 0–1; only their order is meaningful."""

JUDGED = ("judge", "ladder and judge")
"""Rungs with a value only where a verdict stands."""

VALUES = tuple(f"{rung}{what}" for rung in JUDGED for what in ("", " accepts"))

_UNDATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Texts = tuple[str, ...]

LabelledClaim = tuple[str, Texts]
"""A claim with the texts of its sources."""


class Said(Model):
    """What a judge said of one claim.

    Args:
        verdict: ``None`` where it gave no usable one.
        tokens: the claim's share of the tokens of the call, in and out.
        calls: those that were made for this claim and the ones asked with it.
    """

    verdict: JudgeVerdict | None
    tokens: float
    calls: tuple[CallRecord, ...] = ()


class Verdicts(Protocol):
    """Verdicts on labelled claims: of a judge that is asked, or of an earlier run."""

    @property
    def name(self) -> str:
        """Name and version of the judge."""
        ...

    def on(
        self, keys: Sequence[str], claims: Sequence[LabelledClaim], verdicts: Sequence[Verdict]
    ) -> list[Said]:
        """What is said of claims, in order.

        Args:
            keys: keys of their outcomes.
            claims: claims with the texts of their sources.
            verdicts: the ladder's verdict on each claim.

        Raises:
            ModelError: a call to the judge failed.
        """
        ...


@dataclass(frozen=True)
class Asked:
    """Verdicts of a judge that is asked now; implements ``Verdicts``.

    Args:
        judge: the judge model.
        tape: what the judge writes its calls to, if they are to be kept.
    """

    judge: ClaimJudge
    tape: Tape | None = None

    @property
    def name(self) -> str:
        """Name and version of the judge."""
        return self.judge.name

    def on(
        self, keys: Sequence[str], claims: Sequence[LabelledClaim], verdicts: Sequence[Verdict]
    ) -> list[Said]:
        """Ask about claims on the same sources together."""
        places: dict[Texts, list[int]] = {}
        for place, (_, texts) in enumerate(claims):
            places.setdefault(texts, []).append(place)
        found: dict[int, Said] = {}
        for texts, whole in places.items():
            pack = _pack(texts)
            for part in _calls(whole, claims):
                asked = {place: claims[place][0] for place in part}
                questions = {
                    str(place): [failure.reason for failure in verdicts[place].failures]
                    for place in part
                    if verdicts[place].failures
                }
                found |= self._ask(pack, asked, questions)
        return [found[place] for place in range(len(claims))]

    def _ask(
        self, pack: EvidencePack, asked: Mapping[int, str], questions: Mapping[str, Sequence[str]]
    ) -> dict[int, Said]:
        cites = tuple(passage.id for passage in pack.passages)
        claims = [Claim(text=text, id=str(place), cites=cites) for place, text in asked.items()]
        with (self.tape or Tape()).recording() as calls:
            answer = self.judge.judge(pack, claims, questions)
        tokens = answer.usage.tokens / len(claims)
        said = {
            place: Said(verdict=answer.verdicts.get(str(place)), tokens=tokens) for place in asked
        }
        first = next(iter(asked))
        return said | {first: said[first].model_copy(update={"calls": tuple(calls)})}


@dataclass(frozen=True)
class Stored:
    """Verdicts that stand in an earlier run; implements ``Verdicts``.

    Args:
        name: name and version of its judge.
        said: what it said, by key of the outcome.
    """

    name: str
    said: Mapping[str, Said]

    def on(
        self, keys: Sequence[str], claims: Sequence[LabelledClaim], verdicts: Sequence[Verdict]
    ) -> list[Said]:
        """The verdicts under the keys; nobody is asked."""
        return [self.said[key] for key in keys]


def stored(run: Run, records: Iterable[Record]) -> Stored | None:
    """The judge's verdicts in a run; ``None`` if no judge was asked."""
    said = {
        record.key: Said(
            verdict=record.claim.judge, tokens=record.claim.judge_tokens, calls=record.calls
        )
        for record in records
        if record.claim is not None and record.claim.judge_tokens is not None
    }
    return Stored(run.version["judge"], said) if said else None


def after(before: Verdict, said: Said | None) -> Verdict:
    """The verdict on a claim as it stands beside the judge's: exact failures stand, else the judge
    decides; the verdict before without a judge."""
    checked = _checked(before)
    if said is None or verification_judge.fails_exactly(checked):
        return before
    known = said.verdict.passages if said.verdict is not None else ()
    return verification_judge.decide(checked, said.verdict, known).verdict


def values(said: Said, before: Verdict) -> dict[str, float | None]:
    """What the judge said alone, and as it stands beside exact failures, as numbers.

    A claim that the judge left out has no value: it is neither passed nor caught.
    """
    found: dict[str, float | None] = dict.fromkeys(VALUES) | {"tokens": said.tokens}
    if said.verdict is not None:
        found |= {
            "judge": SCORES[said.verdict.label],
            "judge accepts": float(said.verdict.label is VerdictLabel.SUPPORTED),
        }
    if decides(said, before):
        last = after(before, said)
        found |= {
            "ladder and judge": last.score,
            "ladder and judge accepts": float(last.label is VerdictLabel.SUPPORTED),
        }
    return found


def decides(said: Said | None, before: Verdict) -> bool:
    """Whether the final verdict on a claim is known: nobody left it out."""
    if said is None or said.verdict is not None:
        return True
    return verification_judge.fails_exactly(_checked(before))


def _checked(verdict: Verdict) -> CheckedClaim:
    return CheckedClaim(claim=Claim(text=""), verdict=verdict)


def _calls(places: Sequence[int], claims: Sequence[LabelledClaim]) -> list[list[int]]:
    """Places of claims by call, in order within each."""
    words = {place: read(claims[place][0]).content_set for place in places}
    calls: list[list[int]] = []
    for place in places:
        free = (
            call
            for call in calls
            if len(call) < CLAIMS_A_CALL
            and not any(_alike(words[place], words[other]) for other in call)
        )
        call = next(free, None)
        if call is None:
            calls.append([place])
        else:
            call.append(place)
    return calls


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > ALIKE * len(one | other)


def _pack(texts: Texts) -> EvidencePack:
    """An evidence pack of the texts, each as an item and independent origin without metadata."""
    items = tuple(
        SourceItem(key=f"a{n}", origin=f"a{n}", platform="source", text=text, ingested_at=_UNDATED)
        for n, text in enumerate(texts, start=1)
        if text.strip()
    )
    found = tuple(passage for item in items for passage in passages.split(item.key, item.text))
    return EvidencePack(items=items, passages=found)
