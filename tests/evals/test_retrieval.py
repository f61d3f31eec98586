"""What the retrieval suite takes for needed, and what it counts as found."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.suites import retrieval
from evals.suites.retrieval import BUDGETS, FLOOR, MEASURES, Labelled, RetrievalSuite, Search
from summarizer import settings
from summarizer.domain.items import ItemKey
from summarizer.errors import InputError
from summarizer.ports.models import Vectors
from tests.support.builders import an_item, lines

LONG = "A zebra dozed while the people of the village went about their chores in the afternoon."


class Lettered:
    """An embedder for which texts are alike when they share rare letters."""

    name = "lettered"

    def embed(self, texts: Sequence[str]) -> Vectors:
        found = np.array([[text.lower().count(c) + 1e-3 for c in "qxzj"] for text in texts])
        scaled: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
        return scaled


def filler(n: int) -> str:
    """A sentence that shares no word with any other."""
    return " ".join(
        f"{word}{n}" for word in ["alder", "birch", "cedar", "elder", "hornbeam", "maple", "oak"]
    )


def a_source(*needed: str, before: int) -> str:
    return "\n".join([filler(n) for n in range(before)] + list(needed))


def a_row(source: str, supporting: Sequence[Sequence[int]], claim: str = "x") -> dict[str, Any]:
    return {"id": "r", "claim": claim, "source_text": source, "meta": {"supporting": supporting}}


def a_file(path: Path, *rows: Mapping[str, Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def labelled(source: str, *supporting: frozenset[int], claim: str = "zzz") -> Labelled:
    return Labelled(id="r", claim=claim, source=source, supporting=supporting)


# --- What is needed ----------------------------------------------------------------------------


def test_a_line_needs_all_passages_that_it_was_cut_into() -> None:
    source = "One lamp burned.\nTwo fell. Three were sold.\n\nFour stood."
    found = retrieval.search_of(labelled(source, frozenset({1}), frozenset({0, 3})))
    assert found.needs == [(frozenset({"a1.2", "a1.3"}), frozenset({"a1.1", "a1.4"}))]
    assert found.queries == ["zzz"]


def test_a_claim_that_nothing_supports_needs_nothing() -> None:
    assert retrieval.search_of(labelled("One lamp burned.")).needs == []


def test_only_blank_lines_need_nothing() -> None:
    assert retrieval.search_of(labelled("One.\n\nTwo.", frozenset({1}))).needs == []


# --- What is found -----------------------------------------------------------------------------


def held(found: Search) -> dict[str, float | None]:
    return retrieval.values_of(found, Lettered())


def test_what_the_query_asks_for_is_found_at_the_end_and_without_it_is_not() -> None:
    row = labelled(a_source(LONG, before=60), frozenset({60}), claim="zz")
    values = held(retrieval.search_of(row))
    least = BUDGETS[0]
    assert values[f"recall at {least}"] == 1
    assert values[f"{FLOOR}recall at {least}"] == 0


def test_half_of_what_is_needed_makes_no_claim_whole() -> None:
    row = labelled(a_source(LONG, before=60), frozenset({0, 60}), claim="x")
    values = held(retrieval.search_of(row))
    floor = f"{FLOOR}{{}} at {BUDGETS[0]}"
    assert values[floor.format("recall")] == 1 / 2
    assert values[floor.format("claims whole")] == 0


def test_the_set_of_which_most_is_held_counts() -> None:
    row = labelled(a_source(LONG, before=60), frozenset({60}), frozenset({0}), claim="x")
    assert held(retrieval.search_of(row))[f"{FLOOR}claims whole at {BUDGETS[0]}"] == 1


def test_a_larger_budget_holds_everything() -> None:
    row = labelled(a_source(LONG, before=20), frozenset({20}), claim="x")
    assert held(retrieval.search_of(row))[f"{FLOOR}recall at {BUDGETS[-1]}"] == 1


def test_a_near_duplicate_of_what_is_needed_will_do() -> None:
    words = "The brass lamp of the north pier burned down in the night of the great storm"
    rest = [filler(n) for n in range(60)]
    items = [
        an_item("a1", "\n".join([f"{words}.", *rest])),
        an_item("a2", f"{words}!"),
    ]
    passages = [passage for item in items for passage in lines(item)]
    both = Search(items, passages, [], [(frozenset({"a1.1"}),), (frozenset({"a2.1"}),)])
    assert held(both)[f"recall at {BUDGETS[0]}"] == 1


# --- Rows and the suite ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"claim": "x", "source_text": "y"}, "meta.supporting"),
        ({"claim": "x", "source_text": "y", "meta": {"supporting": [["a"]]}}, "meta.supporting"),
        ({"claim": "x", "source_text": "y", "meta": {"supporting": [[1]]}}, "lacks"),
        ({"claim": "x", "source_text": "y", "meta": {"supporting": [[-1]]}}, "lacks"),
    ],
)
def test_a_row_without_usable_labels_is_refused(
    tmp_path: Path, row: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        retrieval.read(a_file(tmp_path / "a.jsonl", row))


def test_a_claim_without_support_is_an_outcome_that_could_not_be_judged(tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.jsonl", a_row("One lamp burned.", [[]]))
    (task,) = RetrievalSuite([path], Lettered(), settings.load()).tasks()
    (outcome,) = task.judge()
    assert set(outcome.values) == set(MEASURES)
    assert set(outcome.values.values()) == {None}
    assert all(map(math.isnan, retrieval.measure_retrieval([outcome]).values()))


def test_a_short_source_fits_whole(tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.jsonl", a_row("One lamp burned.", [[0]]))
    suite = RetrievalSuite([path], Lettered(), settings.load())
    outcomes = [outcome for task in suite.tasks() for outcome in task.judge()]
    assert set(retrieval.measure_retrieval(outcomes).values()) == {1.0}
    (figure,) = suite.figures(outcomes)
    assert len(figure.bars) == 2 * len(BUDGETS)


def test_of_a_story_what_its_whole_draft_cites_is_needed(tmp_path: Path) -> None:
    story = {
        "items": [
            {"text": "Brightwell recalled 40 lamps on Monday after two of them caught fire."},
            {"text": "Mara Quill said that Brightwell was sorry for the fires."},
        ]
    }
    path = a_file(tmp_path / "a.jsonl", story)
    suite = RetrievalSuite([path], Lettered(), settings.load())
    (outcome,) = (outcome for task in suite.tasks() for outcome in task.judge())
    assert outcome.values[f"claims whole at {BUDGETS[0]}"] == 1
    assert (outcome.place, outcome.cluster) == ("a:1", outcome.key)


def test_keys_of_passages_are_those_of_the_one_item() -> None:
    found = retrieval.search_of(labelled("One lamp burned.", frozenset({0})))
    assert {passage.item_key for passage in found.passages} == {ItemKey("a1")}
