"""Who tells the sentences of extractive pages, to be read, and how many carry a mark.

    python benchmarks/who_tells.py FILE.jsonl[.gz] ... [--stories 30]

Prints each shown sentence with its independent sources and its mark on the page, values that
sources give to one fact, and the shares at the end.  Of each file at most ``--stories`` stories are
drafted, evenly spread.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evals.datasets import drafted, read_groups, read_stories
from summarizer.domain.claims import CheckedClaim
from summarizer.domain.drafts import Draft
from summarizer.rendering import phrases
from summarizer.verification.conflicts.disagreements import find_conflicts


def drafts(files: list[Path], most: int) -> Iterator[tuple[str, Draft]]:
    """Drafts of stories, by file and story."""
    groups, _ = read_groups(files, read_stories)
    for group, stories in groups.items():
        for story in stories[:: -(-len(stories) // most)]:
            yield f"{group}/{story.key}", drafted(story)


def mark(claim: CheckedClaim, several: bool) -> str | None:
    """What the page says of who tells a sentence, beside what it says of all."""
    own = (warning for warning in claim.verdict.warnings if "own statement" in warning)
    return phrases.sourcing_of(claim, several) or next(own, None)


def main() -> None:
    """Print the sentences and the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--stories", type=int, default=30)
    asked = parser.parse_args()
    every = told = marked = 0
    for place, draft in drafts(asked.files, asked.stories):
        shown = [c for s in draft.sections for c in s.shown if c.claim.cites]
        several = phrases.told_by_several(shown)
        print(f"\n{place}: {phrases.sourcing(shown)}")
        for claim in shown:
            said = mark(claim, several)
            every, told, marked = every + 1, told + (claim.origins > 1), marked + bool(said)
            print(f"  {claim.origins} {list(claim.told_by)} {said or ''}\n    {claim.claim.text}")
        for found in find_conflicts(draft.evidence):
            values = ", ".join(f"{t.value} ({t.speaker or t.source})" for t in found.tellings)
            print(f"  {'updated' if found.updated else 'differ'}: {found.fact} {values}")
    print(f"\n{every} sentences, {told} told by two sources or more, {marked} marked")


if __name__ == "__main__":
    main()
