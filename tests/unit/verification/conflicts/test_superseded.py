"""A claim that gives an older value without the newest one."""

import pytest

from summarizer.domain.claims import Claim
from summarizer.domain.sections import ROWS
from summarizer.drafting import prompts
from summarizer.verification.conflicts import superseded
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.section_rules import ClaimContext
from tests.support.builders import NOON, a_pack, an_item, hours

LASTED = "The outage in Calder Street lasted {} hours."
PACK = a_pack(
    an_item("a1", LASTED.format(4), outlet="Acme"),
    an_item("a2", LASTED.format(6), outlet="Acme", published_at=NOON + hours(48)),
    an_item("a3", "Four councillors met in Calder Street for 4 hours.", outlet="Post"),
)
INDEX = EvidenceIndex(PACK)
SPECS = {spec.key: spec for spec in prompts.load().specs()}


def failures(text: str, *beside: str, key: str = "key_points", cites: str = "a1.1") -> list[str]:
    claims = [Claim(text=t, cites=(cites,), id=str(n)) for n, t in enumerate((text, *beside))]
    context = ClaimContext(claims[0], claims, SPECS[key], INDEX)
    return [failure.reason for failure in superseded.check(context)]


OLD, NEW = LASTED.format(4), LASTED.format(6)


@pytest.mark.parametrize(
    ("text", "beside", "fails"),
    [
        (OLD, (), True),
        (NEW, (), False),
        ("The outage in Calder Street lasted 6 hours, not 4.", (), False),
        # The newest value beside it is not enough, unless it is said whose or when the older was.
        (OLD, (NEW,), True),
        ("Acme first said the outage lasted 4 hours.", (NEW,), False),
        ("Acme first said the outage lasted 4 hours.", (), True),
        ("On May 1 the outage was put at 4 hours.", (NEW,), False),
        ("The outage lasted 44 hours.", (), False),
    ],
)
def test_an_older_value_stands_only_beside_the_newest(text, beside, fails):
    assert bool(failures(text, *beside)) is fails


@pytest.mark.parametrize("key", ["sides", "timeline"])
def test_what_says_who_said_it_or_when_may_be_old(key):
    assert key in ROWS
    assert failures(OLD, key=key) == []


def test_the_reason_gives_the_newest_value_and_its_source():
    assert failures(OLD) == [
        '"4" is older than "6" (Acme, 2026-05-03): give the newest value, or both with who gives '
        "them."
    ]


def test_the_same_number_of_something_else_is_not_old():
    assert failures("Councillors met for 4 hours.", cites="a3.1") == []
