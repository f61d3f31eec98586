"""Recorded answers of a model, replayed through the server of the Messages API.

A recording is one JSON file an incident: what a careful model answers to the real prompts, written
once.  An answer is found by the items of the evidence, the purpose of the request, and the section
or sentence that is asked about, so that it outlives a changed prompt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from evals.mock_server.answers import asked_keys, asked_labels, message
from evals.mock_server.requests import Recorded, Reply
from summarizer.domain.model import Model
from summarizer.drafting.neutral_text import neutralise
from summarizer.errors import InputError

Answer = Mapping[str, Any]
"""One claim or one finding as a model writes it, with the fields of the response schema."""

_ITEM = re.compile(r'<item-[0-9a-f]{1,64} key="([a-z]{1,9}[0-9]{1,9})"')
_CLAIM = re.compile(r'^\{"claim":.*\}$', re.MULTILINE)
_FAILED = re.compile(r"^## (r[0-9]{1,6}), of section", re.MULTILINE)
_FIELDS = re.compile(r"^\{.*\}$", re.MULTILINE)


class RecordedRepair(Model):
    """The answer for one failed sentence.

    Args:
        sentence: as it was drafted.
        claim: the rewritten claim; ``None`` when it is given up.
    """

    sentence: str
    claim: Answer | None = None


class RecordedVerdict(Model):
    """A judge's verdict on one sentence.

    Args:
        sentence: drafted or repaired.
        verdict: ``supported``, ``partly``, ``unsupported`` or ``contradicted``.
        reason: one short sentence.
        passage: id of the passage that decided; ``None`` without one.
    """

    sentence: str
    verdict: str
    reason: str = ""
    passage: str | None = None


class RecordedFinding(Model):
    """A judge's finding on the page as a whole.

    Args:
        finding: its name, as the judge's prompt lists them.
        sentences: the sentences concerned; the finding is answered where all of them are asked.
        reason: one short sentence.
        passage: id of a passage that shows it.
    """

    finding: str
    sentences: tuple[str, ...] = ()
    reason: str = ""
    passage: str | None = None


class Recording(Model):
    """Answers for one incident.

    Args:
        items: keys of the items in its evidence.
        draft: claims by section.
        repairs: answers for failed sentences.
        verdicts: verdicts by sentence.
        findings: on the page.
    """

    items: tuple[str, ...]
    draft: Mapping[str, tuple[Answer, ...]] = Field(default_factory=dict)
    repairs: tuple[RecordedRepair, ...] = ()
    verdicts: tuple[RecordedVerdict, ...] = ()
    findings: tuple[RecordedFinding, ...] = ()


class Variant(Model):
    """A fault planted into a recorded sentence.

    Args:
        sentence: of the draft.
        faulty: what stands in its place.
        fault: what is wrong, in a word or two (``number``, ``who accuses``).
        verdict: the judge's answer on the faulty sentence, given without knowing the fault.
        reason: of the judge.
        passage: that decided.
    """

    sentence: str
    faulty: str
    fault: str
    verdict: str
    reason: str = ""
    passage: str | None = None


def planted(recording: Recording, variants: Sequence[Variant]) -> Recording:
    """The recording with faulty sentences in place of honest ones, all of which are given up.

    Raises:
        ValueError: the draft lacks a sentence.
    """
    faulty = {_same(variant.sentence): variant for variant in variants}
    drafted = {_same(claim["text"]) for claims in recording.draft.values() for claim in claims}
    if lacking := faulty.keys() - drafted:
        raise ValueError(f"no sentence of the draft: {sorted(lacking)}")
    draft = {
        key: tuple(
            {**claim, "text": found.faulty}
            if (found := faulty.get(_same(claim["text"])))
            else claim
            for claim in claims
        )
        for key, claims in recording.draft.items()
    }
    given_up = tuple(RecordedRepair(sentence=variant.faulty) for variant in variants)
    verdicts = tuple(
        RecordedVerdict(
            sentence=variant.faulty,
            verdict=variant.verdict,
            reason=variant.reason,
            passage=variant.passage,
        )
        for variant in variants
    )
    return recording.model_copy(
        update={
            "draft": draft,
            "repairs": (*recording.repairs, *given_up),
            "verdicts": (*recording.verdicts, *verdicts),
        }
    )


def read(file: Path) -> Recording:
    """Read a recording.

    Raises:
        InputError: the file cannot be read, or is no recording.
    """
    try:
        return Recording.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5]]
        raise InputError(f"{file} is no recording: {'; '.join(faults)}.") from error


def read_all(folder: Path) -> dict[str, Recording]:
    """All recordings of a folder by file name without ``.json``.

    Raises:
        InputError: there are none, or one cannot be read.
    """
    found = {file.stem: read(file) for file in sorted(folder.glob("*.json"))}
    if not found:
        raise InputError(f"There are no recordings in {folder}.")
    return found


class Missing(Model):
    """A request without a recorded answer.

    Args:
        recording: name of the recording, ``None`` when none is of that incident.
        items: keys of the items in the evidence.
        purpose: ``draft``, ``repair`` or ``judge``.
        wanted: sections, failed sentences or judged sentences without an answer.
        request: the whole prompt.
    """

    recording: str | None
    items: tuple[str, ...]
    purpose: str
    wanted: tuple[str, ...]
    request: str

    @property
    def words(self) -> str:
        """What is missing, and where it belongs."""
        if self.recording is None:
            return f"No recording is of the incident with the items {', '.join(self.items)}."
        what = {"draft": "answer", "repair": "repair", "judge": "verdict"}[self.purpose]
        return f"The recording {self.recording!r} has no {what} for: {'; '.join(self.wanted)}"


class Player:
    """Answers requests from recordings; a ``Script`` of ``MessagesServer``.

    Attributes:
        missing: requests that had no recorded answer, in order; each was refused.
    """

    def __init__(self, recordings: Mapping[str, Recording]) -> None:
        self._recordings = dict(recordings)
        self.missing: list[Missing] = []

    def __call__(self, request: Recorded) -> Reply:
        """The recorded answer; status 418, which no client retries, where one is missing.

        A correction is answered as the request that it corrects, since recordings have no other.
        """
        body = request.body | {"messages": request.body["messages"][:1]}
        request = replace(request, raw=json.dumps(body).encode())
        prompt = _prompt(request)
        items = tuple(dict.fromkeys(_ITEM.findall(prompt)))
        name = self._name(items)
        purpose, asked = _asked(request)
        wanted: Sequence[str] = asked
        if name is not None:
            answer, wanted = _ANSWERS[purpose](self._recordings[name], request, asked)
            if not wanted:
                return message(json.dumps(answer, ensure_ascii=False))
        lacking = Missing(
            recording=name, items=items, purpose=purpose, wanted=tuple(wanted), request=prompt
        )
        self.missing.append(lacking)
        return Reply(418, {"type": "error", "error": {"type": "missing", "message": lacking.words}})

    def _name(self, items: Sequence[str]) -> str | None:
        """The recording that shares most items with the evidence; ``None`` if none shares any."""
        shared = {
            name: len(set(items) & set(recording.items))
            for name, recording in self._recordings.items()
        }
        best = max(shared, key=lambda name: shared[name], default=None)
        return best if best is not None and shared[best] else None


def _prompt(request: Recorded) -> str:
    blocks = [block["text"] for block in request.body.get("system", [])]
    return "\n\n".join((*blocks, request.turn))


def _asked(request: Recorded) -> tuple[str, list[str]]:
    """Purpose of a request, with the sections or sentences that it asks about."""
    if claims := _CLAIM.findall(request.turn):
        return "judge", [json.loads(claim)["text"] for claim in claims]
    if asked_labels(request):
        return "repair", list(_failed(request).values())
    return "draft", asked_keys(request)


def _failed(request: Recorded) -> dict[str, str]:
    """The failed sentences of a repair request by label."""
    parts = _FAILED.split(request.turn)[1:]
    fields = (_FIELDS.search(part) for part in parts[1::2])
    return {
        label: json.loads(found[0])["text"]
        for label, found in zip(parts[::2], fields, strict=True)
        if found is not None
    }


def _same(sentence: str) -> str:
    """A sentence as prompts show it, by which answers are found."""
    return neutralise(" ".join(sentence.split()))


def _draft(
    recording: Recording, request: Recorded, asked: Sequence[str]
) -> tuple[Answer, list[str]]:
    drafted = recording.draft
    lacking = [key for key in asked if key not in drafted]
    return {"sections": [{"key": k, "claims": drafted.get(k, ())} for k in asked]}, lacking


def _repair(
    recording: Recording, request: Recorded, asked: Sequence[str]
) -> tuple[Answer, list[str]]:
    by_sentence = {_same(repair.sentence): repair.claim for repair in recording.repairs}
    sections = []
    for label, sentence in _failed(request).items():
        claim = by_sentence.get(_same(sentence))
        sections.append({"key": label, "claims": [] if claim is None else [claim]})
    return {"sections": sections}, [s for s in asked if _same(s) not in by_sentence]


def _judge(
    recording: Recording, request: Recorded, asked: Sequence[str]
) -> tuple[Answer, list[str]]:
    by_sentence = {_same(verdict.sentence): verdict for verdict in recording.verdicts}
    numbers = {_same(sentence): n for n, sentence in enumerate(asked, start=1)}
    verdicts = [
        {"claim": n, **verdict.model_dump(exclude={"sentence"}, exclude_none=True)}
        for n, sentence in enumerate(asked, start=1)
        if (verdict := by_sentence.get(_same(sentence)))
    ]
    findings = [
        {
            "finding": found.finding,
            "claims": [numbers[_same(sentence)] for sentence in found.sentences],
            **found.model_dump(include={"reason", "passage"}, exclude_none=True),
        }
        for found in recording.findings
        if all(_same(sentence) in numbers for sentence in found.sentences)
    ]
    answer: dict[str, Any] = {"sections": [], "verdicts": verdicts}
    if findings:
        answer["findings"] = findings
    return answer, [s for s in asked if _same(s) not in by_sentence]


_ANSWERS = {"draft": _draft, "repair": _repair, "judge": _judge}
