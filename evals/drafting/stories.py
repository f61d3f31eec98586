"""Stories on their way into a pipeline, and the moment as of which their drafts are made."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.mutation.stories import Story, read_stories
from summarizer.domain import IncidentId
from summarizer.errors import InputError
from summarizer.ingestion import report
from summarizer.pipeline import Pipeline
from summarizer.rows import parse_time

NAMING = ("story", "incident", "gold_cluster")
"""Fields by which an item names its story; the first that it has counts."""

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def stories_of(path: Path) -> list[Story]:
    """The stories of a file; items that name their stories are put together by that name.

    Raises:
        InputError: as ``read_stories``; or some items of a file name their story and others don't.
    """
    stories = read_stories(path)
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
