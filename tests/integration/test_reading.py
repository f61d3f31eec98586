"""Sentences that only rules checked: who must read them before an approval, and what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from evals.mock_server import copied_answer
from summarizer.app import App
from summarizer.domain.claims import Failure, JudgeVerdict
from summarizer.domain.events import EventKind
from summarizer.domain.reviews import ReviewState
from summarizer.errors import InputError, RefusedError
from summarizer.review import edits
from summarizer.review.edits import Edit
from tests.support.app import a_client, a_modelled_app, take_in

STORY = {
    "title": "Ferry stood still",
    "outlet": "Tolmouth Post",
    "text": "The ferry Vanta stood still for nine days in March. Inspectors of the harbour office "
    "found rust in its pump.",
}
INCIDENT = "INC-000001"
APPROVE = {"decision": "approve", "revision": 1}


@pytest.fixture
def service(request) -> Iterator[App]:
    """A draft by a model, without a judge."""
    profile = getattr(request, "param", "strict")
    with a_modelled_app(lambda r: copied_answer(r, 3), gate_profile=profile) as (service, _):
        take_in(service, STORY)
        service.pipeline.draft(INCIDENT)
        yield service


def approval(service: App) -> Mapping[str, Any]:
    """What the history keeps of the newest approval."""
    log = service.reviews.history(INCIDENT)
    return next(e.detail for e in reversed(log) if e.kind is EventKind.APPROVED)


def ids(service: App) -> list[str]:
    """Ids of the sentences to read."""
    found = [claim.id for _, claim in service.reviews.newest(INCIDENT).to_read()]
    assert len(found) > 1
    return found


def test_a_models_draft_without_a_judge_is_approved_once_each_sentence_was_read(service):
    first, *others = ids(service)
    with pytest.raises(RefusedError, match="checked by rules only: read it") as refused:
        service.decisions.decide(INCIDENT, "approve", "Kim", revision=1, read=others)
    assert str(refused.value).count("checked by rules only") == 1
    made = service.decisions.decide(
        INCIDENT, "approve", "Kim", revision=1, read=[first, *others, first]
    )
    assert (made.state, made.read) == (ReviewState.APPROVED, (first, *others))
    assert approval(service)["read"] == [first, *others]
    assert service.pages.of(INCIDENT).review.read == (first, *others)


def test_a_reason_stands_in_for_reading_and_is_kept_with_what_it_overrode(service):
    made = service.decisions.decide(INCIDENT, "approve", "Kim", revision=1, override="In a hurry.")
    assert (made.override, made.read) == ("In a hurry.", ())
    told = [reason for reason in approval(service)["against"] if "rules only" in reason]
    assert len(told) == len(ids(service))


def test_a_sentence_that_an_editor_wrote_counts_as_read(service):
    draft = service.reviews.newest(INCIDENT)
    key, claim = draft.to_read()[0]
    cited = draft.evidence.passage(claim.claim.cites[0])
    assert cited is not None
    words = claim.claim.model_copy(update={"text": cited.text})
    kept = [Edit(id=other.id) for other in draft.section(key).shown if other.id != claim.id]
    edit = Edit(id=claim.id, claim=words, restore="Read aloud to the harbour office.")
    edited = service.reviews.edit(INCIDENT, key, [edit, *kept], "Kim")
    assert claim.id in {shown.id for shown in edited.section(key).shown}
    assert claim.id not in ids(service)


@pytest.mark.parametrize("service", ["balanced"], indirect=True)
def test_balanced_warns_of_what_was_not_read_and_refuses_nothing(service):
    draft = service.reviews.newest(INCIDENT)
    warned = f"{len(ids(service))} sentences checked by rules only: read them beside their"
    assert any(reason.startswith(warned) for reason in service.reviews.attention(draft))
    made = service.decisions.decide(INCIDENT, "approve", "Kim", revision=1)
    assert (made.state, made.override) == (ReviewState.APPROVED, None)


def test_a_sentence_that_the_revision_does_not_show_cannot_have_been_read(service):
    with pytest.raises(InputError, match="shows no sentence 'c9'") as refused:
        service.decisions.decide(INCIDENT, "approve", "Kim", revision=1, read=["c9"])
    assert refused.value.field == "read"


def test_over_http_a_draft_lists_what_to_read_and_an_approval_says_what_was(service):
    client = a_client(service)
    draft = client.get(f"/v1/incidents/{INCIDENT}/draft").json()
    assert draft["judge"] is None
    assert draft["to_read"] == ids(service)
    refused = client.post(f"/v1/incidents/{INCIDENT}/review", json=APPROVE)
    assert (refused.status_code, refused.json()["field"]) == (409, "body.read")
    assert refused.json()["detail"].count("checked by rules only") == len(draft["to_read"])
    unknown = client.post(f"/v1/incidents/{INCIDENT}/review", json=APPROVE | {"read": ["c9"]})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "body.read")
    read = APPROVE | {"read": draft["to_read"]}
    done = client.post(f"/v1/incidents/{INCIDENT}/review", json=read).json()
    assert (done["state"], done["read"]) == ("approved", draft["to_read"])


def test_the_desk_lists_what_to_read_beside_its_passages_for_a_reader_without_script(service):
    page = a_client(service).get(f"/incidents/{INCIDENT}").text
    listed = page[page.index('<fieldset class="to-read">') :].partition("</fieldset>")[0]
    assert "Checked by rules only." in page
    assert "Nothing stands against an approval" not in page
    for id_ in ids(service):
        assert f'name="read" value="{id_}" aria-describedby="r-{id_}"' in listed
    assert "found rust in its pump" in re.sub(r"<a .*?</a>", "", listed)  # a passage, not the claim


def test_the_desk_shows_the_judge_and_below_it_what_the_checks_had_said(service):
    draft = service.reviews.newest(INCIDENT)
    key, claim = draft.to_read()[0]
    said = JudgeVerdict(
        label="supported", reason="It is the same pump.", passages=claim.claim.cites
    )
    found = (Failure(check="roles", reason="The passage names the inspectors."),)
    verdict = claim.verdict.model_copy(update={"judge": said, "overruled": found})
    shown = claim.model_copy(update={"verdict": verdict})
    section = draft.section(key).model_copy(update={"shown": (shown,), "judge": "a model"})
    revised = edits.replaced(draft, section).model_copy(update={"revision": 2, "judge": "a model"})
    service.store.save_draft(revised)
    page = re.sub(r"<[^>]+>", "", a_client(service).get(f"/incidents/{INCIDENT}").text)
    assert "checked by a model and by rules" in page
    card = page[page.index("Judge: supported. It is the same pump. Passage 1.") :]
    had_said = "The checks had said: who did what to whom: The passage names the inspectors."
    assert had_said in card
    passed = card[card.index("nothing wrong found by:") :].partition("nothing to check")[0]
    assert "who did what to whom" not in passed
