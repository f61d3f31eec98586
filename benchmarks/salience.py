"""Titles and key points drafted without a model, against what a journalist chose.

    python benchmarks/salience.py FILE.jsonl[.gz] ... [--half dev] [--stories 60] [--show]

Of each story with three items or more one is held out.  The others are drafted without a model, and
the title is compared with the held-out headline, the first key points with that headline and the
sentence that opens its report.  Beside the draft stand plain choices: a headline of another item or
the first sentence of one, picked by likeness to the rest; "best" is the headline that turns out the
closest, which no rule can know.

Stories are split into two halves by a hash of their name.  Rules are made on ``dev``; of ``held``
only totals are printed.  Intervals are 95%, drawn over stories; behind each plain choice stand the
stories in which the draft is better and worse than it, and how often chance alone parts them so
(sign test).
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import random
import sys
from collections.abc import Mapping, Sequence
from itertools import islice
from math import comb
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evals.datasets import LONG_AGO, Story, read_groups, read_stories
from summarizer import factories
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.domain.sections import Layout
from summarizer.drafting.evidence_pack import build_pack
from summarizer.drafting.extractive.drafter import ExtractiveDrafter
from summarizer.ingestion.passages import split
from summarizer.ingestion.publication_time import parse_time
from summarizer.text.boilerplate import trim
from summarizer.text.tokens import read

FEWEST, MOST = 3, 6
"""Items of a story, the held-out one with them."""
SHORTEST = 200
LONGEST = 25
"""Characters that a text must have, and its sentences that are read."""
POINTS = 3
DRAWS = 1000

Scores = dict[str, dict[str, float]]
"""Score by measure and name of the choice."""


class Told(NamedTuple):
    """An item's headline, and the sentence that opens its text."""

    title: str
    lead: str


class Case(NamedTuple):
    """The evidence of a story, and the item held out of it."""

    name: str
    pack: EvidencePack
    held: Told


def half_of(name: str) -> str:
    """The half of a story, by a hash of its name."""
    return ("dev", "held")[hashlib.sha256(name.encode()).digest()[0] % 2]


def case_of(name: str, story: Story) -> Case | None:
    """A story without one of its items; ``None`` if too few have a headline and a text of their
    own."""
    rows: dict[frozenset[str], Mapping[str, Any]] = {}
    for row in story.items:
        if row.get("title") and len(row.get("text") or "") >= SHORTEST:
            rows.setdefault(read(row["title"]).content_set, row)
    found = sorted(rows.values(), key=lambda row: _hash(name + str(row.get("id"))))[:MOST]
    if len(found) < FEWEST:
        return None
    held, *others = [_item(f"a{n}", row) for n, row in enumerate(found)]
    passages = {item.key: split(item.key, item.text)[:LONGEST] for item in (held, *others)}
    every = [p for item in others for p in passages[item.key]]
    pack = build_pack(others, every, [], lambda *_: [], len, budget=10**9)
    return Case(name, pack, _told(held, passages[held.key]))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _item(key: str, row: Mapping[str, Any]) -> SourceItem:
    at = parse_time(row["published_at"]) if row.get("published_at") else None
    return SourceItem(
        key=key,
        origin=key,
        platform=row.get("platform") or "news",
        outlet=row.get("publisher"),
        url=row.get("url"),
        title=row["title"],
        text=row["text"],
        published_at=at,
        ingested_at=at or LONG_AGO + dt.timedelta(hours=int(key[1:])),
    )


def _told(item: SourceItem, passages: Sequence[Passage]) -> Told:
    return Told(trim(item.title), trim(passages[0].text))


class Likeness:
    """How close two texts are: by content stems, and by vectors of the shipped model."""

    def __init__(self) -> None:
        self._embedder = factories.embedder()

    def cosine(self, a: str, b: str) -> float:
        """Cosine of the vectors."""
        return float(np.prod(self._embedder.embed([a, b]), axis=0).sum()) if a and b else 0.0

    def medoid(self, texts: Sequence[str]) -> int:
        """Place of the text that is closest to all by vectors."""
        vectors = self._embedder.embed(texts)
        return int(np.argmax((vectors @ vectors.T).sum(axis=0)))


def f1(a: str, b: str) -> float:
    """F1 of the distinct content stems of two texts."""
    x, y = read(a).content_set, read(b).content_set
    return 2 * len(x & y) / (len(x) + len(y)) if x | y else 0.0


def recall(text: str, of: str) -> float:
    """Share of the content stems of a text that another has."""
    wanted = read(of).content_set
    return len(wanted & read(text).content_set) / max(1, len(wanted))


def by_words(texts: Sequence[str]) -> int:
    """Place of the text that is closest to the others by content stems."""
    shares = [sum(f1(a, b) for m, b in enumerate(texts) if m != n) for n, a in enumerate(texts)]
    return int(np.argmax(shares))


def drafted(pack: EvidencePack) -> dict[Layout, list[str]]:
    """Claims of the title, the points and the prose, as drafted."""
    layouts = (Layout.HEADLINE, Layout.POINTS, Layout.PROSE)
    specs = [s for s in factories.prompts().specs() if s.row.layout in layouts]
    drafting = ExtractiveDrafter().draft(pack, specs, lambda _: None)
    claims: dict[Layout, list[str]] = {layout: [] for layout in layouts}
    for spec, section in zip(specs, drafting.sections, strict=True):
        claims[spec.row.layout] += [c.text for c in section.claims]
    return claims


def scored(case: Case, likeness: Likeness, show: bool) -> Scores:
    """Scores of the draft and of plain choices for one story."""
    pages = drafted(case.pack)
    by_item: dict[str, list[Passage]] = {item.key: [] for item in case.pack.items}
    for passage in case.pack.passages:
        by_item[passage.item_key].append(passage)
    told = [_told(item, by_item[item.key]) for item in case.pack.items]
    titles = [t.title for t in told]
    medoid, words = likeness.medoid(titles), by_words(titles)
    own = "".join(pages[Layout.HEADLINE])
    choices = {
        "draft": own,
        "newest": titles[-1],
        "medoid by vectors": titles[medoid],
        "medoid by words": titles[words],
        "lead of the medoid": told[medoid].lead,
        "best": max(titles, key=lambda t: f1(t, case.held.title)),
    }
    points = pages[Layout.POINTS]
    leads = [t.lead for t in told]
    near = sorted(range(len(leads)), key=lambda n: -sum(f1(leads[n], lead) for lead in leads))
    firsts = {
        "draft": points[:1],
        "newest": leads[-1:],
        "medoid by vectors": [leads[likeness.medoid(leads)]],
        "medoid by words": [leads[near[0]]],
    }
    threes = {"draft": points[:POINTS], "medoid by words": [leads[n] for n in near[:POINTS]]}
    wanted = f"{case.held.title}. {case.held.lead}"
    if show:
        print(f"\n## {case.name}\n  held: {case.held.title}\n     {case.held.lead}")
        print(*(f"  {name}: {text}" for name, text in choices.items()), sep="\n")
        print(*(f"  - {text}" for text in points), sep="\n")
    return {
        "title, F1": {name: f1(t, case.held.title) for name, t in choices.items()},
        "title, cosine": {n: likeness.cosine(t, case.held.title) for n, t in choices.items()},
        "first point, recall": {n: recall(" ".join(t), wanted) for n, t in firsts.items()},
        "first point, F1": {n: f1(" ".join(t), wanted) for n, t in firsts.items()},
        "three points, recall": {n: recall(" ".join(t), wanted) for n, t in threes.items()},
        "three points, words": {n: len(" ".join(t).split()) for n, t in threes.items()},
        "no title, no point": {
            "draft": float(not own),
            "points": float(not points),
        },
    }


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Bounds of the mean, 95%, drawn over the stories."""
    draw = random.Random(1)
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(DRAWS))
    return means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS) - 1]


def sign_test(better: int, worse: int) -> float:
    """Probability of so unequal counts where both are equally likely, two-sided."""
    n, k = better + worse, min(better, worse)
    tail: float = 2.0 * sum(comb(n, i) for i in range(k + 1)) / 2.0**n
    return min(1.0, tail)


def table(scores: Sequence[Scores]) -> None:
    """Print means with intervals, and the draft against each plain choice."""
    for measure, names in scores[0].items():
        print(f"\n{measure}")
        own = [s[measure]["draft"] for s in scores]
        for name in names:
            values = [s[measure][name] for s in scores]
            low, high = interval(values)
            better = sum(a > b for a, b in zip(own, values, strict=True))
            worse = sum(a < b for a, b in zip(own, values, strict=True))
            test = f"  {better}:{worse} p={sign_test(better, worse):.3f}" if name != "draft" else ""
            print(f"  {name:20} {fmean(values):.3f} ({low:.3f}–{high:.3f}){test}")


def main() -> None:
    """Draft the stories of one half and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--half", choices=("dev", "held"), default="dev")
    parser.add_argument("--stories", type=int, default=60, help="most of all files together")
    parser.add_argument("--show", action="store_true", help="print the texts, of dev only")
    asked = parser.parse_args()
    if asked.show and asked.half == "held":
        parser.error("of the held half only totals are printed")
    groups, _ = read_groups(asked.files, read_stories)
    likeness, scores = Likeness(), []
    for group, stories in groups.items():
        mine = [s for s in stories if half_of(f"{group}/{s.key}") == asked.half]
        mine.sort(key=lambda story: _hash(f"{group}/{story.key}"))
        cases = (c for s in mine if (c := case_of(f"{group}/{s.key}", s)))
        for case in islice(cases, asked.stories // len(groups)):
            scores.append(scored(case, likeness, asked.show))
    print(f"{asked.half}: {len(scores)} stories")
    table(scores)


if __name__ == "__main__":
    main()
