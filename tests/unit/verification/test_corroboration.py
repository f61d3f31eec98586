"""Who asserts a claim: speakers and outlets, in cited passages and others."""

from collections.abc import Sequence

import pytest

from summarizer.domain.evidence import EvidencePack
from summarizer.verification import corroboration
from summarizer.verification.evidence import EvidenceIndex
from tests.support.builders import a_pack, an_item

LIBRARY = EvidenceIndex(
    a_pack(
        an_item("a1", "Meridian recalled 300 robots on Tuesday after two fires in Wexcombe."),
        an_item("a2", "After two fires in Wexcombe, Meridian has recalled 300 of its robots."),
        an_item("a3", "Meridian recalled 450 robots on Tuesday after two fires in Wexcombe."),
        an_item("a4", "Meridian bribed Otto Lund, the chief inspector in Wexcombe."),
        an_item("a5", "Otto Lund, the chief inspector in Wexcombe, asked Meridian for records."),
        an_item("a6", "Meridian recalled 300 robots on Tuesday after two fires.", origin="a1"),
        an_item(
            "a7",
            "WEXCOMBE, May 1 (Kessel Press) — Meridian recalled 300 robots on Tuesday after two "
            "fires in Wexcombe.\nThe town council will look into it.",
        ),
    )
)
RECALL = "Meridian recalled 300 robots after two fires in Wexcombe."
BRIBE = "Meridian bribed Otto Lund, the chief inspector."


@pytest.mark.parametrize(
    ("claim", "cites", "origins"),
    [
        (RECALL, ["a1.1"], {"a1"}),
        (RECALL, ["a1.1", "a2.1"], {"a1", "a2"}),
        (RECALL, ["a1.1", "a6.1"], {"a1"}),
        (RECALL, ["a1.1", "a7.1"], {"a1"}),  # the same sentence behind a dateline
        (RECALL, ["a1.1", "a3.1"], {"a1"}),  # another number
        ("Two fires led Meridian to take 300 robots back.", ["a1.1", "a2.1"], {"a1", "a2"}),
        (BRIBE, ["a4.1", "a5.1"], {"a4"}),
        (BRIBE, ["a5.1", "a4.1", "a1.1"], {"a4"}),
        ("Meridian recalled 300 robots and bribed Otto Lund.", ["a1.1", "a4.1"], {"a1"}),
        (BRIBE, [], set()),
    ],
)
def test_a_cited_origin_counts_when_it_says_the_claim_by_itself(claim, cites, origins):
    assert corroboration.carried_by(claim, LIBRARY.grounds(cites)) == origins


class Words:
    """Entailment by shared words, so that no network is loaded."""

    name = "words"

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        return [0.9 for _ in pairs]


def told(pack: EvidencePack, claim: str, *cites: str) -> tuple[int, tuple[str, ...]]:
    grounds = EvidenceIndex(pack).grounds(cites)
    (found,) = corroboration.tellers([(claim, grounds)], Words())
    return found.origins, found.names


SHUT = "The pier was shut on Monday after the storm."
ACME = "The storm broke two of the cranes."


@pytest.mark.parametrize(
    ("others", "origins", "names"),
    [
        ((), 1, ("Ledger",)),
        ((("Courier", "After the storm the pier was shut on Monday."),), 2, ("Ledger", "Courier")),
        ((("Courier", "The pier was not shut on Monday after the storm."),), 1, ("Ledger",)),
        ((("Courier", "The pier was open on Friday after the storm."),), 1, ("Ledger",)),
        # The second report of one outlet is no second source.
        ((("Ledger", "After the storm the pier was shut on Monday."),), 1, ("Ledger",)),
    ],
)
def test_outlets_on_their_own_are_each_a_source(others, origins, names):
    items = [an_item("a1", SHUT, outlet="Ledger")]
    items += [an_item(f"a{n}", text, outlet=o) for n, (o, text) in enumerate(others, start=2)]
    assert told(a_pack(*items), SHUT, "a1.1") == (origins, names)


@pytest.mark.parametrize(
    ("texts", "origins", "names"),
    [
        # One speaker whom two outlets quote is one source; so is what the company itself says.
        (("Acme said the storm broke two of the cranes.",), 1, ("Acme",)),
        (
            (
                "Acme said the storm broke two of the cranes.",
                "The storm broke two of the cranes, a spokesman for Acme said on Monday.",
            ),
            1,
            ("Acme",),
        ),
        (
            (
                "Acme said the storm broke two of the cranes.",
                "The storm broke two of the cranes, Ada Lund, a lawyer for Acme, told the Post.",
            ),
            1,
            ("Acme",),
        ),
        (
            (
                "Acme said the storm broke two of the cranes.",
                "The storm broke two of the cranes, Otto Vane of the union said.",
            ),
            2,
            ("Acme", "Otto Vane"),
        ),
        # Speakers without a name may be one.
        (
            (
                "Workers said the storm broke two of the cranes.",
                "The storm broke two of the cranes, officials said.",
            ),
            1,
            (),
        ),
        # The Courier is quoted as a source: it counts once, by its own report.
        (("According to the Courier, the storm broke two of the cranes.",), 1, ("Courier",)),
    ],
)
def test_whoever_is_quoted_is_the_source_and_not_the_outlet(texts, origins, names):
    items = [an_item(f"a{n}", text, outlet=f"Paper {n}") for n, text in enumerate(texts, start=1)]
    assert told(a_pack(*items), ACME, "a1.1") == (origins, names)


def test_a_company_and_an_outlet_that_quotes_it_are_one_source():
    pack = a_pack(
        an_item("a1", ACME, outlet="Acme"),
        an_item("a2", "Acme said the storm broke two of the cranes.", outlet="Ledger"),
    )
    assert told(pack, ACME, "a2.1") == (1, ("Acme",))


def test_a_claim_that_names_its_speaker_is_told_by_that_speaker_alone():
    pack = a_pack(
        an_item("a1", "Acme said the storm broke two of the cranes.", outlet="Ledger"),
        an_item("a2", "Acme says that two of the cranes were broken by the storm.", outlet="Post"),
    )
    assert told(pack, "Acme said the storm broke two of the cranes.", "a1.1") == (1, ("Acme",))


def test_a_withdrawn_report_tells_nothing_more():
    pack = a_pack(
        an_item("a1", SHUT, outlet="Ledger"),
        an_item(
            "a2",
            "After the storm the pier was shut on Monday.",
            outlet="Post",
            extra={"retracted": True},
        ),
    )
    assert told(pack, SHUT, "a1.1") == (1, ("Ledger",))


def test_without_a_cited_passage_nobody_tells():
    assert told(a_pack(an_item("a1", SHUT)), SHUT) == (0, ())


@pytest.mark.parametrize(
    ("texts", "claim", "origins"),
    [
        (("Acme announced a new pier.", "On Monday Acme announced a new pier."),
         "Acme announced a new pier.", 1),
        (("Acme unveiled a crane.", "Acme has unveiled a crane."), "Acme unveiled a crane.", 1),
        (("Acme said the storm broke two of the cranes.",
          "The storm broke two of the cranes, the regulator Fincourt found."), ACME, 2),
    ],
)  # fmt: skip
def test_one_announcement_is_one_source(texts, claim, origins):
    items = [an_item(f"a{n}", text, outlet=f"Paper {n}") for n, text in enumerate(texts, start=1)]
    assert told(a_pack(*items), claim, "a1.1")[0] == origins


@pytest.mark.parametrize(
    ("end", "before", "again"),
    [
        ("Prosecutors have dropped the fraud charge against Ada Lorn.",
         "Prosecutors have brought the fraud charge against Ada Lorn.",
         "Prosecutors in Ulm have dropped the fraud charge against Ada Lorn."),
        ("The court overturned the conviction of Jan Tolk for arson.",
         "The court told of the conviction of Jan Tolk for arson.",
         "The court has overturned the conviction of Jan Tolk for arson."),
        ("Ines Roth withdrew the complaint against the clinic Harrow.",
         "Ines Roth filed the complaint against the clinic Harrow.",
         "Ines Roth withdrew the complaint against the clinic Harrow on Monday."),
    ],
)  # fmt: skip
def test_who_tells_only_what_ended_does_not_tell_the_end(end, before, again):
    items = [an_item("a1", end, outlet="Ledger"), an_item("a2", before, outlet="Courier")]
    assert told(a_pack(*items), end, "a1.1")[0] == 1
    assert told(a_pack(*items), end, "a1.1", "a2.1")[0] == 1
    third = an_item("a3", again, outlet="Echo")
    assert told(a_pack(*items, third), end, "a1.1")[0] == 2
