import pytest

from summarizer.text.governors import OperatorKind, governors, word_kinds

FORMS = ("that", "to", "nouns", "adjectives")


def test_there_are_governors_of_every_form():
    assert all(len(governors(form)) > 100 for form in FORMS)


@pytest.mark.parametrize(
    ("form", "lemma", "kind"),
    [
        ("that", "deny", OperatorKind.DENIED),
        ("that", "rule_out", OperatorKind.DENIED),
        ("to", "refuse", OperatorKind.NEGATED),
        ("to", "accuse_of", OperatorKind.ALLEGED),
        ("nouns", "rumour", OperatorKind.ALLEGED),
        ("adjectives", "false", OperatorKind.DISPROVED),
        ("that", "prove", None),
        ("to", "manage", None),
    ],
)
def test_a_governor_says_what_it_makes_of_its_clause(form, lemma, kind):
    assert governors(form)[lemma].kind is kind


def test_a_negated_denial_leaves_the_clause_possible_and_a_negated_failure_asserts_it():
    assert governors("that")["deny"].negated is OperatorKind.POSSIBLE
    assert governors("to")["fail"].cancels
    assert governors("to")["fail"].negated is None


def test_only_what_is_taken_for_granted_is_factive():
    assert governors("that")["know"].factive
    assert not governors("that")["prove"].factive


@pytest.mark.parametrize("table", ["adverbs", "modals", "markers"])
def test_every_small_word_has_an_operator(table):
    assert word_kinds(table)
