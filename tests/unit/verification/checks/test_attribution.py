import pytest

from summarizer.verification import corroboration
from summarizer.verification.checks import attribution
from summarizer.verification.corroboration import Tellers
from summarizer.verification.evidence import CitedEvidence, CitedText, EvidenceIndex
from tests.support.builders import a_pack, an_item

TEXT = "The union says Acme withheld wages."


NOBODY = Tellers(0, ())


def one_origin(text: str = TEXT, **fields: object) -> CitedEvidence:
    ground = CitedText(id="a1.1", text=text, item="a1", origin="a1", **fields)  # type: ignore[arg-type]  # fields vary
    return CitedEvidence((ground,), (ground,))


def two_origins() -> CitedEvidence:
    both = tuple(CitedText(id=f"{k}.1", text=TEXT, item=k, origin=k) for k in ("a1", "a2"))
    return CitedEvidence(both, both)


SAID = [
    "The union alleges that Acme withheld wages.",
    "The union alleged wage theft.",
    "Acme allegedly withheld wages, according to the union.",
    "Acme allegedly withheld wages, the lawsuit says.",
    "Prosecutors charged Hale over the alleged theft.",
    "The alleged theft was reported by the Ledger.",
    "Acme denied the alleged theft.",
    "Acme allegedly withheld wages, regulators wrote.",
    "The allegedly withheld wages are disputed by Acme.",
    "In its complaint the union describes the alleged theft.",
    "A report by the Ledger describes the alleged theft.",
    "Police are investigating the alleged theft.",
    "Acme rejects the alleged theft as invented.",
    "Ruiz alleges wage theft at Acme.",
    "The union accuses Acme of the alleged theft.",
]

BARE = [
    "Acme allegedly withheld wages.",
    "The alleged theft took place in May.",
    "Acme reportedly withheld wages.",
    "The rumoured sale fell through.",
    "Acme purportedly withheld wages.",
    "Acme supposedly withheld wages.",
    "The alleged wage theft hurt drivers.",
    "Acme is rumored to have withheld wages.",
]


@pytest.mark.parametrize("claim", SAID)
def test_a_claim_that_says_who_alleges_needs_no_warning(claim):
    assert not any("who alleges" in w for w in attribution.warnings(claim, one_origin(), NOBODY))


@pytest.mark.parametrize("claim", BARE)
def test_an_allegation_by_nobody_is_a_warning(claim):
    assert attribution.check(claim, one_origin()) == []
    assert any("who alleges" in w for w in attribution.warnings(claim, one_origin(), NOBODY))


def grounds_of(*items: tuple[str, str, str], cited: tuple[str, ...]) -> CitedEvidence:
    """Grounds of (key, outlet, text), of which some are cited."""
    known = tuple(
        CitedText(id=f"{key}.1", text=text, item=key, origin=key, bylines=(outlet,))
        for key, outlet, text in items
    )
    return CitedEvidence(tuple(g for g in known if g.item in cited), known)


ITEMS = (
    ("a1", "Quay Notes", "Acme bribed Otto Lund, the chief inspector."),
    ("a2", "The Ledger", "Otto Lund, the chief inspector, asked Acme for records in May."),
    ("a3", "Tolby Courier", "Acme withheld wages in May, the union says."),
)


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        ("Acme bribed Otto Lund, the chief inspector.", ("a1",), None),
        ("Acme bribed Otto Lund, the chief inspector.", ("a1", "a2"), None),
        ("Otto Lund wants to see records of Acme.", ("a2",), None),
        ("The Ledger reported that Acme bribed Otto Lund.", ("a1", "a2"), "The Ledger"),
        ("According to the Ledger, Acme bribed Otto Lund.", ("a1", "a2"), "The Ledger"),
        ("Quay Notes reported that Acme bribed Otto Lund.", ("a1", "a2"), None),
        ("Acme, which the Ledger covers, bribed Otto Lund.", ("a1", "a2"), None),
    ],
)
def test_a_lie_gains_nothing_from_an_honest_passage(claim, cited, reason):
    found = attribution.check(claim, grounds_of(*ITEMS, cited=cited))
    assert len(found) == (reason is not None)
    assert reason is None or reason in found[0].reason


def test_an_honest_passage_beside_a_lie_makes_no_second_origin():
    grounds = grounds_of(*ITEMS, cited=("a1", "a2"))
    claim = "Acme bribed Otto Lund, the chief inspector."
    assert len(corroboration.carried_by(claim, grounds)) == 1


def test_a_place_in_the_name_of_an_outlet_is_not_the_outlet():
    text = "A nurse from Tolby was left on the pier."
    found = attribution.warnings(text, one_origin(text), Tellers(1, ("Tolby Courier",)))

    assert not any("own statement" in warning for warning in found)


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Anonymous officials said the pier had sunk.", True),
        ("An anonymous caller said the pier had sunk.", True),
        ("The group Anonymous said the pier had sunk.", False),
    ],
)
def test_a_group_with_the_name_anonymous_is_a_named_source(text, warned):
    found = attribution.warnings("The pier had sunk.", one_origin(text), Tellers(0, ()))
    assert ("Rests on sources that are not named." in found) == warned


def test_anonymous_sources_and_self_statements_are_warned_of():
    text = "Acme robots are safe, people familiar with the tests said."
    found = attribution.warnings("Acme robots are safe.", one_origin(text), Tellers(1, ("Acme",)))
    assert found == ("Rests on sources that are not named.", "Rests on Acme’s own statement.")


@pytest.mark.parametrize(
    ("teller", "text", "claim", "about_itself"),
    [
        ("Acme", "Acme said it had mended the fault.", "Acme has mended the fault.", True),
        ("Acme", "Acme plans to sell robots.", "Acme plans to sell robots.", True),
        # The sentence itself says whose statement it is.
        ("Acme", "Acme has mended the fault.", "Acme said it had mended the fault.", False),
        ("Tolby Post", "Tolby Post staff left.", "According to the Tolby Post, it rained.", False),
        ("Tolby Post", "The pier is shut.", "The Tolby Post reported the pier is shut.", False),
        ("Tolby Post", "Lund told the Tolby Post all.", "Lund told the Tolby Post all.", False),
        ("Pier Authority", "The Pier Authority fined Acme.", "Pier Authority fined Acme.", False),
        (
            "Pier Authority",
            "The Pier Authority found that Acme hid a fault.",
            "Acme hid a fault, the Pier Authority found.",
            False,
        ),
    ],
)
def test_only_what_a_party_tells_of_itself_is_its_own_statement(teller, text, claim, about_itself):
    found = attribution.warnings(claim, one_origin(text), Tellers(1, (teller,)))
    assert any("own statement" in warning for warning in found) is about_itself


def test_what_an_independent_source_tells_too_is_no_own_statement():
    found = attribution.warnings(
        "Acme plans to sell robots.",
        one_origin("Acme plans to sell."),
        Tellers(2, ("Acme", "Post")),
    )
    assert found == ()


def test_a_statement_of_another_needs_no_warning():
    assert attribution.warnings(TEXT, two_origins(), Tellers(1, ("The union",))) == ()


def test_an_outlet_does_not_report_what_comes_under_its_name_from_elsewhere():
    home, away = "https://tolby.example/a", "https://elsewhere.example/b"
    pack = a_pack(
        an_item("a1", "The Tolby Post retracts its article.", outlet="Tolby Post", url=home),
        an_item("a2", "Acme sold its records to 14 banks.", outlet="Tolby Post", url=away),
    )
    grounds = EvidenceIndex(pack).grounds(["a2.1", "a1.1"])
    claim = "The Tolby Post reported that Acme sold its records to 14 banks."
    assert [f.check for f in attribution.check(claim, grounds)] == ["attribution"]
    assert attribution.check("Acme sold its records to 14 banks.", grounds) == []


PLURAL = [
    "Multiple outlets reported that Acme withheld wages.",
    "According to several media outlets, Acme withheld wages.",
    "Several publications described the withheld wages.",
]


@pytest.mark.parametrize("claim", PLURAL)
def test_plural_sources_need_more_than_one_origin(claim):
    (failure,) = attribution.check(claim, one_origin())
    assert "one origin says this" in failure.reason
    assert attribution.check(claim, two_origins()) == []


@pytest.mark.parametrize(
    "claim", ["Acme has several sources of income.", "The outlets of Acme are closed."]
)
def test_sources_and_outlets_that_report_nothing_pass(claim):
    assert attribution.check(claim, one_origin()) == []


def test_the_plural_of_the_source_itself_passes():
    text = "Several outlets reported that Acme withheld wages."
    assert attribution.check(text, one_origin(text)) == []
