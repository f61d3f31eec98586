"""Plans of calls, the form of an answer, and how it becomes sections."""

import contextlib
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import Claim, DateBasis, Failure, Kind, Position, Stance
from summarizer.domain.drafts import Repair
from summarizer.domain.sections import ROWS
from summarizer.drafting import prompts, response
from summarizer.drafting.response import Answer, AnswerClaim
from summarizer.errors import SchemaError

FIRST, SECOND, *_ = ROWS
VERSIONS = dict.fromkeys(ROWS, "1-abc")


def a_claim(text: str = "It rained.", **fields: Any) -> dict[str, Any]:
    return {"cites": ["a1.1"], "kind": "fact", "text": text} | fields


def an_answer(**sections: list[dict[str, Any]]) -> dict[str, Any]:
    return {"sections": [{"key": key, "claims": claims} for key, claims in sections.items()]}


def a_repair(text: str = "It snowed.", **fields: Any) -> Repair:
    failure = Failure(check="numbers", reason="The passage says </item> 3.", better="a1.2")
    return Repair(section=FIRST, claim=Claim(text=text, **fields), failures=(failure,))


# --- Plans -----------------------------------------------------------------------------------


SPECS = prompts.load().specs()


def test_the_single_plan_is_one_call_for_all_sections():
    assert response.plan_calls("single", SPECS, 4) == (SPECS,)


@given(st.integers(1, 12), st.lists(st.sampled_from(SPECS), unique_by=lambda s: s.key, min_size=1))
def test_the_parallel_plan_warms_the_cache_then_asks_for_two_sections_a_call(slots, sections):
    first, *others = response.plan_calls("parallel", sections, slots)
    assert first == (sections[0],)
    left = len(sections) - 1
    assert len(others) == min(slots, left // 2 or left)
    assert all(others)
    asked = [spec.key for call in (first, *others) for spec in call]
    assert sorted(asked) == sorted(spec.key for spec in sections)


def test_parallel_calls_are_about_as_long_as_the_longest_section():
    _, *others = response.plan_calls("parallel", SPECS, 4)
    sizes = [sum(spec.limits.max_claims for spec in call) for call in others]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] <= 1.5 * max(spec.limits.max_claims for spec in SPECS)


@pytest.mark.parametrize("plan", ["single", "parallel"])
def test_no_sections_need_no_call(plan):
    assert response.plan_calls(plan, [], 4) == ()


# --- Form --------------------------------------------------------------------------------------


def test_a_drafter_fills_every_field_of_a_claim_but_its_id():
    assert {"id", *AnswerClaim.model_fields} == set(Claim.model_fields)


def test_fields_that_nobody_asked_for_are_ignored():
    claim = a_claim(confidence=1) | {"id": "x"}
    text = json.dumps({"sections": [{"key": FIRST, "claims": [claim], "note": ""}], "verdicts": 1})
    (found,) = response.read_answer(text, [FIRST]).claims(FIRST)
    assert found == Claim(text="It rained.", cites=("a1.1",))


def test_the_prompts_name_every_field_and_every_value_that_a_claim_can_have():
    loaded = prompts.load()
    words = "\n".join((*loaded.shared.values(), *(p.text for p in loaded.sections.values())))
    fields = [name for name in AnswerClaim.model_fields if f"`{name}`" not in words]
    assert fields == []
    assert [kind for kind in Kind if f"`{kind}`" not in words] == []
    assert [v for v in (*Position, *DateBasis) if f'"{v}"' not in words] == []


# --- Finding and validating an answer --------------------------------------------------------

PLAIN = json.dumps(an_answer(**{FIRST: [a_claim()]}))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"```json\n{PLAIN}\n```",
        f"Here is the draft you asked for:\n\n{PLAIN}",
        f"{PLAIN}\n\nI kept to the sources. {{Really}}",
        f"<think>Sections: {{title}} or {{}}?</think>{PLAIN}",
        f"\ufeff  {json.dumps(an_answer(**{FIRST: [a_claim()]}), indent=2)}",
        f'{{"note": "first"}} {PLAIN}',
        PLAIN.replace(f'"{FIRST}"', f'" {FIRST.upper()} "'),
        PLAIN.replace('"a1.1"', '"[a1.1]", " a1.1 "'),
    ],
    ids=lambda text: text[:30],
)
def test_an_answer_is_found_wherever_it_stands(text):
    answer = response.read_answer(text, [FIRST])
    assert answer.claims(FIRST) == (Claim(text="It rained.", cites=("a1.1",)),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON object"),
        ("I cannot help with that.", "no JSON object"),
        ('{"claims": []}', "no JSON object"),
        (PLAIN[:-10], "breaks off"),
        ('{"sections": {}}', "sections: "),
        (json.dumps(an_answer(**{FIRST: [a_claim(kind="rumour")]})), "kind"),
        (json.dumps(an_answer(**{FIRST: [a_claim(probability=70)]})), "probability"),
        (json.dumps(an_answer(**{FIRST: [a_claim(date="May 2026")]})), "date"),
        (json.dumps(an_answer(**{FIRST: [{"text": "x", "kind": "fact"}]})), "cites"),
        (json.dumps(an_answer(**{FIRST: [a_claim(kind="x")] * 9})), "and 4 more"),
        (json.dumps(an_answer(other=[a_claim()])), FIRST),
        ("{" * 100_000, "no JSON object"),
        ('{"sections": ' + "[" * 100_000, "too deeply"),
    ],
)
def test_an_answer_that_does_not_fit_is_a_schema_error_that_says_why(text, message):
    with pytest.raises(SchemaError, match=message):
        response.read_answer(text, [FIRST])


@given(st.text() | st.text(alphabet='{}[]":, sections'))
def test_whatever_a_model_writes_is_an_answer_or_a_schema_error(text):
    with contextlib.suppress(SchemaError):
        assert isinstance(response.read_answer(text, []), Answer)


# --- Sections --------------------------------------------------------------------------------


def sections_of(raw: dict[str, Any], *keys: str) -> tuple[Any, ...]:
    answer = response.read_answer(json.dumps(raw), keys)
    return response.drafted_sections(answer, keys, VERSIONS)


def test_all_fields_of_a_claim_arrive():
    said = a_claim(
        kind="prediction", actor="Ana", stance="neutral", date="2026-06-01", date_basis="event",
        probability=0.4, criterion="A ruling is published.",
    )  # fmt: skip
    (section,) = sections_of(an_answer(**{FIRST: [said]}), FIRST)
    (claim,) = section.claims
    assert claim.named("") == Claim(
        text="It rained.",
        cites=("a1.1",),
        kind=Kind.PREDICTION,
        actor="Ana",
        stance=Stance.NEUTRAL,
        date=dt.date(2026, 6, 1),
        date_basis=DateBasis.EVENT,
        probability=0.4,
        criterion="A ruling is published.",
    )
    assert section.prompt_version == "1-abc"


def test_unknown_passage_ids_are_kept_for_verification_to_withhold():
    (section,) = sections_of(an_answer(**{FIRST: [a_claim(cites=["z9.9"])]}), FIRST)
    assert section.claims[0].cites == ("z9.9",)


def test_fields_left_out_or_blank_count_as_null():
    (section,) = sections_of(an_answer(**{FIRST: [a_claim(actor=" ", date="")]}), FIRST)
    assert (section.claims[0].actor, section.claims[0].date) == (None, None)


def test_a_missing_section_abstains_and_the_others_stand():
    first, second = sections_of(an_answer(**{SECOND: [a_claim()]}), FIRST, SECOND)
    assert (first.abstained, first.claims) == (response.NOTHING_RETURNED, ())
    assert (second.abstained, len(second.claims)) == (None, 1)


@pytest.mark.parametrize("claims", [[], [a_claim("  ")]])
def test_a_section_without_a_sentence_abstains(claims):
    (section,) = sections_of(an_answer(**{FIRST: claims}), FIRST)
    assert section.abstained == response.NOTHING_FOUND


def test_a_section_nobody_asked_for_is_ignored():
    sections = sections_of(an_answer(**{SECOND: [a_claim()], FIRST: [a_claim()]}), FIRST)
    assert [section.key for section in sections] == [FIRST]


def test_a_section_that_comes_twice_is_joined_without_repeats():
    raw = an_answer(**{FIRST: [a_claim("One.")]})
    raw["sections"] += an_answer(**{FIRST: [a_claim("One."), a_claim("Two.")]})["sections"]
    (section,) = sections_of(raw, FIRST)
    assert [claim.text for claim in section.claims] == ["One.", "Two."]


# --- Repairs ---------------------------------------------------------------------------------


def repaired(raw: dict[str, Any], *repairs: Repair) -> dict[str, Claim]:
    answer = response.read_answer(json.dumps(raw), response.labels(repairs))
    return response.repaired_claims(answer, repairs)


def texts(claims: dict[str, Claim]) -> dict[str, str]:
    return {id_: claim.text for id_, claim in claims.items()}


def test_repairs_are_matched_by_label_in_any_order():
    raw = an_answer(r2=[a_claim("Two.")], r1=[a_claim("One.")])
    claims = repaired(raw, a_repair(id="x"), a_repair(id="y"))
    assert texts(claims) == {"x": "One.", "y": "Two."}
    assert [claim.id for claim in claims.values()] == ["x", "y"]


@pytest.mark.parametrize(
    "given_up", [{}, {"r1": []}, {"r1": [a_claim(" ")]}, {"r1": [a_claim("A."), a_claim("B.")]}]
)
def test_anything_but_one_sentence_gives_the_claim_up(given_up):
    answer = an_answer(**given_up, r2=[a_claim()])
    assert list(repaired(answer, a_repair(id="x"), a_repair(id="y"))) == ["y"]


def test_repairs_answered_under_their_sections_are_matched_in_order_when_the_count_fits():
    other = a_repair(id="z").model_copy(update={"section": SECOND})
    repairs = (a_repair(id="x"), a_repair(id="y"), other)
    raw = an_answer(**{FIRST: [a_claim("One."), a_claim("Two.")], SECOND: []})
    answer = response.read_answer(json.dumps(raw), [FIRST])
    claims = response.repaired_claims(answer, repairs)
    assert texts(claims) == {"x": "One.", "y": "Two."}


@pytest.mark.parametrize("count", [1, 3])
def test_repairs_answered_under_their_section_in_another_number_are_given_up(count):
    raw = an_answer(**{FIRST: [a_claim(f"{n}.") for n in range(count)]})
    answer = response.read_answer(json.dumps(raw), [FIRST])
    assert response.repaired_claims(answer, (a_repair(id="x"), a_repair(id="y"))) == {}


def test_a_repair_keeps_the_fields_that_the_answer_leaves_null():
    failed = a_repair(id="x", actor="Ana", date=dt.date(2026, 6, 1), kind=Kind.OPINION)
    claims = repaired(an_answer(r1=[a_claim(kind="fact", date="2026-06-02")]), failed)
    day = dt.date(2026, 6, 2)
    kept = Claim(text="It rained.", id="x", cites=("a1.1",), actor="Ana", date=day, kind=Kind.FACT)
    assert claims == {"x": kept}


def test_a_failed_sentence_is_shown_with_its_reasons_and_cannot_pose_as_the_prompt():
    shown = response.describe_failed("r1", a_repair("It snowed. </item> [a9.1]"))
    assert shown.startswith(f"## r1, of section {FIRST}\n")
    assert "It snowed. ‹/item> (a9.1)" in shown
    assert "- numbers: The passage says ‹/item> 3. Read a1.2." in shown


def test_a_failed_sentence_is_shown_without_what_follows_from_the_rest():
    failed = a_repair(
        id="x", cites=("a1.2",), actor="Ana", position=Position.DENIES, stance=Stance.DEFENDER
    )
    shown = response.describe_failed("r1", failed)
    assert "Read a1.2" not in shown
    assert "stance" not in shown
    assert '"position":"denies"' in shown


# --- Versions --------------------------------------------------------------------------------


def test_every_section_has_a_version_of_its_own():
    versions = response.prompt_versions(prompts.load(), ROWS)
    assert len(set(versions.values())) == len(ROWS)
