"""Runs that are scored again by another gate, judge or verifier, without a call to a model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals import parts, rescore
from evals.framework import baselines, records, runner
from evals.framework.compare import compare
from evals.framework.results import Run, Suite
from evals.mock_server import MessagesServer, Recorded, Reply, copied_answer, message
from evals.suites.drafting import DraftingSuite
from evals.suites.drafting.rescored import reverified
from evals.suites.paraphrase import ParaphraseSuite, cases
from evals.suites.verifier import labelled
from evals.suites.verifier.suite import VerifierSuite
from summarizer import factories, settings
from summarizer.domain.claims import VerdictLabel
from summarizer.errors import InputError
from summarizer.settings import Settings
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.policy import load_policy
from summarizer.verification.verify import Verifier
from tests.support.builders import NOON, OneWordJudge

LENIENT = """
version = "7"
[profiles.strict]
about = "Shows facts that are supported in part, too."
shown_partly = ["fact"]
support = {supported = 0.3, partly = 0.15}
[profiles.strict.checks]
judge = "show"
numbers = "show"
"""


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(factories, "entailment", lambda checker=None: LexicalEntailment())
    monkeypatch.setattr(factories, "entailment_parts", dict)


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer(_says_partly) as running:
        yield running


def _says_partly(request: Recorded) -> Reply:
    asked = request.turn.count('\n{"claim":')
    said = [{"claim": n, "verdict": "partly", "reason": "Less."} for n in range(1, asked + 1)]
    return message(json.dumps({"sections": [], "verdicts": said}))


def loaded(server: MessagesServer | None = None, **fields: Any) -> Settings:
    asks = {"anthropic_api_key": "sk-secret", "anthropic_base_url": server.url} if server else {}
    return settings.load(**asks, **fields)


def made(suite: Suite, out: str) -> Run:
    return runner.run(suite, out=Path(out), resume=False, on_progress=lambda *_: None, now=NOON)


def rows(path: str = "rows.jsonl") -> list[Path]:
    """Four sources with a true claim and a wrong number each."""
    found = []
    for n in range(4):
        source = f"Line {n} cancelled {n + 14} crossings on Thursday. Nobody was hurt."
        for number, label in ((n + 14, 1), (n + 40, 0)):
            claim = f"Line {n} cancelled {number} crossings."
            found.append({"claim": claim, "label": label, "sources": [source], "kind": "fact"})
    Path(path).write_text("\n".join(map(json.dumps, found)))
    return [Path(path)]


def a_verifier_run(given: Settings, out: str = "run") -> Run:
    words = LexicalEntailment()
    suite = VerifierSuite(labelled.of_files(rows()), words, judge=parts.verdicts(given))
    return made(suite, out)


def values(run: Run, name: str) -> list[float | None]:
    return [outcome.values.get(name) for outcome in run.outcomes]


# --- Labelled claims ---------------------------------------------------------------------------


def test_a_judged_run_is_scored_under_another_gate_without_a_call(server: MessagesServer) -> None:
    before = a_verifier_run(loaded(server, judge="model"))
    calls = len(server.requests)
    assert calls > 0

    after = made(rescore.suite(Path("run"), loaded(server), LENIENT), "again")
    assert len(server.requests) == calls
    for kept in ("judge", "ladder and judge", "ladder", "tokens"):
        assert values(after, kept) == values(before, kept)
    assert set(values(before, "gate accepts")) == {0.0}
    assert set(values(after, "gate accepts")) == {1.0}

    assert [o.key for o in after.outcomes] == [o.key for o in before.outcomes]
    recall = next(
        d for d in compare(before, after, VerifierSuite.measure) if d.name == "gate: recall"
    )
    assert (recall.a, recall.b, recall.n, recall.only_a, recall.only_b) == (1, 0, 8, 0, 0)


def test_a_run_says_what_scored_it_and_which_run_was_scored(server: MessagesServer) -> None:
    before = a_verifier_run(loaded(server, judge="model"))
    after = made(rescore.suite(Path("run"), loaded(), LENIENT), "again")
    assert (before.version["gate"], after.version["gate"]) == ("strict-4", "strict-7")
    assert after.version[rescore.SCORED] == records.digest(Path("run"))
    assert after.version["judge"] == before.version["judge"] != "none"
    assert after.inputs == before.inputs
    third = made(rescore.suite(Path("again"), loaded()), "third")
    assert values(third, "gate accepts") == values(before, "gate accepts")


def test_the_records_of_a_judged_run_hold_prompts_and_answers(server: MessagesServer) -> None:
    a_verifier_run(loaded(server, judge="model"))
    made(rescore.suite(Path("run"), loaded()), "again")
    for name in ("run", "again"):
        calls = [call for record in records.read(Path(name)) for call in record.calls]
        assert len(calls) == len(server.requests)
        assert all("Line " in call.request and "partly" in (call.response or "") for call in calls)
        assert not any("sk-secret" in call.model_dump_json() for call in calls)


@pytest.mark.parametrize(("judge", "asks"), [("model", True), ("off", False), ("auto", False)])
def test_the_setting_of_the_judge_says_whether_it_is_asked_again(
    server: MessagesServer, judge: str, asks: bool
) -> None:
    a_verifier_run(loaded(server, judge="model"))
    calls = len(server.requests)
    after = made(rescore.suite(Path("run"), loaded(server, judge=judge)), "again")
    assert (len(server.requests) > calls) is asks
    assert (after.version["judge"] == "none") is (judge == "off")
    assert ("judge" in after.outcomes[0].values) is (judge != "off")


def test_what_the_judge_left_out_stays_left_out() -> None:
    with MessagesServer(lambda _: message('{"sections": [], "verdicts": [{"claim": 9}]}')) as mute:
        before = a_verifier_run(loaded(mute, judge="model"))
    after = made(rescore.suite(Path("run"), loaded()), "again")
    assert set(values(before, "gate accepts")) == set(values(after, "gate accepts")) == {None}
    assert after.outcomes == before.outcomes


def test_another_verifier_judges_the_same_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    before = a_verifier_run(loaded())

    class Credulous:
        name = "credulous"

        def support(self, pairs: list[tuple[str, list[str]]]) -> list[float]:
            return [1.0] * len(pairs)

    monkeypatch.setattr(factories, "entailment", lambda checker=None: Credulous())
    after = made(rescore.suite(Path("run"), loaded()), "again")
    assert set(values(after, "entailment")) == {1.0} != set(values(before, "entailment"))
    assert after.version["entailment"] == "credulous"
    assert values(after, "label") == values(before, "label")


@pytest.mark.slow
def test_paraphrases_are_scored_again_under_their_kinds(server: MessagesServer) -> None:
    story = "The union sued Ostrel Voice on Monday. Mossgrove bought the archive in May."
    Path("story.jsonl").write_text(json.dumps({"text": story, "title": "Ostrel"}))
    made_of = cases.of_files([Path("story.jsonl")])
    judge = parts.verdicts(loaded(server, judge="model"))
    before = made(ParaphraseSuite(made_of, LexicalEntailment(), judge), "run")
    calls = len(server.requests)
    after = made(rescore.suite(Path("run"), loaded(server)), "again")
    assert len(before.outcomes) > 10
    assert len(server.requests) == calls
    assert after.outcomes == before.outcomes


# --- Drafts ------------------------------------------------------------------------------------

STORY = [
    {"text": "Line 4 cancelled 14 crossings on Thursday. Nobody was hurt, the operator said.",
     "outlet": "The Daily", "published_at": "2026-05-01"},
    {"text": "The ferry operator Halden cancelled 14 crossings. It will pay for the tickets.",
     "outlet": "The Weekly", "published_at": "2026-05-02"},
]  # fmt: skip


def a_drafting_run(given: Settings) -> Run:
    Path("story.jsonl").write_text("\n".join(map(json.dumps, STORY)))
    return made(DraftingSuite([Path("story.jsonl")], given), "run")


def untimed(run: Run) -> list[dict[str, Any]]:
    return [outcome.model_dump() for outcome in run.outcomes]


def test_the_same_verifier_finds_of_a_draft_what_it_found() -> None:
    before = a_drafting_run(loaded(drafter="extractive"))
    after = made(rescore.suite(Path("run"), loaded(drafter="extractive")), "again")
    assert untimed(after) == untimed(before)
    one, two = (next(records.read(Path(name))).draft for name in ("run", "again"))
    assert one == two is not None
    assert {*after.version} - {*before.version} == {rescore.SCORED}


def test_a_model_that_drafted_is_not_asked_again_and_its_calls_are_kept() -> None:
    def drafts_and_judges(request: Recorded) -> Reply:
        if '\n{"claim":' in request.turn:
            said = [{"claim": n, "verdict": "supported"} for n in range(1, 60)]
            asked = request.turn.count('\n{"claim":')
            return message(json.dumps({"sections": [], "verdicts": said[:asked]}))
        return copied_answer(request, 2)

    with MessagesServer(drafts_and_judges) as model:
        before = a_drafting_run(loaded(model, drafter="anthropic", plan="single"))
        calls = len(model.requests)
        after = made(rescore.suite(Path("run"), loaded(model)), "again")
        assert len(model.requests) == calls
    assert untimed(after) == untimed(before)
    (record,) = records.read(Path("again"))
    assert {call.purpose for call in record.calls} == {"draft", "judge", "repair"}
    assert [dict(item) for item in record.items] == STORY
    assert after.version["model"] == before.version["model"]


def test_without_the_judge_the_rules_alone_decide_about_a_draft(server: MessagesServer) -> None:
    a_drafting_run(loaded(drafter="extractive", judge="off"))
    (record,) = records.read(Path("run"))
    assert record.draft is not None
    strict = Verifier(
        specs=factories.prompts().specs(), entailment=LexicalEntailment(), policy=load_policy()
    )
    judged = reverified(record.draft, replace(strict, judge=OneWordJudge(VerdictLabel.UNSUPPORTED)))
    assert not any(section.shown for section in judged.sections)
    again = reverified(judged, strict)
    assert {c.claim.text for s in again.sections for c in s.shown} == {
        c.claim.text for s in record.draft.sections for c in s.shown
    }


# --- What cannot be scored again -----------------------------------------------------------------


def test_a_run_without_records_cannot_be_scored_again() -> None:
    before = a_verifier_run(loaded())
    path = baselines.accept(before, Path("accepted"))
    with pytest.raises(InputError, match=r"no record of 8 of 8 outcomes.*make the run again"):
        rescore.suite(path, loaded())


def test_a_suite_without_a_model_is_run_again_instead() -> None:
    made_by_hand = a_verifier_run(loaded()).model_copy(update={"suite": "clustering"})
    Path("other.json").write_text(made_by_hand.model_dump_json())
    with pytest.raises(InputError, match="'clustering' is not scored again"):
        rescore.suite(Path("other.json"), loaded())


def test_a_gate_for_a_suite_that_asks_none_is_refused() -> None:
    made_by_hand = a_verifier_run(loaded()).model_copy(update={"suite": "paraphrase"})
    Path("other.json").write_text(made_by_hand.model_dump_json())
    with pytest.raises(InputError, match="asks no gate"):
        rescore.suite(Path("other.json"), loaded(), LENIENT)
