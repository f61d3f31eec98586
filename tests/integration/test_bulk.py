"""Drafts through message batches, with the real SDK over real HTTP, killed and resumed."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.mock_server import (
    MessagesServer,
    Recorded,
    Reply,
    any_answer,
    asked_labels,
    cut_off_by_limit,
    error,
    expired,
    passages,
    refusal,
    says,
)
from summarizer import settings
from summarizer.app import open_app, open_batch_context
from summarizer.cli.app import app
from summarizer.domain import batches
from summarizer.domain.drafts import Usage
from summarizer.domain.incidents import IncidentId
from summarizer.errors import (
    BatchCanceledError,
    ConnectionFailedError,
    ModelError,
    ModelRequestError,
    RefusalError,
    SettingsError,
)
from summarizer.jobs import batch_run
from summarizer.storage.store import Store
from tests.support.builders import NOON
from tests.support.clock import ManualClock

TEXTS = (
    "Halden Line cancelled 14 crossings on Thursday, the company said.",
    "Marrow Foods recalled 300 jars of plum jam on Friday, it said.",
    "The town of Aldermoor closed its library for repairs on Monday.",
)
HOUR = dt.timedelta(hours=1)


class Killed(BaseException):
    """As good as SIGKILL: nothing catches it."""


class Bench:
    """A store with three incidents, and runs on it."""

    def __init__(self, folder: Path, server: MessagesServer, **overrides: object) -> None:
        self.server, self.clock, self.news = server, ManualClock(), list[str]()
        self.settings = settings.load(
            data_dir=folder, anthropic_base_url=server.url, max_retry_wait_s=0, **overrides
        )
        rows = [{"text": text, "incident": str(n)} for n, text in enumerate(TEXTS)]
        with self.workshop() as shop:
            lines = "\n".join(map(json.dumps, rows)).encode()
            assert len(list(shop.pipeline.ingest(io.BytesIO(lines)))) == len(TEXTS)
            shop.pipeline.settle()
            self.ids = shop.pipeline.due()

    @contextmanager
    def workshop(self) -> Iterator[batch_run.BatchContext]:
        with open_batch_context(self.settings, clock=self.clock) as shop:
            yield shop

    def run(
        self, opened: Callable[[], object] | None = None, only: set[IncidentId] | None = None
    ) -> batch_run.BatchReport:
        def watch(news: batch_run.News) -> None:
            self.news.append(news.words)

        return batch_run.BatchRun(opened or self.workshop, self.clock.sleep, watch, only).run()

    def revisions(self) -> list[int]:
        with self.workshop() as shop:
            return [len(shop.store.drafts(id_)) for id_ in self.ids]

    @property
    def singly(self) -> int:
        """Requests that were sent outside of a batch."""
        return sum(request.path == "/v1/messages" for request in self.server.requests)


def faithful(request: Recorded) -> Reply:
    """A title, or whatever is to be repaired, copied from the first passage."""
    id_, text = next(iter(passages(request).items()))
    said = [{"text": text, "cites": [id_]}]
    return says(dict.fromkeys(asked_labels(request) or ["title"], said))


def about(word: str, reply: Reply) -> Callable[[Recorded], Reply]:
    """A reply to the first request about the item with that word, faithful answers else."""
    left = [reply]

    def script(request: Recorded) -> Reply:
        if word in " ".join(passages(request).values()) and left:
            return left.pop()
        return faithful(request)

    return script


def test_all_incidents_are_drafted_in_one_batch_with_the_prompts_of_ordinary_drafting(tmp_path):
    with MessagesServer(faithful, looks=2) as server:
        bench = Bench(tmp_path, server)
        tally = bench.run()
        with bench.workshop() as shop:
            drafts = [shop.store.newest_draft(id_) for id_ in bench.ids]
            spent = shop.store.planner_records.spent(NOON - HOUR)
            kept = shop.store.batches.newest()
        sent = [request.body for request in server.requests if request.path.endswith("/batches")]

    assert sorted(tally.drafted) == bench.ids and not tally.failed and not tally.singly
    assert bench.singly == 0
    assert [draft.drafter for draft in drafts] == ["anthropic"] * 3
    assert all(draft.section("title").shown for draft in drafts)
    assert len(sent) == 1 and len(server.batches.custom_ids) == 3
    params = sent[0]["requests"][0]["params"]
    assert params["system"][-1]["cache_control"] == {"type": "ephemeral"}
    assert params["output_config"]["format"]["type"] == "json_schema"
    assert [(s.batched, s.usage.calls) for s in spent] == [(True, 3)]
    assert [dict(batch.outcomes) for batch in kept] == [{"succeeded": 3}]
    assert bench.clock.now() - NOON == dt.timedelta(seconds=0 + 5 + 10)


def test_what_a_batch_answers_is_what_an_ordinary_draft_asks(tmp_path):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)
        bench.run()
        with open_app(bench.settings.model_copy(update={"plan": "single"})) as service:
            draft = service.pipeline.draft(bench.ids[0])

    assert (draft.usage.calls, draft.usage.cached_calls) == (0, 1)
    assert bench.singly == 0


def test_one_of_three_that_errors_and_one_that_expires_are_drafted_singly(tmp_path):
    replies = {"Marrow": error(500, "It broke."), "Aldermoor": expired()}

    def script(request: Recorded) -> Reply:
        text = " ".join(passages(request).values())
        found = next((word for word in replies if word in text), None)
        return replies.pop(found) if found else faithful(request)

    with MessagesServer(script) as server:
        bench = Bench(tmp_path, server)
        tally = bench.run()
        with bench.workshop() as shop:
            (batch,) = shop.store.batches.newest()
            spent = {
                s.batched: s.usage.calls for s in shop.store.planner_records.spent(NOON - HOUR)
            }

    assert sorted(tally.drafted) == bench.ids and not tally.failed
    assert tally.singly == bench.ids[1:]
    assert dict(batch.outcomes) == {"succeeded": 1, "errored": 1, "expired": 1}
    assert bench.singly == 2 and len(server.batches.custom_ids) == 3
    assert spent == {True: 3, False: 2}


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error(400, "No such model."), ModelRequestError),
        (refusal("not this"), RefusalError),
        (cut_off_by_limit('{"sections"'), ModelError),
        (Reply(body={"type": "canceled"}), BatchCanceledError),
    ],
    ids=["rejected", "refused", "cut off", "canceled"],
)
def test_what_would_come_to_the_same_again_is_reported_and_not_asked_singly(tmp_path, reply, kind):
    with MessagesServer(about("Marrow", reply)) as server:
        bench = Bench(tmp_path, server)
        tally = bench.run()

        assert {id_: type(e) for id_, e in tally.failed.items()}.keys() == {bench.ids[1]}
        assert isinstance(tally.failed[bench.ids[1]], kind)
        assert bench.singly == 0 and bench.revisions() == [1, 0, 1]

        again = bench.run()
        assert again.drafted == [bench.ids[1]]
        assert len(server.batches.custom_ids) == 4


def test_repairs_go_out_in_a_second_batch_and_are_verified_as_any(tmp_path):
    def script(request: Recorded) -> Reply:
        if not asked_labels(request) and "Halden" in " ".join(passages(request).values()):
            wrong = {"text": "Halden Line cancelled 41 crossings on Thursday.", "cites": ["a1.1"]}
            return says({"title": [wrong]})
        return faithful(request)

    with MessagesServer(script) as server:
        bench = Bench(tmp_path, server)
        tally = bench.run()
        with bench.workshop() as shop:
            (claim,) = shop.store.newest_draft(bench.ids[0]).section("title").shown
            kept = [dict(batch.outcomes) for batch in shop.store.batches.newest()]

    assert sorted(tally.drafted) == bench.ids and bench.singly == 0
    assert claim.claim.text == TEXTS[0] and claim.repaired_from is not None
    assert kept == [{"succeeded": 1}, {"succeeded": 3}]


def test_a_run_killed_after_it_sent_a_batch_is_taken_up_and_sends_nothing_twice(tmp_path):
    with MessagesServer(faithful, looks=1) as server:
        bench = Bench(tmp_path, server)

        def killed(seconds: float) -> None:
            raise Killed

        with pytest.raises(Killed):
            batch_run.BatchRun(bench.workshop, killed, lambda news: None).run()
        assert len(server.batches.held) == 1 and bench.revisions() == [0, 0, 0]

        tally = bench.run()

    assert sorted(tally.drafted) == bench.ids
    assert len(server.batches.custom_ids) == len(set(server.batches.custom_ids)) == 3
    assert bench.singly == 0


def test_a_batch_whose_id_was_never_written_down_is_found_at_the_server(tmp_path, monkeypatch):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)

        with monkeypatch.context() as patch:
            patch.setattr(Store, "open", _dying_at("sent", Store.open))
            with pytest.raises(Killed):
                bench.run()
        tally = bench.run()

    assert sorted(tally.drafted) == bench.ids
    assert len(server.batches.held) == 1 and bench.singly == 0


def test_a_batch_that_never_arrived_is_sent_anew_once_it_cannot_arrive_any_more(tmp_path):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)
        with bench.workshop() as shop:
            held = batches.BatchedRequest(
                id="h",
                purpose="draft",
                model="m",
                request="{}",
                most=Usage(),
                incident_id=bench.ids[0],
            )
            shop.store.batches.begin(server.url, [held], bench.clock.now())
        tally = bench.run()

    assert sorted(tally.drafted) == bench.ids
    assert any("never arrived" in words for words in bench.news)
    assert bench.clock.now() - NOON > dt.timedelta(seconds=bench.settings.timeout_s)


def test_a_run_killed_between_results_and_storing_drafts_from_the_stored_answers(tmp_path):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)

        @contextmanager
        def dying() -> Iterator[batch_run.BatchContext]:
            with bench.workshop() as shop:

                def killed(*_: object) -> None:
                    raise Killed

                if len(server.batches.held) == 1:
                    shop.pipeline.draft = killed
                yield shop

        with pytest.raises(Killed):
            bench.run(dying)
        assert bench.revisions() == [0, 0, 0]
        tally = bench.run()
        with bench.workshop() as shop:
            spent = [
                (s.batched, s.usage.calls) for s in shop.store.planner_records.spent(NOON - HOUR)
            ]

    assert sorted(tally.drafted) == bench.ids
    assert len(server.batches.held) == 1 and bench.singly == 0
    assert spent == [(True, 3)]


def test_a_run_killed_while_it_stores_results_stores_each_once(tmp_path):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)
        stored: list[str] = []

        @contextmanager
        def dying() -> Iterator[batch_run.BatchContext]:
            with bench.workshop() as shop:
                settle = shop.batches.settle

                def second_dies(number: int, question: str, outcome: str) -> None:
                    stored.append(question)
                    if len(stored) == 2:
                        raise Killed
                    settle(number, question, outcome)

                shop.batches.settle = second_dies
                yield shop

        with pytest.raises(Killed):
            bench.run(dying)
        bench.run()
        with bench.workshop() as shop:
            spent = [
                (s.batched, s.usage.calls) for s in shop.store.planner_records.spent(NOON - HOUR)
            ]

    assert bench.revisions() == [1, 1, 1]
    assert spent == [(True, 3)]


def test_a_second_run_beside_one_that_waits_sends_nothing(tmp_path):
    with MessagesServer(faithful, looks=1) as server:
        bench = Bench(tmp_path, server)
        tallies: list[batch_run.BatchReport] = []

        def meanwhile(seconds: float) -> None:
            if not tallies:
                tallies.append(batch_run.BatchRun(bench.workshop, bench.clock.sleep, _deaf).run())

        first = batch_run.BatchRun(bench.workshop, meanwhile, _deaf).run()

    assert sorted(tallies[0].drafted) == bench.ids and first.drafted == []
    assert len(server.batches.held) == 1 and bench.revisions() == [1, 1, 1]


def test_only_the_incidents_named_are_drafted_and_only_if_something_is_new(tmp_path):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)
        bench.run(only={bench.ids[1]})
        bench.run(only={bench.ids[1]})

    assert bench.revisions() == [0, 1, 0]
    assert len(server.batches.custom_ids) == 1


def test_results_that_break_off_are_fetched_again_by_the_next_run(tmp_path, monkeypatch):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)
        whole, reply = [False], server.batches.reply

        def broken(request: Recorded, url: str) -> Reply:
            made = reply(request, url)
            cut = request.path.endswith("/results") and not whole[0]
            return Reply(body=made.body, sent=0.5) if cut else made

        monkeypatch.setattr(server.batches, "reply", broken)
        with pytest.raises(ConnectionFailedError):
            bench.run()
        whole[0] = True
        bench.run()

    assert bench.revisions() == [1, 1, 1] and len(server.batches.held) == 1


def test_a_batch_that_the_server_refuses_is_forgotten(tmp_path, monkeypatch):
    with MessagesServer(faithful) as server:
        bench = Bench(tmp_path, server)
        with monkeypatch.context() as patch:
            patch.setattr(server.batches, "reply", lambda request, url: error(400, "Too large."))
            with pytest.raises(ModelRequestError, match="Too large"):
                bench.run()
        bench.run()

    assert bench.revisions() == [1, 1, 1]


def test_a_batch_without_a_model_says_what_to_set(tmp_path):
    with (
        pytest.raises(SettingsError, match="ANTHROPIC_API_KEY"),
        open_batch_context(settings.load(data_dir=tmp_path)),
    ):
        pass
    found = CliRunner().invoke(app, ["draft", "--all", "--batch"], env={"SUMMARIZER_DATA_DIR": "x"})
    assert isinstance(found.exception, SettingsError)


def test_the_commands_draft_in_a_batch_list_it_and_call_one_off(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with MessagesServer(any_answer) as server:
        bench = Bench(tmp_path / "data", server)
        env = {"SUMMARIZER_DATA_DIR": str(tmp_path / "data"), "ANTHROPIC_BASE_URL": server.url}

        def run(*words: str) -> str:
            found = CliRunner().invoke(app, words, env=env)
            assert found.exit_code == 0, found.output
            return found.output

        drafted = run("draft", "--batch", bench.ids[0], bench.ids[1])
        listed = run("batches")
        with bench.workshop() as shop:
            held = batches.BatchedRequest(
                id="h",
                purpose="draft",
                model="m",
                request="{}",
                most=Usage(),
                incident_id=bench.ids[2],
            )
            number = shop.store.batches.begin(server.url, [held], NOON).number
            shop.store.batches.sent(number, server.batches.held[0].id)
        run("batches", "--cancel", str(number))

    assert "2 drafted, 0 of them with questions asked singly" in drafted
    assert "at 50% of the price" in drafted
    assert "2 succeeded" in listed
    assert server.batches.held[0].canceled


def _deaf(news: batch_run.News) -> None:
    """Nobody listens."""


def _dying_at(name: str, opened: Callable[..., object]) -> Callable[..., object]:
    """Opens a store on whose batches one method is the last thing that happens."""

    def dead(*_: object) -> None:
        raise Killed

    def open_(*words: object, **named: object) -> object:
        store = opened(*words, **named)
        setattr(store.batches, name, dead)
        return store

    return open_
