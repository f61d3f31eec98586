"""Records of a run: the texts that were judged, what was said of them, and the calls that made it.

A run with a folder keeps one record a judged case in ``records.jsonl.gz``, under the key of its
outcome.  With it a run can be read claim by claim, and scored again without a call to a model.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from summarizer.domain.claims import CheckedClaim, JudgeVerdict, Verdict
from summarizer.domain.drafts import CallRecord, Draft
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.model import Model
from summarizer.errors import InputError

RECORDS = "records.jsonl.gz"

DIGITS = 16


class JudgedClaim(Model):
    """A claim, what it was held against, and what was said of it.

    Args:
        sources: (id, text) of each source or cited passage.
        label: 1 supported, 0 unsupported; ``None`` where nobody labelled it.
        verdict: the final one, the judge's among it where one decided.
        accepted: whether the run counts it as supported, or a draft shows it; ``None`` where the
            judge gave no verdict.
        judge: the judge's verdict, also where an exact failure stands against it.
        judge_tokens: the claim's share of the tokens of the judge's call; ``None`` unasked.
        section: key of its section; empty where it has none.
        kind: of the claim, such as ``fact``; empty where it is not said.
    """

    claim: str
    sources: tuple[tuple[str, str], ...]
    label: int | None = None
    verdict: Verdict
    accepted: bool | None
    judge: JudgeVerdict | None = None
    judge_tokens: float | None = None
    section: str = ""
    kind: str = ""

    @classmethod
    def of_checked(
        cls,
        checked: CheckedClaim,
        pack: EvidencePack,
        section: str,
        *,
        accepted: bool,
        label: int | None = None,
    ) -> JudgedClaim:
        """A claim of a draft with the passages that it cites.

        Args:
            checked: the claim.
            pack: the evidence of the draft.
            section: key of its section.
            accepted: whether the draft shows it.
            label: 1 supported, 0 unsupported, if it is known.
        """
        passages = map(pack.passage, dict.fromkeys(checked.claim.cites))
        return cls(
            claim=checked.claim.text,
            sources=tuple((p.id, p.text) for p in passages if p is not None),
            label=label,
            verdict=checked.verdict,
            accepted=accepted,
            judge=checked.verdict.judge,
            section=section,
            kind=checked.claim.kind.value,
        )


class Record(Model):
    """What one outcome is about: a claim, or a draft.

    Args:
        key: of the outcome.
        items: source items of the story that was drafted, as rows.
        calls: calls to models with prompt and answer, in order.  A call about several claims
            stands with the first.
    """

    key: str
    claim: JudgedClaim | None = None
    draft: Draft | None = None
    items: tuple[Mapping[str, Any], ...] = ()
    calls: tuple[CallRecord, ...] = ()

    @property
    def claims(self) -> tuple[JudgedClaim, ...]:
        """The claim, or those of the draft, section by section."""
        if self.claim is not None:
            return (self.claim,)
        return tuple(_of_draft(self.draft)) if self.draft is not None else ()


def _of_draft(draft: Draft) -> Iterator[JudgedClaim]:
    for section in draft.sections:
        for claims, shown in ((section.shown, True), (section.withheld, False)):
            for checked in claims:
                yield JudgedClaim.of_checked(checked, draft.evidence, section.key, accepted=shown)


# --- The file ----------------------------------------------------------------------------------


def write(folder: Path, found: Iterable[Mapping[str, Any]]) -> None:
    """Write the records of a run, whole or not at all; no file where there are none.

    The file has no time of writing, so that the same records are the same bytes.

    Args:
        folder: of the run.
        found: records as JSON has them.
    """
    part = folder / f"{RECORDS}.part"
    written = 0
    with part.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as file:
        for record in found:
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            written += 1
    if written:
        part.replace(folder / RECORDS)
    else:
        part.unlink()


def read(folder: Path) -> Iterator[Record]:
    """Records of a run, in the order in which they were made; none where the run keeps none.

    Args:
        folder: of the run, or a file in it.

    Raises:
        InputError: the file cannot be read or is damaged.
    """
    path = place(folder)
    if not path.exists():
        return
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _record(line, f"{path}:{number}")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}. Make the run again.") from error


def place(folder: Path) -> Path:
    """The file of records of a run, whether it is there or not."""
    return (folder if folder.is_dir() else folder.parent) / RECORDS


def digest(folder: Path) -> str:
    """Hash of the records of a run.

    Raises:
        InputError: the file cannot be read.
    """
    path = place(folder)
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _record(line: str, where: str) -> Record:
    try:
        return Record.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(f"{where} is damaged: {field}: {first['msg']}.") from error
