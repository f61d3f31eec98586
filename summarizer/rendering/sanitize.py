"""Sanitising of untrusted text and URLs for display.

JSON keeps source text verbatim; the other formats remove invisible characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from summarizer.rendering.schema import Failure

ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]P^_X][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS …: titles, links
    r"|\x1b[ -/]*[0-~]"  # other escapes
)
"""Terminal control sequences of ECMA-48."""

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters and bidirectional overrides."""

SPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    """The visible text on one line, without control sequences and bidirectional overrides.

    Runs of white space become one space.
    """
    return UNSEEN.sub("", SPACE.sub(" ", ANSI.sub("", text)))


def safe_url(url: str | None) -> str | None:
    """The URL if it is http or https with a host; else ``None``.

    It is percent-encoded, so that it cannot end an attribute or a Markdown link.
    """
    if not url:
        return None
    stripped = url.strip()
    try:
        parts = urlsplit(stripped)
        host = parts.hostname
    except ValueError:  # a malformed host, such as an unclosed IPv6 bracket
        return None
    if parts.scheme not in ("http", "https") or not host or UNSEEN.search(stripped):
        return None
    return quote(stripped, safe="%/:?#[]@!$&*+,;=~")


def pieces(text: str, failures: Iterable[Failure]) -> list[tuple[str, bool]]:
    """Split a text into visible pieces, each with whether it failed a check.

    Overlapping failures are joined.  A failure without offsets is about the whole sentence and
    marks no piece.  Offsets beyond the text are clamped.
    """
    spans = sorted(
        (max(f.start, 0), min(f.end, len(text)))
        for f in failures
        if f.start is not None and f.end is not None
    )
    found: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        start = max(start, at)
        if start >= end:
            continue
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    found.append((text[at:], False))
    return [(visible(piece), failed) for piece, failed in found if visible(piece)]
