"""Validation of one row as sent: a valid item with notes, or the wrong field with the reason.

An address or a time of publication that cannot be read is left out with a note, since feeds are
full of them and the text is worth more.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from summarizer.domain import limits
from summarizer.domain.items import NewItem
from summarizer.domain.model import Model
from summarizer.ingestion.publication_time import parse_time
from summarizer.text.line_wraps import unwrap
from summarizer.text.normalize import clean, clean_json, clean_line, without_markup

HtmlToText = Callable[[str], str]
"""Converts HTML to plain text."""

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

T = TypeVar("T")


class Rejected(Model):
    """An invalid row.

    Args:
        line: 1-based line of the file, or position of the row in a format without lines.
        source_id: the sender's id, where it can be read.
        field: the invalid field; ``None`` for the row as a whole.
        reason: description of the error.
    """

    line: int
    source_id: str | None = None
    field: str | None = None
    reason: str


class ValidRow(Model):
    """A valid row.

    Args:
        notes: descriptions of what was left out of the item, each with its field.
    """

    item: NewItem
    notes: tuple[str, ...] = ()


class _FieldError(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


class _TooLongError(_FieldError):
    pass


def parse_row(row: object, *, line: int, html_to_text: HtmlToText) -> ValidRow | Rejected:
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


def sent_id(row: object) -> str | None:
    """The sender's id of a row that may be invalid."""
    try:
        return _name(row, "id") if isinstance(row, Mapping) else None
    except _FieldError:
        return None


@lru_cache(maxsize=2_000)  # compared with those of many items
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


def _item(row: Mapping[Any, Any], html_to_text: HtmlToText) -> ValidRow:
    title = clean_line(_prose(row, "title", limits.NAME, html_to_text))
    text = clean(unwrap(_prose(row, "text", limits.TEXT, html_to_text)).text) or title
    if not text:
        raise _FieldError("text", "text and title are both empty")
    notes: list[str] = []
    item = NewItem(
        source_id=_name(row, "id"),
        platform=(_name(row, "platform") or "unknown").lower(),
        outlet=_name(row, "outlet") or _name(row, "publisher"),
        url=_unless_unreadable(_url, row, notes),
        author=_name(row, "author"),
        published_at=_unless_unreadable(_time, row, notes),
        title=title,
        text=text,
        engagement=_engagement(row),
        reach=None if row.get("reach") is None else _count("reach", row["reach"]),
        incident=_name(row, "incident"),
        extra=_extra(row),
    )
    return ValidRow(item=item, notes=tuple(notes))


def _unless_unreadable(
    read: Callable[[Mapping[Any, Any]], T | None], row: Mapping[Any, Any], notes: list[str]
) -> T | None:
    """The field, or ``None`` with a note; one that is too long is an error."""
    try:
        return read(row)
    except _TooLongError:
        raise
    except _FieldError as error:
        notes.append(f"{error.field}: {error.reason}; the item was taken without it")
        return None


def _prose(row: Mapping[Any, Any], field: str, longest: int, html_to_text: HtmlToText) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _FieldError(field, f"is {_kind(value)}, not text")
    _limit(field, value, longest)
    return without_markup(value, lambda markup: html_to_text(clean(markup)))


def _name(row: Mapping[Any, Any], field: str) -> str | None:
    value = row.get(field)
    if isinstance(value, int) and not isinstance(value, bool) and field in ("id", "incident"):
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _FieldError(field, f"is {_kind(value)}, not text")
    _limit(field, value, limits.NAME)
    return clean_line(value) or None


def _limit(field: str, value: str, most: int) -> None:
    if len(value) > most:
        raise _TooLongError(field, limits.too_long(value, most))


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


def _time(row: Mapping[Any, Any]) -> dt.datetime | None:
    value = row.get("published_at")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool | list | Mapping):
        raise _FieldError("published_at", f"is {_kind(value)}, not a date")
    try:
        return parse_time(value)
    except ValueError as error:
        raise _FieldError("published_at", str(error)) from error


def _engagement(row: Mapping[Any, Any]) -> dict[str, int]:
    value = row.get("engagement")
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _FieldError("engagement", f"is {_kind(value)}, not an object with counts")
    if len(value) > limits.COUNTS:
        raise _TooLongError(
            "engagement", f"has {len(value):,} counts; at most {limits.COUNTS:,} are taken"
        )
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
    given = {name: value for name, value in row.items() if name not in FIELDS}
    try:
        if given:
            _limit("extra", json.dumps(given, default=str), limits.EXTRA)
        return {clean(str(name)): clean_json(value) for name, value in given.items()}
    except RecursionError as error:
        raise _FieldError("extra", "is nested too deeply") from error


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}
    return "null" if value is None else kinds.get(type(value), "an object")


def _shown(value: object) -> str:
    text = clean_line(str(value))
    return repr(text if len(text) <= 60 else text[:59] + "…")
