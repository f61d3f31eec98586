"""Retrieval suite: recall of supporting passages in small evidence packs.

Two kinds of files, distinguished by their rows:

- **Claims with labelled supporting lines**: ``claim``, ``source_text`` and, under ``meta``,
  ``supporting``: alternative sets of line numbers from 0, as in WiCE (Kamoi et al. 2023).  The
  source is one item and the claim is the query; this measures the ranking.
- **Stories**, as in the drafting suite.  Passages cited by the extractive draft of all evidence
  are the gold, and the sections' queries are used; this measures the product's pack.  The gold is
  not labelled by people, and favours first sentences of items, as the pack does.

Each metric has a floor: a pack of the same size filled without queries.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from evals.datasets import (
    LONG_AGO,
    Stopped,
    Story,
    as_of,
    gathered,
    json_lines,
    read_groups,
    read_stories,
)
from evals.framework import versions
from evals.framework.confidence import bars, column
from evals.framework.keys import content_key, told_apart
from evals.framework.results import Better, Figure, Outcome, Task, by_group
from summarizer import __version__
from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.app import open_app
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import ItemKey, Passage, SourceItem
from summarizer.drafting import evidence_pack, prompts
from summarizer.errors import InputError
from summarizer.ingestion.passages import split
from summarizer.ports.models import Embedder
from summarizer.settings import Settings

BUDGETS = (500, 1_000, 2_000)
"""Tokens of the measured packs; a long article has about 2,000."""

Needs = tuple[frozenset[str], ...]
"""Alternative sets of passage ids, each of which fully supports a claim."""


@dataclass(frozen=True)
class Labelled:
    """A claim with labelled supporting lines.

    Args:
        id: id of the row, else its line number.
        supporting: alternative sets of line numbers from 0; empty if nothing supports the claim.
    """

    id: str
    claim: str
    source: str
    supporting: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Search:
    """A retrieval task.

    Args:
        queries: search queries.
        needs: supporting passages of each claim.
    """

    items: Sequence[SourceItem]
    passages: Sequence[Passage]
    queries: Sequence[str]
    needs: Sequence[Needs]


# --- Rows --------------------------------------------------------------------------------------


def read(path: Path) -> Sequence[Labelled | Story]:
    """The labelled claims of a file, or its stories.

    Raises:
        InputError: the file cannot be read, or a row is malformed or has no labels.
    """
    first = next(json_lines(path), None)
    if first is None:
        return []
    if not isinstance(first[1], dict) or "claim" not in first[1]:
        return read_stories(path)
    return [_labelled(row, number, f"{path}:{number}") for number, row in json_lines(path)]


def _labelled(row: Any, number: int, where: str) -> Labelled:
    try:
        sets = tuple(frozenset(map(int, found)) for found in row["meta"]["supporting"])
        claim, source = row["claim"], row["source_text"]
        name = str(row.get("id", number))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{where}: it needs 'claim', 'source_text' and the numbers of its supporting lines in "
            f"'meta.supporting' ({type(error).__name__}: {error})."
        ) from error
    lines = source.count("\n") + 1
    if any(not 0 <= n < lines for found in sets for n in found):
        raise InputError(f"{where}: 'meta.supporting' names a line that the source lacks.")
    return Labelled(id=name, claim=claim, source=source, supporting=tuple(filter(None, sets)))


def search_of(row: Labelled) -> Search:
    """The retrieval task of a labelled claim, with the claim as the query."""
    key = ItemKey("a1")
    item = SourceItem(key=key, origin=key, text=row.source, ingested_at=LONG_AGO)
    passages = split(key, row.source)
    within = [row.source.count("\n", 0, passage.start) for passage in passages]
    needs = tuple(
        frozenset(p.id for p, line in zip(passages, within, strict=True) if line in found)
        for found in row.supporting
    )
    return Search([item], passages, [row.claim], [needs] if any(needs) else [])


def search_in(story: Story, settings: Settings) -> Search:
    """The retrieval task of a story: the sections' queries, and the passages its draft cites."""
    with open_app(settings, clock=Stopped(as_of(story)), in_memory=True) as app:
        pipeline = app.pipeline
        draft = pipeline.draft(gathered(pipeline, story))
        queries = [spec.limits.query for spec in pipeline.specs]
    pack = draft.evidence
    cited = [frozenset(c.claim.cites) for section in draft.sections for c in section.shown]
    needs = [(found,) for found in dict.fromkeys(cited) if found]
    return Search(pack.items, pack.passages, queries, needs)


# --- Packs -------------------------------------------------------------------------------------


def values_of(search: Search, embedder: Embedder) -> dict[str, float | None]:
    """Recall of packs of each budget, with and without queries."""
    found: dict[str, float | None] = {}
    with ChromaIndex.ephemeral(embedder) as index:
        index.add(search.passages)
        for budget in BUDGETS:
            for prefix, queries in (("", search.queries), (FLOOR, ())):
                pack = evidence_pack.build_pack(
                    search.items,
                    search.passages,
                    queries,
                    index.rank,
                    prompts.estimate_tokens,
                    budget,
                )
                found |= {f"{prefix}{k}": v for k, v in _held(search, pack, budget).items()}
    return found


FLOOR = "without queries: "


def _held(search: Search, pack: EvidencePack, budget: int) -> dict[str, float | None]:
    there = _readable_in(search.passages, pack)
    held = [_shares(needs, there) for needs in search.needs]
    return {
        f"recall at {budget}": _mean(held) if held else None,
        f"claims whole at {budget}": _mean([s == 1 for s in held]) if held else None,
    }


def _shares(needs: Needs, there: frozenset[str]) -> float:
    """Largest share of one of the sets that is present."""
    return max(len(found & there) / len(found) for found in needs if found)


def _readable_in(passages: Sequence[Passage], pack: EvidencePack) -> frozenset[str]:
    """Ids of passages that a pack contains, verbatim or as a near-duplicate."""
    kept = [_words(p.text) for p in pack.passages]
    held = {p.id for p in pack.passages}
    for passage in passages:
        if passage.id not in held and any(_same(_words(passage.text), words) for words in kept):
            held.add(passage.id)
    return frozenset(held)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > evidence_pack.NEAR_DUPLICATE * len(one | other)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


# --- The suite ---------------------------------------------------------------------------------

MEASURES = tuple(
    f"{prefix}{name} at {budget}"
    for prefix in ("", FLOOR)
    for name in ("recall", "claims whole")
    for budget in BUDGETS
)


def measure_retrieval(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """Means over the claims or stories with known supporting passages."""
    return {name: _known_mean(outcomes, name) for name in MEASURES}


def _known_mean(outcomes: Sequence[Outcome], name: str) -> float:
    values = column(outcomes, name)
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


class RetrievalSuite:
    """Retrieval for the labelled claims and stories of several files; implements ``Suite``.

    Args:
        files: JSON Lines, gzipped or not; each is a report group, named by ``group_of``.
        embedder: embeds passages and queries.
        settings: settings of the product; the drafter is always the extractive one.

    Raises:
        InputError: a file cannot be read, is empty or malformed, or two have one name.
    """

    name = "retrieval"
    better: Mapping[str, Better] = {
        name: "higher" for name in MEASURES if not name.startswith(FLOOR)
    }
    margins: Mapping[str, float] = {"recall at 500": 0.02, "recall at 1000": 0.02}
    measure = staticmethod(measure_retrieval)

    def __init__(self, files: Sequence[Path], embedder: Embedder, settings: Settings) -> None:
        self._embedder = embedder
        self._settings = settings.model_copy(
            update={"drafter": "extractive", "judge": "off", "evidence_tokens": WHOLE}
        )
        groups, self.inputs = read_groups(files, read)
        placed = [(group, row) for group, rows in groups.items() for row in rows]
        keys = told_apart(_content(row) for _, row in placed)
        self._rows = [(key, *one) for key, one in zip(keys, placed, strict=True)]

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of the product, the suite, the packing and the embedding model."""
        return {
            "summarizer": __version__,
            "suite code": versions.code("evals.suites.retrieval"),
            "drafter code": versions.code(*versions.DRAFTER),
            "embedder": self._embedder.name,
        }

    def tasks(self) -> Iterator[Task]:
        """One task per claim or story, file by file."""
        for key, group, row in self._rows:
            place = f"{group}:{row.id if isinstance(row, Labelled) else row.key}"
            yield Task(key=place, judge=partial(self.judge, key, group, row, place))

    def judge(self, key: str, group: str, row: Labelled | Story, place: str) -> list[Outcome]:
        """The outcome of one claim or story."""
        if isinstance(row, Labelled):
            search, cluster = search_of(row), hashlib.sha256(row.source.encode()).hexdigest()[:16]
        else:
            search, cluster = search_in(row, self._settings), key
        known = dict.fromkeys(MEASURES) if not search.needs else values_of(search, self._embedder)
        return [Outcome(key=key, cluster=cluster, group=group, values=known, place=place)]

    def figures(self, outcomes: Sequence[Outcome]) -> list[Figure]:
        """Bars of the recall at each budget with its floor, one figure per file."""
        recalls = [name for name in MEASURES if "recall" in name]
        return [
            Figure(
                title=f"Recall of passages, {group}",
                bars=bars(members, measure_retrieval, recalls),
            )
            for group, members in by_group(outcomes).items()
        ]


def _content(row: Labelled | Story) -> str:
    if isinstance(row, Labelled):
        return content_key(row.claim, row.source, [sorted(found) for found in row.supporting])
    return content_key(row.items)


WHOLE = 500_000
"""Evidence tokens of the draft of all evidence: the maximum of the settings."""
