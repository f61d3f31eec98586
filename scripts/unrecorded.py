"""Replay recordings on the samples, and show what they lack and what became of their sentences.

::

    python scripts/unrecorded.py OUT [--recordings examples/recordings]

Every request without a recorded answer is written to ``OUT`` as the model would read it, with the
sections or sentences that lack one.  Every withheld sentence is printed with the reasons.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from evals.mock_server import MessagesServer
from evals.recordings import Missing, Player, read_all
from summarizer.app import open_app
from summarizer.cli.demo import examples, replaying, samples
from summarizer.domain.drafts import Draft
from summarizer.errors import ModelError
from summarizer.settings import load


def main(arguments: Sequence[str]) -> int:
    """Run the script; the exit status is 1 when an answer is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for the requests without an answer")
    parser.add_argument("--recordings", type=Path, default=examples() / "recordings")
    options = parser.parse_args(arguments)
    known = read_all(options.recordings) if any(options.recordings.glob("*.json")) else {}
    player = Player(known)
    with tempfile.TemporaryDirectory() as folder, MessagesServer(player) as server:
        replay(Path(folder), server.url)
    options.out.mkdir(parents=True, exist_ok=True)
    for number, missing in enumerate(player.missing, start=1):
        name = f"{number}-{missing.recording or missing.items[0]}-{missing.purpose}.txt"
        (options.out / name).write_text(report(missing), encoding="utf-8")
        print(f"{options.out / name}: {missing.words}")
    return 1 if player.missing else 0


def replay(folder: Path, url: str) -> None:
    """Draft every sample from the server at that address, and print what became of it."""
    with open_app(replaying(load(data_dir=folder), url)) as app:
        for file in samples():
            with file.open("rb") as stream:
                list(app.pipeline.ingest(stream))
        app.pipeline.settle()
        for due in app.pipeline.due():
            try:
                print(told(app.pipeline.draft(due)))
            except ModelError as error:
                print(f"{due}: not drafted. {error}")


def told(draft: Draft) -> str:
    """Numbers of shown and withheld sentences, and each withheld one with its reasons."""
    shown = sum(len(section.shown) for section in draft.sections)
    withheld = [(s.key, claim) for s in draft.sections for claim in s.withheld]
    lines = [f"{draft.incident_id}: {shown} sentences shown, {len(withheld)} withheld"]
    for key, claim in withheld:
        lines.append(f"  {key}: {claim.claim.text}")
        lines += [f"    {failure.check}: {failure.reason}" for failure in claim.verdict.failures]
    return "\n".join(lines)


def report(missing: Missing) -> str:
    """A request with what it lacks, for the writer of the answer."""
    lacking = "\n".join(f"- {wanted}" for wanted in missing.wanted)
    return f"{missing.words}\n\n{lacking}\n\n{'=' * 40}\n\n{missing.request}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
