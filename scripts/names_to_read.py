"""Print names, offices and roles for manual evaluation.

    python scripts/names_to_read.py FILE… [--first 60] [--drafts 20] [--sample 45] [--seed 0]

There are no labels.  For the first incidents of each file with two or more items (files of
``summarizer eval drafting``), it prints

- **forms**: names resolved to a longer one (``text.coreference``), a sample;
- **offices**: offices ascribed to a person (``text.job_titles``), a sample;
- **roles**: roles of actors on the pages of extractive drafts (``incidents.entities``), all.

Read each line beside its source, count errors, and report the result with this command, the files
and the date.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from evals.datasets import Story, drafted, read_stories
from evals.suites.conflicts.suite import pack_of
from summarizer.domain.evidence import EvidencePack
from summarizer.incidents import entities
from summarizer.text.coreference import EntityGroups, occurrences
from summarizer.text.job_titles import offices

MOST_ITEMS = 12
"""Maximum items per incident."""


def forms(pack: EvidencePack) -> Iterator[str]:
    """Each name that is resolved to a longer one."""
    for group in EntityGroups([p.text for p in pack.passages]).groups:
        for text in group.others(group.name):
            yield f"{text} → {group.name}"


def held(pack: EvidencePack) -> Iterator[str]:
    """Each office with its holder and the passage."""
    for passage in pack.passages:
        for name in occurrences(passage.text):
            for span in offices(passage.text, name):
                yield f"{name.text}: {passage.text[span.start : span.end]} | {passage.text}"


def roles(story: Story) -> tuple[int, list[str]]:
    """Number of actors on the page of a draft, and their roles."""
    actors = entities.of(drafted(story)).actors
    return len(actors), [f"{a.name}: {r.value} | {r.text}" for a in actors for r in a.roles]


def stories_of(files: Sequence[Path], first: int) -> Iterator[Story]:
    """The first incidents of each file with at least two items."""
    for path in files:
        several = (story for story in read_stories(path) if len(story.items) > 1)
        for story in itertools.islice(several, first):
            yield story.model_copy(update={"items": story.items[:MOST_ITEMS]})


def show(title: str, lines: Sequence[str]) -> None:
    """Print one part."""
    print(f"\n## {title}")
    for line in lines:
        print(f"- {' '.join(line.split())}")


def main() -> None:
    """Print all parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--first", type=int, default=60, help="incidents of each file")
    parser.add_argument("--drafts", type=int, default=20, help="of these, how many are drafted")
    parser.add_argument("--sample", type=int, default=45, help="forms and offices to read")
    parser.add_argument("--seed", type=int, default=0, help="of the samples")
    given = parser.parse_args()
    rng = Random(given.seed)
    stories = list(stories_of(given.files, given.first))
    packs = [pack_of(story) for story in stories]
    names = [line for pack in packs for line in forms(pack)]
    titles = [line for pack in packs for line in held(pack)]
    drafts = [roles(story) for story in stories_of(given.files, given.drafts)]
    shown = [line for _, lines in drafts for line in lines]
    show(
        f"{len(names)} forms put to a longer name in {len(packs)} incidents; a sample",
        rng.sample(names, min(given.sample, len(names))),
    )
    show(f"{len(titles)} offices; a sample", rng.sample(titles, min(given.sample, len(titles))))
    show(
        f"{len(shown)} roles of {sum(n for n, _ in drafts)} actors in {len(drafts)} drafts; all",
        shown,
    )


if __name__ == "__main__":
    main()
