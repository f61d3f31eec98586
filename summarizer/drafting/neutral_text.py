"""Neutralisation of untrusted text in prompts, so that no text can pose as a part of the prompt.

Text is compared by form: folded by NFKC, without white space, invisible characters and combining
marks, every bracket alike.  What then looks like a tag, a passage id in brackets, a chat marker or
the line that ends the evidence is changed by one character.  Words and quotes stay unchanged.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from summarizer.text.invisible import BLANK, IGNORABLE, without_invisible

ENDS = ("end of the evidence", "the newsroom's own instruction comes next")
"""Words by which the prompt ends the evidence, in lower case."""

CODE_LENGTH = 8
"""Hexadecimal digits of a tag's code."""

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u061c\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")

_TAG = re.compile(r"<(?=[^\W\d_]|[/|!?<]|\Z)")
_BRACKET = re.compile(r"\[(?=([^\[\]]{0,200})(\]?))")
_ID = re.compile(r"[^\W\d_]\d+\.\d+|/?(?:inst|sys)\b")


def neutralise(text: str) -> str:
    """Text on one line that holds no tag, passage id or ending of ours in any form.

    ``<`` before a letter or a tag's character becomes ``‹``, brackets around a passage id or a chat
    marker become parentheses, and the ending is broken by ``‹``.  Invisible characters and
    direction marks are removed; joiners that emoji and scripts need stay.  ``<3``, ``< 5%`` and
    ``[sic]`` are unchanged.
    """
    visible = " ".join(_CONTROLS.sub("", without_invisible(_SURROGATES.sub("", text))).split())
    folded = visible.translate(_FORMS)
    if not _POSES.search(folded):
        return visible
    places = [place for place, c in enumerate(visible) for _ in _FORMS[ord(c)]]
    characters = list(visible)
    for found in _TAG.finditer(folded):
        characters[places[found.start()]] = "‹"
    for found in _BRACKET.finditer(folded):
        if _ID.search(found[1]):
            characters[places[found.start()]] = "("
            if found[2]:
                characters[places[found.end(1)]] = ")"
    for place in _endings(folded):
        characters[places[place]] = f"‹{characters[places[place]]}"
    return "".join(characters)


def neutral(value: Any) -> Any:
    """A JSON value with every string neutralised."""
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, list):
        return [neutral(entry) for entry in value]
    if isinstance(value, dict):
        return {neutralise(str(name)): neutral(entry) for name, entry in value.items()}
    return value


def attribute(value: str) -> str:
    """Text for an attribute of a tag: neutralised, without double quotes and ``>`` in any form."""
    shown = neutralise(value)
    forms = {'"': "'", ">": "›"}
    return "".join(forms.get(unicodedata.normalize("NFKC", c), c) for c in shown)


def code(texts: Iterable[str]) -> str:
    """Code for the tags around texts: a hash of them that none of them contains in any form.

    It is deterministic, so that prompt caching works.
    """
    whole = "\x00".join(texts).encode("utf-8", "surrogatepass")
    folded = whole.decode("utf-8", "replace").translate(_FORMS)
    digests = (hashlib.sha256(b"%d\x00" % n + whole).hexdigest() for n in count())
    return next(d for digest in digests if (d := digest[:CODE_LENGTH]) not in folded)


def _endings(folded: str) -> Iterator[int]:
    """Places of the last letter of each ending."""
    for words in ENDS:
        ending = words.translate(_FORMS)
        start = folded.find(ending)
        while start >= 0:
            yield start + len(ending) - 1
            start = folded.find(ending, start + 1)


class _Forms(dict[int, str]):
    """The form of each code point, computed when it is first met."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        unseen = IGNORABLE.match(character) or BLANK.match(character)
        form = "" if unseen else unicodedata.normalize("NFKC", character).casefold()
        self[point] = "".join(_OF_CATEGORY.get(unicodedata.category(c), c) for c in form)
        return self[point]


_OF_CATEGORY = {
    **{"Ps": "[", "Pe": "]"},
    **dict.fromkeys(("Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"), ""),
}
_FORMS = _Forms()
_POSES = re.compile("|".join(("[<[]", *(words.translate(_FORMS) for words in ENDS))))
