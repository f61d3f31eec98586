"""What goes into an evidence pack, in which order, and what is said about the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import Claim, Failure
from summarizer.domain.drafts import Repair
from summarizer.domain.items import Passage, PassageId, SourceItem
from summarizer.drafting.evidence_pack import build_pack, evidence_hash, near
from tests.support.builders import NOON, a_pack, an_item, hours, lines


def words(text: str) -> int:
    return len(text.split())


def rank(queries: tuple[str, ...], ids: list[PassageId]) -> list[list[tuple[PassageId, float]]]:
    """Best first: ids that end in the query's digits, then the others."""
    return [
        [(i, 0.0) for i in sorted(ids, key=lambda i: (not i.endswith(f".{query}"), i))]
        for query in queries
    ]


def all_lines(*items: SourceItem) -> list[Passage]:
    return [p for item in items for p in lines(item)]


def story(key: str, sentences: int, topic: str, **fields: object) -> SourceItem:
    text = "\n".join(
        f"{topic} {key} sentence {n} says what number {n} is" for n in range(sentences)
    )
    return an_item(key, text, **fields)


def pack(items: list[SourceItem], budget: int, queries: tuple[str, ...] = ("1",)):
    return build_pack(items, all_lines(*items), queries, rank, words, budget)


def test_everything_goes_in_when_it_fits_in_order_of_time_then_position():
    late = story("a1", 2, "late", published_at=NOON + hours(2))
    early = story("a2", 2, "early", published_at=NOON)

    found = pack([late, early], budget=10_000)

    assert [p.id for p in found.passages] == ["a2.1", "a2.2", "a1.1", "a1.2"]
    assert [i.key for i in found.items] == ["a2", "a1"]
    assert found.left_out == 0


def test_boilerplate_takes_no_room_and_is_counted():
    text = "A crane fell on Monday.\nRead more: Port Harrow\nAbout Veltra\nVeltra makes cranes."
    found = pack([an_item("a1", text)], budget=10_000)

    assert [p.id for p in found.passages] == ["a1.1"]
    assert found.left_out == 3


def test_what_does_not_fit_is_counted():
    items = [story("a1", 50, "flood")]
    found = pack(items, budget=200)

    assert 0 < len(found.passages) < 50
    assert found.left_out == 50 - len(found.passages)
    assert found.tokens <= 200


def test_the_passage_a_section_looks_for_is_in():
    items = [story("a1", 80, "flood")]

    assert "a1.63" in {p.id for p in pack(items, 150, queries=("63",)).passages}
    assert "a1.63" not in {p.id for p in pack(items, 150, queries=("1",)).passages}


def test_near_duplicates_are_passed_over_when_space_is_short():
    text = "The dam broke at noon and the valley was flooded within the hour"
    items = [an_item(f"a{n}", text) for n in range(1, 9)] + [story("a9", 3, "other")]
    found = pack(items, budget=300)

    assert sum(p.text == text for p in found.passages) == 1


def test_no_origin_crowds_out_the_others():
    copies = [story(f"a{n}", 30, f"wire{n}", origin="a1") for n in range(1, 6)]
    single = story("a9", 30, "independent")
    found = pack([*copies, single], budget=500, queries=())

    of_single = sum(p.item_key == "a9" for p in found.passages)
    assert of_single >= len(found.passages) / 4


def test_keys_are_ordered_as_numbers():
    items = [story(f"a{n}", 1, "x") for n in (10, 9)]

    assert [i.key for i in pack(items, 10_000).items] == ["a9", "a10"]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(60, 900))
def test_a_pack_never_exceeds_its_budget_and_loses_count_of_nothing(lengths, budget):
    items = [story(f"a{n}", length, f"topic{n}") for n, length in enumerate(lengths, start=1)]
    found = pack(items, budget)

    assert found.tokens <= budget
    assert len(found.passages) + found.left_out == sum(lengths)
    assert found == pack(items[::-1], budget)


def test_the_evidence_hash_changes_with_items_texts_and_origins_and_not_with_order():
    one, two = an_item("a1", "One."), an_item("a2", "Two.")
    same = evidence_hash([two, one])

    assert evidence_hash([one, two]) == same
    assert evidence_hash([one]) != same
    assert evidence_hash([one, an_item("a2", "Too.")]) != same
    assert evidence_hash([one, an_item("a2", "Two.", origin="a1")]) != same


REPAIRABLE = a_pack(
    an_item("a1", "\n".join(f"Sentence {n} is about nothing much." for n in range(1, 31))),
    an_item("a2", "The bell tolled twice.\nA goose flew over the mill."),
)


@pytest.mark.parametrize(
    ("check", "better", "shown"),
    [
        ("numbers", None, ["a1.9", "a1.10", "a1.11", "a2.2"]),
        ("numbers", "a1.30", ["a1.10", "a1.30"]),
        ("judge", "a1.10", ["a1.10"]),
        ("judge", None, ["a1.9", "a1.10", "a1.11", "a2.2"]),
        ("voice", None, ["a1.10"]),
    ],
)
def test_a_repair_is_shown_the_passages_that_its_failure_needs(check, better, shown):
    claim = Claim(text="A goose flew over.", id="x", cites=("a1.10", "zz"))
    failure = Failure(check=check, reason="No.", better=better)
    found = near(REPAIRABLE, [Repair(section="title", claim=claim, failures=(failure,))])
    assert [p.id for p in found.passages] == shown


def test_without_a_repair_no_passage_is_shown():
    assert near(REPAIRABLE, []).passages == ()


def test_of_texts_that_differ_in_few_of_many_words_only_one_is_taken():
    """One word of twenty more or less is the same sentence; four are another one."""
    words_of = [f"w{n}" for n in range(20)]
    texts = [
        " ".join(words_of),
        " ".join([*words_of[:19], "x"]),
        " ".join([*words_of[:16], *"yzuv"]),
    ]
    found = pack([an_item(f"a{n}", text) for n, text in enumerate(texts)], budget=140)
    assert [p.text for p in found.passages] == [texts[0], texts[2]]


def test_a_passage_that_needs_the_one_before_takes_it_along():
    text = (
        "The port of Leeds closed on Monday for all ferries.\n"
        "Ana Ruiz runs the port and its nine quays.\n"
        "She said that nobody had been told of the closure."
    )
    item = an_item("a1", text)
    room = 200
    for budget in range(0, room, 5):
        found = {p.id for p in pack([item], budget=budget, queries=("3",)).passages}
        assert "a1.3" not in found or "a1.2" in found
