"""The rows stand in ``operator_rows.txt``: each a source and a claim of the kinds that its heading
names."""

from pathlib import Path

import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import operators
from summarizer.verification.evidence import of_texts

ROWS = Path(__file__).with_name("operator_rows.txt")


def rows(wanted: str) -> list[tuple[str, str]]:
    """Source and claim of each line below a heading that opens with a word."""
    found, heading = [], ""
    for line in filter(None, ROWS.read_text(encoding="utf-8").splitlines()):
        if line.startswith("#"):
            heading = line.removeprefix("# ")
        elif heading.startswith(wanted):
            source, claim = line.split(" => ")
            found.append((source, claim))
    return found


@pytest.mark.parametrize(("source", "claim"), rows("lost"))
def test_a_claim_that_loses_an_operator_fails(source, claim):
    assert operators.check(claim, of_texts([("p1", source)]))


@pytest.mark.parametrize(("source", "claim"), rows("honest"))
def test_a_claim_that_keeps_it_or_never_had_it_passes(source, claim):
    assert operators.check(claim, of_texts([("p1", source)])) == []


def test_one_passage_that_asserts_the_clause_is_enough():
    texts = [
        ("p1", "Halvane denied that its trucks leaked acid."),
        ("p2", "The court found that trucks of Halvane leaked acid into the river."),
    ]
    assert operators.check("Trucks of Halvane leaked acid.", of_texts(texts[:1]))
    assert operators.check("Trucks of Halvane leaked acid.", of_texts(texts)) == []


@pytest.mark.parametrize(
    ("source", "reason", "label"),
    [
        (
            "Halvane denied that its trucks leaked acid.",
            "The source says that Halvane denied this.",
            VerdictLabel.CONTRADICTED,
        ),
        (
            "It is unclear whether Halvane's trucks leaked acid.",
            'The source leaves open whether this is so ("whether").',
            VerdictLabel.UNSUPPORTED,
        ),
        (
            "Halvane's trucks may have leaked acid.",
            'The source says only that this is possible ("may have").',
            VerdictLabel.UNSUPPORTED,
        ),
    ],
)
def test_the_editor_reads_what_the_source_says_instead(source, reason, label):
    (failure,) = operators.check("Halvane's trucks leaked acid.", of_texts([("p1", source)]))
    assert (failure.reason, failure.label) == (reason, label)


def test_a_failure_marks_the_predicate_in_the_claim():
    claim = "It rained. Halvane leaked acid into the Tarn."
    (failure,) = operators.check(
        claim, of_texts([("p1", "Halvane did not leak acid into the Tarn.")])
    )
    assert claim[failure.start : failure.end] == "leaked"


def test_a_heading_without_a_mark_decides_nothing():
    heading = "Halvane denies trucks leaked acid"
    assert operators.check("Halvane's trucks leaked acid.", of_texts([("p1", heading)])) == []


@pytest.mark.parametrize(
    ("sources", "claim", "cautions"),
    [
        (["Police said Halvane sold the mine."], "Halvane sold the mine.", ["Police"]),
        (["Police said Halvane sold the mine."], "Halvane sold the mine, police said.", []),
        (["Halvane sold the mine."], "Halvane sold the mine.", []),
        (["Police said Halvane sold the mine."], "Halvane, police say, sold the mine.", []),
        (
            ["“We urge the inspector to sell the mine,” Mr. Smith said."],
            "Ben Smith urged the inspector to sell the mine.",
            [],
        ),
        (
            ["Police said Halvane sold the mine.", "Halvane sold the mine."],
            "Halvane sold the mine.",
            [],
        ),
    ],
)
def test_attribution_that_is_left_out_alone_is_a_caution(sources, claim, cautions):
    cited = of_texts([(f"p{n}", text) for n, text in enumerate(sources)])
    assert operators.check(claim, cited) == []
    found = operators.unattributed(claim, cited)
    assert list(found) == [
        f"The source has this from {by} and does not say it itself." for by in cautions
    ]
