"""Normalisation of source text, once at ingestion, so that offsets into it never shift.

Emoji, right-to-left text and every letter stay.  Invisible characters are removed: control
characters, byte order marks, and characters that could carry text unseen by an editor to a model
(Unicode Technical Report 36, "Unicode Security Considerations").
"""

from __future__ import annotations

import re
import unicodedata

_DOUBLY_ENCODED = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
_C1 = re.compile("[\x80-\x9f]")
_BREAK = re.compile("\r\n?|[\v\f\x1c-\x1e\u2028\u2029]")
_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1b\x1f\x7f-\x9f"  # controls but tab and line feed
    "\xad\u200b\u2060\ufeff"  # soft hyphen, zero-width space, word joiner, byte order mark
    "\u202a-\u202e"  # embeddings and overrides of direction; marks and isolates stay
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"  # lone surrogates, annotations, no characters
)
_TAGS = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f)"  # the flags of England, Scotland, Wales
    "|[\U000e0000-\U000e007f]"
)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
"""Runs of variation selectors; a single one selects a variant of the character before it, a run
has no visible meaning."""

_ELEMENT = re.compile(
    r"</?(?:a|abbr|article|aside|b|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|"
    r"figcaption|figure|font|footer|h[1-6]|head|header|hr|html|i|iframe|img|ins|li|main|mark|nav|"
    r"ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|"
    r"thead|time|tr|u|ul|video)(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>|<!--|<!doctype",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|copy|reg|trade|euro|pound|"
    r"[a-zA-Z](?:acute|grave|circ|uml|tilde|cedil)|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});"
)


def clean(text: str) -> str:
    """Plain text in NFC, with line feeds as line breaks and without surrounding whitespace.

    Spaces of every width become one kind.  Control characters from 0x80 are traces of a wrong
    decoding (UTF-8 or Windows-1252 read as Latin-1), which is undone.
    """
    if _C1.search(text):
        text = _DOUBLY_ENCODED.sub(_decoded, text)
        text = _C1.sub(_windows, text)
    text = _BREAK.sub("\n", text)
    text = _SPACE.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    text = _SELECTORS.sub("", _TAGS.sub(r"\1", text))
    return unicodedata.normalize("NFC", text).strip()


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


def looks_like_html(text: str) -> bool:
    """Whether a text has an HTML element or a character reference.

    "a<b and c>d" has none: attributes need an equals sign.
    """
    return _ELEMENT.search(text) is not None or _ENTITY.search(text) is not None


def _decoded(match: re.Match[str]) -> str:
    if not _C1.search(match[0]):
        return match[0]
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _windows(match: re.Match[str]) -> str:
    return match[0].encode("latin-1").decode("cp1252", errors="ignore")
