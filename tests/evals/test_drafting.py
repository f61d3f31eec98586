"""What the drafting suite measures, on drafts so small that the right answer is plain."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from evals.datasets import Story, as_of, read_stories
from evals.framework.results import Outcome
from evals.suites.drafting import (
    DraftingSuite,
    agreement,
    citations,
    judged,
    measure_drafting,
    plain_language,
    sides,
)
from evals.suites.drafting.judged import Judged
from evals.suites.drafting.suite import BETTER, COST, SECONDS, VALUES, note_of, values_of
from summarizer import settings
from summarizer.domain.claims import (
    CheckedClaim,
    Claim,
    DateBasis,
    Failure,
    Kind,
    Stance,
    Verdict,
    VerdictLabel,
)
from summarizer.domain.drafts import Draft, Section, Usage
from summarizer.domain.evidence import Evidence, EvidencePack
from summarizer.domain.incidents import IncidentId
from summarizer.domain.sections import Rule
from summarizer.drafting import prompts
from summarizer.errors import InputError
from summarizer.jobs.budget import Price
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.gate import POLICY
from tests.support.builders import NOON, a_pack, an_item

SPECS = prompts.load().specs()
FREE = Usage()
PROSE = next(spec.key for spec in SPECS if not spec.row.rules)
OF_RULE = {rule: next(s.key for s in SPECS if rule in s.row.rules) for rule in Rule}

RECALL = "The maker recalled 40 lamps on Monday after two of them caught fire."
SORRY = '"We are sorry for the fires," said Mara Quill, who runs Brightwell.'
CALM = "Odo Fenn said the lamps were safe in every test that he had seen."
LAMPS = an_item("a1", f"{RECALL}\n{SORRY}\n{CALM}")


def claim(text: str, *cites: str, **fields: Any) -> Claim:
    return Claim(text=text, cites=cites, **fields)


def shown(one: Claim, label: VerdictLabel = VerdictLabel.SUPPORTED, *failed: str) -> CheckedClaim:
    failures = tuple(Failure(check=check, reason="So it is.") for check in failed)
    evidence = (Evidence(source="a1.1", start=0, end=3, text="The"),)
    return CheckedClaim(
        claim=one, verdict=Verdict(label=label, score=1, failures=failures, evidence=evidence)
    )


def withheld(one: Claim, *failed: str) -> CheckedClaim:
    return shown(one, VerdictLabel.UNSUPPORTED, *failed)


def a_draft(
    *claims: Claim | CheckedClaim,
    rule: Rule | None = None,
    pack: EvidencePack | None = None,
    away: Sequence[CheckedClaim] = (),
    usage: Usage = FREE,
) -> Judged:
    """A draft whose one section that is not empty keeps a rule, or none."""
    key = OF_RULE[rule] if rule else PROSE
    checked = tuple(c if isinstance(c, CheckedClaim) else shown(c) for c in claims)
    sections = tuple(
        Section(key=s.key, shown=checked, withheld=tuple(away))
        if s.key == key
        else Section(key=s.key, abstained="There is nothing.")
        for s in SPECS
    )
    draft = Draft(
        incident_id=IncidentId("INC-000001"),
        revision=1,
        created_at=NOON,
        drafter="extractive",
        evidence=pack or a_pack(LAMPS),
        evidence_hash="0",
        sections=sections,
        usage=usage,
    )
    return Judged(draft, SPECS, LexicalEntailment(), POLICY)


def side(actor: str, text: str, *cites: str, stance: Stance = Stance.CRITIC) -> Claim:
    return claim(text, *cites, actor=actor, stance=stance)


# --- Support -----------------------------------------------------------------------------------


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


# --- Agreement ---------------------------------------------------------------------------------

TWICE = "Two of the lamps caught fire, and the maker recalled 40 on Monday."
OTHER = "A baker in Stonewick opened her shop at dawn and sold every loaf by noon."


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


# --- Sides -------------------------------------------------------------------------------------

AGAIN = an_item("a2", "Quill said the factory would close for a week.\nFenn was not there.")


def test_who_speaks_in_two_origins_is_expected_among_the_sides() -> None:
    pack = a_pack(LAMPS, AGAIN)
    assert sides.speakers(a_draft(pack=pack)) == ["Mara Quill"]
    with_her = a_draft(side("Quill", SORRY, "a1.2"), rule=Rule.ONE_ACTOR, pack=pack)
    without = a_draft(side("Odo Fenn", CALM, "a1.3"), rule=Rule.ONE_ACTOR, pack=pack)
    assert sides.sides_actors(with_her) == 1
    assert sides.sides_actors(without) == 0
    assert sides.unheard(without) == ["Mara Quill"]


def test_copies_of_one_item_are_one_origin() -> None:
    copied = an_item("a2", AGAIN.text, origin="a1")
    assert sides.sides_actors(a_draft(pack=a_pack(LAMPS, copied))) is None


@pytest.mark.parametrize(
    ("actor", "count"),
    [("Mara Quill", 0), ("Brightwell", 0), ("The Daily", 0), ("Petra Vance", 1), ("Mara Vance", 1)],
)
def test_an_actor_whom_no_source_names_is_invented(actor: str, count: float) -> None:
    found = a_draft(side(actor, SORRY, "a1.2"), rule=Rule.ONE_ACTOR)
    assert sides.sides_invented(found) == count
    assert sides.invented(found) == ([actor] if count else [])


def test_without_sides_none_is_invented_and_none_takes_space() -> None:
    assert sides.sides_invented(a_draft(claim(RECALL, "a1.1"))) is None
    assert sides.sides_space(a_draft(claim(RECALL, "a1.1"))) is None


def test_space_compares_shares_of_words() -> None:
    pack = a_pack(an_item("a1", "Ann Ives said it was bad.\nBo Lund said all was well."))
    even = [
        side("Ann Ives", "one two three", "a1.1"),
        side("Bo Lund", "one two three", "a1.2", stance=Stance.DEFENDER),
    ]
    uneven = [even[0], side("Bo Lund", "word " * 9, "a1.2", stance=Stance.DEFENDER)]
    assert sides.sides_space(a_draft(*even, rule=Rule.ONE_ACTOR, pack=pack)) == pytest.approx(0)
    assert sides.sides_space(a_draft(*uneven, rule=Rule.ONE_ACTOR, pack=pack)) == pytest.approx(
        9 / 12 - 1 / 2
    )


def test_an_origin_that_no_shown_claim_cites_is_not_heard() -> None:
    found = a_draft(claim(RECALL, "a1.1"), pack=a_pack(LAMPS, AGAIN))
    assert sides.outlets_cited(found) == 1 / 2


# --- Single sections ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "basis", "right"),
    [
        (dt.date(2026, 4, 27), DateBasis.EVENT, 1),  # the Monday before publication
        (dt.date(2026, 5, 1), DateBasis.PUBLICATION, 1),
        (dt.date(2026, 4, 29), DateBasis.EVENT, 0),
        (dt.date(2026, 4, 27), DateBasis.PUBLICATION, 0),
        (None, DateBasis.EVENT, 0),
    ],
)
def test_an_entry_is_dated_by_its_passage_or_by_its_publication(
    day: dt.date | None, basis: DateBasis, right: float
) -> None:
    found = a_draft(claim(RECALL, "a1.1", date=day, date_basis=basis), rule=Rule.DATED)
    assert plain_language.timeline_dates(found) == right
    assert len(plain_language.misdated(found)) == 1 - right


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Two lamps caught fire.", 0),
        ("Nine lamps caught fire.", 1),
        ("Nine lamps of Petra Vance caught fire.", 2),
    ],
)
def test_plain_language_is_searched_for_what_the_pack_lacks(text: str, new: float) -> None:
    assert plain_language.plain_novelty(a_draft(claim(text, "a1.1"), rule=Rule.NOTHING_NEW)) == new


def test_short_words_read_at_a_lower_grade() -> None:
    easy = a_draft(claim("The lamp was hot.", "a1.1"), rule=Rule.READABLE)
    hard = a_draft(
        claim("Manufacturing irregularities necessitated immediate withdrawal.", "a1.1"),
        rule=Rule.READABLE,
    )
    low, high = plain_language.plain_grade(easy), plain_language.plain_grade(hard)
    assert low is not None and high is not None and low < 3 < 12 < high


def test_a_page_without_plain_language_has_no_grade() -> None:
    found = a_draft(claim(RECALL, "a1.1"))
    assert plain_language.plain_grade(found) is None
    assert plain_language.plain_novelty(found) is None


# --- The draft as a whole ----------------------------------------------------------------------


def test_shares_of_sections_and_claims() -> None:
    away = [withheld(claim("The maker recalled 50 lamps.", "a1.1"), "numbers")]
    found = a_draft(*[claim(RECALL, "a1.1")] * 3, away=away)
    values = values_of(found)
    assert values["faithfulness"] == 3 / 4
    assert values["withheld"] == 1 / 4
    assert values["abstention"] == (len(SPECS) - 1) / len(SPECS)


def test_tokens_count_what_a_cache_held() -> None:
    usage = Usage(input_tokens=1, output_tokens=20, cache_write_tokens=300, cache_read_tokens=4000)
    assert judged.tokens(a_draft(usage=usage)) == 4321


@pytest.mark.parametrize(
    ("model", "cost"), [("claude-x", 2.5), ("claude-unpriced", None), (None, 0.0)]
)
def test_a_draft_costs_what_its_model_is_priced_at(model: str | None, cost: float | None) -> None:
    usage = Usage(input_tokens=500_000, output_tokens=100_000)
    draft = a_draft(usage=usage).draft.model_copy(update={"model": model})
    assert judged.cost(draft, {"claude-x": Price(input=3, output=10)}) == cost


def test_of_an_empty_draft_little_can_be_said() -> None:
    values = values_of(a_draft())
    known = {name for name, value in values.items() if value is not None}
    assert known == {"abstention", "outlets_cited", "tokens"}


def test_a_note_names_what_went_wrong() -> None:
    found = a_draft(side("Petra Vance", "Vance said no.", "a1.2"), rule=Rule.ONE_ACTOR)
    assert note_of(found) == "named by no source: Petra Vance"
    assert note_of(a_draft(claim(RECALL, "a1.1"))) is None


def test_a_mean_leaves_out_what_could_not_be_judged() -> None:
    outcomes = [
        Outcome(key=str(n), cluster=str(n), group="g", values={"coverage": value})
        for n, value in enumerate((1.0, None, 0.5))
    ]
    means = measure_drafting(outcomes)
    assert means["coverage"] == 0.75
    assert math.isnan(means["faithfulness"])


def test_every_value_but_the_time_says_which_way_is_better() -> None:
    assert set(BETTER) == {*VALUES, COST}
    assert set(measure_drafting([])) == {*VALUES, COST, SECONDS}


# --- Stories and the suite ---------------------------------------------------------------------

ROWS = [
    {"text": RECALL, "outlet": "The Daily", "published_at": "2026-05-01"},
    {"text": TWICE, "outlet": "The Weekly", "published_at": "2026-05-02"},
]


def a_file(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    lines = "\n".join(map(json.dumps, rows)).encode()
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


@pytest.mark.parametrize("field", ["story", "incident", "gold_cluster"])
def test_items_that_name_their_story_are_put_together(tmp_path: Path, field: str) -> None:
    rows = [{**ROWS[0], field: "x"}, {**ROWS[1], field: 7}, {**ROWS[1], field: "x"}]
    found = read_stories(a_file(tmp_path / "items.jsonl", rows))
    assert [(story.key, len(story.items)) for story in found] == [("x", 2), ("7", 1)]


def test_items_that_name_no_story_are_one(tmp_path: Path) -> None:
    (found,) = read_stories(a_file(tmp_path / "lamps.jsonl.gz", ROWS))
    assert (found.key, len(found.items)) == ("lamps", 2)


def test_an_item_without_the_name_that_others_have_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path / "items.jsonl", [{**ROWS[0], "story": "x"}, ROWS[1]])
    with pytest.raises(InputError, match="item 2 names no story"):
        read_stories(path)


def test_a_story_is_drafted_as_of_its_newest_item() -> None:
    assert as_of(Story(key="x", items=tuple(ROWS))) == dt.datetime(2026, 5, 2, tzinfo=dt.UTC)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="published_at"):
        as_of(Story(key="x", items=({"text": "a", "published_at": "soon"},)))


def test_the_suite_drafts_each_story_and_measures_it(tmp_path: Path) -> None:
    path = a_file(tmp_path / "two.jsonl", [{"items": ROWS}, {"items": ROWS[:1]}])
    suite = DraftingSuite([path], settings.load(drafter="extractive"))
    outcomes = [outcome for task in suite.tasks() for outcome in task.judge()]
    assert [outcome.key for outcome in outcomes] == ["two:1", "two:2"]
    assert [outcome.values["faithfulness"] for outcome in outcomes] == [1, 1]
    assert outcomes[0].values["coverage"] == 1
    assert outcomes[1].values["coverage"] is None
    assert outcomes[0].values["cost"] == 0
    assert suite.version["drafter"] == "extractive"
    (figure,) = suite.figures(outcomes)
    assert {"faithfulness", "coverage"} <= {bar.name for bar in figure.bars}


def test_an_item_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = a_file(tmp_path / "two.jsonl", [{"items": [{"url": "https://lamps.example"}]}])
    (task,) = DraftingSuite([path], settings.load(drafter="extractive")).tasks()
    with pytest.raises(InputError, match="item 1: field 'text'"):
        task.judge()


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    a_file(first, ROWS), a_file(second, ROWS)
    with pytest.raises(InputError, match="Two files are named 'a'"):
        DraftingSuite([first, second], settings.load(drafter="extractive"))
