"""Drafts that live: what comes in later is held against what stands, told, listed and shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from summarizer.app import App
from summarizer.domain.drafts import Draft
from summarizer.domain.events import Event, EventKind
from summarizer.domain.findings import Effect
from summarizer.rendering import render_html, render_json, render_markdown
from summarizer.rendering.phrases import differ
from tests.support.app import an_app, take_in

POST, LEDGER = "Stannick Post", "Harbor Ledger"
HURT = "{} passengers were hurt when a Varnway shuttle struck the kerb in Calder Street."
ALARMS = {EventKind.RETRACTED, EventKind.CONTRADICTED}


def row(n: int, text: str, outlet: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"r{n}", "incident": "shuttle", "outlet": outlet, "platform": "news", "text": text,
        "published_at": f"2026-05-0{n}T09:00:00Z", "title": f"Shuttle strikes kerb, report {n}",
        **fields,
    }  # fmt: skip


FIRST = row(
    1,
    f"{HURT.format(41)} The regulator opened an inquiry into Varnway. Varnway stopped all "
    "shuttles in Stannick until the inquiry ends.",
    POST,
)
OTHER_FIGURE = row(
    2,
    "Two children are still in hospital, their families told the Ledger. Hospitals took in "
    "patients from all over Stannick until late at night, and nurses were called back from leave. "
    f"{HURT.format(44)} The mayor thanked everybody who had helped.",
    LEDGER,
)
RETRACTION = row(
    3,
    f"The {POST} retracts its report on the Varnway shuttle that struck the kerb. We did not "
    "establish what happened.",
    POST,
    title="Retraction: Varnway shuttle",
)


def alarms(service: App) -> list[Event]:
    return [e for e in service.reviews.history("INC-000001") if e.kind in ALARMS]


@pytest.fixture
def service(tmp_path) -> Iterator[App]:
    with an_app(tmp_path) as service:
        take_in(service, FIRST)
        service.pipeline.draft("INC-000001")
        yield service


def shown(draft: Draft) -> list[str]:
    return [c.claim.text for s in draft.sections for c in s.shown]


def test_nothing_is_told_while_nothing_turns_against_the_page(service):
    take_in(service, row(2, "Trams in Northport ran late because of rain.", LEDGER))
    assert alarms(service) == []
    assert service.pages.of("INC-000001").findings == ()


def test_another_figure_is_told_with_the_item_that_gives_it(service):
    before = service.reviews.newest("INC-000001")
    take_in(service, OTHER_FIGURE)
    (entry,) = alarms(service)
    assert (entry.kind, entry.revision) == (EventKind.CONTRADICTED, before.revision)
    assert {row["by"] for row in entry.detail["findings"]} == {"a2"}
    assert "passengers" not in json.dumps(entry.detail)  # ids and words of ours, no source text
    assert service.reviews.newest("INC-000001") == before


def test_a_retraction_flags_every_sentence_that_leaned_on_it(service):
    take_in(service, RETRACTION)
    page = service.pages.of("INC-000001")
    assert {f.claim for f in page.findings} == set(shown(page.draft))
    assert {f.effect for f in page.findings} == {Effect.WITHDRAWN}
    assert [e.kind for e in alarms(service)] == [EventKind.RETRACTED]


def test_a_finding_is_told_once_however_often_items_come(service):
    take_in(service, RETRACTION)
    take_in(service, row(4, "Rain fell on Calder Street on Thursday.", LEDGER))
    service.pipeline.draft("INC-000001")
    assert [e.kind for e in alarms(service)] == [EventKind.RETRACTED]


@pytest.mark.slow
def test_what_an_editor_locked_stays_with_its_flag_and_the_suggestion_beside_it(service):
    draft = service.reviews.newest("INC-000001")
    section = next(s for s in draft.sections if len(s.shown) > 1)
    service.reviews.lock("INC-000001", section.key, "Kim", locked=True)
    take_in(service, OTHER_FIGURE, RETRACTION)
    after = service.pipeline.draft("INC-000001")
    assert after.section(section.key).shown == section.shown
    held = [f for f in service.reviews.standing(after) if f.section == section.key]
    assert {f.held_by for f in held} == {"Kim"}
    assert {f.claim for f in held if f.effect is Effect.WITHDRAWN} == {
        c.claim.text for c in section.shown
    }
    assert [s.section.key for s in after.suggestions] == [section.key]


def test_the_next_revision_says_what_the_items_in_between_did(service):
    take_in(service, OTHER_FIGURE, RETRACTION)
    service.pipeline.draft("INC-000001")
    found = service.reviews.findings("INC-000001", 1, 2)
    assert {(f.effect, f.by) for f in found} >= {
        (Effect.WITHDRAWN, "a3"),
        (Effect.CONTRADICTED, "a2"),
    }


def test_every_format_shows_the_flag_with_the_passage_that_says_so(service):
    take_in(service, OTHER_FIGURE)
    page = service.pages.of("INC-000001")
    (finding, *_) = page.findings
    for render in (render_json, render_markdown, render_html):
        out = render(page, service.pipeline.specs)
        assert finding.text in out
        assert "says otherwise" in out
    document = json.loads(render_json(page, service.pipeline.specs))
    assert document["findings"][0]["by"] == "a2"
    warned = [
        w for s in document["sections"] for c in s["claims"] for w in c["verdict"]["warnings"]
    ]
    assert any("Contradicted by a later source" in warning for warning in warned)


def test_sources_that_differ_stand_side_by_side_on_the_page(service):
    text = OTHER_FIGURE["text"].replace(HURT.format(44), HURT.format(38))
    take_in(service, OTHER_FIGURE | {"text": text})
    service.pipeline.draft("INC-000001")
    page = service.pages.of("INC-000001")
    (found,) = page.disagreements
    line = differ(found.fact, found.tellings, found.updated)
    assert line.startswith("Sources differ: ") and f"41 ({POST}, " in line
    for render in (render_json, render_markdown, render_html):
        assert line in render(page, service.pipeline.specs).replace("\\(", "(").replace("\\)", ")")
    assert [t.text for t in found.tellings] == [HURT.format(41), HURT.format(38)]


def test_a_reply_after_the_approval_calls_an_editor_with_its_passage(tmp_path):
    accused = row(1, "A former clerk alleges that Tolven Grain hid 400 tons of wheat. The wheat "
                  "was stored in two silos near the river.", POST)  # fmt: skip
    reply = row(2, "Tolven Grain rejected the allegations as 'nonsense' on Wednesday.", LEDGER)
    with an_app(tmp_path) as service:
        take_in(service, accused)
        draft = service.pipeline.draft("INC-000001")
        assert any("Tolven Grain" in one for one in service.reviews.obstacles(draft))
        service.decisions.decide(
            "INC-000001", "approve", "Kim", revision=draft.revision, override="Asked by telephone."
        )
        take_in(service, reply)
        (finding,) = service.pages.of("INC-000001").findings
        assert (finding.effect, finding.passage) == (Effect.ANSWERED, "a2.1")
        assert finding.text == reply["text"]
        assert any("answered" in one for one in service.reviews.attention(draft, [finding]))
        assert [event.kind for event in alarms(service)] == [EventKind.CONTRADICTED]
