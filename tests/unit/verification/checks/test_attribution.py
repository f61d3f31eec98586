import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import attribution
from summarizer.verification.evidence import CitedEvidence, CitedText, EvidenceIndex
from tests.support.builders import a_pack, an_item

TEXT = "The union says Acme withheld wages."


def one_origin(text: str = TEXT, **fields: object) -> CitedEvidence:
    ground = CitedText(id="a1.1", text=text, item="a1", origin="a1", **fields)  # type: ignore[arg-type]  # fields vary
    return CitedEvidence((ground,), (ground,))


def two_origins() -> CitedEvidence:
    both = tuple(CitedText(id=f"{k}.1", text=TEXT, item=k, origin=k) for k in ("a1", "a2"))
    return CitedEvidence(both, both)


PASSES = [
    "The union alleges that Acme withheld wages.",
    "The union alleged wage theft.",
    "Acme allegedly withheld wages, according to the union.",
    "Acme allegedly withheld wages, the lawsuit says.",
    "Prosecutors charged Hale over the alleged theft.",
    "The alleged theft was reported by the Ledger.",
    "Acme denied the alleged theft.",
    "A source said that Acme withheld wages.",
    "The report says that Acme withheld wages.",
    "Acme sources its robots from Ostia.",
    "Acme publishes reports on wages.",
    "Acme allegedly withheld wages, regulators wrote.",
    "The allegedly withheld wages are disputed by Acme.",
    "In its complaint the union describes the alleged theft.",
    "A report by the Ledger describes the alleged theft.",
    "Police are investigating the alleged theft.",
    "Acme rejects the alleged theft as invented.",
    "One outlet reported that Acme withheld wages.",
    "Acme has several sources of income.",
    "The outlets of Acme are closed.",
    "Ruiz alleges wage theft at Acme.",
    "The union accuses Acme of the alleged theft.",
]

FAILED = [
    "Acme allegedly withheld wages.",
    "The alleged theft took place in May.",
    "Acme reportedly withheld wages.",
    "The rumoured sale fell through.",
    "Acme purportedly withheld wages.",
    "Sources say that Acme withheld wages.",
    "Multiple outlets reported that Acme withheld wages.",
    "According to reports, Acme withheld wages.",
    "According to several media outlets, Acme withheld wages.",
    "News organizations confirmed that Acme withheld wages.",
    "Acme supposedly withheld wages.",
    "The alleged wage theft hurt drivers.",
    "Acme is rumored to have withheld wages.",
    "Reports suggest that Acme withheld wages.",
    "Several publications described the withheld wages.",
    "Media reports indicate that Acme withheld wages.",
    "Two independent sources confirm that Acme withheld wages.",
    "Various news outlets report that Acme withheld wages.",
    "According to sources, Acme withheld wages.",
    "Numerous reports claim that Acme withheld wages.",
]


@pytest.mark.parametrize("claim", PASSES)
def test_a_claim_that_says_who_says_so_passes(claim):
    assert attribution.check(claim, one_origin()) == []


@pytest.mark.parametrize("claim", FAILED)
def test_bare_allegedly_and_plural_sources_of_one_origin_fail(claim):
    (failure,) = attribution.check(claim, one_origin())
    assert (failure.check, failure.label) == ("attribution", VerdictLabel.PARTLY)


def test_plural_sources_pass_with_two_origins():
    assert attribution.check("Sources say that Acme withheld wages.", two_origins()) == []


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
        ("Acme bribed Otto Lund, the chief inspector.", ("a2",), "passage a1.1"),
        ("Acme bribed Otto Lund, the chief inspector.", ("a1",), None),
        ("Acme bribed Otto Lund, the chief inspector.", ("a1", "a2"), None),
        ("Otto Lund wants to see records of Acme.", ("a2",), None),
        ("The Ledger reported that Acme bribed Otto Lund.", ("a1", "a2"), "The Ledger"),
        ("According to the Ledger, Acme bribed Otto Lund.", ("a1", "a2"), "The Ledger"),
        ("Quay Notes reported that Acme bribed Otto Lund.", ("a1", "a2"), None),
        ("Acme, which the Ledger covers, bribed Otto Lund.", ("a1", "a2"), None),
        ("Outlets reported that Acme bribed Otto Lund.", ("a1", "a2"), "plural"),
    ],
)
def test_a_lie_gains_nothing_from_an_honest_passage(claim, cited, reason):
    found = attribution.check(claim, grounds_of(*ITEMS, cited=cited))
    assert len(found) == (reason is not None)
    assert reason is None or reason in found[0].reason


def test_an_honest_passage_beside_a_lie_makes_no_second_origin():
    grounds = grounds_of(*ITEMS, cited=("a1", "a2"))
    (warning,) = attribution.warnings("Acme bribed Otto Lund, the chief inspector.", grounds)
    assert warning.startswith("One origin")


def test_the_plural_of_the_source_itself_passes():
    text = "Two sources told the Ledger that Acme withheld wages."
    claim = "Two sources told the Ledger about withheld wages."
    assert attribution.check(claim, one_origin(text)) == []


def test_a_sources_own_bare_allegedly_is_a_warning_and_no_failure():
    text = "Acme allegedly withheld wages."
    assert attribution.check(text, one_origin(text)) == []
    assert any("who alleges" in w for w in attribution.warnings(text, one_origin(text)))


def test_a_place_in_the_name_of_an_outlet_is_not_the_outlet():
    text = "A nurse from Tolby was left on the pier."
    found = attribution.warnings(text, one_origin(text, bylines=("Tolby Courier",)))

    assert not any("about itself" in warning for warning in found)


def test_one_origin_anonymous_sources_and_self_statements_are_warned_of():
    text = "Acme robots are safe, people familiar with the tests said."
    found = attribution.warnings("Acme robots are safe.", one_origin(text, bylines=("Acme",)))
    assert [w.split()[0] for w in found] == ["One", "Rests", "A"]


def test_two_origins_need_no_warning():
    assert attribution.warnings("The union says Acme withheld wages.", two_origins()) == ()


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


def test_outlets_are_plural_only_where_several_have_the_quotation_too():
    pack = a_pack(
        an_item("a1", '"The slide is real," said Marta Hale, a spokeswoman for Acme Mutual.'),
        an_item("a2", '"We bought nothing," said Marta Hale, a spokeswoman for Acme Mutual.'),
    )
    grounds = EvidenceIndex(pack).grounds(["a1.1", "a2.1"])
    claim = 'Several outlets reported that "The slide is real," said Marta Hale of Acme Mutual.'
    assert [f.check for f in attribution.check(claim, grounds)] == ["attribution"]
