import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.adapters.onnx.minilm import MiniLmEmbedder
from summarizer.clustering.online import (
    JOINS,
    ClusterItem,
    OnlineClusterer,
    Vector,
    cluster,
    in_time_order,
)
from summarizer.clustering.places import InMemoryPlaces
from summarizer.domain.assignments import Assignment
from summarizer.ingestion.index_sync import heading

EMBEDDER = MiniLmEmbedder()
START = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
FERRY = (
    "The ferry Aurelia ran aground off Port Harrow on Monday with 212 people on board. Nobody was "
    "hurt, the operator Nordkai Lines said. Divers will inspect the hull of the Aurelia, which "
    "was built in 1998, before tugs try to free it at high tide. Passengers were brought ashore."
)
FERRY_LATER = (
    "Investigators of the maritime board blamed a failed rudder for the grounding of the Aurelia "
    "off Port Harrow. Nordkai Lines had put off the rudder's overhaul twice, their report says. "
    "The operator said it would study the findings and had already replaced the part on sister "
    "ships. The ferry carried 212 people when it ran aground."
)
BAKERY = (
    "A bakery in the old town of Stannick has won the regional prize for its rye bread for the "
    "third year in a row. The jury praised the sour crust. The baker, Edda Marlow, said that the "
    "secret was a starter that her grandmother had begun in 1952, and flour from one mill."
)


def item(
    key: str, text: str = "", title: str = "", day: float | None = 0, label: str | None = None
) -> ClusterItem:
    published = None if day is None else START + dt.timedelta(days=day)
    return ClusterItem(key=key, published_at=published, title=title, text=text, label=label)


def with_vectors(*items: ClusterItem) -> list[tuple[ClusterItem, Vector]]:
    vectors = EMBEDDER.embed([heading(i.title, i.text) for i in items])
    return list(zip(items, vectors, strict=True))


def filled(*placed: tuple[ClusterItem, str]) -> OnlineClusterer:
    """A clusterer with these items, each in an incident."""
    clusterer = OnlineClusterer()
    pairs = with_vectors(*(one for one, _ in placed))
    for (one, vector), (_, incident) in zip(pairs, placed, strict=True):
        clusterer.add(one, vector, incident)
    return clusterer


def in_memory(clusterer: OnlineClusterer) -> InMemoryPlaces:
    assert isinstance(clusterer.places, InMemoryPlaces)
    return clusterer.places


def proposed(clusterer: OnlineClusterer, one: ClusterItem) -> Assignment:
    ((_, vector),) = with_vectors(one)
    return clusterer.propose(one, vector)


def grouped(*items: ClusterItem) -> list[str | None]:
    return [a.incident for a in cluster(with_vectors(*items))]


def test_items_about_one_event_share_an_incident_and_others_do_not() -> None:
    assert grouped(item("a", FERRY), item("b", BAKERY), item("c", FERRY_LATER, day=4)) == [
        "a",
        "b",
        "a",
    ]


def test_alike_events_with_other_names_and_days_stay_apart() -> None:
    other = (
        "A passenger ferry of Velling Marine hit rocks in Kestrel Sound early on Thursday. The 74 "
        "travellers on the Brindle were taken off by lifeboats and two were treated for shock. "
        "The coast guard said that fog had been dense, and that the hull was taking in water."
    )
    assert grouped(item("a", FERRY), item("b", other, day=40))[1] == "b"


def test_a_copy_joins_its_original_however_much_later() -> None:
    found = list(cluster(with_vectors(item("a", FERRY), item("b", FERRY, day=700))))
    assert found[1].incident == "a"
    assert found[1].score == 1


def test_two_equal_short_titles_a_year_apart_are_not_copies() -> None:
    first, later = (item(str(d), title="Markets close lower", day=d) for d in (0, 365))
    assert proposed(filled((first, "one")), later).score < 1


def test_time_between_items_counts_against_them() -> None:
    scores = [score_after(day) for day in (0, 1, 10, 100)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_an_undated_item_scores_between_the_same_day_and_a_late_one() -> None:
    assert score_after(100) < score_after(None) < score_after(0)


def score_after(day: float | None) -> float:
    return proposed(filled((item("a", FERRY), "one")), item("b", FERRY_LATER, day=day)).score


def test_items_with_one_label_share_an_incident_whatever_they_say() -> None:
    assert grouped(item("a", FERRY, label="case-7"), item("b", BAKERY, label="case-7")) == [
        "case-7",
        "case-7",
    ]


def test_items_with_two_labels_never_share_an_incident() -> None:
    assert grouped(item("a", FERRY, label="x"), item("b", FERRY, label="y")) == ["x", "y"]


def test_an_item_without_a_label_may_join_a_labelled_incident() -> None:
    assert grouped(item("a", FERRY, label="x"), item("b", FERRY_LATER, day=2)) == ["x", "x"]


def test_an_assignment_explains_itself() -> None:
    found = list(cluster(with_vectors(item("a", FERRY), item("b", FERRY_LATER, day=3))))
    assert found[0].reason == "It is the first item."
    assert found[1].nearest == "a"
    assert found[1].likeness is not None
    assert found[1].likeness.days == 3
    assert found[1].likeness.features["words"] > 0
    assert "for it:" in found[1].reason
    assert "joins its nearest" in found[1].reason
    assert "3 days apart" in found[1].reason


def test_an_item_that_stands_alone_names_what_came_nearest() -> None:
    found = list(cluster(with_vectors(item("a", FERRY), item("b", BAKERY, day=None))))
    assert found[1].nearest == "a"
    assert found[1].score < JOINS
    assert "stands alone" in found[1].reason
    assert "undated" in found[1].reason


STORY = [
    item("a", FERRY),
    item("b", BAKERY, day=1),
    item("c", FERRY_LATER, day=2),
    item("d", "", "Rye bread from Stannick wins prize", day=2),
    item("e", "???", day=None),
]


def test_the_same_items_give_the_same_assignments() -> None:
    first, again = (list(cluster(with_vectors(*STORY))) for _ in range(2))
    assert first == again


def test_a_refilled_clusterer_answers_as_before() -> None:
    paired = with_vectors(*STORY)
    running, refilled = OnlineClusterer(), OnlineClusterer()
    expected: list[Assignment] = []
    for one, vector in paired:
        expected.append(running.propose(one, vector))
        running.add(one, vector, expected[-1].incident or one.key)
    for (one, vector), was in zip(paired, expected, strict=True):
        assert refilled.propose(one, vector) == was
        refilled.add(one, vector, was.incident or one.key)


def test_proposing_changes_nothing() -> None:
    first, later = STORY[:2]
    clusterer = filled((first, "one"))
    assert proposed(clusterer, later) == proposed(clusterer, later)
    assert clusterer.incident_of(later.key) is None


def test_a_moved_item_draws_others_to_its_new_incident() -> None:
    clusterer = filled((item("a", FERRY), "one"), (item("a", FERRY), "two"))
    assert proposed(clusterer, item("b", FERRY_LATER, day=1)).incident == "two"


def test_a_merged_incident_hands_over_its_items_and_its_label() -> None:
    clusterer = filled((item("a", FERRY, label="case-7"), "one"))
    clusterer.places.merge("one", "two")
    for label in (None, "case-7"):
        later = item("b", FERRY_LATER, day=1, label=label)
        assert proposed(clusterer, later).incident == "two"


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=80)), min_size=1, max_size=8))
def test_any_items_are_each_assigned_once(texts: list[tuple[str, str]]) -> None:
    items = [item(str(n), text, title) for n, (title, text) in enumerate(texts)]
    seeded = np.random.default_rng(3).normal(size=(len(items), 8)).astype(np.float32)
    vectors = seeded / np.linalg.norm(seeded, axis=1, keepdims=True)
    found = list(cluster(zip(items, vectors, strict=True)))
    assert [a.key for a in found] == [i.key for i in items]
    assert {a.incident for a in found} <= {i.key for i in items}


def test_items_are_ordered_by_time_and_undated_ones_stay_behind_their_predecessor() -> None:
    items = [item("a", day=5), item("b", day=None), item("c", day=1), item("d", day=None)]
    assert in_time_order(items) == [2, 3, 0, 1]
    assert in_time_order([]) == []


def test_an_item_keeps_out_of_where_an_editor_took_its_nearest_out_of() -> None:
    clusterer = filled((item("a", FERRY), "one"), (item("b", FERRY_LATER, day=1), "one"))
    in_memory(clusterer).rule({"b": {"one"}})
    assert proposed(clusterer, item("c", FERRY_LATER, day=2)).incident is None


def two_that_are_one(label: str | None = None) -> OnlineClusterer:
    """A clusterer with two incidents of one ferry each."""
    other = item("b", FERRY + " Nobody was hurt.", day=1, label=label)
    return filled((item("a", FERRY), "one"), (other, "two"))


BOTH = item("c", FERRY, day=1)
"""Belongs to both incidents."""


@pytest.mark.parametrize(
    ("label", "kept", "gone"), [(None, "one", "two"), ("case-7", "two", "one")]
)
def test_an_item_of_two_incidents_merges_them_into_the_one_with_a_senders_label(label, kept, gone):
    found = proposed(two_that_are_one(label), BOTH)
    assert (found.incident, found.merges) == (kept, (gone,))


def test_two_incidents_that_editors_had_a_hand_in_are_never_merged() -> None:
    clusterer = two_that_are_one()
    in_memory(clusterer).rule({}, {"one", "two"})
    assert proposed(clusterer, BOTH).merges == ()


@pytest.mark.parametrize(("key", "incident"), [("a", "two"), ("b", "one")])
def test_two_incidents_that_an_editor_took_apart_are_never_merged(key: str, incident: str) -> None:
    clusterer = two_that_are_one()
    in_memory(clusterer).rule({key: {incident}})
    assert proposed(clusterer, BOTH).merges == ()


def test_a_title_is_drawn_by_an_incident_of_which_it_is_like_many() -> None:
    titles = [f"Ferry Aurelia aground off Port Harrow, {n} days on" for n in range(2, 14)]
    later = item("z", title="What now for Nordkai Lines, owner of the Aurelia?", day=1)
    paired = with_vectors(*(item(str(n), title=t) for n, t in enumerate(titles)), later)
    found: list[Assignment] = []
    for incidents in (3, 1):
        clusterer = OnlineClusterer()
        for n, (one, vector) in enumerate(paired[:-1]):
            clusterer.add(one, vector, f"incident {n % incidents}")
        found.append(clusterer.propose(*paired[-1]))
    apart, together = found
    assert together.score > apart.score
    assert "12 of its items are alike" in together.reason
    assert "of its items" not in apart.reason
