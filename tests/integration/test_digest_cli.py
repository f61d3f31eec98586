"""The digest of a day, as cron sends it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from summarizer.domain.events import EventKind
from summarizer.domain.holds import HoldKind
from summarizer.errors import InputError
from tests.support.app import an_app, take_in
from tests.support.builders import NOON
from tests.support.cli import done, refused
from tests.support.clock import ManualClock

FERRY, JAM, TRAM = "INC-000001", "INC-000002", "INC-000003"
DAY = f"{NOON:%Y-%m-%d}"


@pytest.fixture(autouse=True)
def _a_day(due_data: Path, elsewhere: Path) -> None:
    """On the day the ferry is approved, the jam waits, and the tram's draft fails; the next day
    the tram is told."""
    assert due_data.parent == elsewhere
    clock = ManualClock()
    with an_app(due_data, clock) as service:
        for id_ in (FERRY, JAM):
            service.pipeline.draft(id_)
        service.decisions.decide(FERRY, "approve", "Kim", revision=1, override="Asked.")
        service.store.history.record(EventKind.DRAFT_FAILED, TRAM, "summarizer")
        clock.advance(24 * 3600)
        service.store.history.record(EventKind.WITHDRAWN, TRAM, "Kim")


def parts(*words: object) -> dict[str, list[str]]:
    found = json.loads(done("digest", "--format", "json", *words))
    return {part["part"]: [i["incident"] for i in part["incidents"]] for part in found["parts"]}


def test_a_day_has_what_was_approved_withdrawn_and_failed_and_what_waits_now():
    today = parts("--day", DAY)
    assert (today["approved"], today["failed"]) == ([FERRY], [TRAM])
    assert FERRY not in today.get("opened", [])  # each once
    waits = today.get("needs_you")
    assert parts("--day", "2026-05-02") == {
        name: ids for name, ids in (("withdrawn", [TRAM]), ("needs_you", waits)) if ids
    }


def test_text_names_each_incident_with_its_link():
    told = done("digest", "--day", DAY, SUMMARIZER_SERVICE_URL="https://desk.example/")
    assert told.startswith("Incidents on May 1, 2026\n\nApproved (1)\n- ")
    assert f"\n  https://desk.example/incidents/{FERRY}\n" in told


def test_a_day_without_anything_says_so(due_data):
    with an_app(due_data, ManualClock()) as service:
        ids = [row.id for row in service.incidents.page().incidents if row.attention]
        for id_ in ids:
            service.decisions.decide(id_, "approve", "Kim", revision=1, override="Asked.")
    assert "Nothing happened" in done("digest", "--day", "2020-02-29")


@pytest.mark.parametrize("kind", [HoldKind.EMBARGO, HoldKind.LEGAL_HOLD])
def test_what_is_withheld_is_left_out_of_what_is_sent_on(due_data, kind):
    with an_app(due_data, ManualClock()) as service:
        until = dt.datetime(2999, 1, 1, tzinfo=dt.UTC) if kind is HoldKind.EMBARGO else None
        for id_ in (FERRY, JAM, TRAM):
            service.holds.put(id_, kind, "Kim", "As agreed.", until)
    assert parts("--day", DAY) == {}


def test_slack_gets_one_field_in_which_titles_make_no_links_and_call_nobody(due_data):
    with an_app(due_data, ManualClock()) as service:
        title = "<!channel> & <http://evil.example|click>"
        take_in(service, {"title": title, "text": "A.", "incident": "x"})
    (line,) = done("digest", "--day", DAY, "-f", "slack").splitlines()
    told = json.loads(line)
    assert list(told) == ["text"]
    assert "&lt;!channel&gt; &amp;" in told["text"]
    assert "<" not in told["text"]


def test_by_default_it_is_of_yesterday_and_a_wrong_day_is_refused():
    yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    assert json.loads(done("digest", "-f", "json"))["day"] == str(yesterday)
    for day in ("yesterday", "2026-02-30", "9999-12-31"):
        assert isinstance(refused("digest", "--day", day), InputError)
