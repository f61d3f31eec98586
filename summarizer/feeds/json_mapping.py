"""Rows for ``ingest`` from the JSON of any service, by a mapping file that names its fields."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.text import strict_json

Place = str | tuple[str, ...]
"""Path of a value: names and list indexes joined by dots; of several paths, the first with a value
counts."""


class Fields(Model):
    """Paths of a row's fields in an entry; ``None`` for a field that entries lack."""

    id: Place | None = None
    title: Place | None = None
    text: Place | None = None
    url: Place | None = None
    author: Place | None = None
    outlet: Place | None = None
    published_at: Place | None = None
    reach: Place | None = None


class Link(Model):
    """An address composed of ``before`` and the value at the path ``of``."""

    before: str = Field(pattern=r"^https?://")
    of: Place


class JsonMapping(Model):
    """Mapping of a JSON document to rows.

    Args:
        platform: of every row.
        items: path of the list of entries; empty if the document is the list.
        fields: paths by field of the row.
        engagement: paths by name of the count (``likes``, ``comments`` …).
        link: address of an entry without a URL.
    """

    platform: str = Field(min_length=1)
    items: str = ""
    fields: Fields
    engagement: Mapping[str, Place] = Field(default_factory=dict)
    link: Link | None = None


def load_mapping(path: Path) -> JsonMapping:
    """Read a mapping file.

    Raises:
        InputError: it cannot be read or is not a mapping; the message has every fault.
    """
    try:
        return JsonMapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InputError(f"The mapping {path} cannot be used: {faults(error)}.") from error


def faults(error: OSError | ValueError) -> str:
    """Every fault of a file, in words."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def mapped(data: bytes, mapping: JsonMapping) -> list[dict[str, object]]:
    """Rows of a document, in its order.

    Raises:
        InputError: the data is not JSON, or has no list at the path of the mapping.
    """
    try:
        document = strict_json.loads(data)
    except ValueError as error:
        raise InputError(f"The answer is not JSON: {error}.") from error
    entries = _at(document, mapping.items) if mapping.items else document
    if not isinstance(entries, list):
        raise InputError(f"There is no list at {mapping.items or 'the top'!r} of the answer.")
    return [_row(entry, mapping) for entry in entries]


def _row(entry: Any, mapping: JsonMapping) -> dict[str, object]:
    places = {name: place for name, place in mapping.fields if place is not None}
    row = {name: _first(entry, place) for name, place in places.items()}
    row["platform"] = mapping.platform
    row["engagement"] = {
        name: count
        for name, place in mapping.engagement.items()
        if (count := _first(entry, place)) is not None
    }
    if not row.get("url") and mapping.link:
        value = _first(entry, mapping.link.of)
        row["url"] = None if value is None else f"{mapping.link.before}{value}"
    return {name: value for name, value in row.items() if value not in (None, "", {})}


def _first(entry: Any, place: Place) -> Any:
    for one in (place,) if isinstance(place, str) else place:
        if (value := _at(entry, one)) not in (None, ""):
            return value
    return None


def _at(value: Any, place: str) -> Any:
    for step in place.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
