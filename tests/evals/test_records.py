"""What a run keeps beside its figures, whatever happens while it is made."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evals.framework import journal, records, runner
from evals.framework.records import RECORDS, JudgedClaim, Record
from evals.framework.results import Better, Figure, InputFile, Outcome, Task
from evals.tape import Tape
from summarizer.domain.claims import Verdict, VerdictLabel
from summarizer.domain.drafts import CallRecord, Section, Usage
from summarizer.errors import InputError
from tests.support.builders import NOON, a_draft, a_pack, an_item, checked

CLAIMS = ("Fourteen crossings fell away.", "Ünïcödé — “quoted”\u2028line", "Nobody was hurt.")


def judged(text: str, accepted: bool | None = True) -> JudgedClaim:
    verdict = Verdict(label=VerdictLabel.SUPPORTED, score=0.9)
    return JudgedClaim(claim=text, sources=(("1", "S."),), verdict=verdict, accepted=accepted)


class Judging:
    """A suite of one claim a task, which breaks at a task."""

    name = "judging"
    better: Mapping[str, Better] = {}
    margins: Mapping[str, float] = {}
    version: Mapping[str, str] = {}
    inputs: Sequence[InputFile] = ()

    def __init__(self, breaks_at: int | None = None, *, keeps: bool = True) -> None:
        self.breaks_at = breaks_at
        self.keeps = keeps

    def tasks(self) -> list[Task]:
        return [Task(key=f"t{n}", judge=lambda n=n: self.judge(n)) for n in range(len(CLAIMS))]

    def judge(self, n: int) -> list[Outcome]:
        if n == self.breaks_at:
            raise RuntimeError("the machine went down")
        record = Record(key=f"o{n}", claim=judged(CLAIMS[n])) if self.keeps else None
        return [Outcome(key=f"o{n}", cluster="c", group="g", values={"value": n}, record=record)]

    def measure(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        return {"mean": 1.0}

    def figures(self, outcomes: Sequence[Outcome]) -> Sequence[Figure]:
        return ()


def run(suite: Judging, out: Path, *, resume: bool = False) -> None:
    runner.run(suite, out=out, resume=resume, on_progress=lambda *_: None, now=NOON)


def kept(out: Path) -> list[str]:
    return [record.claim.claim for record in records.read(out) if record.claim]


def test_a_finished_run_keeps_a_record_of_each_outcome_and_its_figures_none(tmp_path: Path) -> None:
    run(Judging(), tmp_path)
    assert kept(tmp_path) == kept(tmp_path / "run.json") == list(CLAIMS)
    assert CLAIMS[0] not in (tmp_path / "run.json").read_text()
    assert [outcome.record for outcome in runner.load(tmp_path).outcomes] == [None] * 3


def test_the_same_records_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(Judging(), tmp_path / name)
    assert records.digest(tmp_path / "one") == records.digest(tmp_path / "two")


@pytest.mark.parametrize("torn", ["", '{"task": "t1", "outcomes": [], "records": [{"key": "o'])
def test_records_of_tasks_before_a_run_was_cut_off_are_whole(tmp_path: Path, torn: str) -> None:
    with pytest.raises(RuntimeError):
        run(Judging(breaks_at=1), tmp_path)
    assert not (tmp_path / RECORDS).exists()
    with (tmp_path / journal.JOURNAL).open("a") as lines:
        lines.write(torn)
    run(Judging(), tmp_path, resume=True)
    assert kept(tmp_path) == list(CLAIMS)


def test_a_run_without_records_leaves_none_of_the_run_before(tmp_path: Path) -> None:
    run(Judging(), tmp_path)
    run(Judging(keeps=False), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"run.json", "journal.jsonl"}
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b'{"key": "o0"}\n{"key": 7}\n'), rf"{RECORDS}:2 is damaged: key"),
        (gzip.compress(b'{"key": "o0"}\n')[:-9], "cannot be read"),
        (b"no gzip at all", "cannot be read"),
    ],
    ids=["a record", "cut off", "no gzip"],
)
def test_damaged_records_are_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / RECORDS).write_bytes(content)
    with pytest.raises(InputError, match=says):
        list(records.read(tmp_path))


def test_the_claims_of_a_draft_stand_with_their_passages_and_whether_they_are_shown() -> None:
    evidence = a_pack(an_item("a1", "Line 4 cancelled 14 crossings."))
    first, second = checked("A", "a1.1"), checked("B", "z9.9")
    draft = a_draft(Section(key="key_points", shown=(first,), withheld=(second,)))
    draft = draft.model_copy(update={"evidence": evidence})
    shown, hidden = Record(key="s", draft=draft).claims
    assert (shown.claim, shown.accepted, shown.section) == ("A", True, "key_points")
    assert shown.sources == (("a1.1", "Line 4 cancelled 14 crossings."),)
    assert (hidden.accepted, hidden.sources, hidden.label) == (False, (), None)


def test_a_tape_keeps_what_is_called_while_it_records() -> None:
    call = CallRecord(
        request_hash="0", model="m", created_at=NOON + dt.timedelta(1), purpose="judge",
        request="{}", response="{}", usage=Usage(), latency_ms=1,
    )  # fmt: skip
    tape = Tape()
    tape.record(call)
    with tape.recording() as calls:
        tape.record(call)
    tape.record(call)
    assert calls == [call]
    assert tape.find("0") is None
