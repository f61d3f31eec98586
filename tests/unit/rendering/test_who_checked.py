"""What each form of a page says of who checked it: judge, rules, or an editor who read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from rich.console import Console

from summarizer.domain.claims import CheckedClaim, Failure, JudgeVerdict, VerdictLabel
from summarizer.domain.drafts import Section
from summarizer.domain.page import Page
from summarizer.domain.reviews import Review, ReviewState
from summarizer.rendering import (
    render_html,
    render_json,
    render_jsonld,
    render_markdown,
    render_terminal,
)
from summarizer.rendering.document import document
from tests.support.builders import checked
from tests.support.pages import MAY_27, SPECS, a_page, article, key_of, pack

JUDGE = "claude-x (judge-1)"
REASON = "The second passage gives the same number."
FINDING = "The passages say twelve, not 12."
NEEDS = "In its own words: needs a model or a person to check."


def in_terminal(page: Page) -> str:
    file = io.StringIO()
    render_terminal(page, SPECS, Console(file=file, width=100))
    return file.getvalue()


def words(text: str) -> str:
    """The text of a form without tags, escapes and line breaks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\\", "").split())


Form = Callable[[Page], str]
FORMS: dict[str, Form] = {
    "json": lambda page: render_json(page, SPECS),
    "html": lambda page: render_html(page, SPECS),
    "markdown": lambda page: render_markdown(page, SPECS),
    "terminal": in_terminal,
}
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def showing(claim: CheckedClaim, **draft: Any) -> Page:
    section = Section(key=key_of("points"), shown=(claim,))
    return a_page(
        (section,), pack(article("a1", "Acme recalled twelve cars. It was Monday.")), **draft
    )


def overruled() -> CheckedClaim:
    """A sentence in which a check found something, and which the judge calls supported."""
    said = JudgeVerdict(label=VerdictLabel.SUPPORTED, reason=REASON, passages=("a1.2",), tokens=120)
    found = (Failure(check="numbers", reason=FINDING, start=14, end=16),)
    claim = checked("Acme recalled 12 cars.", "a1.1")
    verdict = claim.verdict.model_copy(update={"judge": said, "overruled": found})
    return claim.model_copy(update={"verdict": verdict})


def own(**fields: Any) -> CheckedClaim:
    """A sentence that no rule carries and no judge was asked about."""
    claim = checked("A dozen vehicles went back to Acme.", "a1.1", label=VerdictLabel.UNCHECKED)
    return claim.model_copy(update=fields)


def read_by_kim(page: Page) -> Page:
    ids = tuple(c.id for s in page.draft.sections for c in s.shown)
    review = Review(state=ReviewState.APPROVED, revision=3, by="Kim", at=MAY_27, read=ids)
    return page.model_copy(update={"review": review})


@pytest.mark.parametrize(
    ("judge", "by"),
    [(JUDGE, "Checked by a model and by rules."), (None, "Checked by rules only.")],
)
@pytest.mark.parametrize("form", [*FORMS.values(), lambda page: render_jsonld(page, SPECS)])
def test_every_form_says_who_checked_the_page(form: Form, judge: str | None, by: str) -> None:
    assert by in words(form(showing(overruled(), judge=judge)))


@each_form
def test_the_provenance_names_the_model_of_the_judge(form: Form) -> None:
    assert JUDGE in words(form(showing(overruled(), judge=JUDGE)))


@pytest.mark.parametrize("form", [FORMS["json"], FORMS["html"]])
def test_where_judge_and_checks_disagree_both_opinions_stand(form: Form) -> None:
    text = words(form(showing(overruled(), judge=JUDGE)))
    assert REASON in text
    assert FINDING in text


def test_the_finding_stands_below_the_judges_verdict() -> None:
    text = words(FORMS["html"](showing(overruled(), judge=JUDGE)))
    said, had_said = f"Judge: supported. {REASON}", f"The checks had said: numbers: {FINDING}"
    assert 0 < text.index(said) < text.index(had_said)


def test_the_document_holds_verdict_passages_and_tokens() -> None:
    doc = document(showing(overruled(), judge=JUDGE), SPECS)
    (claim,) = (claim for section in doc.sections for claim in section.claims)
    said = claim.verdict.judge
    assert said is not None
    assert [(c.number, c.passage) for c in said.passages] == [(2, "a1.2")]
    assert (said.label, said.reason, said.tokens) == (VerdictLabel.SUPPORTED, REASON, 120)
    (found,) = claim.verdict.overruled
    assert (found.check, found.start, found.end) == ("numbers", 14, 16)
    assert claim.verdict.failures == ()


@each_form
def test_a_sentence_in_its_own_words_says_who_must_check_it(form: Form) -> None:
    text = words(form(showing(own())))
    assert NEEDS in text
    assert "1 shown in their own words" in text or '"in_own_words": 1' in text


@each_form
def test_a_sentence_that_an_editor_read_says_who_and_when(form: Form) -> None:
    text = words(form(read_by_kim(showing(own()))))
    assert NEEDS not in text
    assert "In its own words: read by Kim on May 27, 2026." in text
    assert "approved by Kim on May 27, 2026, who read 1 sentence beside the sources." in text


@each_form
def test_an_approval_over_an_obstacle_says_so(form: Form) -> None:
    page = read_by_kim(showing(own()))
    overriding = page.review.model_copy(update={"override": "They declined by phone."})
    text = words(form(page.model_copy(update={"review": overriding})))
    assert "approved by Kim on May 27, 2026, although something stood against it" in text


def test_the_reading_of_another_revision_says_nothing_of_this_one() -> None:
    page = read_by_kim(showing(own()))
    newer = page.draft.model_copy(update={"revision": 4})
    assert NEEDS in words(render_markdown(page.model_copy(update={"draft": newer}), SPECS))


@pytest.mark.parametrize(
    ("claim", "needs", "tagged"),
    [
        (own(), True, True),
        (own(edited_by="Kim"), False, False),
        (overruled(), False, False),
        (checked("Acme recalled twelve cars.", "a1.1"), False, False),
    ],
)
@each_form
def test_only_what_nobody_vouches_for_is_marked(
    form: Form, claim: CheckedClaim, needs: bool, tagged: bool
) -> None:
    page = showing(claim)
    assert (NEEDS in words(form(page))) is needs
    assert ("*not checked:*" in render_markdown(page, SPECS)) is tagged
