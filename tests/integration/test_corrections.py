"""An approved page that changes: the reason that an approval needs, and what readers are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.app import App
from summarizer.domain.corrections import ApprovedChange
from summarizer.domain.drafts import Section
from summarizer.domain.events import EventKind
from summarizer.errors import InputError, RefusedError
from summarizer.rendering import render_html, render_json, render_jsonld, render_markdown
from summarizer.review.edits import Edit
from tests.support.app import a_client, an_app
from tests.support.cli import done, refused

ID, POINTS = "INC-000001", "key_points"
SOUND = "Skaldic Systems was fined <b>one</b> million crowns."
WHY = "We had *mistaken* the sum."


@pytest.fixture
def service(drafted_data: Path) -> Iterator[App]:
    with an_app(drafted_data) as service:
        yield service


def points(service: App) -> Section:
    return service.reviews.newest(ID).section(POINTS)


def approve(service: App, change: ApprovedChange | None = None) -> None:
    revision = service.reviews.newest(ID).revision
    service.decisions.decide(
        ID, "approve", "Kim", revision=revision, override="Read twice.", change=change
    )


def corrected(service: App) -> tuple[str, str]:
    """Change the first point of the page and remove the last; the ids of both."""
    first, *between, last = points(service).shown
    changed = first.claim.model_copy(update={"text": SOUND})
    edits = [Edit(id=first.id, claim=changed, restore="The filing says so.")]
    edits += [Edit(id=claim.id) for claim in between]
    service.reviews.edit(ID, POINTS, [*edits, Edit(id=last.id, remove=True)], "Kim")
    return first.id, last.id


def test_a_first_approval_needs_no_reason_and_takes_none(service):
    with pytest.raises(InputError):
        approve(service, ApprovedChange(why=WHY))
    approve(service)
    assert service.pages.of(ID).corrections == ()


@pytest.mark.parametrize("why", [None, " . "], ids=["none", "blank"])
def test_an_approval_that_changes_an_approved_page_says_why(service, why):
    approve(service)
    corrected(service)
    with pytest.raises(RefusedError) as error:
        approve(service, None if why is None else ApprovedChange(why=why))
    assert error.value.field == "change"
    assert "2 of its sentences change" in str(error.value)


def test_a_change_that_corrects_nothing_stays_in_the_newsroom(service):
    approve(service)
    corrected(service)
    approve(service, ApprovedChange(why="News came in."))

    assert service.pages.of(ID).corrections == ()
    event = service.reviews.history(ID)[-1]
    while event.kind is not EventKind.APPROVED:
        event = service.reviews.history(ID)[event.number - 2]
    assert event.detail["change"] == {
        "since": 1,
        "why": "News came in.",
        "changed": 2,
        "corrections": [],
    }


def test_a_public_correction_says_when_why_what_it_said_and_what_it_says(service):
    approve(service)
    before = points(service).shown
    first, last = corrected(service)
    approve(service, ApprovedChange(why=WHY, corrects=(first, last)))

    page, specs = service.pages.of(ID), service.pipeline.specs
    (found,) = page.corrections
    assert (found.why, found.revision) == (WHY, 2)
    assert [(one.before, one.after) for one in found.sentences] == [
        (before[0].claim.text, SOUND),
        (before[-1].claim.text, None),
    ]
    told = json.loads(render_json(page, specs))["corrections"]
    assert [sorted(one) for one in told[0]["sentences"]] == [["after", "before", "section"]] * 2
    html, markdown = render_html(page, specs), render_markdown(page, specs)
    assert "It said: <bdi>" in html and "&lt;b&gt;one&lt;/b&gt;" in html and "<b>one" not in html
    assert "The sentence was withdrawn." in html and 'href="#corrections"' in html
    assert r"We had \*mistaken\* the sum." in markdown and "It says: Skaldic" in markdown
    (comment,) = json.loads(render_jsonld(page, specs))["correction"]
    assert comment["@type"] == "CorrectionComment" and comment["text"].startswith(WHY)


def test_an_older_revision_is_shown_without_later_corrections(service):
    approve(service)
    first, _ = corrected(service)
    approve(service, ApprovedChange(why=WHY, corrects=(first,)))
    assert service.pages.of(ID, revision=1).corrections == ()


def test_what_changed_is_measured_from_the_last_approval_over_all_revisions_since(service):
    approve(service)
    first, _ = corrected(service)
    service.reviews.lock(ID, POINTS, "Kim", locked=True)
    changed = service.corrections.since_approval(service.reviews.newest(ID))
    assert changed[0].id == first and len(changed) == 2

    approve(service, ApprovedChange(why=WHY))
    assert service.corrections.since_approval(service.reviews.newest(ID)) == ()


def test_only_what_changed_can_be_called_a_correction(service):
    approve(service)
    corrected(service)
    same = points(service).shown[1].id
    with pytest.raises(InputError) as error:
        approve(service, ApprovedChange(why=WHY, corrects=(same,)))
    assert error.value.field == "change.corrects"


def test_over_http_the_draft_names_the_changes_and_the_history_tells_them_in_words(service):
    client = a_client(service)
    approve(service)
    first, _ = corrected(service)
    draft = client.get(f"/v1/incidents/{ID}/draft").json()
    assert [one["section"] for one in draft["changes"]] == [POINTS, POINTS]
    body: dict[str, Any] = {"decision": "approve", "revision": 2, "override": "Read twice."}
    path = f"/v1/incidents/{ID}/review"
    refused_ = client.post(path, json=body)
    assert (refused_.status_code, refused_.json()["field"]) == (409, "body.change")

    body["change"] = {"why": WHY, "corrects": [first]}
    assert client.post(path, json=body).status_code == 200
    assert client.get(f"/v1/incidents/{ID}").json()["corrections"][0]["why"] == WHY
    history = client.get(f"/incidents/{ID}/history").text
    assert f"in place of revision 1, 2 sentences changed: {WHY}" in history
    assert "readers are told: changed: " in history


def test_on_the_command_line_too(drafted_data: Path, monkeypatch: pytest.MonkeyPatch):
    with an_app(drafted_data) as service:
        approve(service)
        first, _ = corrected(service)
    monkeypatch.chdir(drafted_data.parent)
    assert f"changed since it was approved: {first} (key_points): " in done("review", "status", ID)
    words = ("review", "approve", ID, "--revision", 2, "--by", "Kim", "--override", "Read.")
    assert isinstance(refused(*words), RefusedError)
    done(*words, "--why", WHY, "--corrects", first)
    assert "Corrections" in done("show", ID, "--format", "markdown")
