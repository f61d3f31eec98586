"""Reading of eval files: JSON Lines, gzipped or not, and stories in them.

Each file is a report group, named by ``group_of``.  Stories have four layouts:

* every row has ``items``, a list of source items: each row is a story; empty ones are skipped;
* every row has ``story_id``: rows with the same id are the items of a story;
* every row has ``story``, ``incident`` or ``gold_cluster``: rows with the same value are a story;
* no row has any of these: the file is one story, as for ``summarizer draft --items``.

Items have the fields of ``summarizer ingest``.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from evals.framework.keys import content_key, told_apart
from evals.framework.results import InputFile
from summarizer import settings
from summarizer.app import open_app
from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ingestion.ingest import report
from summarizer.ingestion.publication_time import parse_time
from summarizer.pipeline.pipeline import Pipeline

Row = TypeVar("Row")


def group_of(path: Path) -> str:
    """Name of a file without its folder, ``.gz``, and ``.jsonl``, ``.csv`` or ``.parquet``."""
    return re.sub(r"(\.jsonl|\.csv|\.parquet)?(\.gz)?$", "", path.name, flags=re.IGNORECASE)


def json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Line number, from 1, and value of every non-blank line.

    Raises:
        InputError: the file cannot be read, or a line is not JSON.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _json(line, f"{path}:{number}")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {why_unread(error)}.") from error


def why_unread(error: Exception) -> str:
    """Why a file cannot be read, without its name."""
    return getattr(error, "strerror", None) or str(error)


def _json(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise InputError(f"{where}: this is not JSON: {error}") from error


def read_groups(
    files: Sequence[Path],
    read: Callable[[Path], Sequence[Row]],
    count: Callable[[Sequence[Row]], int] = len,
) -> tuple[dict[str, list[Row]], tuple[InputFile, ...]]:
    """Rows of several files by group, and the files as inputs of a run.

    Args:
        files: files in the order of the report.
        read: reads the rows of one file.
        count: counts the rows that the run reports for a file.

    Raises:
        InputError: a file cannot be read or has no rows, or two are the same group.
    """
    groups: dict[str, list[Row]] = {}
    inputs = []
    for path in files:
        group = group_of(path)
        if group in groups:
            raise InputError(f"Two files are named {group!r}; rename one to tell them apart.")
        groups[group] = rows = list(read(path))
        if not rows:
            raise InputError(f"There is nothing to evaluate: {path} holds no rows.")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        inputs.append(InputFile(name=path.name, sha256=digest, rows=count(rows)))
    return groups, tuple(inputs)


class Story(Model):
    """Source items of one incident, as rows.

    Args:
        key: unique within its file: the value of ``story_id``, else the position of the row.
        named: whether the rows of its file say which story they tell; else the file is the story.
    """

    key: str
    items: tuple[Mapping[str, Any], ...]
    named: bool = True


def keyed(groups: Mapping[str, Sequence[Story]]) -> list[tuple[str, str, Story]]:
    """Stories with the key of their content and their group, in order."""
    placed = [(group, story) for group, stories in groups.items() for story in stories]
    keys = told_apart(content_key(story.items) for _, story in placed)
    return [(key, *one) for key, one in zip(keys, placed, strict=True)]


NAMING = ("story", "incident", "gold_cluster")
"""Fields that name the story of an item; the first present one counts."""

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


_Placed = tuple[str, Mapping[str, Any]]
"""A row with its file and line."""


def read_stories(path: Path) -> list[Story]:
    """The stories of a file, in order.

    Raises:
        InputError: the file cannot be read, holds no rows or one that is no object, mixes
            layouts, or has two stories of one key.
    """
    stories = _laid_out(path)
    named = [_name(item) for story in stories for item in story.items]
    if len(stories) > 1 or not any(named):
        return stories
    if not all(named):
        raise InputError(
            f"{path}: item {named.index(None) + 1} names no story and others do. Give every item "
            f"one of {', '.join(NAMING)}, or none."
        )
    return _grouped(zip(map(str, named), stories[0].items, strict=True))


def whole_files(files: Sequence[Path]) -> dict[str, int]:
    """Number of items of each file that is taken for one story, since no row names one.

    Raises:
        InputError: a file cannot be read or is malformed.
    """
    return {
        path.name: len(story.items)
        for path in files
        for story in read_stories(path)
        if not story.named
    }


def read_files(
    files: Sequence[Path],
) -> tuple[list[tuple[str, str, Story]], tuple[InputFile, ...]]:
    """Stories of several files, ``keyed``, and the files as inputs of a run.

    Raises:
        InputError: a file cannot be read or is malformed, or two are the same group.
    """
    groups, inputs = read_groups(
        files, read_stories, lambda stories: sum(len(s.items) for s in stories)
    )
    return keyed(groups), inputs


def _name(item: Mapping[str, Any]) -> str | None:
    return next((str(item[f]) for f in NAMING if item.get(f) not in (None, "")), None)


def as_of(story: Story) -> dt.datetime:
    """Newest publication time in a story, as the clock of its reproducible draft.

    Raises:
        InputError: ``published_at`` of an item is not a time.
    """
    given = [item["published_at"] for item in story.items if item.get("published_at")]
    try:
        return max(map(parse_time, given), default=LONG_AGO)
    except ValueError as error:
        raise InputError(f"Story {story.key!r}: field 'published_at' {error}.") from error


def _laid_out(path: Path) -> list[Story]:
    """The stories of a file by ``items`` and ``story_id``."""
    rows = [_placed(value, f"{path}:{number}") for number, value in json_lines(path)]
    if not rows:
        raise InputError(f"{path} holds no rows: a file of stories needs at least one item.")
    for field, grouped in (("items", _nested), ("story_id", _by_id)):
        without = [where for where, row in rows if field not in row]
        if not without:
            return grouped(rows)
        if len(without) < len(rows):
            raise InputError(
                f"{without[0]}: other rows of the file have '{field}' and this has none. Every row "
                "needs 'items', or every row 'story_id', or no row either."
            )
    return [Story(key=group_of(path), items=tuple(row for _, row in rows), named=False)]


def _placed(value: Any, where: str) -> _Placed:
    if not isinstance(value, dict):
        raise InputError(f"{where}: a row must be an object, not {value!r:.40}")
    return where, value


def _nested(rows: Sequence[_Placed]) -> list[Story]:
    found: dict[str, Story] = {}
    for n, (where, row) in enumerate(rows, start=1):
        items = row["items"]
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InputError(f"{where}: 'items' must be a list of source items.")
        if not items:
            continue
        key = str(row.get("story_id", n))
        if key in found:
            raise InputError(f"{where}: a row before has the 'story_id' {key!r} too.")
        found[key] = Story(key=key, items=tuple(items))
    return list(found.values())


def _by_id(rows: Sequence[_Placed]) -> list[Story]:
    return _grouped((str(row["story_id"]), row) for _, row in rows)


def _grouped(named: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Story]:
    """Items by the name of their story, in the order of the first item."""
    members: dict[str, list[Mapping[str, Any]]] = {}
    for name, item in named:
        members.setdefault(name, []).append(item)
    return [Story(key=name, items=tuple(items)) for name, items in members.items()]


class Stopped:
    """A clock with one fixed time."""

    def __init__(self, moment: dt.datetime) -> None:
        self._moment = moment

    def now(self) -> dt.datetime:
        """The fixed time."""
        return self._moment


def gathered(pipeline: Pipeline, story: Story) -> IncidentId:
    """Ingest the items of a story into one new incident.

    Raises:
        InputError: an item cannot be used.
    """
    stream = io.BytesIO("\n".join(map(json.dumps, story.items)).encode())
    taken = report(pipeline.ingest(stream))
    if taken.rejected:
        wrong = taken.rejected[0]
        field = f"field '{wrong.field}': " if wrong.field else ""
        raise InputError(f"Story {story.key!r}, item {wrong.line}: {field}{wrong.reason}.")
    return pipeline.gather(taken.keys).id


def drafted(story: Story) -> Draft:
    """Draft a story with the extractive drafter, storing nothing.

    Raises:
        InputError: an item of the story is unusable.
    """
    with open_app(settings.load(drafter="extractive"), in_memory=True) as app:
        pipeline = app.pipeline
        return pipeline.draft(gathered(pipeline, story))
