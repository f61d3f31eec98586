"""Facts that independent origins agree on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from evals.suites.drafting import (
    agreement,
)
from summarizer.domain.evidence import EvidencePack
from tests.evals.drafting.drafts import OTHER, RECALL, TWICE, a_draft, claim, withheld
from tests.support.builders import a_pack, an_item


def of_two(second: str, **fields: Any) -> EvidencePack:
    return a_pack(an_item("a1", RECALL), an_item("a2", second, **fields))


@pytest.mark.parametrize(
    ("second", "fields", "agreed"),
    [
        (TWICE, {}, 1),
        (OTHER, {}, 0),
        (TWICE, {"origin": "a1"}, 0),
        ("Fire.", {}, 0),
    ],
)
def test_a_fact_is_what_independent_origins_say(
    second: str, fields: Mapping[str, Any], agreed: int
) -> None:
    found = a_draft(claim(RECALL, "a1.1"), pack=of_two(second, **fields))
    assert len(agreement.facts(found)) == agreed


@pytest.mark.parametrize(("text", "told"), [(TWICE, 1), (RECALL, 1), (OTHER, 0)])
def test_a_fact_is_covered_when_a_shown_claim_holds_it(text: str, told: float) -> None:
    assert agreement.coverage(a_draft(claim(text, "a1.1"), pack=of_two(TWICE))) == told


def test_a_fact_in_a_withheld_claim_is_not_told() -> None:
    found = a_draft(pack=of_two(TWICE), away=[withheld(claim(RECALL, "a1.1"), "numbers")])
    assert agreement.coverage(found) == 0


def test_where_nothing_is_agreed_there_is_no_coverage() -> None:
    assert agreement.coverage(a_draft(claim(RECALL, "a1.1"), pack=of_two(OTHER))) is None


def test_three_origins_with_one_fact_make_one_fact() -> None:
    pack = a_pack(an_item("a1", RECALL), an_item("a2", TWICE), an_item("a3", RECALL))
    assert len(agreement.facts(a_draft(pack=pack))) == 1


def test_dates_alone_are_no_fact() -> None:
    pack = a_pack(
        an_item("a1", "18 June 2026, 10:02 UTC"), an_item("a2", "18 June 2026, 10:02 UTC")
    )
    assert agreement.facts(a_draft(pack=pack)) == []
