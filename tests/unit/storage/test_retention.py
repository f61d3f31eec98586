"""Old records go, and what is new or still waits stays."""

import datetime as dt

from summarizer.domain.drafts import CallRecord, Usage
from tests.support.builders import NOON

YEAR = dt.timedelta(days=365)


def a_call(at: dt.datetime) -> CallRecord:
    usage = Usage(calls=1, input_tokens=7)
    return CallRecord(
        request_hash="h", model="m", created_at=at, purpose="draft", request="{}", response="{}",
        usage=usage, latency_ms=1,
    )  # fmt: skip


def test_what_is_old_goes_and_what_calls_cost_stays(store):
    for at in (NOON - YEAR, NOON):
        store.calls.record(a_call(at))
    counted = store.retention.count(NOON - YEAR / 2)
    assert counted["texts of calls to models"] == 1
    assert store.retention.prune(NOON - YEAR / 2) == counted
    assert [(c.request, c.response, c.usage.input_tokens) for c in store.calls.made()] == [
        ("", None, 7), ("{}", "{}", 7),
    ]  # fmt: skip
    assert not any(store.retention.count(NOON - YEAR / 2).values())
