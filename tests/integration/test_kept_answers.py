"""Answers that are kept: after every kind of change they are those that would be built anew."""

import datetime as dt
import random
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.answers import MOMENT, Answers, Kept
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.domain.events import EventKind
from summarizer.domain.forecasts import NewForecast, Outcome
from summarizer.domain.jobs import Job, JobStatus
from tests.support.app import HERE, a_client, an_app, bearer
from tests.support.builders import NOON
from tests.support.clock import ManualClock

PAGE = "/v1/incidents/INC-000001"
READS = (
    *(f"{PAGE}?format={form}" for form in ("json", "html", "markdown")),
    f"{PAGE}?revision=1",
    *("/v1/incidents", "/v1/incidents?sort=noise", "/v1/incidents?state=closed"),
    "/v1/incidents?attention=true",
    *("/", "/incidents/INC-000001", "/incidents/INC-000001?revision=1"),
)
NEW = {"title": "Fine", "text": "A regulator fined the company. It denied all.", "incident": "x"}

_TIMES = re.compile(r'"as_of": "[^"]+"|"decay": [0-9.e-]+')


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC))


@pytest.fixture
def service(drafted_data, clock):
    with an_app(drafted_data, clock) as app:
        yield app


def a_draft(app: App, clock: ManualClock) -> None:
    app.pipeline.draft("INC-000001")


def a_new_item(app: App, clock: ManualClock) -> None:
    list(app.pipeline.ingest_rows([NEW | {"published_at": clock.now().isoformat()}]))
    app.pipeline.settle()


def an_item_of_the_incident(app: App, clock: ManualClock) -> None:
    row = NEW | {"incident": None, "published_at": clock.now().isoformat()}
    app.curation.add_items("INC-000001", app.pipeline.ingest_rows([row]), "Kim")


def a_merge(app: App, clock: ManualClock) -> None:
    a_new_item(app, clock)
    app.curation.merge(app.store.incidents()[0].id, "INC-000001", "Kim")


def a_split(app: App, clock: ManualClock) -> None:
    app.curation.split("INC-000001", app.store.incident("INC-000001").item_keys[:1], "Kim")


def a_review(app: App, clock: ManualClock) -> None:
    app.decisions.decide("INC-000001", "reject", "Kim", revision=1, note="Too long.")


def a_lock(app: App, clock: ManualClock) -> None:
    app.reviews.lock("INC-000001", "key_points", "Kim", locked=True)


def an_alert(app: App, clock: ManualClock) -> None:
    app.store.history.record(
        EventKind.NEEDS_ATTENTION, app.store.incidents()[0].id, "summarizer", revision=1
    )


def a_resolved_forecast(app: App, clock: ManualClock) -> None:
    app.store.forecasts.keep(
        [
            NewForecast(
                incident_id=app.store.incident("INC-000001").id,
                section="forecast",
                text="It will be fined.",
                probability=None,
                due=clock.now().date(),
                criterion="A fine.",
                revision=1,
                made_at=clock.now(),
            )
        ]
    )
    app.forecasts.resolve(1, Outcome.CAME_TRUE, "Kim")


def a_job(app: App, clock: ManualClock) -> None:
    incident = app.store.incident("INC-000001").id
    job = Job(
        id="j1",
        incident_id=incident,
        status=JobStatus.QUEUED,
        asked_by="Kim",
        created_at=clock.now(),
        evidence_hash="h",
    )
    app.store.jobs.save(job)


def another_day(app: App, clock: ManualClock) -> None:
    clock.advance(24 * 3600)


def years(app: App, clock: ManualClock) -> None:
    clock.advance(3 * 365 * 24 * 3600)


def a_clock_that_is_set_back(app: App, clock: ManualClock) -> None:
    clock.advance(-20 * 24 * 3600)


CHANGES: tuple[Callable[[App, ManualClock], None], ...] = (
    a_draft,
    a_new_item,
    an_item_of_the_incident,
    a_merge,
    a_split,
    a_review,
    a_lock,
    an_alert,
    a_resolved_forecast,
    a_job,
    another_day,
    years,
    a_clock_that_is_set_back,
)

FAST = (a_new_item, a_review)
"""A change of the list and one of a page; the others are slow tests."""


def told(client: TestClient, path: str) -> tuple[int, str]:
    """Status and body, without the time of noise and what follows from it."""
    answer = client.get(path)
    return answer.status_code, _TIMES.sub("", answer.text)


@pytest.fixture
def anew(drafted_data, clock, service):
    """Reads a path from a process that has kept no answer."""
    with an_app(drafted_data, clock, owns_index=False) as other:

        def read(path: str) -> tuple[int, str]:
            return told(a_client(other), path)

        yield read


@pytest.mark.parametrize(
    "change",
    [
        change if change in FAST else pytest.param(change, marks=pytest.mark.slow)
        for change in CHANGES
    ],
    ids=lambda change: change.__name__,
)
def test_after_a_change_an_answer_is_as_if_built_anew(service, anew, clock, change):
    client = a_client(service)
    for path in READS:
        told(client, path)
    change(service, clock)
    for path in READS:
        kept = told(client, path)
        assert kept == anew(path), path
        assert kept == told(client, path), path


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_after_any_course_of_changes_answers_are_as_if_built_anew(service, anew, clock, seed):
    drawn, client = random.Random(seed), a_client(service)
    safe = [one for one in CHANGES if one not in (a_resolved_forecast, a_job, a_lock)]
    for change in drawn.choices(safe, k=5):
        try:
            change(service, clock)
        except Exception as error:  # not every order of changes is allowed
            assert "Error" in type(error).__name__
        for path in READS:
            assert told(client, path) == anew(path), (change.__name__, path)


def test_a_kept_page_asks_one_statement_and_builds_nothing(service, monkeypatch):
    client = a_client(service)
    client.get(PAGE)
    monkeypatch.delattr(type(service.pages), "of")
    assert client.get(PAGE).status_code == 200


def test_a_list_is_kept_for_a_moment(service, clock, monkeypatch):
    client = a_client(service)
    first = client.get("/v1/incidents").text
    monkeypatch.delattr(type(service.incidents), "page")
    clock.advance(MOMENT.total_seconds() - 1)
    assert client.get("/v1/incidents").text == first
    clock.advance(1)
    with pytest.raises(AssertionError):
        assert client.get("/v1/incidents").status_code == 200


def test_what_is_kept_for_one_editor_is_for_nobody_else(service):
    client = TestClient(a_client(service).app, HERE)
    names = {name: bearer(service, Scope.READ, name) for name in ("Kim", "Ada")}
    for path in ("/", "/incidents/INC-000001"):
        for name, other in (("Kim", "Ada"), ("Ada", "Kim")):
            text = client.get(path, headers=names[name]).text
            assert name in text and other not in text
        assert client.get(path, follow_redirects=False).status_code == 303


def test_a_kept_page_is_for_nobody_without_a_key(service):
    client = TestClient(a_client(service).app, HERE)
    client.get(PAGE, headers=bearer(service))
    assert client.get(PAGE).status_code == 401


def test_a_kept_answer_is_compressed_for_those_who_take_it(service):
    client = a_client(service)
    for _ in range(2):
        plain = client.get(PAGE, headers={"Accept-Encoding": "identity"})
        packed = client.get(PAGE, headers={"Accept-Encoding": "gzip"})
        assert plain.text == packed.text
        assert plain.headers["etag"] == packed.headers["etag"]
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert {plain.headers["vary"], packed.headers["vary"]} == {"Accept, Accept-Encoding"}


def test_formats_asked_for_by_accept_are_kept_apart(service):
    client = a_client(service)
    for _ in range(2):
        for media in ("text/html", "text/markdown", "application/json"):
            found = client.get(PAGE, headers={"Accept": media})
            assert found.headers["content-type"].startswith(media)


def test_the_memory_for_answers_is_bounded():
    answers = Answers(most_bytes=250)
    for n in range(5):
        answers.put(n, Kept(b"x" * 100, {}, NOON, NOON, lambda: 1, 1))
        answers.get(0)
    assert [n for n in range(5) if answers.get(n)] == [0, 4]
    answers.put("large", Kept(b"x" * 300, {}, NOON, NOON, lambda: 1, 1))
    assert not any(map(answers.get, (0, 4, "large")))
