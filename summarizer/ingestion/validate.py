"""Validation of one row as sent: a valid item, or the wrong field with the reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from summarizer.domain.items import NewItem
from summarizer.domain.model import Model
from summarizer.text.normalize import clean, clean_json, clean_line, looks_like_html

HtmlToText = Callable[[str], str]
"""Converts HTML to plain text."""

LONGEST_TEXT = 5_000_000
"""Most characters of a text as sent: a book of 2,500 pages."""

LONGEST_NAME = 2_000
"""Most characters of any other field, including URLs and titles."""

LARGEST_COUNT = 10**15
"""Largest count of readers or likes; a larger one is an error."""

FIELDS = frozenset(
    {"id", "published_at", "title", "text", "url", "platform", "outlet", "publisher", "author"}
    | {"engagement", "reach", "incident"}
)
"""Known fields; unknown ones go to ``NewItem.extra``."""

_TRACKING = re.compile(
    r"(utm_.*|gclid|dclid|fbclid|msclkid|yclid|twclid|igshid|igsh|mc_cid|mc_eid|cmpid|ocid|"
    r"_hsenc|_hsmi|mkt_tok|smid|ref_src|ref_url|guccounter|guce_.*)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_UNIX = re.compile(r"-?\d{9,13}(\.\d+)?")
_MILLISECONDS = 1e11
"""Unix times from here on are milliseconds: 1973, or as seconds the year 5138."""


class Rejected(Model):
    """An invalid row.

    Args:
        line: 1-based line of the file, or position of the row in a format without lines.
        field: the invalid field; ``None`` for the row as a whole.
        reason: description of the error.
    """

    line: int
    field: str | None = None
    reason: str


class _FieldError(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def parse_row(row: object, *, line: int, html_to_text: HtmlToText) -> NewItem | Rejected:
    """Parse a row of JSON into an item, or into a rejection with the first error.

    Only ``text`` or ``title`` is required; an item without text has its title as text.  Empty
    strings and nulls count as missing.
    """
    if not isinstance(row, Mapping):
        return Rejected(line=line, reason=f"the row is {_kind(row)}, not an object with fields")
    try:
        return _item(row, html_to_text)
    except _FieldError as error:
        return Rejected(line=line, field=error.field, reason=error.reason)


def parse_time(value: object) -> dt.datetime:
    """Parse an aware UTC time from ISO 8601, RFC 2822, or Unix seconds or milliseconds.

    A time without a zone is UTC; a date without a time is midnight.

    Raises:
        ValueError: the value is none of these.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _from_unix(value)
        if isinstance(value, str):
            return _from_text(value.strip())
    except (ValueError, OverflowError, OSError, TypeError, IndexError) as error:
        raise ValueError(
            f"{_shown(value)} is not a date: use ISO 8601 (2026-05-01T12:00:00Z), RFC 2822, "
            "or Unix seconds or milliseconds"
        ) from error
    raise ValueError(f"is {_kind(value)}, not a date")


def normalised_url(url: str) -> str:
    """Normal form of a valid URL, for comparing, not for fetching.

    Scheme, default port, fragment, tracking parameters, the order of parameters and a trailing
    slash are dropped.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    port = "" if parts.port in (None, *_PORTS.values()) else f":{parts.port}"
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    )
    path = parts.path.rstrip("/")
    return f"//{host}{port}{path}" + (f"?{urlencode(query)}" if query else "")


def _item(row: Mapping[Any, Any], html_to_text: HtmlToText) -> NewItem:
    title = clean_line(_prose(row, "title", LONGEST_NAME, html_to_text))
    text = clean(_prose(row, "text", LONGEST_TEXT, html_to_text)) or title
    if not text:
        raise _FieldError("text", "text and title are both empty")
    return NewItem(
        source_id=_name(row, "id"),
        platform=(_name(row, "platform") or "unknown").lower(),
        outlet=_name(row, "outlet") or _name(row, "publisher"),
        url=_url(row),
        author=_name(row, "author"),
        published_at=_time(row, "published_at"),
        title=title,
        text=text,
        engagement=_engagement(row),
        reach=None if row.get("reach") is None else _count("reach", row["reach"]),
        incident=_name(row, "incident"),
        extra=_extra(row),
    )


def _prose(row: Mapping[Any, Any], field: str, longest: int, html_to_text: HtmlToText) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _FieldError(field, f"is {_kind(value)}, not text")
    if len(value) > longest:
        raise _FieldError(field, f"has {len(value):,} characters; at most {longest:,} are taken")
    return html_to_text(clean(value)) if looks_like_html(value) else value


def _name(row: Mapping[Any, Any], field: str) -> str | None:
    value = row.get(field)
    if isinstance(value, int) and not isinstance(value, bool) and field in ("id", "incident"):
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _FieldError(field, f"is {_kind(value)}, not text")
    if len(value) > LONGEST_NAME:
        raise _FieldError(
            field, f"has {len(value):,} characters; at most {LONGEST_NAME:,} are taken"
        )
    return clean_line(value) or None


def _url(row: Mapping[Any, Any]) -> str | None:
    url = _name(row, "url")
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        usable = _is_web(parts) and parts.port != 0
    except ValueError as error:
        raise _FieldError("url", f"{_shown(url)} is not a URL: {error}") from error
    if not usable or re.search(r"[\s<>\"\\`]", url):
        raise _FieldError("url", f"{_shown(url)} is not an http or https URL")
    return url


def _is_web(parts: SplitResult) -> bool:
    return parts.scheme in _PORTS and bool((parts.hostname or "").strip("."))


def _time(row: Mapping[Any, Any], field: str) -> dt.datetime | None:
    value = row.get(field)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        return parse_time(value)
    except ValueError as error:
        raise _FieldError(field, str(error)) from error


def _from_unix(value: float) -> dt.datetime:
    seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _from_text(value: str) -> dt.datetime:
    if _UNIX.fullmatch(value):
        return _from_unix(float(value))
    iso = re.sub(r" ?(UTC|GMT|Z)$", "+00:00", value, flags=re.IGNORECASE)
    iso = re.sub(r" (?=[+-]\d\d:?\d\d$)", "", iso)
    try:
        found = dt.datetime.fromisoformat(iso)
    except ValueError:
        found = parsedate_to_datetime(value)
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _engagement(row: Mapping[Any, Any]) -> dict[str, int]:
    value = row.get("engagement")
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _FieldError("engagement", f"is {_kind(value)}, not an object with counts")
    return {
        clean_line(str(name)): _count(f"engagement.{name}", count)
        for name, count in value.items()
        if count is not None
    }


def _count(field: str, value: object) -> int:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole:
        raise _FieldError(field, f"{_shown(value)} is not a whole number")
    count = int(value)  # type: ignore[call-overload]  # `whole` says int or float
    if not 0 <= count <= LARGEST_COUNT:
        raise _FieldError(field, f"{_shown(value)} is not between 0 and {LARGEST_COUNT:,}")
    return int(count)


def _extra(row: Mapping[Any, Any]) -> dict[str, Any]:
    try:
        return {
            clean(str(name)): clean_json(value) for name, value in row.items() if name not in FIELDS
        }
    except RecursionError as error:
        raise _FieldError("extra", "is nested too deeply") from error


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}
    return "null" if value is None else kinds.get(type(value), "an object")


def _shown(value: object) -> str:
    text = clean_line(str(value))
    return repr(text if len(text) <= 60 else text[:59] + "…")
