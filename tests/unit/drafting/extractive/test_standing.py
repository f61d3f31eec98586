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
        ("The two brothers were found in a hut.", {"brother"}),
        ("The port authority closed a road.", set()),
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
    ("text", "linked"),
    [
        ("Under the Harbour Act it had to report the fault.", True),
        ("Agents arrested him at his home in Leeds.", True),
        ("A judge jailed her on Monday.", True),
        ("The names of the two firms are not.", True),
        ("The operator, Tarn Lines, said that a leaking pipe had caused it.", True),
        ("Its doctors were wrong, Ruiz told reporters.", True),
        ("Both of his classes had written to him.", True),
        ("Salt had not been spread there.", True),
        ("Salt had not been spread in Leeds that morning.", True),
        ("Some are still in the town of Tarn.", True),
        ("Acme hit back at Ruiz, calling the claim absurd.", True),
        ("Acme, however, kept the money.", True),
        ("The firm Acme also said so.", True),
        ("There could be some cracks in the wall though.", True),
        ("The page of Acme was still green.", True),
        ("Eleven people are still in hospital.", False),
        ("Ruiz said he would plead not guilty.", False),
        ("After he left the firm, Ruiz sued it.", False),
        ("In its report, Acme said it was sorry.", False),
        ("It is not clear whether Ana Ruiz will appeal.", False),
        ("Under the Vehicles Act it was required to report the fault.", True),
        ("It was decided to close Harrow Hall.", False),
        ("Ana Ruiz, the nurse, left with her brother.", False),
        ("Ana Ruiz and Ida Marsh have both left Acme.", False),
        ("Acme banned Ruiz and also fined her.", False),
        ("Two years later Ruiz left Acme.", False),
        ("Some of the crew of the Dawn left.", False),
        ("Acme is a bank.", False),
    ],
)
def test_a_word_that_means_what_was_told_before_links_a_sentence_to_it(text, linked):
    assert standing(text).linked is linked


@pytest.mark.parametrize(
    ("text", "present", "ongoing"),
    [
        ("Merchants are pressing Acme for a refund.", True, True),
        ("Merchants were pressing Acme for a refund.", False, False),
        ("Two boys have been missing since Saturday, the rescuers said.", True, False),
        ("The complaint asks for $4 million.", True, False),
        ("Ruiz says that Acme kept the money.", False, False),
        ("Acme kept the money.", False, False),
    ],
)
def test_what_goes_on_and_what_is_so_now(text, present, ongoing):
    assert (standing(text).present, standing(text).ongoing) == (present, ongoing)


@pytest.mark.parametrize(
    ("text", "nameless"),
    [
        ("Five bodies were found in the lower deck on Monday.", True),
        ("Divers of Tarn Lines were sent to the wreck.", False),
    ],
)
def test_a_sentence_may_name_nobody(text, nameless):
    assert standing(text).nameless is nameless
