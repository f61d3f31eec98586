"""Whether a sentence tells whom and what it is about, by its grammar."""

import pytest

from summarizer.drafting.extractive.standing import standing


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("The call follows a report.", {"call"}),
        ("A man at the firm repeated that the pumps were safe.", {"firm", "pump"}),
        ("The president, speaking at a hall, said he would pay.", {"presid"}),
        ("The call of Acme follows a report.", set()),
        ("The Senate committee responded with two subpoenas.", set()),
        ("The lab Acme AI sued two rivals.", set()),
        ("The shuttle, a Tolby V2, stopped.", set()),
        ("The number of passengers has fallen.", set()),
        ("Acme's lawyer said the plant was safe.", set()),
        ("A ferry stopped in the harbour.", set()),
    ],
)
def test_a_definite_subject_that_nothing_tells_apart_is_taken_for_known(text, heads):
    assert standing(text).heads == heads


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ana Ruiz left the firm.", True),
        ("Analysts at Castle Metrics expect a refund.", True),
        ("Lawmakers said that they wanted to hear from Acme.", False),
        ("Two people were injured in Leeds.", False),
    ],
)
def test_a_subject_has_a_name_or_has_none(text, named):
    assert standing(text).named is named


@pytest.mark.parametrize(
    ("text", "dangling"),
    [
        ("Agents arrested him at his home in Leeds.", True),
        ("A judge jailed her on Monday.", True),
        ("The names of the two firms are not.", True),
        ("Ruiz said he would plead not guilty.", False),
        ("After he left the firm, Ruiz sued it.", False),
        ("Ana Ruiz, the nurse, left with her brother.", False),
        ("Acme is a bank.", False),
    ],
)
def test_a_pronoun_without_a_noun_and_an_ellipsis_dangle(text, dangling):
    assert standing(text).dangling is dangling


@pytest.mark.parametrize(
    ("text", "linked", "ongoing"),
    [
        ("Acme, however, kept the money.", True, False),
        ("There could be some cracks in the wall though.", True, False),
        ("Merchants are pressing Acme for a refund.", False, True),
        ("Merchants were pressing Acme for a refund.", False, False),
        ("Acme kept the money.", False, False),
    ],
)
def test_what_ties_a_sentence_to_the_one_before_and_what_still_goes_on(text, linked, ongoing):
    assert (standing(text).linked, standing(text).ongoing) == (linked, ongoing)


@pytest.mark.parametrize(
    ("text", "adrift"),
    [
        ("Divers were sent to the wreck.", True),
        ("Five bodies were found in the lower deck.", True),
        ("Divers of Tarn Lines were sent to the wreck.", False),
        ("The number of passengers has fallen.", False),
        ("Police and the army closed a road.", False),
    ],
)
def test_a_sentence_that_names_nobody_and_takes_a_thing_for_known_is_adrift(text, adrift):
    assert standing(text).adrift is adrift


@pytest.mark.parametrize(
    ("text", "linked"),
    [("The page of Acme was still green.", True), ("Eleven people are still in hospital.", False)],
)
def test_what_was_still_so_looks_back(text, linked):
    assert standing(text).linked is linked
