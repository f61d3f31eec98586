"""Three incidents that are due, a model's server on loopback, and runs of every kind on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from evals.mock_server import MessagesServer, Recorded, Reply, asked_labels, passages, says
from summarizer import settings
from summarizer.adapters import clock
from summarizer.app import App, open_app, open_batch_context
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import JobStatus
from summarizer.jobs import batch_run
from summarizer.jobs.planner import Decision
from tests.support.app import an_app, take_in
from tests.support.builders import NOON
from tests.support.cli import run
from tests.support.clock import ManualClock

FERRY, JAM, TRAM = (IncidentId(f"INC-00000{n}") for n in (1, 2, 3))
STORIES = {
    "ferry": ("Halden Line cancelled 14 crossings.", "Crews of Halden Line went on strike."),
    "jam": ("Marrow Foods recalled 300 jars of jam.", "Shops took the jam off their shelves."),
    "tram": ("A tram left the rails in Orrin.", "Orrin closed two tram lines on Friday."),
}
MORE = {"text": "Halden Line and its crews met on Sunday.", "incident": "ferry", "platform": "x"}


def faithful(request: Recorded) -> Reply:
    """A title, or what is to be repaired, copied from the first passage."""
    id_, text = next(iter(passages(request).items()))
    said = {"text": text, "cites": [id_]}
    return says({key: [said] for key in asked_labels(request) or ["title"]})


def about(word: str, *replies: Reply) -> Callable[[Recorded], Reply]:
    """Replies to the first requests about the item with that word, faithful answers else."""
    left = list(replies)

    def script(request: Recorded) -> Reply:
        if left and word in " ".join(passages(request).values()):
            return left.pop(0)
        return faithful(request)

    return script


LOUD = {"reach": 9_000_000, "published_at": NOON.isoformat()}


def with_stories(folder: Path) -> Path:
    """A data folder with the three incidents, which came in at noon."""
    with an_app(folder, ManualClock()) as service:
        take_in(service, *(
            LOUD | {"text": text, "incident": story, "platform": platform}
            for story, texts in STORIES.items()
            for text, platform in zip(texts, ("x", "news"), strict=True)
        ))  # fmt: skip
    return folder


class Bench:
    """The server of a model, which runs while it is entered, and runs on a data folder.

    Args:
        folder: of ``with_stories``.
        script: the model's answers.
        server: options of the server.
    """

    def __init__(
        self, folder: Path, script: Callable[[Recorded], Reply] = faithful, **server: Any
    ) -> None:
        self.clock, self.told = ManualClock(), list[str]()
        self.server = MessagesServer(script, **server)
        self.settings = settings.load(
            data_dir=folder,
            anthropic_base_url=self.server.url,
            max_attempts=1,
            plan="single",
            judge="off",
        )
        ours = {"DATA_DIR": str(folder), "PLAN": "single", "MAX_ATTEMPTS": "1", "JUDGE": "off"}
        self.env = {f"SUMMARIZER_{name}": value for name, value in ours.items()}
        self.env["ANTHROPIC_BASE_URL"] = self.server.url
        self.clock.advance(60)  # since the stories came in

    def __enter__(self) -> Bench:
        self.server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.server.__exit__(*error)

    def command(self, *words: object) -> Result:
        """A command on that store, by the clock of the bench."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "SystemClock", lambda: self.clock)
            return run(*words, **self.env)

    def add(self, rows: Any) -> None:
        """Ingest rows, and let time pass in which none comes."""
        with self.beside(owns_index=True) as service:
            take_in(service, *rows)
        self.clock.advance(60)

    @contextmanager
    def workshop(self) -> Iterator[batch_run.BatchContext]:
        with open_batch_context(self.settings, clock=self.clock) as shop:
            yield shop

    @contextmanager
    def beside(self, *, owns_index: bool = False) -> Iterator[App]:
        with open_app(self.settings, clock=self.clock, owns_index=owns_index) as service:
            yield service

    def run(
        self,
        meanwhile: Callable[[], object] = lambda: None,
        opened: Any = None,
        only: Collection[IncidentId] | None = None,
    ) -> batch_run.BatchReport:
        """Draft in batches; ``meanwhile`` happens while a batch is first waited for."""
        left = [meanwhile]

        def sleep(seconds: float) -> None:
            self.clock.advance(seconds)
            while left:
                left.pop()()

        return batch_run.BatchRun(opened or self.workshop, sleep, self.told.append, only).run()

    def worked(self) -> tuple[list[IncidentId], dict[IncidentId, Decision]]:
        """Incidents that a worker drafts now, and all its decisions."""
        with self.beside() as service:
            looked = service.worker.once()
            made = [job.incident_id for job in looked.jobs if job.status is JobStatus.DONE]
            return sorted(made), {d.incident_id: d for d in looked.decisions}

    def drafts(self) -> list[int]:
        """Number of revisions of each incident; no two are of the same evidence."""
        with self.beside() as service:
            found = [service.store.drafts(id_) for id_ in (FERRY, JAM, TRAM)]
        for drafts in found:
            assert len({draft.evidence_hash for draft in drafts}) == len(drafts)
        return [len(drafts) for drafts in found]

    def spent(self) -> dict[bool, int]:
        """Calls to the model, by whether they came in a batch."""
        with self.workshop() as shop:
            spent = shop.store.planner_records.spent(NOON.replace(year=2000))
        return {one.batched: one.usage.calls for one in spent}

    def outcomes(self) -> list[dict[str, int]]:
        """Outcomes of each batch, oldest first."""
        with self.workshop() as shop:
            return [dict(batch.outcomes) for batch in reversed(shop.store.batches.newest())]
