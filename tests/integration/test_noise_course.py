"""Noise over time as programs and readers get it, and the log when an incident is reopened."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import create_app
from summarizer import settings
from summarizer.app import App, open_app
from summarizer.cli.app import app
from summarizer.domain.events import EventKind
from tests.support.builders import NOON, hours
from tests.support.clock import ManualClock

LATER = NOON + dt.timedelta(days=30)


def rows(*offsets: float) -> bytes:
    lines = [
        {
            "text": f"Halden Line cancelled {n + 3} crossings, it said.",
            "incident": "ferry",
            "published_at": (NOON + hours(offset)).isoformat(),
        }
        for n, offset in enumerate(offsets)
    ]
    return "\n".join(map(json.dumps, lines)).encode()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[App]:
    chosen = settings.load(data_dir=tmp_path, drafter="extractive")
    with open_app(chosen, clock=ManualClock(LATER)) as service:
        yield service


def test_the_series_comes_over_http_and_on_the_command_line_with_the_same_values(service, tmp_path):
    with TestClient(create_app(service), base_url="http://127.0.0.1") as client:
        client.post("/v1/items", content=rows(0, 2))
        asked = {"until": (NOON + hours(6)).isoformat(), "step": 3600}
        found = client.get("/v1/incidents/INC-000001/noise", params=asked).json()
        at = client.get("/v1/incidents", params={"as_of": asked["until"]}).json()
        refused = client.get("/v1/incidents/INC-000001/noise", params=asked | {"step": 1})
        unknown = client.get("/v1/incidents/INC-000009/noise")

    assert [point["at"][11:13] for point in found["points"]] == [str(n) for n in range(12, 19)]
    assert found["points"][-1]["score"] == at["incidents"][0]["noise"]
    assert [band["state"] for band in found["bands"]] == ["emerging"]
    assert (refused.status_code, unknown.status_code) == (422, 404)

    words = ["noise", "INC-000001", "--until", asked["until"], "--step", "3600"]
    env = {"SUMMARIZER_DATA_DIR": str(tmp_path), "SUMMARIZER_DRAFTER": "extractive"}
    printed = CliRunner().invoke(app, [*words, "--json"], env=env)
    assert json.loads(printed.stdout)["points"] == found["points"]
    assert "emerging" in CliRunner().invoke(app, words, env=env).stdout


def test_the_log_says_when_new_coverage_reopens_an_incident_and_only_then(service):
    kinds = []
    for offset in (0, 2, 24 * 20, 24 * 20 + 1):
        with TestClient(create_app(service), base_url="http://127.0.0.1") as client:
            body = rows(*[0] * (len(kinds) + 1)).splitlines()[-1]
            row = json.loads(body) | {"published_at": (NOON + hours(offset)).isoformat()}
            client.post("/v1/items", content=json.dumps(row))
        entries = service.store.history.of("INC-000001")
        kinds.append([e.kind for e in entries].count(EventKind.REOPENED))

    assert kinds == [0, 0, 1, 1]
    (entry,) = [e for e in entries if e.kind is EventKind.REOPENED]
    assert entry.detail == {"items": ["a3"]}


def test_the_readers_page_and_the_desk_draw_the_course_without_script_or_style(service):
    with TestClient(create_app(service), base_url="http://127.0.0.1") as client:
        client.post("/v1/items", content=rows(0, 24 * 20))
        service.pipeline.draft("INC-000001")
        page = client.get("/v1/incidents/INC-000001", params={"format": "html"}).text
        desk = client.get("/incidents/INC-000001").text

    for html in (page, desk):
        figure = html[html.index('<figure class="course">') : html.index("</figure>")]
        assert 'class="plot wide"' in figure and "Reopened on May 21, 2026." in figure
        assert "style=" not in figure and "<script" not in figure
