"""Ends of accusations in a pack, and the sentences that they make outdated."""

import pytest

from summarizer.domain.accusations import ReplyKind
from summarizer.domain.claims import Claim
from summarizer.domain.evidence import EvidencePack
from summarizer.verification.accusations import accusations
from summarizer.verification.outcomes import has_ended, outcomes, outdated, tells_end_of
from tests.support.builders import NOON, a_pack, an_item, hours


def told(first: str, later: str) -> EvidencePack:
    return a_pack(an_item("a1", first), an_item("a2", later, published_at=NOON + hours(48)))


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Prosecutors charged Tomas Reik with arson.",
         "Prosecutors dropped the charge against Tomas Reik."),
        ("A nurse, Ida Welk, accused the surgeon Paul Onder of theft.",
         "Ida Welk took back her accusation."),
        ("Marta Lund is accused of stealing 90,000 euros.", "A court acquitted Marta Lund."),
        ("Nia Pratt sued Hollow Bank for bias.",
         "A judge dismissed the lawsuit of Nia Pratt against Hollow Bank."),
        ("The captain Rolf Emmer was convicted of negligence.",
         "An appeals court overturned the conviction of Rolf Emmer."),
        ("Police arrested the teacher Owen Hatch.",
         "CORRECTION: An earlier report said that Owen Hatch was arrested.\nHe was not arrested."),
        ("Three workers accused the foreman Lars Brod of harassment.",
         "The labour office found the complaints against Lars Brod unfounded."),
        ("Police said that Jon Faber sold drugs.", "We had the wrong man in Jon Faber."),
        ("Police arrested Peter Vahl.", "Police said that Peter Vahl was held by mistake."),
        ("Police named Peter Vahl as the suspect.", "Police said that Peter Vahl was no suspect."),
        ("Police named Peter Vahl as the culprit.", "Peter Vahl is no longer a suspect."),
        ("Detectives arrested the cook Olga Brem.",
         "Detectives confirmed that Olga Brem had played no part in the theft."),
        ("The board suspended Ivo Hartl and accused him of fraud.",
         "An audit found that Ivo Hartl had nothing to do with the fraud."),
        ("Police arrested the teacher Owen Hatch.", "Owen Hatch was not involved, police said."),
        ("The mayor blamed Nepalese workers for the fire.",
         "Investigators found a broken cable and ruled out that workers had started the fire."),
        ("The mayor blamed Peter Vahl for the fire.",
         "Police have ruled out Peter Vahl as a suspect."),
        ("The board accused the supplier Kehl of fraud.",
         "The audit ruled out that Kehl had caused the loss."),
        ("Acme accused Ada Lorn of theft.",
         "Acme and Ada Lorn have settled, and both sides withdraw all claims."),
        ("Acme sued Kehl Works for libel.",
         "Acme and Kehl Works have reached a deal in which both parties drop all claims."),
        ("The mayor Ivo Hartl accused the builder Sanno of fraud.",
         "The mayor and Sanno have settled their dispute; both sides dropped their claims."),
    ],
)  # fmt: skip
def test_an_accusation_that_has_ended_is_outdated(first: str, later: str) -> None:
    pack = told(first, later)
    assert {end.item.key for end in outcomes(pack)} == {"a2"}
    end = outdated(Claim(text=first, cites=("a1.1",)), pack)
    assert end is not None
    assert end.words == later.split("\n")[-1]
    assert outdated(Claim(text=end.words, cites=(end.passage.id,)), pack) is None


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Prosecutors charged Tomas Reik with arson.", "Tomas Reik denied the charge."),
        ("Prosecutors charged Tomas Reik with arson.",
         "Tomas Reik said that the charge against him was dropped by mistake in May."),
        ("Prosecutors charged Tomas Reik with arson.",
         "Prosecutors dropped the charge against Ada Lorn."),
        ("Nurses accused Hollow Bank of theft.",
         "An inquiry of Hollow Bank found no wrongdoing by Ada Lorn."),
        ("The union sued Acme.", "The court acquitted Acme of fraud.\nIt convicted Acme of theft."),
        ("Police arrested the teacher Owen Hatch.", "Owen Hatch was not charged with theft."),
        ("Police arrested Owen Hatch.", "Owen Hatch said he had nothing to do with the theft."),
        ("Police arrested Owen Hatch.", "His mother said Owen Hatch played no part in it."),
        ("Police arrested Owen Hatch.", "Police said that Owen Hatch might not be involved."),
        ("Police arrested Owen Hatch.", "Owen Hatch had nothing to do with the theft."),
        ("Police arrested Owen Hatch.", "Police did not rule out that Owen Hatch had fled."),
        ("The mayor blamed Owen Hatch.", "The mayor ruled out that Owen Hatch would return."),
        ("Acme accused Ada Lorn of theft.",
         "Acme and Ada Lorn met, and both sides repeated their claims."),
    ],
)  # fmt: skip
def test_what_ends_something_else_leaves_it(first: str, later: str) -> None:
    assert outdated(Claim(text=first, cites=("a1.1",)), told(first, later)) is None


def test_who_is_charged_again_is_not_free() -> None:
    charged = "Prosecutors charged Ugo Prant with fraud."
    dropped = "Prosecutors dropped the charge against Ugo Prant."
    pack = a_pack(
        an_item("a1", charged),
        an_item("a2", dropped, published_at=NOON + hours(1)),
        an_item("a3", "Prosecutors charged Ugo Prant again.", published_at=NOON + hours(2)),
    )
    assert outcomes(pack) == ()
    assert has_ended(dropped, ("a2.1",), pack)
    assert not has_ended("Prosecutors charged Ugo Prant again.", ("a3.1",), pack)


def test_the_newest_words_free_whom_an_appeal_sought() -> None:
    sought = "Police are looking for this man, Jon Faber, 29, after a theft at the mill."
    named = "Police named Jon Faber, 29, as the suspect in the theft at the mill."
    freed = "Our appeal named the wrong man."
    pack = a_pack(
        an_item("a1", sought),
        an_item("a2", named, published_at=NOON + hours(1)),
        an_item("a3", f"{freed}\nJon Faber is not a suspect.", published_at=NOON + hours(2)),
    )
    for text, cite in ((sought, "a1.1"), (named, "a2.1")):
        assert outdated(Claim(text=text, cites=(cite,)), pack) is not None
    (accusation,) = accusations(pack)
    assert accusation.replies[0].kind is ReplyKind.CLEARED


@pytest.mark.parametrize(
    "words",
    [
        "I was wrong about Viktor Stahl.",
        "What I wrote about Viktor Stahl was not true.",
        "My accusation against Viktor Stahl was false.",
        "I take back what I said about Viktor Stahl.",
    ],
)
def test_an_accuser_ends_it_in_a_post_of_theirs_and_nobody_else_does(words: str) -> None:
    first = "Viktor Stahl drugged my drink at the party."
    news = "The actress Noor Hadi accused the producer Viktor Stahl of drugging her drink."
    post = {"platform": "x", "title": ""}
    for author, ends in (("@noor", True), ("@fan", False)):
        pack = a_pack(
            an_item("a1", first, outlet="@noor", **post),
            an_item("a2", news, outlet="Courier", published_at=NOON + hours(1)),
            an_item("a3", words, outlet=author, published_at=NOON + hours(2), **post),
        )
        for text, cite in ((first, "a1.1"), (news, "a2.1")):
            assert (outdated(Claim(text=text, cites=(cite,)), pack) is not None) is ends


@pytest.mark.parametrize(
    "words",
    ["I was wrong about the weather.", "I was right about Viktor Stahl.",
     "If I was wrong about Viktor Stahl, I will say so.", "I never take back my word."],
)  # fmt: skip
def test_who_takes_nothing_back_ends_nothing(words: str) -> None:
    pack = a_pack(
        an_item("a1", "Noor Hadi accused Viktor Stahl of theft.", outlet="@noor"),
        an_item("a2", words, outlet="@noor", published_at=NOON + hours(1)),
    )
    assert outcomes(pack) == ()


@pytest.mark.parametrize(
    "deal",
    ["Acme and Ada Lorn have settled their dispute.", "Acme settled the lawsuit on Friday.",
     "Acme settled the case with Ada Lorn."],
)  # fmt: skip
def test_a_settlement_is_no_older_than_the_end_that_it_tells(deal: str) -> None:
    end = "Acme will pay Ada Lorn, and both sides withdraw all claims."
    pack = told("Acme accused Ada Lorn of theft.", f"{deal}\n{end}")
    assert outdated(Claim(text=deal, cites=("a2.1",)), pack) is None
    assert tells_end_of(("a2.1",), pack)
    assert not tells_end_of(("a1.1",), pack)
