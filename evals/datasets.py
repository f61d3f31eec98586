"""Stories that suites draft: read from files of source items, put into a pipeline, drafted.

Four layouts of JSON Lines, gzipped or not, are told apart by their rows:

* every row has ``items``, a list of source items: each row is a story, left out when it has none;
* every row has ``story_id``: rows with the same one are the items of a story;
* every row has ``story``, ``incident`` or ``gold_cluster``: the same, by that name;
* no row has any: the file is one story, as ``summarizer draft --items`` takes it.

Items have the fields that ``summarizer ingest`` takes.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.framework.results import InputFile
from summarizer import settings
from summarizer.app import open_app
from summarizer.domain.drafts import Draft
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ingestion.ingest import report
from summarizer.ingestion.validate import parse_time
from summarizer.pipeline.pipeline import Pipeline


class Story(Model):
    """Source items that tell of one incident, as rows.

    Args:
        key: unique within its file: the value of ``story_id``, else the place of the row.
    """

    key: str
    items: tuple[Mapping[str, Any], ...]


NAMING = ("story", "incident", "gold_cluster")
"""Fields by which an item names its story; the first that it has counts."""

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class _Row:
    where: str
    value: Mapping[str, Any]


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
    members: dict[str, list[Mapping[str, Any]]] = {}
    for item, name in zip(stories[0].items, named, strict=True):
        members.setdefault(str(name), []).append(item)
    return [Story(key=name, items=tuple(items)) for name, items in members.items()]


def read_files(
    files: Sequence[Path],
) -> tuple[list[tuple[str, Story]], tuple[InputFile, ...]]:
    """The stories of several files, each with the name of its file before its key, and the files
    as a run names them.

    Raises:
        InputError: a file cannot be read or is malformed, or two have one name.
    """
    found: list[tuple[str, Story]] = []
    inputs: list[InputFile] = []
    for path in files:
        if path.name in {file.name for file in inputs}:
            raise InputError(f"Two files are named {path.name!r}; rename one.")
        stories = read_stories(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        rows = sum(len(story.items) for story in stories)
        inputs.append(InputFile(name=path.name, sha256=digest, rows=rows))
        found += [(f"{path.name}/{story.key}", story) for story in stories]
    return found, tuple(inputs)


def _name(item: Mapping[str, Any]) -> str | None:
    return next((str(item[f]) for f in NAMING if item.get(f) not in (None, "")), None)


def as_of(story: Story) -> dt.datetime:
    """When the newest dated item was published: a draft made as of then comes out the same on
    every day.

    Raises:
        InputError: a time of publication is none.
    """
    given = [item["published_at"] for item in story.items if item.get("published_at")]
    try:
        return max(map(parse_time, given), default=LONG_AGO)
    except ValueError as error:
        raise InputError(f"Story {story.key!r}: field 'published_at' {error}.") from error


def _laid_out(path: Path) -> list[Story]:
    """The stories of a file by ``items`` and ``story_id``."""
    rows = list(_rows(path))
    if not rows:
        raise InputError(f"{path} holds no rows: a file of stories needs at least one item.")
    for field in ("items", "story_id"):
        with_field = [row for row in rows if field in row.value]
        if with_field and len(with_field) < len(rows):
            row = next(row for row in rows if field not in row.value)
            raise InputError(
                f"{row.where}: other rows of the file have '{field}' and this has none. Every row "
                "needs 'items', or every row 'story_id', or no row either."
            )
        if with_field:
            return _nested(rows) if field == "items" else _grouped(rows)
    name = path.name.removesuffix(".gz").removesuffix(".jsonl")
    return [Story(key=name, items=tuple(row.value for row in rows))]


def _rows(path: Path) -> Sequence[_Row]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            found = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    return [_Row(f"{path}:{n}", _object(line, f"{path}:{n}")) for n, line in found]


def _object(line: str, where: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where}: this is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"{where}: a row must be an object, not {value!r:.40}")
    return value


def _nested(rows: Sequence[_Row]) -> list[Story]:
    found: dict[str, Story] = {}
    for n, row in enumerate(rows, start=1):
        items = row.value["items"]
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InputError(f"{row.where}: 'items' must be a list of source items.")
        if not items:
            continue
        key = str(row.value.get("story_id", n))
        if key in found:
            raise InputError(f"{row.where}: a row before has the 'story_id' {key!r} too.")
        found[key] = Story(key=key, items=tuple(items))
    return list(found.values())


def _grouped(rows: Sequence[_Row]) -> list[Story]:
    members: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        members.setdefault(str(row.value["story_id"]), []).append(row.value)
    return [Story(key=key, items=tuple(items)) for key, items in members.items()]


class Stopped:
    """A clock that stands still."""

    def __init__(self, moment: dt.datetime) -> None:
        self._moment = moment

    def now(self) -> dt.datetime:
        """The moment it stopped at."""
        return self._moment


def gathered(pipeline: Pipeline, story: Story) -> IncidentId:
    """Put the items of a story into one new incident, by the way that every item takes.

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
    """The draft that the extractive drafter makes of a story, without a store.

    Raises:
        InputError: a row of the story is no usable source item.
    """
    with open_app(settings.load(drafter="extractive"), in_memory=True) as app:
        pipeline = app.pipeline
        return pipeline.draft(gathered(pipeline, story))
