"""Labelled claims from files of others: which field is what, and in which form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evals.labels.words import read_label
from evals.row_files import field, read_rows
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.text import strict_json
from summarizer.verification.rows import parse_row

FIELDS = ("claim", "sources", "label")
"""What a labelled row needs; ``--map`` names the fields of a file that hold it."""

LIST_STARTS = ('["', "['", "[{", "[]")
"""Beginnings of a text that is meant as a list of sources."""


class Row(Model):
    """One labelled claim with its sources as (id, text).

    Args:
        section: key of the section that it was drafted for, where the file says it.
        kind: of the claim, such as ``fact``, where the file says it.
    """

    claim: str
    label: int
    sources: tuple[tuple[str, str], ...]
    section: str = ""
    kind: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Texts of the sources."""
        return tuple(text for _, text in self.sources)


def parse_map(text: str | None) -> Mapping[str, str]:
    """Fields of a file by what they hold, from ``claim=response,label=faithful``.

    Raises:
        InputError: a part is malformed, names something else than ``FIELDS``, or repeats it.
    """
    found: dict[str, str] = {}
    for part in text.split(",") if text is not None else ():
        what, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or not name or what not in FIELDS:
            raise InputError(
                f"--map {text!r}: {part!r} does not say which field of the file holds what. Write "
                f"WHAT=FIELD, with commas between; WHAT is one of {', '.join(FIELDS)}."
            )
        if what in found:
            raise InputError(f"--map {text!r} names two fields for {what!r}.")
        found[what] = name
    return found


def read_labelled(path: Path, names: Mapping[str, str] = MappingProxyType({})) -> Iterator[Row]:
    """Labelled claims of a JSON Lines, CSV or Parquet file, gzipped or not.

    Args:
        path: the file.
        names: fields by what they hold; a missing one has the name of what it holds.

    Raises:
        InputError: the file cannot be read, or a row lacks a field or has a malformed one.
    """
    for place, raw in read_rows(path):
        yield _row(raw, names, place)


def _row(raw: Mapping[str, Any], names: Mapping[str, str], place: str) -> Row:
    claim, label = (
        field(raw, names.get(what, what), place, meant=what) for what in ("claim", "label")
    )
    alone = "source_text" in raw and "sources" not in raw
    name = names.get("sources") or ("source_text" if alone else "sources")
    sources = _sources(field(raw, name, place, meant="sources"), name, place)
    try:
        parsed = parse_row({"claim": claim, "sources": sources})
    except InputError as error:
        raise InputError(f"{place}: {error}") from error
    return Row(
        claim=parsed.claim,
        label=read_label(label, place),
        sources=parsed.sources,
        section=_word(raw.get("section")),
        kind=_word(raw.get("kind")),
    )


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _sources(value: Any, name: str, place: str) -> Any:
    """A list of sources as it is or from JSON text; another text is the one source."""
    if not isinstance(value, str):
        return value
    if not value.lstrip().startswith(LIST_STARTS):
        return [value]
    try:
        return strict_json.loads(value)
    except ValueError as error:
        raise InputError(
            f"{place}: field {name!r} begins like a list and is not JSON: "
            f"{strict_json.why(error)}. Write lists with a JSON library."
        ) from error
