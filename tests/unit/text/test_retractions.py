"""Which items take others back, and which only sound like it."""

import pytest

from summarizer.domain.items import SourceItem
from summarizer.text.retractions import find_retractions
from tests.support.builders import NOON, an_item, hours

TITLE = "Varnway shuttle hit nine people"
REPORT = an_item(
    "a1",
    "A Varnway shuttle hit nine people in Calder Street, police said.",
    title=TITLE,
    outlet="Stannick Post",
    url="https://post.example/shuttle",
    source_id="post-1",
)
OTHER = an_item(
    "a2",
    "Varnway cut 30 jobs at its Port Harrow depot on Friday.",
    title="Varnway cuts jobs at depot",
    outlet="Stannick Post",
    url="https://post.example/jobs",
)
RIVAL = an_item(
    "a3",
    "Two people were injured by a shuttle in Calder Street.",
    title="Two hurt by driverless shuttle",
    outlet="Harbor Ledger",
    url="https://ledger.example/two",
)
BEFORE = (REPORT, OTHER, RIVAL)

TAKES_BACK = [
    ("We retract our report that a shuttle hit nine people in Calder Street.", True),
    ("The Stannick Post has retracted its story on nine people hit by a shuttle.", True),
    (f"RETRACTION: {TITLE}. The report was wrong.", True),
    ("Our article about the shuttle that hit nine people has been withdrawn.", True),
    ("Correction: The shuttle in Calder Street hit two people, not nine.", False),
    ("CORRECTION (May 2): a shuttle hit two people, not nine people as Varnway said.", False),
    ("An earlier version of this article misstated how many people the shuttle hit.", False),
    ("Editor's note: we corrected the number of people hit by the Varnway shuttle.", False),
    ("We wrongly reported that the Varnway shuttle hit nine people.", False),
    ("More on the crash.\nCorrection: our first report had nine people hit by the shuttle.", False),
    ("We deleted our post about nine people hit by a shuttle. It was wrong. Sorry.", True),
    ("On Monday we said a shuttle hit nine people. That report was wrong.", True),
    ("Our story on the shuttle said nine people were hit. This story was simply false.", True),
    ("Correction: Calder Street\nWe withdraw the report that a shuttle hit nine people.", True),
    ("Earlier we linked https://post.example/shuttle. We have pulled the article.", True),
]

SOUNDS_LIKE_IT = [
    "Varnway asked the Stannick Post to retract its report that nine people were hit.",
    "The Stannick Post refused to retract its report of nine people hit by a shuttle.",
    "The Stannick Post did not retract its story on nine people hit.",
    "Varnway demanded that the paper retract the article and correct the record.",
    "A witness retracted his statement that the shuttle hit nine people.",
    "Varnway withdrew its application to run shuttles in Port Harrow.",
    "Varnway said that the report on nine people hit by a shuttle was wrong.",
    "Varnway said of nine people hit by a shuttle that this story was false.",
    "The gate retracts when a shuttle approaches Calder Street.",
    "After a market correction, shares of Varnway recovered.",
    "The Department of Corrections bought nine shuttles of Varnway.",
    "A course correction: the shuttle now stops at Calder Street.",
    "Editor's note: this report first appeared in the Stannick Post newsletter on shuttles.",
    "Varnway could be forced to retract its press release on the shuttle.",
    "The regulator will decide whether the story should be withdrawn.",
    "We removed our post about nine people hit by a shuttle to change a picture.",
    "Varnway pulled the shuttle from Calder Street after nine people were hit.",
]


def later(text: str, outlet: str | None = "Stannick Post", **fields: object) -> SourceItem:
    return an_item(
        "a9",
        text,
        outlet=outlet,
        published_at=NOON + hours(5),
        **({"url": "https://post.example/note"} | fields),
    )


@pytest.mark.parametrize(("text", "whole"), TAKES_BACK)
def test_an_item_that_says_so_takes_its_outlets_report_back(text: str, whole: bool) -> None:
    (taking,) = find_retractions((*BEFORE, later(text)))
    assert (taking.by, taking.of, taking.whole) == ("a9", ("a1",), whole)
    assert taking.words in text


@pytest.mark.parametrize("text", SOUNDS_LIKE_IT)
def test_what_only_sounds_like_it_takes_nothing_back(text: str) -> None:
    assert find_retractions((*BEFORE, later(text))) == ()


def test_another_outlet_may_tell_of_a_retraction() -> None:
    text = "The Stannick Post retracted its report that nine people were hit by a shuttle."
    (taking,) = find_retractions(
        (*BEFORE, later(text, "Harbor Ledger", url="https://ledger.example/r"))
    )
    assert taking.of == ("a1",)


def test_an_outlet_corrects_none_but_its_own() -> None:
    assert (
        find_retractions((RIVAL, later("Correction: the shuttle hit nine people, not two."))) == ()
    )


def test_of_two_reports_about_as_like_neither_is_guessed_without_a_word_of_either() -> None:
    assert (
        find_retractions(
            (REPORT, OTHER, later("Correction: the mayor is Ada Lind, not Ada Lindt."))
        )
        == ()
    )


def test_a_page_that_says_of_itself_that_it_was_withdrawn_takes_its_versions_back() -> None:
    note = later("This article has been retracted.", url=REPORT.url, origin="a1")
    (taking,) = find_retractions((REPORT, RIVAL, note))
    assert (taking.of, taking.whole) == (("a1", "a9"), True)


def test_an_earlier_version_at_the_same_address_is_what_a_correction_means() -> None:
    text = "Two were hurt. An earlier version of this article misstated the number."
    (taking,) = find_retractions((REPORT, OTHER, later(text, url=REPORT.url)))
    assert taking.of == ("a1",)


@pytest.mark.parametrize(
    ("extra", "of", "whole"),
    [
        ({"retracts": "post-1"}, ("a1",), True),
        ({"retracts": ["https://post.example/shuttle", "a2"]}, ("a1", "a2"), True),
        ({"corrects": "a1"}, ("a1",), False),
        ({"retracted": True}, ("a9",), True),
        ({"status": "retracted"}, ("a9",), True),
    ],
)
def test_its_sender_may_flag_it(extra: dict[str, object], of: tuple[str, ...], whole: bool) -> None:
    (taking,) = find_retractions((*BEFORE, later("More on the crash.", None, extra=extra)))
    assert (taking.of, taking.whole, taking.words) == (of, whole, "")


@pytest.mark.parametrize(
    "extra", [{"retracts": "nobody"}, {"retracts": 7}, {"retracted": False}, {"retracted": "no"}]
)
def test_a_flag_that_means_nothing_here_takes_nothing_back(extra: dict[str, object]) -> None:
    assert find_retractions((*BEFORE, later("More on the crash.", None, extra=extra))) == ()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("That report was wrong. We withdraw it and apologise.", True),
        ("We withdraw the report on the shuttle.", True),
        ("Our article was false. We are sorry.", True),
        ("The shuttle hit two people, not nine.", False),
    ],
)
def test_a_correction_that_withdraws_the_report_takes_it_back_whole(text: str, whole: bool) -> None:
    item = an_item(
        "a4",
        text,
        title="Correction: Varnway",
        outlet="Stannick Post",
        published_at=NOON + hours(5),
        extra={"corrects": "post-1"},
    )
    (found,) = find_retractions([*BEFORE, item])
    assert (found.of, found.whole) == (("a1",), whole)
