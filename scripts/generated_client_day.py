"""Typical use of a generated client; `generated_client.py` checks and runs it."""

# mypy reads this beside the generated package `client`, which is not part of the project.

import sys
import time

from client import AuthenticatedClient
from client.api.drafts import draft_incident, get_draft_job
from client.api.incidents import list_incidents
from client.api.items import add_items, get_item
from client.api.reviews import list_history, review_revision
from client.api.sections import change_section, get_draft
from client.models import (
    DraftedEntry,
    DraftJob,
    DraftRequest,
    DraftView,
    EditedEntry,
    EditIn,
    History,
    IncidentList,
    Ingested,
    ItemRow,
    ItemView,
    JobStatus,
    ReviewRequest,
    ReviewRequestDecision,
    ReviewView,
    SectionChange,
    SectionView,
)

TEXT = (
    "The ferry Dawn stood still for nine days in March. Its owner, Brackwater Lines, said that a "
    "pump had failed. Inspectors of the harbour office found rust in the pump. The office ordered "
    "a second inspection before the summer. Brackwater Lines said that it would pay for both."
)


def is_grouped(client: AuthenticatedClient, key: str) -> bool:
    """Whether an item has its incident, which is soon after it was taken."""
    found = get_item.sync(key, client=client)
    assert isinstance(found, ItemView), found
    return isinstance(found.incident, str)


def day(client: AuthenticatedClient) -> None:
    """Ingest, list, draft, read, edit with ETag, approve."""
    taken = add_items.sync(client=client, body=[ItemRow(title="Ferry Dawn stands", text=TEXT)])
    assert isinstance(taken, Ingested) and len(taken.accepted) == 1, taken

    while not is_grouped(client, taken.accepted[0]):
        time.sleep(0.2)
    listed = list_incidents.sync(client=client)
    assert isinstance(listed, IncidentList), listed
    incident = listed.incidents[0].id

    # The generator cannot omit an optional body.
    asked = draft_incident.sync_detailed(incident, client=client, body=DraftRequest())
    job = asked.parsed
    assert asked.status_code == 202 and isinstance(job, DraftJob), asked
    while job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        time.sleep(0.2)
        found = get_draft_job.sync(job.id, client=client)
        assert isinstance(found, DraftJob), found
        job = found
    assert job.status == JobStatus.DONE, job.error

    draft = get_draft.sync(incident, client=client)
    assert isinstance(draft, DraftView), draft
    section = max(draft.sections, key=lambda s: len(s.claims))
    kept = [EditIn(id=claim.id) for claim in section.claims[1:]]
    stale = change_section.sync_detailed(
        incident, section.key, client=client, body=SectionChange(edits=kept), if_match='"stale"'
    )
    assert stale.status_code == 412, stale
    changed = change_section.sync(
        incident,
        section.key,
        client=client,
        body=SectionChange(edits=kept),
        if_match=f'"{section.etag}"',
    )
    assert isinstance(changed, SectionView), changed
    assert [c.text for c in changed.claims] == [c.text for c in section.claims[1:]]

    request = ReviewRequest(
        decision=ReviewRequestDecision.APPROVE, revision=2, override="Read twice, by telephone."
    )
    review = review_revision.sync(incident, client=client, body=request)
    assert isinstance(review, ReviewView), review
    told = list_history.sync(incident, client=client)
    assert isinstance(told, History), told
    by = [entry.detail.drafter for entry in told.entries if isinstance(entry, DraftedEntry)]
    edited = [entry for entry in told.entries if isinstance(entry, EditedEntry)]
    assert by == ["extractive"] and edited[0].detail.section == section.key, told
    print(f"{incident}: {', '.join(entry.kind for entry in told.entries)}")


if __name__ == "__main__":
    url, key = sys.argv[1:]
    with AuthenticatedClient(base_url=url, token=key, timeout=None) as made:
        day(made)
