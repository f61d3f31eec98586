"""Who wrote and who checked a page, said per section."""

import pytest

from summarizer.domain.claims import JudgeVerdict, VerdictLabel
from summarizer.domain.drafts import RECORDED, Section
from summarizer.rendering.document import document
from tests.support.builders import checked
from tests.support.pages import SPECS, VERSION, a_page, article, pack

POINTS, SIDES = (s.key for s in SPECS if s.row.layout in ("points", "sides"))
END = " Revision 3, not reviewed by an editor yet."
EXTRACT = "assembled from source sentences without a model (extractive)"
JUDGED = JudgeVerdict(label=VerdictLabel.SUPPORTED)


def a_section(key, *, judged=False, written_by=None, **fields):
    claim = checked("One.", "a1.1")
    if judged:
        verdict = claim.verdict.model_copy(update={"judge": JUDGED})
        claim = claim.model_copy(update={"verdict": verdict})
    if written_by:
        claim = claim.model_copy(update={"edited_by": written_by})
        fields["edited_by"] = written_by
    return Section(key=key, shown=(claim,), **fields)


def by_model(key, model="claude-x", judge=None, **fields):
    return a_section(key, drafter="anthropic", model=model, judge=judge, **fields)


def by_rules(key, **fields):
    return a_section(key, drafter="extractive", **fields)


def disclosure(*sections, **draft):
    page = a_page(sections, pack(article("a1", "One.")), **draft)
    return document(page, SPECS).disclosure.removesuffix(END)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        (
            (by_model(POINTS), by_model(SIDES)),
            "AI-drafted: drafted by claude-x. Checked by rules only.",
        ),
        (
            (by_model(POINTS, judge="claude-y"), by_model(SIDES, judge="claude-y")),
            "AI-drafted: drafted by claude-x. Checked by a model and by rules.",
        ),
        (
            (by_rules(POINTS), by_rules(SIDES)),
            "Assembled from source sentences without a model (extractive). Checked by rules only.",
        ),
        (
            (by_model(POINTS, judge="claude-y"), by_rules(SIDES)),
            "AI-drafted in part: Key points drafted by claude-x, checked by a model and by rules; "
            f"Sides {EXTRACT}, checked by rules only.",
        ),
        (
            (by_model(POINTS), by_rules(SIDES, written_by="Kim")),
            "AI-drafted in part: Key points drafted by claude-x, checked by rules only; "
            "Sides written by Kim, checked by rules only.",
        ),
        (
            (by_model(POINTS, model="claude-w"), by_model(SIDES, edited_by="Kim")),
            "AI-drafted: Key points drafted by claude-w, checked by rules only; "
            "Sides drafted by claude-x, edited by Kim, checked by rules only.",
        ),
        (
            (
                by_model(POINTS, model=RECORDED, judge=f"{RECORDED}, prompt 3-1a2b3c"),
                by_model(SIDES, model=RECORDED, judge=f"{RECORDED}, prompt 3-1a2b3c"),
            ),
            "Replayed: the answers were recorded once, and no model was asked for this page. "
            "Drafted from recorded answers. Checked by recorded verdicts and by rules.",
        ),
    ],
)
def test_each_group_of_sections_says_who_wrote_and_who_checked_it(sections, said):
    assert disclosure(*sections) == said


@pytest.mark.parametrize(
    ("section", "draft", "expected"),
    [
        ({"prompt_version": VERSION}, {"model": "claude-x"}, ("claude-x", None)),
        ({"prompt_version": VERSION, "judged": True}, {"model": "m", "judge": "j"}, ("m", "j")),
        ({"judged": True}, {"judge": "j"}, (None, "j")),
        ({}, {"model": "claude-x", "judge": "j"}, (None, None)),
        ({"prompt_version": VERSION}, {}, ("a model whose name was not kept", None)),
    ],
)
def test_a_section_stored_before_it_named_its_makers_is_told_by_its_prompt(
    section, draft, expected
):
    page = a_page((a_section(POINTS, **section),), pack(article("a1", "One.")), **draft)
    shown = next(s for s in document(page, SPECS).sections if s.key == POINTS)
    assert (shown.model, shown.judge) == expected


def test_a_kept_section_names_its_own_drafter_on_a_page_by_another():
    page = a_page(
        (by_model(POINTS, edited_by="Kim"), by_rules(SIDES)),
        pack(article("a1", "One.")),
        drafter="extractive",
    )
    told = document(page, SPECS).disclosure
    assert told.startswith("AI-drafted in part: Key points drafted by claude-x, edited by Kim")


@pytest.mark.parametrize("judged", [True, False])
def test_a_fresh_section_names_the_judge_only_if_it_judged_a_sentence(judged):
    section = a_section(POINTS, judged=judged).made_by("anthropic", "claude-x", "claude-y")
    assert (section.drafter, section.model) == ("anthropic", "claude-x")
    assert section.judge == ("claude-y" if judged else None)
