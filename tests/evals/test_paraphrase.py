"""The paraphrase suite makes grammatical rows whose label follows from the frame."""

import json
import math
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from evals.datasets import Story, read_files
from evals.suites.paraphrase.cases import of_files
from evals.suites.paraphrase.facts import facts
from evals.suites.paraphrase.kinds import FAMILIES, Kind, kinds, verbs
from evals.suites.paraphrase.rows import Row, rows
from evals.suites.paraphrase.suite import ParaphraseSuite
from evals.suites.verifier.llm_judge import Asked
from summarizer.verification.entailment.lexical import LexicalEntailment
from tests.support.builders import OneWordJudge

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "items").glob("*.jsonl"))


def a_story(*texts: str) -> Story:
    return Story(key="s", items=tuple({"text": text} for text in texts))


ONE = a_story("Quillon bought the three ferries in May.")
TWO = a_story("Quillon Labs bought the ferries.", "The regulator fined Harrow Press.")


def claims(story: Story, kind: str) -> list[str]:
    return [row.claim for row in rows(story, "s") if row.kind.name == kind]


@pytest.fixture(scope="module")
def made() -> list[Row]:
    stories, _ = read_files(EXAMPLES)
    return [row for key, _, story in stories for row in rows(story, key)]


# --- Facts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Quillon Labs bought the ferries.", ("Quillon Labs", "buy", "the ferries", True)),
        ("The ferry was sold by Harrow Press.", ("Harrow Press", "sell", "the ferry", False)),
        ("Ada Quay said Harrow Press sold a ship.", ("Harrow Press", "sell", "a ship", False)),
        ("The regulator fined Harrow Press.", ("the regulator", "fine", "Harrow Press", False)),
    ],
)
def test_a_fact_is_who_did_what_to_whom(sentence, expected):
    (fact,) = facts(a_story(sentence))
    assert (fact.subject.text, fact.verb.do, fact.object.text, fact.object.plural) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It bought the ferries.",
        "Quillon Labs bought them.",
        "Quillon Labs bought its ferries.",
        "Quillon Labs bought some ferries.",
        "Quillon Labs did not buy the ferries.",
        "Quillon Labs may have bought the ferries.",
        "Quillon Labs wants to buy the ferries.",
        "Ada Quay denied that Quillon Labs bought the ferries.",
        "A group bought the ferries.",
        "The storm destroyed the ferries.",
    ],
)
def test_what_is_not_asserted_of_somebody_by_name_is_no_fact(sentence):
    assert facts(a_story(sentence)) == []


# --- Kinds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "denied by the one concerned",
            ["It was Quillon that bought the three ferries.",
             "Quillon was behind the purchase of the three ferries."],
        ),
        (
            "refused, kept",
            ["Quillon declined to buy the three ferries.",
             "Quillon would not buy the three ferries."],
        ),
        (
            "active to passive",
            ["The three ferries were bought by Quillon.",
             "It was Quillon that bought the three ferries."],
        ),
        (
            "synonym",
            ["Quillon purchased the three ferries.",
             "The three ferries were purchased by Quillon."],
        ),
    ],
)  # fmt: skip
def test_a_kind_is_filled_with_the_forms_of_a_fact(kind, expected):
    assert claims(ONE, kind) == expected


def test_a_kind_of_two_facts_needs_two():
    assert claims(ONE, "sentences merged") == []
    assert len(claims(TWO, "sentences merged")) == 2


def test_some_of_needs_a_plural_with_the():
    assert claims(a_story("Quillon Labs bought a ferry."), "cut: some of") == []
    assert claims(ONE, "cut: some of")[0].startswith("“The three ferries were bought by")


FRAME = {"name": "k", "family": "embedded", "operator": ("denied",), "why": "w"}
DENIED = "{A} denied that {S} {did} {O}."


@pytest.mark.parametrize(
    ("label", "source", "lost"),
    [
        (1, DENIED, ("{S} {did} {O}.", DENIED)),
        (0, DENIED, ("{S} {did} {O}.", DENIED)),
        (0, "{S} {did} {O}.", ("{O} {was} {done} by {S}.", "{S} {did} {O}.")),
    ],
)
def test_a_kind_whose_label_its_operator_belies_is_refused(label, source, lost):
    with pytest.raises(ValidationError, match=r"operator|does not fit"):
        Kind.model_validate({**FRAME, "label": label, "source": source, "claims": lost})


def test_every_family_has_kinds_and_names_are_unique():
    assert {kind.family for kind in kinds()} == set(FAMILIES)
    assert len({kind.name for kind in kinds()}) == len(kinds())


@pytest.mark.parametrize("verb", verbs().values(), ids=lambda verb: verb.do)
def test_a_verb_has_its_forms(verb):
    assert verb.doing.endswith("ing")
    assert verb.noun == "" or re.fullmatch(r"the \w+ (?:of|on|with|to|for|against)", verb.noun)


# --- Rows ----------------------------------------------------------------------------------------


def test_no_honest_row_loses_the_operator_of_its_source_and_every_fault_does(made):
    framed = [row for row in made if row.kind.operator]
    assert len(framed) > 300
    for row in framed:
        assert row.kind.has_operator(row.source), row.source
        assert row.kind.has_operator(row.claim) == (row.kind.label == 1), row.claim


def test_an_object_that_is_called_an_allegation_makes_no_row_about_allegations():
    story = a_story("The Authority examined an allegation.")
    assert claims(story, "accused of") == []
    assert len(claims(story, "denied")) == 2


def test_every_row_is_filled_and_says_something_else_than_its_source(made):
    for row in made:
        assert "{" not in row.source + row.claim
        assert row.claim != row.source
        assert row.claim.lstrip("“$")[0].isupper() or row.claim.lstrip("“")[0].isdigit()
        assert row.source.rstrip("”").endswith((".", "?"))


def test_the_same_story_has_the_same_rows():
    assert rows(TWO, "s") == rows(TWO, "s")
    assert rows(TWO, "s") != rows(TWO, "t")


# --- The suite -----------------------------------------------------------------------------------


def a_suite(tmp_path: Path, *stories: Story, judge=None) -> ParaphraseSuite:
    file = tmp_path / "stories.jsonl"
    lines = [
        json.dumps({"story_id": str(n), "items": [dict(item) for item in story.items]})
        for n, story in enumerate(stories)
    ]
    file.write_text("\n".join(lines))
    return ParaphraseSuite(of_files([file]), LexicalEntailment(), judge and Asked(judge))


def outcomes_of(suite: ParaphraseSuite) -> list:
    return [outcome for task in suite.tasks() for outcome in task.judge()]


def test_outcomes_are_grouped_by_kind_and_clustered_by_story(tmp_path):
    found = outcomes_of(a_suite(tmp_path, ONE, TWO))
    assert len({outcome.cluster for outcome in found}) == 2
    assert {o.group for o in found} <= {kind.name for kind in kinds()}
    assert len({outcome.key for outcome in found}) == len(found)


def test_a_denied_clause_is_caught_and_a_passive_is_not(tmp_path):
    found = {o.place.partition("/")[2]: o for o in outcomes_of(a_suite(tmp_path, ONE))}
    assert found["denied/1"].values["finding"] == 1
    assert found["denied/1"].note is None
    assert found["active to passive/1"].values["finding"] == 0


def test_figures_of_faults_and_honest_claims(tmp_path):
    suite = a_suite(tmp_path, ONE, TWO)
    found = outcomes_of(suite)
    figures = suite.measure(found)
    caught = [o.values["finding"] for o in found if o.values["label"] == 0]
    alarms = [o.values["finding"] for o in found if o.values["label"] == 1]
    assert figures["caught"] == pytest.approx(sum(caught) / len(caught))
    assert figures["false alarms"] == pytest.approx(sum(alarms) / len(alarms))
    assert {"embedded: caught", "quotation: caught", "far wording: caught"} <= figures.keys()
    assert "judge: caught" not in figures
    assert suite.better.keys() <= figures.keys() | {
        "paraphrase: caught", "judge: caught", "judge: false alarms", "judge: AUROC",
        "judge: coverage",
    }  # fmt: skip
    assert len(suite.figures(found)) == 3


def test_a_story_without_a_fact_has_no_outcomes(tmp_path):
    assert outcomes_of(a_suite(tmp_path, a_story("It rained all day."))) == []


@pytest.mark.parametrize(("word", "caught", "coverage"), [("supported", 0, 1), (None, None, 0)])
def test_what_the_judge_leaves_out_counts_for_nothing_but_coverage(
    tmp_path, word, caught, coverage
):
    judge = OneWordJudge(word)
    suite = a_suite(tmp_path, ONE, judge=judge)
    figures = suite.measure(outcomes_of(suite))
    assert figures["judge: coverage"] == coverage
    assert math.isnan(figures["judge: caught"]) if caught is None else (
        figures["judge: caught"] == caught
    )  # fmt: skip
    assert suite.version["judge"] == judge.name
