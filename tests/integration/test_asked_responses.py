"""Somebody who is accused is asked for a response: what the page says, and what waits for it."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.app import App
from summarizer.domain.reviews import ReviewState
from summarizer.errors import InputError, RefusedError
from tests.support.app import a_client, take_in
from tests.support.clock import ManualClock

ID = "INC-000001"
ACCUSED = "Brackwater Lines"
STORY = (
    f"The union Harbour Hands accused {ACCUSED} of hiding rust in the pump of the ferry Quince. "
    "The harbour office ordered an inspection of the pump before the summer."
)
ANSWER = f"{ACCUSED} denied on Tuesday that it had hidden rust in the pump of the ferry Quince."
NONE_FOUND = f"No response from {ACCUSED} was found in the sources."
MAY_ANSWER = "Brackwater Lines is accused, and may answer until {}. Wait, or say why not."
DAY = dt.timedelta(days=1)


@pytest.fixture
def story(service: App, clock: ManualClock) -> App:
    """An incident with a page that accuses somebody who has not answered."""
    take_in(
        service,
        {
            "title": "Inspection of the ferry Quince", "text": STORY, "outlet": "Tolby Gazette",
            "platform": "news", "incident": "ferry",
            "published_at": (clock.now() - DAY).isoformat(),
        },
    )  # fmt: skip
    service.pipeline.draft(ID)
    return service


def against(service: App) -> list[str]:
    """Obstacles about the accused, by name, on the desk's list as over HTTP."""
    client = a_client(service)
    obstacles = client.get(f"/v1/incidents/{ID}/draft").json()["obstacles"]
    found = [one.partition(": ")[2] for one in obstacles if ACCUSED in one]
    page = client.get(f"/incidents/{ID}").text
    assert all(one in page for one in found)
    assert ("and may answer until" in page) == any("may answer until" in one for one in found)
    return found


def notes(service: App) -> list[str]:
    """Notes of the page about the accused, which all formats print."""
    client = a_client(service)
    sections = client.get(f"/v1/incidents/{ID}?format=json").json()["sections"]
    found = [note for section in sections for note in section["notes"] if ACCUSED in note]
    for form in ("html", "markdown"):
        text = client.get(f"/v1/incidents/{ID}?format={form}").text
        assert all(note in text for note in found)
    return found


def approve(service: App) -> ReviewState:
    revision = service.reviews.newest(ID).revision
    read = [c.id for s in service.reviews.newest(ID).sections for c in s.shown]
    return service.decisions.decide(ID, "approve", "Kim", revision=revision, read=read).state


def test_before_anybody_asks_the_page_waits_for_a_request(story: App) -> None:
    assert against(story) == [f"{ACCUSED} is accused, and no reply is shown. "
                              "Ask for one, or say why not."]  # fmt: skip
    assert notes(story) == [NONE_FOUND]


def test_the_page_says_when_who_was_asked_and_waits_until_the_time_is_over(
    story: App, clock: ManualClock
) -> None:
    day = f"{clock.now():%B} {clock.now().day}, {clock.now().year}"
    story.reviews.ask_response(ID, ACCUSED, "Kim", clock.now() + DAY)
    until = f"{clock.now() + DAY:%B} {(clock.now() + DAY).day}, {clock.now().year}, 12:00 UTC"
    assert against(story) == [MAY_ANSWER.format(until)]
    assert notes(story) == [f"{NONE_FOUND} {ACCUSED} was asked for a response on {day}."]
    with pytest.raises(RefusedError, match="may answer until"):
        approve(story)

    clock.advance(DAY.total_seconds())
    assert against(story) == []
    assert "hold no reply" in " ".join(story.reviews.attention(story.reviews.newest(ID)))
    assert approve(story) is ReviewState.APPROVED
    assert notes(story) == [f"{NONE_FOUND} {ACCUSED} was asked for a response on {day}."]


def test_whoever_asks_again_waits_again(story: App, clock: ManualClock) -> None:
    story.reviews.ask_response(ID, ACCUSED, "Kim")
    clock.advance(2 * DAY.total_seconds())
    assert against(story) == []
    story.reviews.ask_response(ID, ACCUSED, "Kim")
    assert "may answer until" in against(story)[0]


def test_a_request_to_another_clears_nobodys_way(story: App, clock: ManualClock) -> None:
    story.reviews.ask_response(ID, "Harbour Hands", "Kim")
    clock.advance(2 * DAY.total_seconds())
    assert "no reply is shown" in against(story)[0]
    assert notes(story) == [NONE_FOUND]


def test_an_answer_in_a_later_item_takes_the_words_from_the_page(
    story: App, clock: ManualClock
) -> None:
    story.reviews.ask_response(ID, ACCUSED, "Kim")
    take_in(
        story,
        {
            "title": "Ferry Quince inspected", "text": ANSWER, "outlet": "Quay Post",
            "platform": "news", "incident": "ferry", "published_at": clock.now().isoformat(),
        },
    )  # fmt: skip
    assert notes(story) == []


@pytest.mark.parametrize("until", [dt.timedelta(), -DAY])
def test_a_time_to_answer_that_is_over_is_refused(
    story: App, clock: ManualClock, until: dt.timedelta
) -> None:
    with pytest.raises(InputError, match="must lie ahead"):
        story.reviews.ask_response(ID, ACCUSED, "Kim", clock.now() + until)
    assert "no reply is shown" in against(story)[0]
