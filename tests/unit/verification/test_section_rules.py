import datetime as dt

import pytest

from summarizer.domain.claims import Claim, DateBasis, Kind, Position, Stance
from summarizer.domain.sections import Layout, Limits, Row, Rule, SectionSpec
from summarizer.text.readability import grade, syllables
from summarizer.verification import section_rules
from summarizer.verification.checks import dates
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.section_rules import ClaimContext
from tests.support.builders import a_pack, an_item

PACK = a_pack(
    an_item(
        "a1",
        "Meridian recalled 300 robots on Tuesday after two fires.\n"
        "Marta Ruiz, who runs Meridian, denied any fault.\n"
        "The company is expected to report to the ministry by June 2026.",
        published_at=dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC),
    ),
    an_item(
        "a2",
        "STANNICK, April 30 (Wire) - Meridian was warned of fires.\n"
        "Meridian sold 40 robots on Monday.",
        published_at=dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC),
    ),
)


def spec(*rules: Rule, kinds: tuple[Kind, ...] = tuple(Kind), max_words: int = 30) -> SectionSpec:
    return SectionSpec(
        key="any",
        row=Row(heading="Any", layout=Layout.PROSE, missing="Nothing.", rules=rules),
        limits=Limits(version=1, max_claims=9, max_words=max_words, kinds=kinds, query="any"),
    )


def reasons(rule: Rule, *claims: Claim) -> list[str]:
    """What the rule says of the last claim."""
    place = ClaimContext(claims[-1], claims, spec(rule), EvidenceIndex(PACK))
    rules = place.spec.row.rules
    return [f.reason for rule in rules for f in section_rules.check(place, rule)]


def claim(text: str, cites: tuple[str, ...] = ("a1.1",), **fields: object) -> Claim:
    return Claim.model_validate({"text": text, "cites": cites, **fields})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Meridian recalled 300 robots", None),
        ("Meridian Recalled Robots After Fires", None),
        ("Ruiz denied any fault", None),
        ("Did Meridian hide the fires?", "asks nothing"),
        ("Meridian's shocking recall of robots", "judges"),
        ("Meridian slammed over robots", "judges"),
        ("robots were recalled", "names who"),
    ],
)
def test_a_title_names_the_actor_and_neither_asks_nor_judges(text, word):
    found = reasons(Rule.HEADLINE, claim(text))
    assert (not found) if word is None else word in found[0]


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Meridian took back 300 robots.", False),
        ("Two robots caught fire, so the firm took them back.", False),
        ("Meridian took back robots because of the fires.", False),
        ("Kestrel took back 300 robots.", True),
        ("Meridian took back 45 robots.", True),
    ],
)
def test_plain_language_adds_no_name_and_no_number(text, new):
    assert bool(reasons(Rule.NOTHING_NEW, claim(text))) is new


def test_plain_language_adds_no_cause():
    text = "Ruiz says no because she is proud."
    assert "cause" in reasons(Rule.NOTHING_NEW, claim(text, ("a1.2",)))[0]


def test_an_analogy_is_left_to_its_own_check():
    text = "It is as if Kestrel paid 45 coins."
    assert reasons(Rule.NOTHING_NEW, claim(text, kind=Kind.ANALOGY)) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("It is like a toy going back to the shop.", True),
        ("It is as if a toy went back to the shop.", True),
        ("Think of a toy going back to the shop.", True),
        ("Imagine a toy going back to the shop.", True),
        ("A toy goes back to the shop.", False),
    ],
)
def test_an_analogy_is_marked_as_one(text, marked):
    assert (reasons(Rule.READABLE, claim(text, kind=Kind.ANALOGY)) == []) is marked


def test_a_hard_sentence_fails_only_when_the_section_is_hard_on_average():
    hard = claim(
        "Regulatory authorities subsequently initiated comprehensive investigations concerning "
        "organisational accountability and technological deficiencies."
    )
    easy = [claim("The robots got hot. The firm took them back. No one was hurt.")] * 6
    assert "grade" in reasons(Rule.READABLE, hard)[0]
    assert reasons(Rule.READABLE, *easy, hard) == []


def test_a_harder_sentence_does_not_push_out_an_easier_one():
    hardest = claim("Institutional intransigence notwithstanding. " * 9)
    medium = claim("The regulatory agency initiated an inquiry into Meridian.")
    easy = [claim("The robots got hot. The firm took them back. No one was hurt.")] * 2
    assert reasons(Rule.READABLE, *easy, medium) == []
    assert reasons(Rule.READABLE, hardest, *easy, medium) == []


def test_the_grade_follows_the_published_formula():
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert grade("") == 0.0


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1), ("robot", 2), ("make", 1), ("table", 2), ("recalled", 2), ("company", 3),
        ("wanted", 2), ("houses", 2), ("hmm", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_by_groups_of_vowels(word, count):
    assert syllables(word) == count


def side(actor: str | None, stance: Stance | None = Stance.DEFENDER) -> Claim:
    return claim("She denied any fault.", ("a1.2",), actor=actor, stance=stance)


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ((side("Marta Ruiz"),), None),
        ((side("Ruiz"),), None),
        ((side("Meridian"), side("Ruiz")), None),
        ((side(None),), "names its actor"),
        ((side("Ruiz", None),), "stance"),
        ((side("Ruiz"), side("Ruiz")), None),  # which of the two stands is the gate's to say
        ((side("Tom Hale"),), "don't name"),
    ],
)
def test_a_side_has_one_named_actor_with_a_stance(claims, word):
    found = reasons(Rule.ONE_ACTOR, *claims)
    assert (not found) if word is None else word in found[0]


FORECAST: dict[str, object] = {
    "kind": Kind.PREDICTION,
    "probability": 0.6,
    "date": dt.date(2026, 6, 30),
    "criterion": "A report is published by the ministry.",
}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, None),
        ({"probability": None}, None),  # its passage announces it for that day
        ({"probability": None, "date": dt.date(2026, 7, 4)}, "probability"),
        ({"probability": 1.4}, "probability"),
        ({"date": None}, "date"),
        ({"date": dt.date(2026, 5, 1)}, "before the newest"),
        ({"criterion": " "}, "how a reader"),
    ],
)
def test_a_forecast_can_be_judged_later(change, word):
    text = "Meridian is expected to report to the ministry."
    found = reasons(Rule.JUDGEABLE, claim(text, ("a1.3",), **(FORECAST | change)))
    assert (not found) if word is None else word in found[0]


def test_an_expectation_has_a_probability():
    text = "Meridian may report to the ministry."
    fields = FORECAST | {"probability": None}
    assert "probability" in reasons(Rule.JUDGEABLE, claim(text, ("a1.3",), **fields))[0]


def test_a_forecast_is_hedged():
    text = "Meridian reports to the ministry."
    assert "hedged" in reasons(Rule.JUDGEABLE, claim(text, ("a1.3",), **FORECAST))[0]


@pytest.mark.parametrize(
    ("day", "basis", "word"),
    [
        (dt.date(2026, 5, 5), DateBasis.EVENT, None),
        (dt.date(2026, 5, 6), DateBasis.PUBLICATION, None),
        (dt.date(2026, 5, 4), DateBasis.EVENT, "No cited passage"),
        (dt.date(2026, 5, 5), DateBasis.PUBLICATION, "published"),
        (None, DateBasis.EVENT, "has a date"),
        (dt.date(2026, 5, 5), None, "says whether its date"),
    ],
)
def test_a_timeline_entry_is_dated_by_its_passage_or_its_publication(day, basis, word):
    found = reasons(Rule.DATED, claim("Meridian recalled robots.", date=day, date_basis=basis))
    assert (not found) if word is None else word in found[0]


def test_the_passage_of_the_same_item_that_has_the_day_is_named():
    entry = claim(
        "Meridian denied any fault.",
        ("a1.2",),
        date=dt.date(2026, 5, 5),
        date_basis=DateBasis.EVENT,
    )
    (reason,) = reasons(Rule.DATED, entry)
    assert "a1.1 of the same item does: cite it if it tells of this event" in reason


def test_a_timeline_entry_may_count_its_day_from_the_dateline_of_its_item():
    day = dt.date(2026, 4, 27)
    entry = claim("Meridian sold 40 robots.", ("a2.2",), date=day, date_basis=DateBasis.EVENT)
    assert reasons(Rule.DATED, entry) == []


def test_a_month_is_entered_as_its_first_day():
    entry = claim(
        "A report is due.", ("a1.3",), date=dt.date(2026, 6, 1), date_basis=DateBasis.EVENT
    )
    assert reasons(Rule.DATED, entry) == []


def test_a_claim_longer_or_of_another_kind_than_allowed_fails():
    wrong = claim("Meridian recalled its robots.", kind=Kind.OPINION)
    limited = spec(kinds=(Kind.FACT,), max_words=3)
    place = ClaimContext(wrong, [wrong], limited, EvidenceIndex(PACK))
    assert [f.reason.split()[1] for f in section_rules.limits(place)] == ["claim", "section"]


def test_the_day_a_forecast_is_judged_by_needs_no_passage():
    text = "Meridian may report by 30 June 2026."
    due = claim(text, ("a1.1",), **FORECAST)
    (failure,) = dates.check(text, EvidenceIndex(PACK).grounds(("a1.1",)))
    assert section_rules.due_date_allowed(due, failure)
    later = due.model_copy(update={"date": dt.date(2026, 7, 30)})
    assert not section_rules.due_date_allowed(later, failure)


def test_every_rule_of_the_registry_has_code():
    assert set(section_rules.RULES) == set(Rule)


SIDE = {"actor": "Marta Ruiz", "stance": Stance.DEFENDER}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"position": Position.DENIES, "office": "who runs Meridian"}, None),
        ({"position": Position.DENIES, "replies_to": "Meridian"}, None),
        ({"position": Position.DENIES, "office": "minister"}, "office"),
        ({"position": Position.DENIES, "replies_to": "Kestrel"}, "Kestrel"),
    ],
)
def test_what_is_said_of_an_actor_is_in_the_evidence(fields, reason):
    side = claim("Marta Ruiz denied any fault.", ("a1.2",), **(SIDE | fields))
    found = reasons(Rule.ONE_ACTOR, side)
    assert found == [] if reason is None else reason in found[0]


@pytest.mark.parametrize(
    ("text", "before", "reason"),
    [
        ("Owners of the robots may lose money.", (), None),
        ("Owners of the robots lose money.", (), "hedged"),
        ("Owners of the robots may lose money.", ("Shops could close.",), "one inference"),
    ],
)
def test_an_inference_is_hedged_and_the_only_one_of_its_section(text, before, reason):
    claims = [
        claim(said, kind=Kind.INFERENCE).named(str(n)) for n, said in enumerate((*before, text))
    ]
    found = section_rules.inference(ClaimContext(claims[-1], claims, spec(), EvidenceIndex(PACK)))
    assert [f.check for f in found] == ["inference"] * len(found)
    assert found == [] if reason is None else reason in found[0].reason


def test_the_advice_on_a_date_never_names_another_days_publication():
    day = dt.date(2026, 4, 1)
    entry = claim("Meridian recalled robots.", date=day, date_basis=DateBasis.EVENT)
    (said,) = reasons(Rule.DATED, entry)
    assert "publication" not in said
