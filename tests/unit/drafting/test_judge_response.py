"""Verdicts and findings on the page, read from a judge's answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import Claim, Kind
from summarizer.domain.findings import PageFault, PageFinding
from summarizer.drafting import judge_response, prompts
from summarizer.errors import SchemaError
from tests.support.builders import a_pack

IDS = ("x", "y", "z")
KNOWN = ("a1.1", "a2.3")
FINE = {"finding": "repeated", "claims": [1, 3], "reason": "Both tell it.", "passage": "a2.3"}


def answer(findings: Any) -> str:
    verdicts = [{"claim": n, "verdict": "supported"} for n in (1, 2, 3)]
    return json.dumps({"verdicts": verdicts, "findings": findings})


def read(findings: Any) -> tuple[PageFinding, ...]:
    return judge_response.read_findings(answer(findings), IDS, KNOWN)


def test_a_finding_names_its_sentences_by_id_with_reason_and_passage():
    assert read([FINE]) == (
        PageFinding(
            fault=PageFault.REPEATED, claims=("x", "z"), reason="Both tell it.", passage="a2.3"
        ),
    )


def test_an_answer_without_findings_is_fine():
    text = '{"verdicts": [{"claim": 1, "verdict": "supported"}]}'
    assert judge_response.read_findings(text, IDS, KNOWN) == ()


@pytest.mark.parametrize(
    ("entry", "claims"),
    [
        (FINE | {"finding": " Repeated "}, ("x", "z")),
        (FINE | {"finding": "does not stand alone", "claims": 2}, ("y",)),
        (FINE | {"claims": ["1", "2", "1"]}, ("x", "y")),
        ({"finding": "side_missing"}, ()),
        ({"finding": "side_missing", "claims": []}, ()),
        (FINE | {"passage": "[a9.9]", "reason": None}, ("x", "z")),
        (FINE | {"passage": "[a1.1], a2.3", "severity": 9}, ("x", "z")),
    ],
)
def test_what_can_be_understood_is_read(entry, claims):
    (found,) = read([entry])
    assert found.claims == claims
    assert found.passage in (None, *KNOWN)


@pytest.mark.parametrize(
    "findings",
    [
        None,
        "repeated",
        {"finding": "repeated"},
        [None, 7, [], "repeated", {}],
        [FINE | {"finding": "libel"}],
        [FINE | {"claims": [0, 1]}],
        [FINE | {"claims": [1, 4]}],
        [FINE | {"claims": [1, 10**30]}],
        [FINE | {"claims": [1]}],
        [FINE | {"claims": [1, 1]}],
        [FINE | {"claims": [True, 2]}],
        [FINE | {"claims": [1.0, 2]}],
        [FINE | {"claims": {"1": 2}}],
        [{"finding": "superseded_value", "claims": []}],
    ],
)
def test_what_cannot_be_understood_or_names_other_sentences_is_dropped(findings):
    assert read([*findings] if isinstance(findings, list) else findings) == ()


def test_findings_are_few_short_and_each_once():
    many = [FINE | {"reason": f"{n} " + "word " * 500} for n in range(90)]
    found = read([FINE, FINE, *many])
    assert len(found) == judge_response.MOST_FINDINGS
    assert len({f.reason for f in found}) == len(found)
    assert max(len(f.reason) for f in found) <= judge_response.MOST_REASON


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)


@given(JSON, st.lists(st.dictionaries(st.sampled_from(list(FINE)), JSON), max_size=4))
def test_no_findings_break_the_reading(whole, entries):
    for found in (*read(whole), *read(entries)):
        assert set(found.claims) <= set(IDS)


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_is_shown_only_where_the_judge_has_a_rule_for_it(kind):
    claims = [Claim(text="x", id="x", kind=kind)]
    shown = json.loads(judge_response.describe(a_pack(), claims, {}))
    assert (shown.get("kind") == kind) is (f"`{kind}`" in prompts.load().judge.text)


def test_a_page_is_told_by_section_with_the_numbers_of_the_judged_sentences():
    claims = [Claim(text=text, id=text) for text in (*IDS, "u", "v")]
    page = {"title": ["x"], "sides": ["unjudged", "y", "z", "v"], "forecast": []}
    told = judge_response.describe_page(claims, page)
    assert "title 1; sides 2–3, 5. Judge the page" in told


def test_the_rules_show_the_form_that_is_read():
    text = prompts.load().judge.text
    start = text.index('{"verdicts"')
    shown = text[start : text.index("\n", start)]
    assert judge_response.read_verdicts(shown, ["one"])["one"].reason == "…"
    assert [fault for fault in PageFault if f"`{fault}`" not in text] == []
    with pytest.raises(SchemaError, match="The form is"):
        judge_response.read_verdicts('{"verdicts": 1}', ["one"])
