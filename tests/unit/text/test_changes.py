"""States that begin, go on and end, and which end is of which state."""

import pytest

from summarizer.text.changes import Axis, State, ended, ends, lasting, told


def overtakes(later: str, older: str) -> bool:
    return any(ends(end, state) for end in ended(later) for state in told(older))


@pytest.mark.parametrize(
    ("older", "later"),
    [
        ("Three hikers were missing in the Alm valley.", "The hikers were found on Thursday."),
        ("Ana Ruiz has been missing since May.", "Ana Ruiz was found alive, police said."),
        ("Nurse Ana Ruiz disappeared in Dresk.", "Police found the nurse Ana Ruiz."),
        ("The hikers are still missing.", "The hikers are no longer missing."),
        ("Gunmen abducted the reporter Ira Voss.", "The reporter Ira Voss was freed on Friday."),
        ("Drivers at Norda began a strike.", "The union called off the strike on Friday."),
        ("The strike has emptied the depots.", "The union ended its strike."),
        ("Dresk banned fireworks.", "A court overturned the ban on fireworks."),
        ("The ban covers 400 shops.", "Dresk's ban is over."),
        ("Norda and Velt agreed to merge.", "Norda and Velt abandoned their merger."),
        ("The bridge was closed on Monday.", "The bridge reopened on Friday."),
        ("Norda Air suspended its flights.", "Norda Air resumed flights on Monday."),
        ("Norda's systems remain down.", "Norda restored access to all accounts."),
        ("Parliament adopted a fuel tax.", "Parliament repealed the fuel tax."),
    ],
)
def test_a_later_sentence_tells_the_end_of_a_state(older: str, later: str) -> None:
    assert overtakes(later, older)


@pytest.mark.parametrize(
    ("older", "later"),
    [
        ("The hikers were missing.", "Rescuers searched for the missing hikers."),
        ("The hikers were missing.", "Two of the missing hikers were found."),
        ("The hikers were missing.", "Police found a boat."),
        ("The hikers were missing.", "The hikers may be found on Friday."),
        ("The workers who had been killed were from Dresk.", "Police freed the workers."),
        ("Dresk banned fireworks.", "The mayor wants to lift the ban."),
        ("Dresk banned fireworks.", "The court will overturn the ban on Friday."),
        ("Dresk banned fireworks.", "The court did not overturn the ban."),
        ("Velt sued Dresk over its ban.", "A court overturned the ban."),
        ("Parliament adopted a fuel tax.", "Parliament repealed the property tax."),
        ("Norda hired a chief executive.", "Norda suspended the chief executive."),
        ("The plant in Dresk was closed.", "The school in Dresk reopened."),
        ("Police arrested Ira Voss.", "A judge released Ira Voss on bail."),
        ("Prices rose.", "Prices dropped."),
        ("The service failed for an hour.", "The failure lasted two hours longer than Norda said."),
        ("The city had banned fireworks in 2019.", "The city lifted the ban."),
    ],
)
def test_nothing_else_ends_it(older: str, later: str) -> None:
    assert not overtakes(later, older)


def test_a_state_that_goes_on_is_told_apart_from_one_that_began() -> None:
    closed = State(Axis.SHUT, frozenset(("bridg",)), frozenset())
    assert closed in told("The bridge was closed on Monday.")
    assert closed not in lasting("The bridge was closed on Monday.")
    assert closed in lasting("The bridge remains closed.")


def test_a_sentence_that_tells_both_tells_no_state() -> None:
    assert not overtakes("The court overturned the ban.", "The ban, which Dresk had set, is over.")
