"""Normalisation of source text, once at ingestion, so that offsets into it never shift.

Emoji, right-to-left text and every letter stay.  Control characters and invisible ones are removed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

from summarizer.text.invisible import UNSEEN, without_invisible

_DOUBLY_ENCODED = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
_C1 = re.compile("[\x80-\x9f]")
_BREAKS = "\v\f\x1c-\x1e\u2028\u2029"
_BREAK = re.compile(f"\r\n?|[{_BREAKS}]")
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACE = re.compile(f"[{_SPACES}]")
_NO_TEXT = (
    "\0-\x08\x0e-\x1b\x1f\x7f-\x9f"  # but tab and line feed
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates, no characters
)
_CONTROLS = re.compile(f"[{_NO_TEXT}]")
_UNCLEAN = re.compile(f"[\r{_BREAKS}{_SPACES}{_NO_TEXT}{UNSEEN}]")
"""Every character that ``clean`` changes, but for those that NFC composes."""

_MOST_ESCAPED = 3
"""Most times that HTML is unescaped; feeds escape it twice by mistake."""

_NAMES = (
    "a|abbr|article|aside|b|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|figcaption|"
    "figure|font|footer|h[1-6]|head|header|hr|html|i|iframe|img|ins|li|main|mark|nav|noscript|ol|p|"
    "pre|q|s|script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|template|th|"
    "thead|time|tr|u|ul|video"
)
_ELEMENT = re.compile(rf"<(/?)({_NAMES})((?:\s[^<>]*)?)/?>|<!--|<!doctype", re.IGNORECASE)
_MENTION = re.compile(
    rf"[\"'`‘“]</?(?:{_NAMES})\s?/?>[\"'`’”]"
    rf"|(?:</?(?:{_NAMES})\s?/?>(?:,|\s(?:and|or))?\s){{1,4}}(?:tag|element)s?\b"
    rf"|\b(?:tag|element)s?\s</?(?:{_NAMES})\s?/?>",
    re.IGNORECASE,
)
"""A tag that a sentence is about: in quotation marks, or beside the word "tag" or "element"."""
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|copy|reg|trade|euro|pound|"
    r"[a-zA-Z](?:acute|grave|circ|uml|tilde|cedil)|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});"
)


_HALVES = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """The text with U+FFFD for each half of a character, which UTF-8 cannot encode."""
    return _HALVES.sub("\ufffd", text)


def clean(text: str) -> str:
    """Plain text in NFC, with line feeds as line breaks and without surrounding whitespace.

    Spaces of every width become one kind.  Control characters from 0x80 are traces of a wrong
    decoding (UTF-8 or Windows-1252 read as Latin-1), which is undone.
    """
    if not _UNCLEAN.search(text):
        return unicodedata.normalize("NFC", text).strip()
    if _C1.search(text):
        text = _DOUBLY_ENCODED.sub(_decoded, text)
        text = _C1.sub(_windows, text)
    text = _BREAK.sub("\n", text)
    text = _SPACE.sub(" ", text)
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", text))
    return unicodedata.normalize("NFC", without_invisible(text)).strip()


def clean_line(text: str) -> str:
    """Text as from ``clean``, on one line with single spaces."""
    return " ".join(clean(text).split())


def clean_json(value: object) -> object:
    """A JSON value with every string cleaned, including names of fields."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean_json(entry) for entry in value]
    if isinstance(value, dict):
        return {clean(str(name)): clean_json(entry) for name, entry in value.items()}
    return value


def without_markup(text: str, html_to_text: Callable[[str], str]) -> str:
    """Plain text of a text that may be HTML, or HTML that was escaped once or twice more.

    Only a text without any element is unescaped again: a page that shows tags escapes them inside
    its own elements.
    """
    for _ in range(_MOST_ESCAPED):
        if has_elements(text):
            return html_to_text(text)
        if not has_references(text):
            break
        text = html.unescape(text)
        if not has_elements(html.unescape(text)):
            break
    return text


def has_elements(text: str) -> bool:
    """Whether a text is written in HTML elements, and does not just talk of them.

    "a<b and c>d" has none: attributes need an equals sign.  Nor has "it drops <p> tags".
    """
    if "<" not in text:
        return False
    opened: set[str] = set()
    bare = _MENTION.sub(" ", text).strip()
    for tag in _ELEMENT.finditer(bare):
        closes, name, attributes = tag[1], (tag[2] or "").lower(), (tag[3] or "").strip(" /")
        if attributes and "=" not in attributes and attributes.lower() != "hidden":
            continue
        if not name or attributes or tag.start() == 0 or (closes and name in opened):
            return True
        if _touches_a_word(bare, tag):
            return True
        opened.add(name)
    return False


def has_references(text: str) -> bool:
    """Whether a text has a character reference of HTML."""
    return _ENTITY.search(text) is not None


def _touches_a_word(text: str, tag: re.Match[str]) -> bool:
    before, after = text[tag.start() - 1 : tag.start()], text[tag.end() : tag.end() + 1]
    return before.isalnum() or before in tuple(".!?”") or after.isalnum()


def _decoded(match: re.Match[str]) -> str:
    if not _C1.search(match[0]):
        return match[0]
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _windows(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("cp1252", errors="ignore")
