"""What is planted where two sources tell one fact, and what the suite makes of the answer."""

from __future__ import annotations

import json
import math
from pathlib import Path
from random import Random

import pytest

from evals.framework.results import Outcome
from evals.suites.conflicts.pairs import Twins, found_in, planted, reworded, values
from evals.suites.conflicts.suite import DisagreementsSuite, judge_pack, measure_disagreements
from summarizer.domain.evidence import EvidencePack
from tests.support.builders import NOON, a_pack, an_item, hours

FERRY = "Halden Line cancelled 14 crossings after a strike of its crews in Orrin."
ALSO = "After a strike of its crews in Orrin, Halden Line has cancelled 14 crossings, it said."
SPOKE = "Mara Vell, the harbour master, said that 14 crossings were cancelled."


def pack(*texts: str, origins: str = "") -> EvidencePack:
    """An item a sentence, an hour apart; ``origins`` names the origin of each by a letter."""
    keys = [f"a{n}" for n in range(1, len(texts) + 1)]
    return a_pack(
        *(
            an_item(
                key, text, published_at=NOON + hours(n), origin=f"o{origins[n]}" if origins else key
            )
            for n, (key, text) in enumerate(zip(keys, texts, strict=True))
        )
    )


def twins(*texts: str, origins: str = "") -> list[Twins]:
    return found_in(pack(*texts, origins=origins), Random(0))


def test_two_origins_that_tell_one_figure_are_twins_and_get_another() -> None:
    evidence = pack(FERRY, ALSO)
    (pair,) = [t for t in found_in(evidence, Random(0)) if t.kind == "number"]
    assert pair.band in ("close", "copied")
    different = planted(pair, evidence, Random(0))
    assert different is not None
    at = different.second
    changed = different.other.text[at.start : at.end]
    assert changed != "14" and changed not in FERRY + ALSO
    assert different.other.text == ALSO.replace("14", changed)
    assert different.other.passage.text == ALSO.replace("14", changed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FERRY, ALSO.replace("14", "15")),
        (FERRY, ALSO.replace("14 crossings", "14 trams")),
        (FERRY, "The town of Aldermoor closed its library for 14 crossings of the road."),
        (f"{FERRY} Call 020 3353 3857.", "Call 020 3353 3857 or write to crews@halden.example."),
    ],
)
def test_other_facts_and_contact_lines_are_no_twins(one: str, other: str) -> None:
    assert [t for t in twins(one, other) if t.kind == "number"] == []


def test_copies_of_one_origin_are_no_twins() -> None:
    assert twins(FERRY, ALSO, origins="aa") == []
    assert twins(FERRY, ALSO, origins="ab") != []


def test_a_day_of_saying_and_what_is_quoted_are_no_values() -> None:
    people = frozenset({"Mara Vell"})
    kinds = [v.kind for v in values(f"On Friday {SPOKE}", people)]
    assert kinds == ["number", "date", "who"]
    assert [v.kind for v in values(f"{SPOKE[:-1]}, she said on Friday.", people)] == [
        "number",
        "who",
    ]
    assert values("“Crews want 14 crossings on Friday,” she said.", people) == []


def test_a_sentence_is_told_once_more_in_other_words_by_another_origin() -> None:
    evidence = pack("Halden Line bought Orrin Ferries for 2 million crowns, a rival said.", FERRY)
    again = reworded(evidence, Random(0))
    assert {pair.band for pair in again} <= {"reworded"}
    for pair in again:
        assert pair.other.item.origin not in {item.origin for item in evidence.items}
        assert pair.other.text != pair.one.text and pair.way


def by_group(evidence: EvidencePack) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in judge_pack(evidence, "story"):
        found.setdefault(outcome.group, []).append(outcome)
    return found


def test_a_planted_figure_that_the_page_shows_counts_as_found() -> None:
    found = by_group(pack(FERRY, ALSO))
    assert [o.values["found"] for o in found["number"]] == [1.0]
    assert [o.values["alarm"] for o in found["untouched"]] == [0.0]


def test_a_planted_figure_that_no_page_shows_is_there_to_be_read() -> None:
    loose = "Fourteen was too few for some, but Halden Line, hit by strikes, cut 14 crossings."
    missed = [o for o in by_group(pack(FERRY, loose))["number"] if o.values["found"] == 0.0]
    assert missed and all(o.note and FERRY in o.note for o in missed)


def test_what_differs_in_the_sources_themselves_is_listed_to_be_read() -> None:
    (untouched,) = by_group(pack(FERRY, ALSO.replace("14", "15")))["untouched"]
    assert untouched.values["alarm"] == 1.0
    assert untouched.note and "14: " in untouched.note and "15: " in untouched.note


def test_the_same_seed_plants_the_same() -> None:
    assert judge_pack(pack(FERRY, ALSO), "k", 3) == judge_pack(pack(FERRY, ALSO), "k", 3)


def test_shares_are_of_what_was_planted_and_nothing_stands_for_none() -> None:
    found = measure_disagreements(judge_pack(pack(FERRY, ALSO), "story"))
    assert found["recall"] == 1.0 and found["found in untouched stories"] == 0.0
    assert math.isnan(found["recall, loose"])


def test_stories_of_one_item_are_passed_over(tmp_path: Path) -> None:
    rows = [
        {"text": FERRY, "story": "ferry"},
        {"text": ALSO, "story": "ferry"},
        {"text": "A tram left the rails in Orrin on Friday.", "story": "tram"},
    ]
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    suite = DisagreementsSuite([path])
    (task,) = suite.tasks()
    groups = {outcome.group for outcome in task.judge()}
    assert {"number", "untouched"} <= groups
    assert suite.figures(task.judge())[0].bars[0].value == 1.0
