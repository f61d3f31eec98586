"""List who accuses whom in some stories, with stage, reply and passage, for a person to read.

With --drafts each story is drafted without a model, its sides and notes are listed too, and actors
that stand under a sentence which only accuses them are counted at the end.

    python benchmarks/accusations.py examples/items/*.jsonl
    python benchmarks/accusations.py --stories 20 --drafts STORIES.jsonl.gz
"""

from __future__ import annotations

import argparse
from pathlib import Path

from evals.datasets import Story, gathered, read_stories
from summarizer import settings
from summarizer.app import open_app
from summarizer.domain.accusations import Accusation
from summarizer.domain.drafts import Draft
from summarizer.domain.evidence import EvidencePack
from summarizer.verification.accusations import accusations, accuses_itself


def main() -> None:
    """Print one block for each accusation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--stories", type=int, default=10**9, help="most stories of each file")
    parser.add_argument("--skip", type=int, default=0, help="stories to pass over in each file")
    parser.add_argument("--drafts", action="store_true", help="draft each story, list its sides")
    options = parser.parse_args()
    total = own = 0
    for file in options.files:
        for story in read_stories(file)[options.skip :][: options.stories]:
            found, selves = _list(file, story, drafts=options.drafts)
            total, own = total + found, own + selves
    print(f"\n{total} accusations, {own} sides under an accusation against themselves")


def _list(file: Path, story: Story, *, drafts: bool) -> tuple[int, int]:
    with open_app(settings.load(drafter="extractive"), in_memory=True) as app:
        incident = gathered(app.pipeline, story)
        draft = app.pipeline.draft(incident) if drafts else None
        pack = draft.evidence if draft else app.pipeline.pack(incident)
    found = accusations(pack)
    print(f"\n=== {file.name} {story.key}: {len(found)} accusations, {len(pack.passages)} passages")
    for one in found:
        _print(one, pack)
    return len(found), _print_sides(draft) if draft is not None else 0


def _print(one: Accusation, pack: EvidencePack) -> None:
    print(f"\n- {one.accuser or f'({one.source})'} {one.position} {', '.join(one.accused)}")
    print(f"  stage {one.stage.name.lower()}; {one.what}")
    for passage in one.passages[:2]:
        shown = pack.passage(passage)
        print(f"  [{passage}] {' '.join(shown.text.split()) if shown else ''}")
    for reply in one.replies:
        print(f"  reply of {reply.of}: {reply.kind} by {reply.by or '-'}: {reply.words}")


def _print_sides(draft: Draft) -> int:
    selves = 0
    for section in draft.sections:
        for checked in section.shown:
            claim = checked.claim
            if claim.actor:
                print(f"  side: {claim.stance} {claim.position} {claim.actor}: {claim.text}")
                selves += accuses_itself(claim, draft.evidence)
        for note in section.notes:
            print(f"  note in {section.key}: {note}")
    return selves


if __name__ == "__main__":
    main()
