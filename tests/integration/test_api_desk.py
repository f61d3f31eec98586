"""What editors do over HTTP."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.app import a_client, an_app

INCIDENT = "/v1/incidents/INC-000001"
POINTS = f"{INCIDENT}/sections/key_points"


@contextmanager
def serving(data_dir: Path) -> Iterator[TestClient]:
    with an_app(data_dir) as service:
        yield a_client(service)


@pytest.fixture
def client(drafted_data: Path) -> Iterator[TestClient]:
    with serving(drafted_data) as client:
        yield client


@pytest.fixture(scope="module")
def unchanged(drafted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """For tests that change nothing, and say so in the end."""
    folder = Path(shutil.copytree(drafted, tmp_path_factory.mktemp("unchanged") / "data"))
    with serving(folder) as client:
        yield client
        assert client.get(f"{INCIDENT}/draft").json()["revision"] == 1


def points(client: TestClient) -> dict:
    sections = client.get(f"{INCIDENT}/draft").json()["sections"]
    return next(section for section in sections if section["key"] == "key_points")


def matching(section: dict) -> dict[str, str]:
    return {"If-Match": f'"{section["etag"]}"'}


def kept(section: dict) -> list[dict]:
    return [{"id": claim["id"]} for claim in section["claims"]]


def test_a_draft_is_shown_with_everything_that_an_editor_needs(unchanged):
    answer = unchanged.get(f"{INCIDENT}/draft")
    draft = answer.json()

    tag = {"If-None-Match": answer.headers["etag"]}
    assert unchanged.get(f"{INCIDENT}/draft", headers=tag).status_code == 304
    assert (draft["incident"], draft["revision"], draft["parent"]) == ("INC-000001", 1, None)
    assert draft["review"]["state"] == "unreviewed"
    shown = [claim for section in draft["sections"] for claim in section["claims"]]
    assert all(claim["verdict"]["evidence"] for claim in shown)
    ids = [claim["id"] for claim in shown]
    assert len(set(ids)) == len(ids)


def test_an_edit_answers_the_section_with_what_was_found_and_its_new_etag(client):
    section = points(client)
    wrong = {"text": "Skaldic Systems paid 900 million crowns."}
    first, *rest = kept(section)
    edits = [first | {"claim": wrong}, *rest]
    answer = client.patch(POINTS, json={"edits": edits}, headers=matching(section))
    changed = answer.json()

    assert answer.status_code == 200
    assert changed["withheld"][0]["text"] == wrong["text"]
    assert changed["withheld"][0]["verdict"]["failures"]
    assert answer.headers["etag"] == f'"{changed["etag"]}"' != f'"{section["etag"]}"'
    assert client.get(f"{INCIDENT}/draft").json()["revision"] == 2


def test_the_second_of_two_editors_is_told_and_loses_nothing(client):
    seen = points(client)
    first = client.patch(POINTS, json={"edits": kept(seen)[1:]}, headers=matching(seen))
    second = client.patch(POINTS, json={"edits": kept(seen)[:1]}, headers=matching(seen))

    assert (first.status_code, second.status_code) == (200, 412)
    assert "read theirs" in second.json()["detail"]
    assert points(client)["etag"] == first.json()["etag"]


def test_a_section_is_edited_and_locked_at_once_or_not_at_all(client):
    seen = points(client)
    both = {"edits": kept(seen)[1:], "locked": True}
    locked = client.patch(POINTS, json=both, headers=matching(seen))
    assert locked.json()["locked_by"] == "local"
    assert len(locked.json()["claims"]) == len(seen["claims"]) - 1

    opened = client.patch(POINTS, json={"locked": False}, headers=matching(locked.json()))
    assert opened.json()["locked_by"] is None
    kinds = [e["kind"] for e in client.get(f"{INCIDENT}/history").json()["entries"]]
    assert kinds[-3:] == ["edited", "locked", "unlocked"]


def test_an_edit_keeps_the_text_before_and_after_and_its_reason(client):
    section = points(client)
    first, second, *rest = section["claims"]
    text = "Skaldic Systems paid 900 million crowns."
    edits = [
        {"id": first["id"], "claim": {"text": text}, "reason": "style"},
        {"id": second["id"], "remove": True, "reason": "wrong_source"},
        *({"id": claim["id"]} for claim in rest),
    ]
    answer = client.patch(POINTS, json={"edits": edits}, headers=matching(section))
    assert [claim["id"] for claim in answer.json()["claims"]] == [claim["id"] for claim in rest]
    entries = client.get(f"{INCIDENT}/history").json()["entries"]
    (edited,) = [entry for entry in entries if entry["kind"] == "edited"]
    assert edited["detail"] == {
        "section": "key_points",
        "changes": [
            {"id": first["id"], "before": first["text"], "after": text, "reason": "style"},
            {
                "id": second["id"],
                "before": second["text"],
                "after": None,
                "reason": "wrong_source",
            },
        ],
    }


@pytest.mark.parametrize("decision", ["request_changes", "reject"])
def test_what_is_refused_says_why_and_which_sentences(client, decision):
    claim = points(client)["claims"][0]
    asked = {"decision": decision, "revision": 1, "note": "No.", "reason": "unsupported"}
    answer = client.post(f"{INCIDENT}/review", json=asked | {"sentences": [claim["id"]]})
    assert answer.json()["reason"] == "unsupported"
    last = client.get(f"{INCIDENT}/history").json()["entries"][-1]
    assert last["detail"] == {
        "note": "No.",
        "reason": "unsupported",
        "sentences": [{"id": claim["id"], "text": claim["text"]}],
    }


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"decision": "approve", "reason": "style"}, "reason"),
        ({"decision": "approve", "sentences": ["x"]}, "sentences"),
        ({"decision": "reject", "note": "No.", "sentences": ["x"]}, "reason"),
        ({"decision": "reject", "note": "No.", "reason": "style", "sentences": ["x"]}, "sentences"),
        ({"decision": "reject", "note": "No.", "reason": "boring"}, "reason"),
    ],
)
def test_a_reason_that_a_decision_cannot_take_is_refused(unchanged, asked, field):
    answer = unchanged.post(f"{INCIDENT}/review", json={"revision": 1} | asked)
    assert (answer.status_code, answer.json()["field"]) == (422, f"body.{field}")


def test_sentences_are_checked_without_being_stored(unchanged):
    asked = {"claims": [{"text": "It cost 900 crowns."}]}
    (found,) = unchanged.post(f"{POINTS}/check", json=asked).json()["claims"]

    assert found["id"] is None
    assert found["verdict"]["failures"]
    assert unchanged.get(f"{INCIDENT}/draft").json()["revision"] == 1


def test_two_revisions_are_compared_sentence_by_sentence(client):
    seen = points(client)
    client.patch(POINTS, json={"edits": kept(seen)[1:]}, headers=matching(seen))
    sections = client.get(f"{INCIDENT}/diff?before=1&after=2").json()["sections"]
    changed = [section for section in sections if not section["same"]]

    assert [section["key"] for section in changed] == ["key_points"]
    assert changed[0]["rows"][0]["change"] == "removed"
    assert changed[0]["rows"][0]["before"]["text"] == seen["claims"][0]["text"]


def test_a_revision_is_approved_and_the_approval_is_withdrawn(client):
    asked = {"decision": "approve", "revision": 1, "override": "Asked by phone, they declined."}
    assert client.post(f"{INCIDENT}/review", json=asked).json()["state"] == "approved"

    withdrawn = {"decision": "withdraw", "revision": 1, "note": "The filing was sealed."}
    assert client.post(f"{INCIDENT}/review", json=withdrawn).json()["state"] == "withdrawn"
    assert client.get(f"{INCIDENT}/draft").json()["review"]["note"] == "The filing was sealed."


def test_an_approval_against_what_stands_names_the_reason_that_it_lacks(client):
    seen = points(client)
    wrong = {"claim": {"text": "Skaldic Systems paid 900 million crowns."}, "restore": "Seen it."}
    client.patch(POINTS, json={"edits": [*kept(seen), wrong]}, headers=matching(seen))
    answer = client.post(f"{INCIDENT}/review", json={"decision": "approve", "revision": 2})

    assert (answer.status_code, answer.json()["field"]) == (409, "body.override")
    assert "900 million" in answer.json()["detail"]


def test_revisions_are_listed_oldest_first_with_who_made_them(client):
    seen = points(client)
    client.patch(POINTS, json={"edits": kept(seen)[1:]}, headers=matching(seen))
    first, second = client.get(f"{INCIDENT}/revisions").json()["revisions"]

    assert (first["revision"], first["change"]) == (1, None)
    assert (second["parent"], second["made_by"]) == (1, "local")


@pytest.mark.parametrize(("what", "name"), [("items", "key"), ("revisions", "revision")])
def test_what_an_incident_has_is_read_page_by_page_while_more_comes_in(client, what, name):
    seen = points(client)
    for _ in range(2):
        client.patch(POINTS, json={"edits": kept(seen)[1:]}, headers=matching(seen))
        seen = points(client)
    whole = [row[name] for row in client.get(f"{INCIDENT}/{what}").json()[what]]
    found, url = [], f"{INCIDENT}/{what}?limit=1"
    while url:
        answer = client.get(url)
        found += [row[name] for row in answer.json()[what]]
        url = answer.links.get("next", {}).get("url")
        assert bool(url) == bool(answer.json()["next"])
        if what == "items" and len(found) == 1:  # an older one and a newer one
            for year in (2026, 2027):
                at = f"{year}-01-01T00:00:00Z"
                row = {"text": f"In {year} the ferry was late.", "published_at": at}
                client.post(f"{INCIDENT}/items", json=row)

    assert len(whole) == 3
    assert found[:3] == whole
    assert len(found) == len(set(found)) == (4 if what == "items" else 3)


def test_a_cursor_of_another_list_is_refused(client):
    cursor = client.get(f"{INCIDENT}/items?limit=1").json()["next"]
    assert client.get(f"{INCIDENT}/revisions?cursor={cursor}").status_code == 422


def test_an_incident_is_split_and_merged_again(client):
    split = client.post(f"{INCIDENT}/split", json={"items": ["a1"]})
    new = split.json()
    assert (split.status_code, new["items"]) == (201, ["a1"])

    merged = client.post(f"/v1/incidents/{new['id']}/merge", json={"into": "INC-000001"}).json()
    assert sorted(merged["items"]) == ["a1", "a2", "a3"]


@pytest.mark.parametrize("place", ["", "/draft", "/items?limit=1"])
def test_a_merged_incident_is_read_where_it_went_and_changed_by_either_id(client, place):
    new = client.post(f"{INCIDENT}/split", json={"items": ["a1"]}).json()["id"]
    former = f"/v1/incidents/{new}"
    client.post(f"{former}/merge", json={"into": "INC-000001"})
    answer = client.get(former + place, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, INCIDENT + place)
    assert answer.headers["cache-control"] == "no-store"  # a merge can be undone
    assert client.get(former + place).status_code == 200
    assert client.post(f"{former}/drafts").json()["incident_id"] == "INC-000001"


def test_a_star_changes_a_section_whatever_it_is_now(client):
    answer = client.patch(POINTS, json={"locked": True}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["locked_by"]) == (200, "local")


def test_an_item_is_moved_and_says_who_moved_it(client):
    new = client.post(f"{INCIDENT}/split", json={"items": ["a1"]}).json()["id"]
    moved = client.post(f"{INCIDENT}/move", json={"items": ["a2"], "into": new}).json()
    assert sorted(moved["items"]) == ["a1", "a2"]

    (stayed,) = client.get(f"{INCIDENT}/items").json()["items"]
    assert stayed["key"] == "a3"
    assert stayed["score"] > 0 and stayed["likeness"]["features"]
    members = client.get(f"/v1/incidents/{new}/items").json()["items"]
    assert {member["by"] for member in members} == {"local"}
    assert "put it here" in members[0]["reason"]


def test_an_item_is_added_to_the_incident_that_is_named(client):
    body = {"title": "Ferry delayed", "text": "The ferry at Tolmouth was late on Monday."}
    added = client.post(f"{INCIDENT}/items", json=body).json()

    assert added["accepted"] == ["a4"]
    assert client.get(f"{INCIDENT}/history").json()["entries"][-1]["kind"] == "items_added"


def test_entries_are_read_on_from_where_the_last_answer_ended(unchanged):
    every = unchanged.get("/v1/entries").json()["entries"]
    first = unchanged.get("/v1/entries?limit=1").json()
    rest = unchanged.get(f"/v1/entries?after={first['next']}").json()

    assert first["entries"] + rest["entries"] == every
    drafted = unchanged.get("/v1/entries?kind=drafted").json()["entries"]
    assert [entry["kind"] for entry in drafted] == ["drafted"]


def test_a_section_that_another_editor_holds_is_not_changed(client):
    client.app.state.service.reviews.lock("INC-000001", "key_points", "Kim", locked=True)
    answer = client.patch(POINTS, json={"edits": []}, headers=matching(points(client)))

    assert answer.status_code == 409
    assert "locked by Kim" in answer.json()["detail"]
