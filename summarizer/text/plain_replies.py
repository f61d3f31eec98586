"""Answers in fixed forms: a name right before "denied it", "declined to comment", "could not be
reached".

Grammar reads the other answers.  These are the forms of newswriting in which a short sentence about
an unusual surname is parsed wrongly, and a page must not say that nobody answered.
"""

from __future__ import annotations

import re

from summarizer.domain.accusations import ReplyKind

_MATTER = (
    r"(?:it|this|that|them|any|all|wrongdoing|guilt"
    r"|(?:the|these|those|his|her|its|their)\s(?:accusations?|allegations?|claims?|charges?))"
)
_FORMS = (
    (
        ReplyKind.DENIAL,
        r"(?:(?:den(?:ied|ies)|reject(?:ed|s)|dismiss(?:ed|es)|disput(?:ed|es))\s"
        rf"{_MATTER}|(?:has|have|had)\s(?:denied|rejected|dismissed|disputed)\s{_MATTER}"
        r"|plead(?:ed)?\snot\sguilty|pled\snot\sguilty)",
    ),
    (
        ReplyKind.DECLINED,
        r"(?:declined|refused)\s(?:to\s(?:comment|answer|respond)|comment)",
    ),
    (
        ReplyKind.NO_ANSWER_REPORTED,
        r"(?:(?:did\snot|didn['’]t|has\snot|had\snot|have\snot|hasn['’]t)\s(?:immediately\s|yet\s)?"
        r"(?:respond|repl|return|answer|comment)\w{0,3}"
        r"|could\snot\s(?:immediately\s)?be\sreached|was\snot\s(?:immediately\s)?available)",
    ),
)


def plain_reply(sentence: str, name: str) -> ReplyKind | None:
    """Answer of somebody in a fixed form right behind the last word of a name; ``None`` without.

    Args:
        sentence: the sentence.
        name: the name, as written.
    """
    last = name.split()[-1] if name.split() else ""
    if not last[:1].isupper():
        return None
    for kind, form in _FORMS:
        if re.search(rf"\b{re.escape(last)}\s{form}\b", sentence):
            return kind
    return None
