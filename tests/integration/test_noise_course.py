"""Noise over time as programs and readers get it, and the log when an incident is reopened."""

import json

import pytest

from summarizer.domain.events import EventKind
from tests.support.app import take_in
from tests.support.builders import NOON, hours
from tests.support.cli import done
from tests.support.clock import ManualClock


def row(crossings: int, offset: float) -> dict[str, str]:
    text = f"Halden Line cancelled {crossings} crossings, it said."
    at = (NOON + hours(offset)).isoformat()
    return {"text": text, "incident": "ferry", "published_at": at}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON + hours(24 * 30))


def test_the_series_comes_over_http_and_on_the_command_line_with_the_same_values(
    service, client, tmp_path, database
):
    take_in(service, row(3, 0), row(4, 2))
    asked = {"until": (NOON + hours(6)).isoformat(), "step": 3600}
    found = client.get("/v1/incidents/INC-000001/noise", params=asked).json()
    at = client.get("/v1/incidents", params={"as_of": asked["until"]}).json()

    assert [point["at"][11:13] for point in found["points"]] == [str(n) for n in range(12, 19)]
    assert found["points"][-1]["score"] == at["incidents"][0]["noise"]
    assert [band["state"] for band in found["bands"]] == ["emerging"]

    words = ["noise", "INC-000001", "--until", asked["until"], "--step", "3600"]
    env = {"SUMMARIZER_DATA_DIR": str(tmp_path), "SUMMARIZER_DRAFTER": "extractive"}
    env |= {f"SUMMARIZER_{name.upper()}": value for name, value in database.items()}
    assert json.loads(done(*words, "--json", **env))["points"] == found["points"]
    assert "emerging" in done(*words, **env)


def test_the_log_says_when_new_coverage_reopens_an_incident_and_only_then(service):
    kinds = []
    for n, offset in enumerate((0, 2, 24 * 20, 24 * 20 + 1)):
        take_in(service, row(n, offset))
        entries = service.store.history.of("INC-000001")
        kinds.append([e.kind for e in entries].count(EventKind.REOPENED))

    assert kinds == [0, 0, 1, 1]
    (entry,) = [e for e in entries if e.kind is EventKind.REOPENED]
    assert entry.detail == {"items": ["a3"]}


def test_the_readers_page_and_the_desk_draw_the_course_without_script_or_style(service, client):
    take_in(service, row(3, 0), row(4, 24 * 20))
    service.pipeline.draft("INC-000001")
    page = client.get("/v1/incidents/INC-000001", params={"format": "html"}).text
    desk = client.get("/incidents/INC-000001").text

    for html in (page, desk):
        figure = html[html.index('<figure class="course">') : html.index("</figure>")]
        assert 'class="plot wide"' in figure and "Reopened on May 21, 2026." in figure
        assert "style=" not in figure and "<script" not in figure


def test_an_undated_item_leaves_a_closed_incident_as_it_was(service, client):
    take_in(service, row(3, 0), row(4, 9))
    service.pipeline.draft("INC-000001")
    before = service.pages.of("INC-000001")
    undated = row(5, 0) | {"published_at": "some day"}
    take_in(service, undated)
    service.pipeline.draft("INC-000001")
    after = service.pages.of("INC-000001")
    (listed,) = client.get("/v1/incidents").json()["incidents"]

    assert before.noise.state.value == listed["state"] == "closed"
    assert after.noise == before.noise
    assert "9 h of coverage" in str(after.noise.factors)
    assert listed["newest_at"].startswith((NOON + hours(9)).isoformat()[:19])
    assert listed["items"] == len(after.incident.item_keys) == 3
    log = service.store.history.of("INC-000001")
    assert EventKind.REOPENED not in [entry.kind for entry in log]


def test_a_list_by_time_leaves_out_undated_items(service, client):
    take_in(service, {"text": "Halden Line cancelled crossings, it said."})
    since = {"since": (NOON - hours(1)).isoformat()}

    assert client.get("/v1/incidents", params=since).json()["incidents"] == []
    assert len(client.get("/v1/incidents").json()["incidents"]) == 1


@pytest.mark.parametrize("form", ["json", "html", "markdown"])
def test_a_page_of_undated_items_alone_has_no_noise(service, client, form):
    take_in(service, {"text": "Halden Line cancelled 3 crossings on the ferry, it said."})
    service.pipeline.draft("INC-000001")
    page = client.get("/v1/incidents/INC-000001", params={"format": form})

    assert page.status_code == 200
    assert "no peak, since no source is dated" in page.text or form == "json"
    assert client.get("/incidents/INC-000001").status_code == 200
    assert client.get("/v1/incidents/INC-000001/noise").json()["bands"] == []
