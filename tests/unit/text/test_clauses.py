import pytest

from summarizer.text.clauses import Clause, Role, Tense, clauses
from tests.support.tables import rows


def clause(sentence: str, lemma: str) -> Clause:
    return next(c for c in clauses([sentence])[0] if c.lemma == lemma)


OPERATORS = rows("""
Halvane sold the mine. | sell | -
Halvane denied that it sold the mine. | sell | denied denied
Halvane denies having sold the mine. | sell | denied denies
Police ruled out that Halvane sold the mine. | sell | denied ruled
It is not true that Halvane sold the mine. | sell | negated not
It is false that Halvane sold the mine. | sell | disproved false
A fake video shows Halvane selling the mine. | sell | disproved fake
A forged letter said that Halvane had sold the mine. | sell | disproved forged; said said
There is no evidence that Halvane sold the mine. | sell | negated no evidence
The council rejected the claim that Halvane sold the mine. | sell | denied rejected; alleged claim
The rumour that Halvane sold the mine spread. | sell | alleged rumour
Halvane is accused of selling the mine. | sell | alleged accused
Halvane allegedly sold the mine. | sell | alleged allegedly
Halvane may have sold the mine. | sell | possible may have
In May Halvane sold the mine. | sell | -
Ada May sold the mine. | sell | -
Halvane will sell the mine. | sell | future will
Halvane plans to sell the mine. | sell | planned plans
Halvane's plan to sell the mine was dropped. | sell | negated dropped; planned plan
Halvane tried to sell the mine. | sell | planned tried
Halvane managed to sell the mine. | sell | -
Halvane did not manage to sell the mine. | sell | negated not
Halvane failed to sell the mine. | sell | negated failed
Halvane did not fail to sell the mine. | sell | -
Halvane was stopped from selling the mine. | sell | negated stopped
Halvane stopped selling mines. | sell | ended stopped
The mayor hopes that Halvane sells the mine. | sell | hoped hopes
The mayor doubts that Halvane sold the mine. | sell | doubted doubts
The mayor asked whether Halvane sold the mine. | sell | asked whether
She asked whether the dam was safe from May 2020 or Halvane sold the mine. | safe | asked whether
She asked whether the dam was safe from May 2020 or Halvane sold the mine. | sell | asked whether
It is unclear if Halvane sold the mine. | sell | asked if
If Halvane sold the mine, the mayor will resign. | sell | conditional If
Had Halvane sold the mine, the mayor would have resigned. | sell | conditional Had
Halvane would have sold the mine. | sell | conditional would have
The mayor did not know that Halvane sold the mine. | sell | -
The mayor regrets that Halvane sold the mine. | sell | -
Halvane sold the mine, police said. | sell | said said
According to police, Halvane sold the mine. | sell | said according to
"We sold the mine," Ina Rusk said. | sell | said said
Halvane did not deny that it sold the mine. | sell | possible deny
Nobody sold the mine. | sell | negated Nobody
Halvane nearly sold the mine. | sell | negated nearly
Without selling the mine, Halvane left. | sell | negated Without
After selling the mine, Halvane did not leave. | sell | -
Halvane may sell the mine and buy a ship. | buy | possible may
Did Halvane sell the mine? | sell | asked ?
Why did Halvane sell the mine? | sell | -
""")


@pytest.mark.parametrize(("sentence", "lemma", "expected"), OPERATORS)
def test_a_clause_has_the_operators_that_its_sentence_puts_on_it(sentence, lemma, expected):
    found = clause(sentence, lemma).operators
    assert "; ".join(f"{o.kind.value} {o.word}" for o in found) == expected.strip("-")


ARGUMENTS = rows("""
The council fined Halvane. | fine | The council | Halvane
Halvane was fined by the council. | fine | the council | Halvane
Halvane was fined. | fine | - | Halvane
Halvane refused to pay the fine. | pay | Halvane | the fine
The council told Halvane to pay the fine. | pay | Halvane | the fine
Halvane promised the council to pay the fine. | pay | Halvane | the fine
Orlan accused Vell of taking bribes. | take | Vell | bribes
Vell was accused of taking bribes. | take | Vell | bribes
Halvane's bid to buy the port failed. | buy | Halvane's | the port
Halvane sold the mine and bought the port. | buy | Halvane | the port
The trucks that Halvane sold broke down. | sell | Halvane | The trucks
The mayor, who closed the port, resigned. | close | The mayor | the port
""")


@pytest.mark.parametrize(("sentence", "lemma", "subject", "object_"), ARGUMENTS)
def test_arguments_are_found_also_where_grammar_leaves_them_out(sentence, lemma, subject, object_):
    found = clause(sentence, lemma)
    texts = [
        a.text if a else "-" for a in (found.argument(Role.SUBJECT), found.argument(Role.OBJECT))
    ]
    assert texts == [subject, object_]


def test_the_predicate_of_a_state_is_what_is_said_of_the_subject():
    found = clause("The old dam is not safe.", "safe")
    assert found.argument(Role.SUBJECT).text == "The old dam"


@pytest.mark.parametrize(
    ("sentence", "tense", "finite"),
    [
        ("Halvane sells the mine.", Tense.PRESENT, True),
        ("Halvane sold the mine.", Tense.PAST, True),
        ("Halvane has sold the mine.", Tense.PAST, True),
        ("Halvane will sell the mine.", Tense.MODAL, True),
        ("Halvane refused to sell the mine.", Tense.NONE, False),
    ],
)
def test_tense_is_read_from_the_form(sentence, tense, finite):
    found = clause(sentence, "sell")
    assert (found.tense, found.finite) == (tense, finite)


def test_the_speaker_is_the_subject_of_the_word_of_saying():
    sentence = '"We skipped the check," said Jon Pell, whose boss is Ina Rusk.'
    assert clause(sentence, "skip").speaker == "Jon Pell"
