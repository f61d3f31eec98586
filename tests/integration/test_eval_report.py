"""The report of an eval run in a browser: its claims are sorted and filtered on the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evals.framework import report
from evals.framework.records import JudgedClaim, Record
from evals.framework.results import Outcome, Run
from summarizer.domain.claims import Failure, Verdict, VerdictLabel
from tests.support.browser import against_wcag, looks, tab
from tests.support.browser import browser as browser
from tests.support.builders import NOON

CLAIMS = (
    ("Alpha was fined.", 0.9, 0, "numbers", "sides"),
    ("Bravo was sued.", 0.1, 1, "names", "timeline"),
    ("Charlie resigned.", 0.7, 1, "numbers", "timeline"),
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Where the report of a run of three claims is."""
    made = []
    for n, (text, score, label, check, section) in enumerate(CLAIMS):
        failure = Failure(check=check, reason=f"Reason {n}.")
        verdict = Verdict(label=VerdictLabel.PARTLY, score=score, failures=(failure,))
        claim = JudgedClaim(
            claim=text, sources=(("1", f"Source {n}."),), label=label, verdict=verdict,
            accepted=score > 0.5, section=section,
        )  # fmt: skip
        made.append(Record(key=str(n), claim=claim))
    outcomes = tuple(Outcome(key=one.key, cluster="c", group="g", values={}) for one in made)
    run = Run(
        suite="verifier", created_at=NOON, version={}, inputs=(), measured=(), seconds=1,
        peak_memory_mib=1, outcomes=outcomes,
    )  # fmt: skip
    file = tmp_path / "report.html"
    file.write_text(report.html(run, records=made), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with tab(browser, address) as opened:
        opened.goto(address)
        yield opened


def texts(page: Page) -> list[str]:
    return page.locator(".claims tbody tr:visible .claim > bdi").all_inner_texts()


def test_claims_are_sorted_by_a_column_and_back(page: Page) -> None:
    assert texts(page) == ["Alpha was fined.", "Bravo was sued.", "Charlie resigned."]
    score = page.get_by_role("button", name="Score")
    score.click()
    assert [text.split()[0] for text in texts(page)] == ["Bravo", "Charlie", "Alpha"]
    expect(page.get_by_role("columnheader", name="Score")).to_have_attribute(
        "aria-sort", "ascending"
    )
    score.click()
    assert [text.split()[0] for text in texts(page)] == ["Alpha", "Charlie", "Bravo"]
    page.get_by_role("button", name="Result").click()
    assert [text.split()[0] for text in texts(page)] == ["Alpha", "Bravo", "Charlie"]


def test_claims_are_filtered_by_check_section_label_and_words_together(page: Page) -> None:
    page.locator("select[name=check]").select_option("numbers")
    assert texts(page) == ["Alpha was fined.", "Charlie resigned."]
    page.locator("select[name=section]").select_option("timeline")
    assert texts(page) == ["Charlie resigned."]
    page.locator("select[name=check]").select_option("any")
    page.locator("select[name=section]").select_option("any")
    page.get_by_label("Text").fill("source 1 SUED")
    assert texts(page) == ["Bravo was sued."]
    expect(page.get_by_role("status")).to_have_text("1 of 3 shown")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_everybody_can_use_it_at_any_width(
    browser: Browser, address: str, scheme: str, width: int
) -> None:
    with tab(browser, address, **looks(scheme, width)) as opened:
        opened.goto(address)
        assert against_wcag(opened) == []


def test_without_a_script_every_claim_stands_there(browser: Browser, address: str) -> None:
    with tab(browser, address, java_script_enabled=False) as opened:
        opened.goto(address)
        assert len(texts(opened)) == len(CLAIMS)
        expect(opened.get_by_label("Text")).to_be_hidden()
