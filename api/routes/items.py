"""Endpoint for adding source items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import Admin, Drafting, Reader
from api.bodies import GuardedRoute
from api.dependencies import ANY_ITEMS, Body, Partial, Service, outcomes
from api.problems import answers
from api.schemas.deletions import DeletionView
from api.schemas.incidents import Ingested, ItemList, ItemView
from summarizer.domain import limits
from summarizer.domain.items import SourceItem
from summarizer.ingestion.ingest import report

router = APIRouter(prefix="/v1", tags=["items"], route_class=GuardedRoute)


@router.post("/items", summary="Add source items", openapi_extra=ANY_ITEMS)
def add_items(service: Service, actor: Drafting, body: Body, partial: Partial = False) -> Ingested:
    """The body is JSON, JSON Lines, RSS or Atom, as for `summarizer ingest`.

    Returns 200 even if rows were rejected: each is listed with its reason, the others are stored.
    JSON that is cut off or broken is refused with 422, and nothing of it is stored, unless
    `partial`.
    """
    found = report(outcomes(service, body, partial=partial))
    service.settling.soon()
    return Ingested.of(found, service.settings.root_path)


MOST_OF_AN_ID = 200
"""Most items listed of one sender's id."""


@router.get("/items", summary="Items with a sender's id")
def list_items(
    service: Service,
    actor: Reader,
    source_id: Annotated[
        str, Query(min_length=1, max_length=limits.NAME, description="`id` of the rows.")
    ],
) -> ItemList:
    """Ids of senders need not be unique. A duplicate has no item of its own, see `rows` of the
    answer to its request. Items of a withheld incident are listed to editors alone.
    """
    found = _views(service, service.store.sent_as(source_id, MOST_OF_AN_ID))
    withheld = frozenset() if actor.edits else service.withholding.ids()
    return ItemList(items=[item for item in found if item.incident not in withheld])


@router.get("/items/{key}", summary="An item and its incident", responses=answers(404, 410))
def show_item(service: Service, actor: Reader, key: str) -> ItemView:
    """`incident` is null until the item is grouped, soon after it was sent. 403 for all but editors
    while its incident is withheld.
    """
    (found,) = _views(service, service.store.items([service.deletion.checked(key)]))
    if not actor.edits and found.incident is not None:
        service.withholding.check(found.incident)
    return found


def _views(service: Service, items: Sequence[SourceItem]) -> list[ItemView]:
    homes = service.store.incidents_of([item.key for item in items])
    return [ItemView.of(item, homes.get(item.key)) for item in items]


Why = Annotated[
    str,
    Query(min_length=1, max_length=limits.REASON, description="The reason, kept in the history."),
]
DryRun = Annotated[bool, Query(description="Only say what would go.")]


@router.delete("/items/{key}", summary="Delete an item for good", responses=answers(404, 410))
def delete_item(
    service: Service, actor: Admin, key: str, why: Why, dry_run: DryRun = False
) -> DeletionView:
    """It goes everywhere, with the words of all sentences that cite it. The same row is refused
    when it is sent again. 410 when it was deleted before.
    """
    plan = service.deletion.of_item(key)
    if dry_run:
        return DeletionView.planned(plan)
    return DeletionView.of(service.deletion.delete(plan, actor.name, why))


@router.delete("/items", summary="Delete all items of a sender", responses=answers(404))
def delete_items(
    service: Service,
    actor: Admin,
    why: Why,
    sender: Annotated[
        str,
        Query(
            min_length=1,
            max_length=limits.NAME,
            description="Outlet or author, exactly as the items have it.",
        ),
    ],
    dry_run: DryRun = False,
) -> DeletionView:
    """Later items of the sender are taken as before."""
    plan = service.deletion.of_sender(sender)
    if dry_run:
        return DeletionView.planned(plan)
    return DeletionView.of(service.deletion.delete(plan, actor.name, why))
