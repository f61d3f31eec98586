"""Citations, quotations and claims that were withheld wrongly."""

from __future__ import annotations

import pytest

from evals.suites.drafting import (
    citations,
)
from summarizer.domain.claims import Kind
from tests.evals.drafting.drafts import CALM, RECALL, a_draft, claim, withheld


@pytest.mark.parametrize(
    ("cites", "recall", "precision"),
    [
        (("a1.1",), 1, 1),
        (("a1.1", "a1.3"), 1, 1 / 2),
        (("a1.3",), 0, 0),
        ((), 0, None),
        (("a9.9",), 0, 0),
    ],
)
def test_a_citation_counts_when_the_claim_needs_it(
    cites: tuple[str, ...], recall: float, precision: float | None
) -> None:
    found = a_draft(claim(RECALL, *cites))
    assert citations.citation_recall(found) == recall
    assert citations.citation_precision(found) == precision


def test_two_citations_that_only_support_a_claim_together_are_both_precise() -> None:
    both = f"{RECALL} {CALM}"
    assert citations.citation_precision(a_draft(claim(both, "a1.1", "a1.3"))) == 1


def test_an_analogy_needs_no_citation_that_supports_it() -> None:
    found = a_draft(claim("It is as if a kettle bit.", "a1.1", kind=Kind.ANALOGY))
    assert citations.citation_recall(found) is None


@pytest.mark.parametrize(
    ("text", "cites", "exact"),
    [
        ('Quill said: "We are sorry for the fires."', ("a1.2",), 1),
        ('Quill said: "We are glad of the fires."', ("a1.2",), 0),
        ('Quill said: "We are sorry for the fires."', ("a1.3",), 0),
        ("Quill is sorry.", ("a1.2",), None),
    ],
)
def test_a_quotation_is_exact_when_what_is_cited_has_its_words(
    text: str, cites: tuple[str, ...], exact: float | None
) -> None:
    assert citations.quote_exactness(a_draft(claim(text, *cites))) == exact


def test_a_quotation_that_was_withheld_counts_too() -> None:
    away = [withheld(claim('Quill said: "We are glad."', "a1.2"), "quotes")]
    assert citations.inexact_quotes(a_draft(away=away)) == ["We are glad."]


@pytest.mark.parametrize(
    ("text", "check", "rate"),
    [
        (RECALL, "numbers", 1),
        (RECALL, "entailment", 1),
        (RECALL, "readable", 0),
        ("The maker recalled 40 lamps", "numbers", None),
        ("The maker recalled 50 lamps on Monday.", "numbers", None),
    ],
)
def test_a_whole_sentence_of_its_passage_is_withheld_wrongly(
    text: str, check: str, rate: float | None
) -> None:
    found = a_draft(away=[withheld(claim(text, "a1.1"), check)])
    assert citations.false_withheld(found) == rate
    assert citations.wrongly_withheld(found) == ([text] if rate else [])
