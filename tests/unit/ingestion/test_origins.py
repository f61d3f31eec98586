"""Origins: who copied whom, by publication."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.adapters.web.html_text import html_to_text
from summarizer.ingestion.ingest import ingest
from summarizer.ingestion.parse import Row
from summarizer.storage.store import Store
from tests.support.builders import NOON, hours
from tests.support.clock import ManualClock
from tests.unit.text.test_near_duplicates import story

QUAY = story(1, 10)
MILL = story(2, 10)
RAIL = story(3, 10)
WIRE = (
    "Twelve dock workers walked off the quay at Port Harrow on Tuesday after a crane dropped a "
    "crate beside them, their union said."
)
STORM = (
    "The weather office warned {0} County of winds near {1} mph until late Friday. Hail is "
    "expected there, forecasters said. Residents were told to stay indoors and to keep away from "
    "windows."
)


def joined(*parts: Sequence[str]) -> str:
    return " ".join(sentence for part in parts for sentence in part)


def item(name: str, day: float | None, text: str, **fields: Any) -> dict[str, Any]:
    at = None if day is None else (NOON + hours(24 * day)).isoformat()
    url = f"https://{name}.example/1"
    return {"id": name, "outlet": name, "url": url, "published_at": at, "text": text, **fields}


def origins(rows: Sequence[Mapping[str, Any]], *, at_once: bool = False) -> dict[str, str]:
    """Sender's id of the origin of each item, after ingestion in this order, one by one or not."""
    clock = ManualClock(NOON + hours(24 * 30))
    store = Store.open("sqlite://", clock)
    sent = [Row(line=n, value=row) for n, row in enumerate(rows, 1)]
    batches = [sent] if at_once else [[row] for row in sent]
    keys = [row.key for some in batches for row in ingest(some, store, clock, html_to_text)]
    items = store.items(keys)
    store.close()
    names = {one.key: str(one.source_id) for one in items}
    return {names[one.key]: names[one.origin] for one in items}


CASES: dict[str, tuple[list[dict[str, Any]], dict[str, str]]] = {
    "a scraper that came first": (
        [item("scraper", 4, joined(QUAY)), item("paper", 0, joined(QUAY))],
        {"scraper": "paper", "paper": "paper"},
    ),
    "an undated scraper": (
        [item("scraper", None, joined(QUAY[1:])), item("paper", 4, joined(QUAY))],
        {"scraper": "paper", "paper": "paper"},
    ),
    "an item that glues two stories, between them": (
        [
            item("glue", 1, joined(QUAY, MILL)),
            item("quay", 0, joined(QUAY)),
            item("mill", 2, joined(MILL)),
        ],
        {"glue": "quay", "quay": "quay", "mill": "mill"},
    ),
    "an item that glues three stories, after them": (
        [
            item("glue", 3, joined(RAIL, QUAY[:6], MILL[:6])),
            item("quay", 0, joined(QUAY[:6])),
            item("mill", 1, joined(MILL[:6])),
            item("rail", 2, joined(RAIL)),
        ],
        {"glue": "rail", "quay": "quay", "mill": "mill", "rail": "rail"},
    ),
    "a copy with another headline, an editor's note and a paragraph cut": (
        [
            item("note", 1, joined(story(4, 1), QUAY[:4], QUAY[6:]), title="Our words"),
            item("paper", 0, joined(QUAY), title="Theirs"),
        ],
        {"note": "paper", "paper": "paper"},
    ),
    "the same outlet with another address": (
        [
            item("paper", 0, joined(QUAY)),
            item("again", 1, joined(QUAY), outlet="paper", url="https://paper.example/2"),
        ],
        {"paper": "paper", "again": "paper"},
    ),
    "a copy of a copy": (
        [
            item("third", 2, joined(QUAY[3:], story(6, 1))),
            item("second", 1, joined(QUAY[1:], story(5, 1))),
            item("first", 0, joined(QUAY)),
        ],
        {"third": "first", "second": "first", "first": "first"},
    ),
    "datelines do not count": (
        [
            item("second", 1, f"PORT HARROW, Nov. 20, 2026 (Kessel Press) — {WIRE}"),
            item("first", 0, WIRE),
        ],
        {"second": "first", "first": "first"},
    ),
    "a short quote makes no copy": (
        [item("statement", 1, joined(QUAY[:1])), item("report", 0, joined(MILL, QUAY[:1]))],
        {"statement": "statement", "report": "report"},
    ),
    "half of a long text makes no copy": (
        [item("feature", 0, joined(QUAY, RAIL)), item("own", 1, joined(QUAY[:5], MILL[:4]))],
        {"feature": "feature", "own": "own"},
    ),
    "two notices of one template": (
        [
            item("harlan", 0, STORM.format("Harlan", 60)),
            item("wexmere", 1, STORM.format("Wexmere", 75)),
        ],
        {"harlan": "harlan", "wexmere": "wexmere"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_publication_decides_who_copied_whom_in_any_order_of_ingestion(
    rows: list[dict[str, Any]], expected: dict[str, str]
) -> None:
    for order in (rows, rows[::-1], [*rows[1:], rows[0]]):
        assert origins(order) == origins(order, at_once=True) == expected


def test_undated_copies_have_the_first_to_arrive_as_their_origin() -> None:
    rows = [item("one", None, joined(QUAY)), item("other", None, joined(QUAY[1:]))]
    assert origins(rows) == {"one": "one", "other": "one"}


def test_a_revision_of_a_copied_page_is_no_second_origin() -> None:
    rows = [
        item("paper", 0, joined(QUAY)),
        item("page", 1, joined(QUAY)),
        item("revision", 2, joined(MILL), url="https://page.example/1"),
    ]
    assert origins(rows) == {"paper": "paper", "page": "paper", "revision": "paper"}


@st.composite
def copied_items(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Items cut and glued from a few stories, each published at another time."""
    stories = [QUAY, MILL, RAIL]
    cuts = st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(4, 10))
    texts = draw(st.lists(st.lists(cuts, min_size=1, max_size=2), min_size=2, max_size=6))
    days = draw(st.permutations([None, *range(len(texts) - 1)]))
    return [
        item(f"o{n}", day, joined(*(stories[s][a:b] for s, a, b in parts), story(9 + n, 1)))
        for n, (day, parts) in enumerate(zip(days, texts, strict=True))
    ]


@settings(max_examples=12, deadline=None)
@given(copied_items(), st.randoms(use_true_random=False))
def test_the_order_of_ingestion_never_changes_origins(rows: list[dict[str, Any]], chance) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert origins(shuffled) == origins(rows) == origins(shuffled, at_once=True)


@pytest.mark.slow
def test_many_copies_that_arrive_latest_first_are_all_those_of_the_first() -> None:
    rows = [item(f"c{n}", n, joined(QUAY, story(50 + n, 1))) for n in range(60)]
    assert set(origins(rows[::-1]).values()) == {"c0"}
