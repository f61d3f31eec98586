"""Owners of bodies, as a sentence tells: "Dunmore Group, which owns Sortwell"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from summarizer.text.coreference import occurrences

_HINT = re.compile(
    r"own|parent|subsidiary|unit of|division of|arm of|part of|belong|bought|acquire"
)
_BODY = r"(?:the\s)?(?:[a-z-]{1,20}\s){0,3}"
_OWNS = re.compile(
    r",?\s(?:(?:which|that|who)\s)?(?:also\s)?(?:owns|owned|bought|acquired)\s" + _BODY
    + r"|,\s(?:the\s)?(?:parent|holding|owner)(?:\s[a-z]{1,20}){0,2}\sof\s" + _BODY
)  # fmt: skip
_OWNED = re.compile(
    r"[^.;:!?]{0,60}\b(?:owned|bought|acquired)\sby\s" + _BODY
    + r"|[^.;:!?]{0,40}\b(?:subsidiary|unit|division|arm|part)\sof\s" + _BODY
    + r"|[^.;:!?]{0,20}\bbelong(?:s|ed|ing)\sto\s" + _BODY
    + r"|['’]s?\s(?:parent|owner|holding)(?:\s[a-z]{1,20}){0,2},?\s"
)  # fmt: skip
_PARENT = re.compile(r"['’]s?\s(?:parent|owner|holding)\b")


def owners(sentence: str) -> Iterator[tuple[str, str]]:
    """Pairs of owner and owned, each by its name as written."""
    if not _HINT.search(sentence):
        return
    named = [(_bare(n.text), n.start) for n in occurrences(sentence)]
    for (one, start), (other, second) in pairwise(named):
        between, end = sentence[start + len(one) : second], second + len(other)
        if _OWNS.fullmatch(between) or (
            between == ", " and _PARENT.match(sentence, end)  # "Acme, Nordel's owner"
        ):
            yield one, other
        elif _OWNED.fullmatch(between):
            yield other, one


def _bare(name: str) -> str:
    return name.removesuffix("'s").removesuffix("’s")
