"""A model's server that drips, floods or leads elsewhere ends in a typed error, in time."""

import gzip
from collections.abc import Iterator

import httpx2
import pytest

from evals.mock_server import (
    MessagesServer,
    Recorded,
    Reply,
    any_answer,
    drafting_answer,
    error,
    message,
    says,
)
from summarizer import errors
from summarizer.adapters.anthropic import AnthropicDrafter, batches
from summarizer.adapters.anthropic.batches import MessageBatches
from summarizer.adapters.anthropic.limits import ForeignHostError, limit
from summarizer.domain.drafts import Usage
from summarizer.drafting import prompts
from summarizer.ports.deadline import deadline, seconds_left
from tests.support.builders import a_pack, an_item
from tests.support.clock import ManualClock
from tests.support.model import CallLog, a_config
from tests.support.raw import OK, Raw, a_raw_server, drip, flood

PROMPTS = prompts.load()
SPECS = PROMPTS.specs()
PACK = a_pack(an_item("a1", "Halden Line cancelled 14 crossings."))


def a_drafter(url: str, clock: ManualClock, log: CallLog | None = None, **config):
    made = a_config(url, **({"max_attempts": 1} | config))
    return AnthropicDrafter(made, PROMPTS, clock, log, clock.sleep)


def draft(url: str, sections: int = 1, **config):
    drafter = a_drafter(url, ManualClock(), **config)
    try:
        return drafter.draft(PACK, SPECS[:sections], lambda section: None)
    finally:
        drafter.close()


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nX-Slow: ", OK + b"\r\n", b"HTTP/1.1 500 No\r\n\r\n"]
)
def test_an_answer_that_drips_ends_with_its_time(start):
    with a_raw_server(drip(start)) as raw, pytest.raises(errors.ModelTimeoutError):
        draft(raw.url, timeout_s=0.2)


@pytest.mark.parametrize("start", [OK + b"\r\n", b"HTTP/1.1 500 No\r\n\r\n"])
def test_an_answer_without_an_end_is_read_to_the_limit_and_not_asked_for_again(start):
    with a_raw_server(flood(start)) as raw:
        with pytest.raises(errors.CutOffError, match="more than 8,388,608 bytes"):
            draft(raw.url, max_attempts=3)
        assert len(raw.requests) == 1


def test_a_compressed_answer_is_not_unpacked():
    def said(raw: Raw) -> Iterator[bytes]:
        yield OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}")

    with a_raw_server(said) as raw, pytest.raises(errors.CutOffError, match="gzip"):
        draft(raw.url)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(status):
    with MessagesServer(any_answer) as other:
        moved = Reply(status, b"", {"location": f"{other.url}/v1/messages"})
        with (
            MessagesServer(lambda _: moved) as server,
            pytest.raises(errors.ModelRequestError, match="set ANTHROPIC_BASE_URL"),
        ):
            draft(server.url)
        assert other.requests == []


@pytest.mark.parametrize(
    "url", ["http://b.example/api", "https://a.example/api", "http://a.example:81/api"]
)
def test_nothing_is_sent_to_another_host_than_the_one_that_is_set(url):
    def never(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(request.url)

    client = limit(httpx2.Client(transport=httpx2.MockTransport(never)), "http://a.example/v1")
    with pytest.raises(ForeignHostError, match="nothing is sent"):
        client.get(url)


def a_batch(raw: Raw, results: str) -> bytes:
    counts = b'{"processing":0,"succeeded":1,"errored":0,"canceled":0,"expired":0}'
    times = b'"created_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-02T00:00:00Z"'
    return (
        OK + b'\r\n{"id":"b","type":"message_batch","processing_status":"ended",'
        b'"request_counts":' + counts + b"," + times + b',"results_url":"%s"}' % results.encode()
    )


def test_results_that_lead_to_another_host_are_not_fetched():
    def said(raw: Raw) -> Iterator[bytes]:
        yield a_batch(raw, "http://b.example/results")

    with a_raw_server(said) as raw:
        server = MessageBatches(a_config(raw.url, max_attempts=1), ManualClock())
        with pytest.raises(errors.ModelRequestError, match=r"b\.example"):
            list(server.answers("b", []))
        server.close()
        assert len(raw.requests) == 1


def test_results_that_drip_end_with_their_time(monkeypatch):
    monkeypatch.setattr(batches, "DOWNLOAD_S", 0.2)

    def said(raw: Raw) -> Iterator[bytes]:
        if len(raw.requests) == 1:
            yield a_batch(raw, f"{raw.url}/results")
        else:
            yield from drip(OK + b"\r\n")(raw)

    with a_raw_server(said) as raw:
        server = MessageBatches(a_config(raw.url, max_attempts=1), ManualClock())
        with pytest.raises(errors.ModelTimeoutError):
            list(server.answers("b", []))
        server.close()


# --- The deadline of a draft -----------------------------------------------------------------


def test_a_wait_that_a_server_asks_for_ends_with_the_draft():
    clock = ManualClock()
    with MessagesServer(lambda _: error(429, retry_after="30")) as server:
        drafter = a_drafter(server.url, clock, max_attempts=9)
        with deadline(clock, 100), pytest.raises(errors.RateLimitError):
            drafter.draft(PACK, SPECS[:1], lambda section: None)
        drafter.close()
    assert clock.waited == [30, 30, 30]


def test_after_the_deadline_nothing_is_asked():
    clock = ManualClock()
    with MessagesServer(any_answer) as server:
        drafter = a_drafter(server.url, clock, max_attempts=9)
        with deadline(clock, 5):
            clock.advance(6)
            with pytest.raises(errors.ModelTimeoutError, match="SUMMARIZER_DRAFT_TIMEOUT_S"):
                drafter.draft(PACK, SPECS[:1], lambda section: None)
        drafter.close()
        assert (server.requests, clock.waited) == ([], [])


def test_sections_that_were_written_before_the_deadline_are_not_asked_for_again():
    clock, log, replies = ManualClock(), CallLog(), [says({SPECS[0].key: ["It rained."]})]

    def script(request: Recorded) -> Reply:
        return replies.pop() if replies else error(429, retry_after="30")

    with MessagesServer(script) as server:
        drafter = a_drafter(server.url, clock, log, plan="parallel", max_attempts=9)
        with deadline(clock, 20), pytest.raises(errors.RateLimitError):
            drafter.draft(PACK, SPECS[:2], lambda section: None)
        replies.append(says({SPECS[1].key: ["It snowed."]}))
        drafting = drafter.draft(PACK, SPECS[:2], lambda section: None)
        drafter.close()
    assert drafting.usage.cached_calls == 1
    assert [len(section.claims) for section in drafting.sections] == [1, 1]


def test_a_deadline_holds_in_its_block_only():
    clock = ManualClock()
    with deadline(clock, 60):
        clock.advance(20)
        assert seconds_left(clock) == 40
    assert seconds_left(clock) == float("inf")


# --- Token counts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "kept"),
    [(7, 7), (7.0, 7), (None, 0), (10**30, 0), (2**63, 0), (-1, 0), (1.5, 0), ("7", 0), ([], 0)],
)
def test_a_count_that_cannot_be_true_counts_as_none_and_the_answer_is_kept(count, kept):
    text = drafting_answer({SPECS[0].key: ["It rained."]})
    log = CallLog()
    with MessagesServer([message(text, usage={"input_tokens": count, "output_tokens": 5})]) as s:
        drafter = a_drafter(s.url, ManualClock(), log)
        drafting = drafter.draft(PACK, SPECS[:1], lambda section: None)
        drafter.close()
    assert drafting.usage == Usage(calls=1, input_tokens=kept, output_tokens=5)
    assert [record.usage for record in log.records] == [drafting.usage]


@pytest.mark.parametrize("usage", [None, "many", [1], 10**30])
def test_usage_that_is_no_object_counts_as_none(usage):
    text = drafting_answer({SPECS[0].key: ["It rained."]})
    with MessagesServer([message(text, usage=usage)]) as server:
        assert draft(server.url).usage == Usage(calls=1)


@pytest.mark.parametrize("text", ['{"sections": %s}' % ("9" * 5_000), '{"sections": [NaN]}'])
def test_numbers_that_cannot_be_kept_are_an_answer_that_does_not_fit(text):
    with MessagesServer([message(text)] * 2) as server, pytest.raises(errors.SchemaError):
        draft(server.url)


def test_half_a_character_of_a_model_is_mended():
    answer = drafting_answer({SPECS[0].key: ["It rained HALF."]})
    with MessagesServer([message(answer.replace("HALF", "\\ud83d"))]) as server:
        (section,) = draft(server.url).sections
    assert [claim.text for claim in section.claims] == ["It rained \ufffd."]
