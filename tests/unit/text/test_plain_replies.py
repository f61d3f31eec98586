"""Answers in fixed forms, right behind a name."""

import pytest

from summarizer.domain.accusations import ReplyKind
from summarizer.text.plain_replies import plain_reply


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Tolk denied it.", ReplyKind.DENIAL),
        ("Arno Tolk has dismissed the accusation.", ReplyKind.DENIAL),
        ("Tolk rejected the claims on Friday.", ReplyKind.DENIAL),
        ("In court Tolk pleaded not guilty.", ReplyKind.DENIAL),
        ("Tolk declined to comment.", ReplyKind.DECLINED),
        (
            "Tolk did not immediately respond to a request for comment.",
            ReplyKind.NO_ANSWER_REPORTED,
        ),
        ("Tolk could not be reached.", ReplyKind.NO_ANSWER_REPORTED),
        ("Tolk was not available for comment.", ReplyKind.NO_ANSWER_REPORTED),
        ("Tolk denied rumours that his marriage was over.", None),
        ("Tolk rejected the plan.", None),
        ("Tolk denied that he would stand for mayor.", None),
        ("Tolk denied that.", ReplyKind.DENIAL),
        ("Mayor Tolk denied it.", ReplyKind.DENIAL),
        ("Her brother Karl Tolk denied it.", None),
        ("Tolk wies die Vorwürfe zurück.", ReplyKind.DENIAL),
        ("Die Vorwürfe wies Tolk am Montag zurück.", ReplyKind.DENIAL),
        ("Der Händler Tolk hat alle Vorwürfe bestritten.", ReplyKind.DENIAL),
        (
            "Der Hersteller Tolk hat die Vorwürfe der Designerin Eva Kern zurückgewiesen.",
            ReplyKind.DENIAL,
        ),
        (
            "Tolk hat die Anschuldigungen der früheren Leiterin des Werks in Ulm bestritten.",
            ReplyKind.DENIAL,
        ),
        ("Tolk hatte den Verdacht der Steuerfahndung von Anfang an dementiert.", ReplyKind.DENIAL),
        ("Tolk hat den Vorwurf, den die Bank erhoben und der Rat zurückgewiesen hat.", None),
        ("Tolk wies auf die Folgen hin.", None),
        ("Tolk wollte sich dazu nicht äußern.", ReplyKind.DECLINED),
        ("Tolk äußerte sich auf Anfrage nicht.", ReplyKind.DECLINED),
        ("Tolk äußerte sich erfreut.", None),
        ("Tolk war zunächst nicht zu erreichen.", ReplyKind.NO_ANSWER_REPORTED),
        ("Tolk reagierte auf mehrere Anfragen nicht.", ReplyKind.NO_ANSWER_REPORTED),
        ("Tolk negó las acusaciones.", ReplyKind.DENIAL),
        ("Tolk niega haber cobrado sobornos.", ReplyKind.DENIAL),
        ("Tolk rechazó las denuncias en su contra.", ReplyKind.DENIAL),
        ("Tolk rechazó la oferta.", None),
        ("Tolk no quiso hacer declaraciones.", ReplyKind.DECLINED),
        ("Tolk no respondió a este diario.", ReplyKind.NO_ANSWER_REPORTED),
        ("Kehl denied it, and Tolk left.", None),
        ("The baker denied it.", None),
    ],
)
def test_an_answer_stands_right_behind_its_name(sentence: str, kind: ReplyKind | None) -> None:
    assert plain_reply(sentence, "Arno Tolk") is kind


@pytest.mark.parametrize("name", ["", "the lab", "two labs"])
def test_nobody_without_a_name_answers_so(name: str) -> None:
    assert plain_reply("The lab denied it.", name) is None
