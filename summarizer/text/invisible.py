"""Characters that no reader sees, by Unicode class.

They are the code points with the property ``Default_Ignorable_Code_Point``, and letters that print
as a blank.  Scripts and emoji need some of them; those stay, but only where they have an effect, so
that none can carry text unseen by an editor to a model (Unicode Technical Report 36).
"""

from __future__ import annotations

import re
import unicodedata

_DEFAULT_IGNORABLE = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""Of Unicode 17.0, DerivedCoreProperties.txt; new characters take code points within the ranges."""

IGNORABLE = re.compile(f"[{_DEFAULT_IGNORABLE}\ufff9-\ufffb]")
"""Those, and the marks of interlinear annotations."""

_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
BLANK = re.compile(f"[{_BLANKS}]+")
"""Fillers of Hangul and the empty pattern of Braille, which print as a space."""

UNSEEN = f"{_DEFAULT_IGNORABLE}\ufff9-\ufffb{_BLANKS}"
"""All that ``without_invisible`` may change, as a set of a pattern."""

_FLAG_OR_IGNORABLE = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"  # such as Scotland's
    f"|[{_DEFAULT_IGNORABLE}\ufff9-\ufffb]"
)
_DIRECTION = frozenset("\u061c\u200e\u200f\u2066\u2067\u2068\u2069")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]"
)
_JOINED_SCRIPTS = re.compile(
    "[\u0600-\u1100\u1700-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)
"""From Arabic to Myanmar, of South-East Asia, and their extensions; Latin, Greek, Cyrillic and
Hebrew join nothing."""
_EMOJI_BASE = re.compile("[#*0-9©®\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_MONGOLIAN = re.compile("[\u1800-\u18af]")


def without_invisible(text: str) -> str:
    """The text without characters that nobody sees; letters that print as a blank become spaces.

    These stay: joiners within emoji and in scripts that join letters, one variation selector
    behind a character that has variants, direction marks in a text with right-to-left letters,
    and the flags of England, Scotland and Wales.
    """
    text = BLANK.sub(" ", text)
    if not IGNORABLE.search(text):
        return text
    kept: list[str] = []
    at, last, rightward = 0, "", _RIGHT_TO_LEFT.search(text) is not None
    for found in _FLAG_OR_IGNORABLE.finditer(text):
        kept.append(text[at : found.start()])
        last = kept[-1][-1:] or last
        if len(found[0]) > 1 or _has_an_effect(found[0], last, rightward):
            kept.append(found[0])
            last = found[0][-1]
        at = found.end()
    return "".join((*kept, text[at:]))


def _has_an_effect(character: str, last: str, rightward: bool) -> bool:
    """Whether an ignorable character changes how the character before it is shown."""
    if character in _DIRECTION:
        return rightward
    if not last:
        return False
    if character == "\u200c":
        return _JOINED_SCRIPTS.match(last) is not None
    if character == "\u200d":
        emoji = last == "\ufe0f" or (last > "\u2000" and _EMOJI_BASE.match(last) is not None)
        return emoji or _JOINED_SCRIPTS.match(last) is not None
    if character in "\ufe0e\ufe0f":
        return _EMOJI_BASE.match(last) is not None
    if "\u180b" <= character <= "\u180f":
        return _MONGOLIAN.match(last) is not None
    if "\ufe00" <= character <= "\ufe0d" or character >= "\U000e0100":
        return character < "\U000e01f0" and unicodedata.category(last) in ("Lo", "Sm")
    return False
