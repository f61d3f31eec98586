"""The list of incidents: filters, order, pages.

The standings of incidents hold all that decides order and filters, indexed in the database.  Those
of incidents that have just changed, or that have items after the snapshot, are computed.

Pages of one query are cut from a snapshot: the items and the time of the first page, so that paging
shows each incident once.  Reviews, attention and drafts are those at the time of each page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Annotated, Literal, NamedTuple

from pydantic import AwareDatetime, Field

from summarizer import paging
from summarizer.domain.incidents import IncidentId, Noise, State
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model
from summarizer.domain.reviews import ReviewState
from summarizer.domain.standings import GROUPS, NEW_FOR, Group, Standing, Wanted
from summarizer.errors import InputError, StorageError
from summarizer.incidents.search import terms
from summarizer.incidents.withholding import Withholding
from summarizer.noise import score
from summarizer.pipeline.standings import Account, StandingKeeper
from summarizer.ports.clock import Clock
from summarizer.storage.full_text import TextIndex
from summarizer.storage.rows import parts
from summarizer.storage.standings import Place, micros
from summarizer.storage.store import Store

Sort = Literal["noise", "recent"]

PENDING = 50
"""Most incidents whose standings are computed for a list and not stored."""


MOST_DIGITS = 9
"""Digits of the number of an incident, at most."""


class Filters(Model):
    """Filters of a list; all incidents match the defaults.

    Args:
        q: words and quoted phrases that must all be in the incident's items; or its id.
        state: of the incident.
        min_noise: 0–100.
        max_noise: 0–100.
        platform: of at least one item.
        since: least publication time of at least one item.
        until: that item's publication time is before this.
        review: of the newest revision.
        attention: only incidents whose newest draft needs an editor.
        group: of an editor's day.
    """

    q: str = ""
    state: State | None = None
    min_noise: int = Field(default=0, ge=0, le=100)
    max_noise: int = Field(default=100, ge=0, le=100)
    platform: str = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    review: ReviewState | None = None
    attention: bool = False
    group: Group | None = None


class Listed(Model):
    """A row of the list.

    Args:
        id: of the incident.
        title: headline of the newest draft; without one, the heading of the first item.
        noise: at the time of the list.
        items: keys, oldest first.
        platforms: of the items, sorted.
        outlets: names of the sources, sorted.
        newest_at: publication of the newest item; time of its creation without a dated one.
        revision: of the newest draft; ``None`` before the first.
        review: of that revision.
        attention: reasons why that draft needs an editor, one sentence each.
    """

    id: IncidentId
    title: str
    noise: Noise
    items: tuple[ItemKey, ...]
    platforms: tuple[str, ...]
    outlets: tuple[str, ...]
    newest_at: dt.datetime
    revision: int | None
    review: ReviewState
    attention: tuple[str, ...]


class Listing(Model):
    """One page of the list.

    Args:
        incidents: rows of the page.
        total: number of matching incidents on all pages, or ``most``.
        next: cursor of the next page; ``None`` at the end.
    """

    incidents: tuple[Listed, ...]
    total: int
    next: str | None = None


class _Place(Model):
    """Content of a cursor: the query, the snapshot, and the sort key of the last row."""

    asked: str
    as_of: AwareDatetime
    upto: int = Field(ge=0, le=paging.LARGEST)
    after: tuple[
        Annotated[float, Field(ge=-6e16, le=2.5e17)], Annotated[int, Field(ge=0, le=paging.LARGEST)]
    ]


class _Row(NamedTuple):
    """A row before it is read: its place, and its account where no standing is stored that fits."""

    place: Place
    account: Account | None = None


class IncidentList:
    """The list of all incidents on one store; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        texts: TextIndex,
        standings: StandingKeeper,
        withholding: Withholding,
        clock: Clock,
    ) -> None:
        self._store = store
        self._texts = texts
        self._keeper = standings
        self._withholding = withholding
        self._clock = clock

    def page(
        self,
        filters: Filters | None = None,
        sort: Sort = "recent",
        *,
        limit: int | None = None,
        cursor: str | None = None,
        as_of: dt.datetime | None = None,
        most: int | None = None,
        held: bool = False,
    ) -> Listing:
        """One page of the matching incidents.

        Args:
            filters: all incidents if left out.
            sort: loudest first, or newest item first; equals by number, newest first.
            limit: most incidents of the page, > 0; all if left out.
            cursor: ``next`` of the previous page of the same query.
            as_of: time of noise and state; the time of the first page if left out.
            most: highest total that is counted to.
            held: whether an editor reads it, who is shown what is withheld from readers.

        Raises:
            InputError: the cursor is invalid or belongs to another query.
        """
        filters = filters or Filters()
        asked = paging.query_hash((filters, sort, as_of, held))
        place = paging.decoded(cursor, _Place) if cursor else None
        if place and place.asked != asked:
            raise InputError(paging.REFUSED, field="cursor")
        self._store_many()
        with self._store.snapshot():
            upto = place.upto if place else self._store.standings.highest()
            at = place.as_of if place else as_of or self._clock.now()
            wanted = self._wanted(filters, at, upto, held=held)
            after = None if place is None else Place(*place.after)
            rows, total = self._rows(wanted, sort, after, limit, most)
            shown, following = rows[:limit], None
            if len(rows) > len(shown):
                last = shown[-1].place
                following = _Place(asked=asked, as_of=at, upto=upto, after=last)
            listed = self._listed(shown, at)
        cursor = None if following is None else paging.encoded(following)
        return Listing(incidents=listed, total=total, next=cursor)

    def platforms(self) -> list[str]:
        """All platforms of items in incidents, sorted."""
        return self._store.standings.platforms()

    def titles(self, ids: Collection[IncidentId]) -> dict[IncidentId, str]:
        """Titles of incidents by id, as in ``Listed``."""
        return {id_: one.title for id_, one in self._keeper.current(sorted(ids)).items()}

    def courses(
        self, ids: Sequence[IncidentId], steps: int, at: dt.datetime
    ) -> dict[IncidentId, tuple[int, ...]]:
        """Noise scores (0–100) of incidents at even steps, from the first item to ``at``.

        The range covers at least one day.
        """
        accounts = map(self._keeper.account, self._store.standings.marks(ids))
        return {one.standing.incident_id: course(one, steps, at) for one in accounts if one}

    # --- Rows --------------------------------------------------------------------------------

    def _store_many(self) -> None:
        """Store the standings of many changed incidents; those of a few are computed at need."""
        if len(self._store.standings.marked(PENDING + 1)) > PENDING:
            with suppress(StorageError):  # it can only be read, or another process writes
                self._keeper.catch_up(waits=False, lots=1)

    def _wanted(self, filters: Filters, at: dt.datetime, upto: int, *, held: bool) -> Wanted:
        shared = {name: getattr(filters, name) for name in Filters.model_fields if name != "q"}
        ids = self._with_words(filters.q) if filters.q else None
        new_from = self._store.standings.opened_since(at - NEW_FOR) if filters.group else 0
        without = frozenset() if held else self._withholding.numbers()
        return Wanted(at=at, upto=upto, ids=ids, without=without, new_from=new_from, **shared)

    def _with_words(self, q: str) -> frozenset[str]:
        """Incidents with the words, and the one that ``INC-000007``, ``INC-7`` or ``7`` names."""
        prefix, _, digits = q.strip().rpartition("-")
        is_id = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
        named = [int(digits)] if is_id and (not prefix or prefix.isalpha()) else []
        ids = self._store.incidents_numbered(named)
        return frozenset({*self._texts.incidents(terms(q)), *ids})

    def _rows(
        self,
        wanted: Wanted,
        sort: Sort,
        after: Place | None,
        limit: int | None,
        counted: int | None,
    ) -> tuple[list[_Row], int]:
        """The rows after a place, one more than the limit if there are, and the number of all."""
        by_noise = sort == "noise" or wanted.by_noise
        half_life = score.config().decay["half_life_days"]
        standings, most = self._store.standings, None if limit is None else limit + 1
        query = standings.loudest if sort == "noise" else standings.newest
        found, total = list[_Row](), 0
        for part in _portions(wanted):
            found += map(_Row, query(part, half_life, by_noise, after, most))
            total += standings.count(part, half_life, by_noise, counted)
        for marked in standings.unsettled(wanted, by_noise):
            account = self._keeper.account(marked, wanted.upto)
            if account is not None and _fits(account, wanted):
                total += 1
                place = _place(account, sort, wanted.at)
                found += [_Row(place, account)] if after is None or place < after else []
        found.sort(key=lambda row: row.place, reverse=True)
        return found[:most], total if counted is None else min(total, counted)

    def _listed(self, rows: Sequence[_Row], at: dt.datetime) -> tuple[Listed, ...]:
        stored = self._store.standings.by_number(
            [row.place.number for row in rows if row.account is None]
        )
        outlets = self._store.standings.outlets([row.place.number for row in rows])
        found = []
        for row in rows:
            standing = row.account.standing if row.account else stored[row.place.number]
            noise = row.account.curve.at(at) if row.account else self._keeper.noise(standing, at)
            found.append(_listed(standing, noise, outlets.get(standing.number, ())))
        return tuple(found)


def _listed(standing: Standing, noise: Noise, outlets: tuple[str, ...]) -> Listed:
    return Listed(
        id=standing.incident_id,
        title=standing.title,
        noise=noise,
        items=standing.items,
        platforms=standing.platforms,
        outlets=outlets,
        newest_at=standing.newest_at,
        revision=standing.revision,
        review=standing.review,
        attention=standing.attention,
    )


def course(account: Account, steps: int, at: dt.datetime) -> tuple[int, ...]:
    """Noise scores (0–100) at even steps, from the first item to ``at``, over at least one day."""
    times = (member.published_at for member in account.members)
    first = next((at for at in times if at is not None), account.standing.created_at)
    at = max(at, first)
    span = max(at - first, dt.timedelta(days=1))
    return account.curve.scores([at - span * (1 - n / (steps - 1)) for n in range(steps)])


def _portions(wanted: Wanted) -> list[Wanted]:
    """The query in portions that an index answers: parts of a group, ids that fit one statement."""
    of_group = GROUPS[wanted.group] if wanted.group else (None,)
    portions = [wanted.model_copy(update={"part": part}) for part in of_group]
    if wanted.ids is None:
        return portions
    ids = sorted(wanted.ids)
    return [
        portion.model_copy(update={"ids": frozenset(part)})
        for portion in portions
        for part in parts(ids)
    ]


def _fits(account: Account, wanted: Wanted) -> bool:
    """Whether an incident matches, as ``Standings`` finds it in the database."""
    standing, members = account.standing, account.members
    times = [m.published_at for m in members if m.published_at is not None]
    since, until = wanted.since, wanted.until
    fits = (
        (wanted.ids is None or standing.incident_id in wanted.ids)
        and standing.number not in wanted.without
        and wanted.review in (None, standing.review)
        and (not wanted.attention or bool(standing.attention))
        and (not wanted.platform or wanted.platform in standing.platforms)
        and (
            wanted.since is wanted.until is None
            or any((since is None or at >= since) and (until is None or at < until) for at in times)
        )
    )
    if not fits or not wanted.by_noise:
        return fits
    now = account.curve.at(wanted.at)
    loud = wanted.min_noise <= now.score <= wanted.max_noise
    quiet, group = now.state is State.CLOSED, wanted.group
    grouped = group is None or standing.is_in(group, quiet=quiet, new_from=wanted.new_from)
    return loud and grouped and wanted.state in (None, now.state)


def _place(account: Account, sort: Sort, at: dt.datetime) -> Place:
    standing = account.standing
    if sort == "noise":
        return Place(account.curve.outlook(at).loudness(at), standing.number)
    return Place(micros(standing.newest_at), standing.number)
