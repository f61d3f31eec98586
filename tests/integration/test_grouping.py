"""Stored items in incidents: singly or in batches, and what editors ruled holds for ever after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.clustering import candidates, corpus, features, fingerprint
from summarizer.clustering.online import cluster
from summarizer.clustering.service import IncidentAssigner, cluster_item
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import DedupKeys, ItemKey, NewItem, PassageId
from summarizer.ingestion.index_sync import heading
from summarizer.ingestion.passages import split
from summarizer.monitoring.monitor import Monitor
from summarizer.ports.index import PassageIndex
from summarizer.review.holds import HoldDesk
from summarizer.review.incidents import IncidentCuration
from summarizer.storage.store import Store
from summarizer.text.text_key import text_key
from tests.support.builders import NOON
from tests.support.clock import ManualClock

STORIES = (
    "The ferry Aurelia ran aground off Port Harrow with 212 people on board, Nordkai Lines said",
    "A bakery in Stannick won the regional prize for rye bread, its baker Edda Marlow said",
    "The council of Velling sued the builder Ostrel Works over cracks in the new tram depot",
)
LATER = (
    "Nobody was hurt.",
    "Divers inspected it on Monday.",
    "A report is due in spring.",
    "Neighbours were not surprised.",
    "The mayor called it a lesson for everyone in the region.",
)
NEWS = [f"{story}. {more}" for more in LATER for story in STORIES]


class Told:
    """Makes vectors that are as like as the stories that texts tell."""

    name = "told"

    def embed(self, texts: Sequence[str]) -> Any:
        return np.stack([_vector(text) for text in texts])


class Index:
    """Vectors of whatever is asked for, and a real index of headings."""

    def __init__(self, store: Store, index: ChromaIndex) -> None:
        self._store = store
        self.headings = index.headings

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, Any]:
        items = self._store.items([ItemKey(id_.partition(".")[0]) for id_ in ids])
        vectors = Told().embed([heading(item.title, item.text) for item in items] or [NEWS[0]])
        return dict(zip(ids, vectors, strict=False))


def _vector(text: str) -> Any:
    """Near those of the same story, far from all others."""
    story = next(n for n, told in enumerate(STORIES) if text.startswith(told))
    near = np.random.default_rng(story).normal(size=64)
    own = np.random.default_rng(len(text)).normal(size=64)
    vector = near + 0.3 * own
    return (vector / np.linalg.norm(vector)).astype(np.float32)


class Desktop:
    """A store with its grouper and an editor."""

    def __init__(self, folder: Path | None = None, url: str = "sqlite://") -> None:
        if folder is None:
            self.store = Store.open(url, ManualClock())
            self.index = ChromaIndex.ephemeral(Told())
        else:
            self.store = Store.open(f"sqlite:///{folder / 'store.db'}", ManualClock())
            self.index = ChromaIndex.persistent(folder / "index", Told())
        self.grouper = self.fresh()
        monitor = Monitor(self.store)
        holds = HoldDesk(self.store, ManualClock())
        self.curation = IncidentCuration(self.store, monitor, holds, ManualClock())

    def fresh(self) -> IncidentAssigner:
        return IncidentAssigner(
            self.store, cast(PassageIndex, Index(self.store, self.index)), ManualClock()
        )

    def add(self, text: str, hour: int) -> ItemKey:
        published = NOON + dt.timedelta(hours=hour)
        item = NewItem(text=text, published_at=published, platform="news")
        dedup_keys = DedupKeys(text=text_key(f"{text} {hour}"))
        return self.store.add_item(item, dedup_keys=dedup_keys, ingested_at=NOON, split=split).key

    def groups(self) -> list[tuple[str, ...]]:
        return sorted(tuple(i.item_keys) for i in self.store.incidents() if i.item_keys)

    def close(self) -> None:
        self.index.close()
        self.store.close()


@pytest.fixture
def here() -> Iterator[Desktop]:
    with closing(Desktop()) as opened:
        yield opened


@pytest.fixture
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headings go into the index a few at a time, few imprints are held, and blocks are small."""
    monkeypatch.setattr(corpus, "BLOCK", 5)
    monkeypatch.setattr(candidates, "LOT", 4)
    monkeypatch.setattr(candidates, "HELD", 3)


@pytest.mark.usefixtures("small_lots")
def test_singly_or_in_batches_the_same_incidents_form(here: Desktop) -> None:
    keys = [here.add(text, n) for n, text in enumerate(NEWS)]
    here.grouper.assign()
    with closing(Desktop()) as singly:
        for n, text in enumerate(NEWS):
            singly.add(text, n)
            singly.fresh().assign()  # as if the process had been killed after every item
        assert here.groups() == singly.groups()
        assert here.store.assignments.of(keys) == singly.store.assignments.of(keys)
    assert len(here.groups()) == len(STORIES)


@pytest.mark.usefixtures("small_lots")
def test_stored_items_form_the_incidents_that_a_run_in_memory_forms(here: Desktop) -> None:
    _equals_a_run_in_memory(here)


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.usefixtures("small_lots")
def test_the_same_incidents_form_on_postgresql(postgres_url: str) -> None:
    with closing(Desktop(url=postgres_url)) as here:
        _equals_a_run_in_memory(here)


def _equals_a_run_in_memory(here: Desktop) -> None:
    keys = []
    for n, text in enumerate(NEWS):
        keys.append(here.add(text, n))
        if n % 4 == 3:
            here.grouper.assign()
            here.grouper = here.fresh()
    here.grouper.assign()
    found = cluster(zip(map(cluster_item, here.store.items(keys)), map(_vector, NEWS), strict=True))
    where = here.store.incidents_of(keys)
    named = {where[ItemKey(one.key)]: one.incident for one in found}
    assert [named[where[key]] for key in keys] == [one.incident for one in found]
    stored = here.store.assignments.of(keys)
    assert [stored[ItemKey(one.key)].likeness for one in found] == [one.likeness for one in found]
    learned = here.store.corpus.learned()
    assert learned is not None and (learned.blocks, learned.texts) == (3, 15)


@pytest.mark.usefixtures("small_lots")
def test_two_processes_that_close_the_same_block_agree(here: Desktop) -> None:
    other = here.fresh()
    for n, text in enumerate(NEWS):
        here.add(text, n)
        (here.grouper if n % 2 else other).assign()
    assert len(here.groups()) == len(STORIES)
    learned = here.store.corpus.learned()
    assert learned is not None and learned.texts in (10, 15)


@pytest.mark.usefixtures("small_lots")
@pytest.mark.parametrize(
    "ended_after",
    [
        pytest.param(3, id="before a lot", marks=pytest.mark.slow),
        pytest.param(4, id="at one", marks=pytest.mark.slow),
        pytest.param(7, id="within one"),
    ],
)
def test_a_process_that_ends_in_the_middle_and_starts_again_changes_nothing(
    here: Desktop, tmp_path: Path, ended_after: int
) -> None:
    there = Desktop(tmp_path)
    keys: list[ItemKey] = []
    for n, text in enumerate(NEWS):
        if n == ended_after:
            there.close()
            there = Desktop(tmp_path)
        for one in (here, there):
            keys.append(one.add(text, n))
            one.grouper.assign()
    assert there.groups() == here.groups()
    assert there.store.assignments.of(keys) == here.store.assignments.of(keys)
    there.close()


@pytest.mark.slow
@pytest.mark.usefixtures("small_lots")
def test_an_index_that_was_lost_is_filled_again_and_nothing_else_changes(here: Desktop) -> None:
    with closing(Desktop()) as lost:
        for n, text in enumerate(NEWS):
            if n == 9:
                lost.index.headings.clear()
                lost.grouper = lost.fresh()
            for there in (here, lost):
                there.add(text, n)
                there.grouper.assign()
        assert lost.groups() == here.groups()
        assert set(lost.index.headings.numbers()) == set(here.index.headings.numbers()) != set()


def test_no_text_is_read_twice(here: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    for n, text in enumerate(NEWS[:6]):
        here.add(text, n)
    here.grouper.assign()
    read, texts = features.read, list[str]()

    def noted(title: str, text: str, *more: Any) -> features.ItemFeatures:
        texts.append(text)
        return read(title, text, *more)

    monkeypatch.setattr(features, "read", noted)
    here.add(NEWS[6], 6)
    here.fresh().assign()
    assert texts == [NEWS[6]]


@pytest.mark.parametrize("version", ["0", None])
def test_what_another_reader_read_or_nobody_is_read_anew(
    here: Desktop, monkeypatch: pytest.MonkeyPatch, version: str | None
) -> None:
    for n, text in enumerate(NEWS[:6]):
        here.add(text, n)
    with monkeypatch.context() as older:
        if version is not None:
            older.setattr(fingerprint, "VERSION", version)
        else:  # an older program stored nothing
            older.setattr(here.store.fingerprints, "keep", lambda version, made: None)
        here.grouper.assign()
    here.add(NEWS[6], 6)
    here.fresh().assign()
    assert len(here.groups()) == len(STORIES)
    assert len(here.store.fingerprints.of(f"{fingerprint.VERSION} told", range(1, 8))) == 7


def test_an_item_whose_grouping_was_undone_is_compared_with_nothing(
    here: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "LOT", 1)
    here.add(NEWS[0], 0)
    with monkeypatch.context() as failing:
        failing.setattr(here.store.assignments, "keep", _fails)
        here.add(NEWS[3], 1)
        with pytest.raises(RuntimeError):
            here.grouper.assign()
    assert set(here.index.headings.numbers()) == {1, 2}
    assert here.grouper.assign() == (2, 1)


def test_every_item_says_why_it_is_where_it_is(here: Desktop) -> None:
    keys = [here.add(text, n) for n, text in enumerate(NEWS)]
    here.grouper.assign()
    reasons = here.store.assignments.of(keys)
    assert set(reasons) == set(keys)
    where = here.store.incidents_of(keys)
    assert all(reasons[key].incident == where[key] for key in keys)


def test_a_failed_batch_is_taken_up_as_if_it_had_not_been(here: Desktop, monkeypatch: Any) -> None:
    keys = [here.add(text, n) for n, text in enumerate(NEWS[:3])]
    monkeypatch.setattr(here.store.assignments, "keep", _fails)
    with pytest.raises(RuntimeError):
        here.grouper.assign()
    assert here.store.incidents_of(keys) == {}
    monkeypatch.undo()
    assert here.grouper.assign() == (3, 3)


def _fails(*arguments: Any) -> None:
    raise RuntimeError("the disk is full")


def test_what_an_editor_moved_draws_later_items_and_is_not_drawn_back(here: Desktop) -> None:
    ferry, bread, more = (here.add(text, n) for n, text in enumerate((*NEWS[:2], NEWS[3])))
    here.grouper.assign()
    one, other = (here.store.incidents_of([key])[key] for key in (ferry, bread))
    here.curation.move(one, [more], other, "Kim")
    later = here.add(NEWS[3], 30)
    here.grouper.assign()
    assert here.store.incidents_of([more, later]) == {more: other, later: other}


def test_a_merge_by_the_program_is_told_and_redirects(here: Desktop) -> None:
    first, second = here.add(NEWS[0], 0), here.add(NEWS[1], 1)
    here.grouper.assign()
    one, other = (here.store.incidents_of([key])[key] for key in (first, second))
    extra = here.add(NEWS[0] + " It happened before.", 2)
    here.store.assign([extra], other)  # by nobody: no ruling says that it belongs there
    later = here.add(NEWS[0], 3)
    here.fresh().assign()
    told = [e for e in here.store.history.after(0) if e.kind is EventKind.MERGED]
    assert [entry.actor for entry in told] == [SYSTEM_ACTOR]
    assert here.store.incident(one).id == here.store.incident(other).id
    assert later in here.store.incident(one).item_keys


MOVES = st.lists(
    st.tuples(st.sampled_from(["add", "move", "split", "merge"]), st.integers(0, 99)), max_size=14
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(MOVES)
def test_what_editors_ruled_holds_whatever_comes_after(moves: list[tuple[str, int]]) -> None:
    """As well for a process that is restarted after every step."""
    with closing(Desktop()) as here, closing(Desktop()) as restarted:
        for n in range(4):
            _grow(here, n)
            _grow(restarted, n)
        added = 4
        for kind, number in moves:
            for desktop in (here, restarted):
                if kind == "add":
                    _grow(desktop, added)
                else:
                    _edit(desktop, kind, number)
                _holds(desktop)
            added += kind == "add"
            restarted.grouper = restarted.fresh()
        for desktop in (here, restarted):
            _grow(desktop, added)
        assert here.groups() == restarted.groups()


def _grow(here: Desktop, n: int) -> None:
    here.add(NEWS[n % len(NEWS)], n)
    here.grouper.assign()


def _edit(here: Desktop, kind: str, number: int) -> None:
    incidents = [i for i in here.store.incidents() if i.item_keys]
    one, other = incidents[number % len(incidents)], incidents[(number // 7) % len(incidents)]
    if kind == "merge" and one.id != other.id:
        here.curation.merge(one.id, other.id, "Kim")
    if kind == "split" and len(one.item_keys) > 1:
        here.curation.split(one.id, one.item_keys[:1], "Kim")
    if kind == "move" and len(one.item_keys) > 1 and one.id != other.id:
        here.curation.move(one.id, one.item_keys[-1:], other.id, "Kim")


def _holds(here: Desktop) -> None:
    newest: dict[ItemKey, IncidentId] = {}
    for ruling in here.store.assignments.rulings():
        if ruling.belongs:
            newest[ruling.item] = ruling.incident
    where = here.store.incidents_of(list(newest))
    assert where == newest
    for ruling in here.store.assignments.rulings():
        if not ruling.belongs:
            assert where[ruling.item] != ruling.incident


# --- Several processes -----------------------------------------------------------------------


class Meddled:
    """An index in which something happens whenever vectors are asked for, once."""

    def __init__(self, index: Index, meanwhile: Callable[[], object]) -> None:
        self._index, self._left = index, [meanwhile]
        self.headings = index.headings

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, Any]:
        found = self._index.vectors(ids)
        while self._left:
            self._left.pop()()
        return found


def test_what_another_process_put_somewhere_meanwhile_stays_there(here: Desktop) -> None:
    for hour, text in enumerate(NEWS[:6]):
        here.add(text, hour)
    other = here.fresh()
    index = Meddled(Index(here.store, here.index), other.assign)
    ours = IncidentAssigner(here.store, cast(PassageIndex, index), ManualClock())
    assert ours.assign() == (0, 0)
    before = here.groups()
    assert len(before) == 3 and len(here.store.incidents()) == 3
    for hour, text in enumerate(NEWS[6:9], 6):
        here.add(text, hour)
    assert ours.assign() == (3, 0)
    assert [group[:2] for group in here.groups()] == before


def test_an_item_that_is_not_indexed_yet_is_indexed_on_the_spot(here: Desktop) -> None:
    keys = [here.add(NEWS[0], 0), here.add(NEWS[1], 1)]
    index, held = here.grouper._index, dict[PassageId, Any]()
    vectors = index.vectors
    index.vectors = lambda ids: {id_: held[id_] for id_ in ids if id_ in held}
    index.add = lambda passages: held.update(vectors([passage.id for passage in passages]))
    assert sum(here.grouper.assign()) > 2
    assert {key for group in here.groups() for key in group} == set(keys)
    assert set(held) == {f"{key}.0" for key in keys}
