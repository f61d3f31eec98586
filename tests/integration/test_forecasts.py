"""Forecasts over store, HTTP and command line: kept, due, resolved, scored."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from summarizer.app import App
from summarizer.domain.claims import CheckedClaim, Claim, Kind, Verdict, VerdictLabel
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.events import EventKind
from summarizer.domain.forecasts import Outcome
from summarizer.errors import InputError, NotFoundError
from summarizer.monitoring import alerts
from summarizer.rendering import render_json, render_markdown
from tests.support.app import an_app, take_in
from tests.support.clock import ManualClock

NOW = dt.datetime(2026, 5, 2, 12, tzinfo=dt.UTC)
VOTE = "The council will likely suspend the permit of Harbour Robotics on June 16."


DUE_DAY = dt.datetime(2026, 6, 16, tzinfo=dt.UTC)
REPORT = {
    "incident": "robots", "published_at": "2026-05-01T09:00:00Z", "title": "Report on the robots",
    "text": "The council debates the permit of Harbour Robotics.",
}  # fmt: skip


def foretell(service: App, text: str = VOTE, probability: float = 0.7) -> Draft:
    """A draft that holds one prediction, as a drafter's would be stored."""
    draft = service.pipeline.draft("INC-000001")
    key = next(spec.key for spec in service.pipeline.specs if spec.row.layout == "forecast")
    claim = Claim(
        text=text,
        cites=(draft.evidence.passages[0].id,),
        kind=Kind.PREDICTION,
        probability=probability,
        date=dt.date(2026, 6, 16),
        criterion="The minutes record a vote.",
    )
    shown = CheckedClaim(claim=claim, verdict=Verdict(label=VerdictLabel.SUPPORTED, score=0.9))
    sections = tuple(
        Section(key=key, shown=(shown,)) if s.key == key else s for s in draft.sections
    )
    with service.store.transaction():
        saved = service.store.save_draft(draft.model_copy(update={"sections": sections}))
        alerts.track_forecasts(service.store, saved)
    return saved


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def service(tmp_path, clock, database) -> Iterator[App]:
    with an_app(tmp_path, clock, **database) as service:
        take_in(service, REPORT)
        foretell(service)
        yield service


def test_a_forecast_is_kept_once_with_its_first_probability(service):
    foretell(service, probability=0.4)
    (told,) = service.forecasts.page().forecasts
    assert (told.forecast.probability, told.status) == (0.7, "open")


def test_it_is_due_when_its_day_has_come_and_no_sooner(service, clock):
    for at, status in ((DUE_DAY - dt.timedelta(hours=1), "open"), (DUE_DAY, "due")):
        clock.at = at
        assert [told.status for told in service.forecasts.page().forecasts] == [status]
    assert service.forecasts.page("open").forecasts == ()
    assert len(service.forecasts.page("due").forecasts) == 1


def test_only_an_editor_resolves_it_and_the_page_says_so(service, clock):
    clock.at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    told = service.forecasts.resolve(1, Outcome.DID_NOT, "Kim", "No vote was held.")
    assert (told.status, told.forecast.resolution.by) == ("resolved", "Kim")
    page = service.pages.of("INC-000001")
    assert '"outcome": "did_not"' in render_json(page, service.pipeline.specs)
    assert "it did not come true" in render_markdown(page, service.pipeline.specs)
    last = service.reviews.history("INC-000001")[-1]
    assert (last.kind, last.actor) == (EventKind.FORECAST_RESOLVED, "Kim")
    assert service.forecasts.calibration().brier == pytest.approx(0.49)


def test_a_void_forecast_counts_for_nothing(service):
    service.forecasts.resolve(1, Outcome.VOID, "Kim")
    assert service.forecasts.calibration().n == 0


def test_an_unknown_forecast_is_said_to_be_unknown(service):
    with pytest.raises(NotFoundError):
        service.forecasts.resolve(7, Outcome.VOID, "Kim")


def test_pages_follow_one_another(service):
    for n in range(4):
        foretell(service, f"Harbour Robotics will probably leave town number {n}.")
    first = service.forecasts.page(limit=3)
    rest = service.forecasts.page(limit=3, cursor=first.next)
    assert [t.forecast.number for t in (*first.forecasts, *rest.forecasts)] == [1, 2, 3, 4, 5]
    assert rest.next is None
    with pytest.raises(InputError):
        service.forecasts.page("due", cursor=first.next)


def test_over_http_they_are_listed_resolved_and_scored(client, clock):
    clock.at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    (due,) = client.get("/v1/forecasts?status=due").json()["forecasts"]
    said = {"outcome": "came_true"}
    answer = client.post(f"/v1/forecasts/{due['number']}/resolution", json=said)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "came_true"), answer.text
    listed = client.get("/v1/forecasts?incident=INC-000001").json()
    assert listed["calibration"]["brier"] == pytest.approx(0.09)
    assert "Brier score" in client.get("/method").text
    assert "came true" in client.get("/incidents/INC-000001").text


# --- When its day comes ------------------------------------------------------------------------


def told_due(service: App) -> list[tuple[str | None, object]]:
    return [
        (entry.incident_id, entry.detail["forecast"])
        for entry in service.store.history.after(0)
        if entry.kind is EventKind.FORECAST_DUE
    ]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (DUE_DAY - dt.timedelta(seconds=1), []),
        (DUE_DAY, [("INC-000001", 1)]),
        (DUE_DAY + dt.timedelta(days=90), [("INC-000001", 1)]),
        (dt.datetime(2026, 6, 16, 1, tzinfo=dt.timezone(dt.timedelta(hours=3))), []),
    ],
    ids=["a second before", "its day", "long after", "its day, but not in UTC"],
)
def test_the_log_tells_once_that_its_day_has_come(service, clock, now, told):
    clock.at = now
    for _ in range(3):
        service.worker.once()
    assert told_due(service) == told


def test_what_an_editor_answered_before_is_not_told(service, clock):
    service.forecasts.resolve(1, Outcome.VOID, "Kim")
    clock.at = DUE_DAY
    service.worker.once()
    assert told_due(service) == []


def test_a_forecast_of_a_merged_incident_is_told_under_the_one_it_went_into(service, clock):
    take_in(service, {"text": "A library was closed in Averland.", "incident": "library"})
    service.curation.merge("INC-000001", "INC-000002", "Kim")
    clock.at = DUE_DAY
    service.worker.once()
    assert told_due(service) == [("INC-000002", 1)]
    service.forecasts.resolve(1, Outcome.DID_NOT, "Kim")
    last = service.store.history.after(0, 1_000)[-1]
    assert (last.kind, last.incident_id) == (EventKind.FORECAST_RESOLVED, "INC-000002")
    assert last.revision is None  # the one that foretold it is another incident's


def test_two_services_that_look_at_the_same_moment_tell_it_once(service, clock, tmp_path, database):
    for n in range(20):
        foretell(service, f"Harbour Robotics will probably leave town number {n}.")
    clock.at = DUE_DAY
    beside = an_app(tmp_path, clock, owns_index=False, **database)
    with beside as other, ThreadPoolExecutor(8) as pool:
        looks = [pool.submit(one.worker.announce_due) for one in (service, other) * 10]
        for look in looks:
            look.result()
    assert sorted(number for _, number in told_due(service)) == list(range(1, 22))


def test_who_delivers_announces_it_without_a_worker(tmp_path, clock, receiver):
    came = threading.Event()
    receiver.answer = lambda request: (came.set() or 200, b"", {})
    with an_app(tmp_path, clock, allowed_hosts=receiver.host) as service:
        take_in(service, REPORT)
        foretell(service)
        service.webhooks.subscribe(receiver.url, [EventKind.FORECAST_DUE], "Kim")
        clock.at = DUE_DAY
        assert len(service.delivery.once()) == 1
        assert came.is_set()
    (told,) = [json.loads(request.body) for request in receiver.requests]
    assert (told["type"], told["data"]["incident"]) == (
        "summarizer.forecast_due",
        "INC-000001",
    )


def test_the_desk_lists_what_is_due_and_nothing_else(service, client, clock):
    assert "No forecast is due." in client.get("/forecasts").text
    clock.at = DUE_DAY
    page = client.get("/forecasts").text
    assert VOTE in page and 'data-number="1"' in page
    (listed,) = service.incidents.page().incidents
    assert f'href="/incidents/INC-000001">INC-000001 · {listed.title}</a>' in page
    service.forecasts.resolve(1, Outcome.DID_NOT, "Kim")
    assert VOTE not in client.get("/forecasts").text
