"""Cost of each operation by size of the store: CPU per item or request, start, memory.

    python benchmarks/growth.py [--keep FOLDER] [1000 10000 100000]

Items are generated: about 100 words by Zipf's law with names and an age, ten items an incident,
over the year that ends now.  Each fourth incident has a draft.  The store is filled with what
ingestion and clustering leave, without clustering.  Chroma and the embedding model are replaced by
an index that knows the answers, so that their cost, which is not ours, is not in the figures.  At
each size new processes open a copy: one that reads, one that plans, one that ingests and settles.
CPU time is that of all threads, the median of some runs; memory is the peak above that at opening.
With ``--keep`` the stores are kept and reused.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from sqlalchemy import Engine, event

from api import create_app
from summarizer import settings
from summarizer.app import App, open_app
from summarizer.clustering.candidates import StoredMemory
from summarizer.clustering.fingerprint import ItemFingerprint
from summarizer.clustering.online import fingerprint_of
from summarizer.clustering.places import StoredPlaces
from summarizer.clustering.service import IncidentAssigner, cluster_item
from summarizer.domain.api_keys import Scope
from summarizer.domain.events import SYSTEM_ACTOR, EventKind
from summarizer.domain.items import DedupKeys, ItemKey, NewItem, Passage, PassageId, number_of
from summarizer.drafting.evidence_pack import evidence_hash
from summarizer.ingestion.passages import split
from summarizer.ports.index import PassageIndex
from summarizer.text import near_duplicates
from summarizer.text.text_key import text_key

SIZES = (1_000, 10_000, 100_000)
PER_INCIDENT = 10
PER_DRAFT = 4
VOCABULARY = 60_000
FILLED = 1_000
"""Items per transaction while the store is filled."""

NEW = 200
"""Items that are ingested and settled at each size."""

RUNS = 15
YEAR = dt.timedelta(days=365)
HERE = "http://127.0.0.1"


class KnownIndex:
    """A passage index that knows which items are alike; the cost of an answer does not grow."""

    embedder = name = identity = "known"

    def __init__(self) -> None:
        self.headings = self
        self._asked: dict[bytes, int] = {}

    def embed(self, texts: Sequence[str]) -> Any:
        """The same vector for each text."""
        return np.stack([vector_of(0)] * len(texts))

    def vectors(self, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """Vectors of new items, which ``nearest`` knows again."""
        found = {}
        for id_ in ids:
            number = number_of(ItemKey(id_.partition(".")[0]))
            found[id_] = vector_of(number - 1)
            self._asked[found[id_].tobytes()] = number
        return found

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[Any]:
        """The items before an item, those of its incident first."""
        number = self._asked.get(vector.tobytes())
        if number is None:
            return []
        return [(n, 1 - (number - n) / 100) for n in range(number - 1, max(0, number - limit), -1)]

    def among(self, asked: Sequence[Any]) -> frozenset[Any]:
        """All of them."""
        return frozenset(asked)

    def count(self) -> int:
        """Unknown."""
        return 0

    def add(self, *_: object) -> None:
        """Nothing: all is known."""

    def remove(self, _ids: Sequence[PassageId]) -> None:
        """Nothing."""

    def rank(self, queries: Sequence[str], ids: Sequence[PassageId]) -> list[Any]:
        """The passages in their order."""
        return [[(id_, 0.5) for id_ in ids] for _ in queries]


def vector_of(n: int) -> NDArray[np.float32]:
    """The vector of the item with a number, near that of its incident."""
    vector = np.random.default_rng((11, n // PER_INCIDENT)).normal(size=384)
    vector += 0.5 * np.random.default_rng((12, n)).normal(size=384)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def row(n: int, end: dt.datetime, spacing: dt.timedelta) -> dict[str, Any]:
    """The generated item with a number; ten in a row are of one incident."""
    story = np.random.default_rng((13, n // PER_INCIDENT))
    told, own = _words(story, 60), np.random.default_rng((14, n))
    first, last = story.integers(VOCABULARY, size=2)
    words = [*own.permutation(told)[:40], *_words(own, int(own.integers(40, 80)))]
    sentences = [f"Officials said {' '.join(words[i : i + 15])}." for i in range(0, len(words), 15)]
    who = f"Mr Na{first:x} La{last:x}, {n % 70 + 18}, of Stannick denied it."
    return {
        "published_at": (end + spacing * n).isoformat(),
        "title": " ".join(words[:8]),
        "text": " ".join([who, *sentences]),
        "url": f"https://outlet-{n % 300}.example/{n}",
        "platform": ("news", "x", "reddit")[n % 3],
        "outlet": f"outlet-{n % 300}",
        "engagement": {"likes": int(own.pareto(1.2) * 50)},
        "reach": int(own.pareto(1.1) * 1_000),
    }


def _words(seeded: np.random.Generator, count: int) -> list[str]:
    return [f"w{number:x}" for number in np.minimum(seeded.zipf(1.2, size=count), VOCABULARY)]


@contextmanager
def opened(folder: Path, **chosen: Any) -> Iterator[App]:
    """The application on a folder, with the index that knows."""
    loaded = settings.load(data_dir=folder, drafter="extractive", **chosen)
    with open_app(loaded, embedder=cast(Any, KnownIndex())) as app:
        vars(app)["index"] = KnownIndex()
        yield app


def fill(folder: Path, numbers: range, size: int) -> None:
    """Add to a store what ingestion, clustering and drafting would have left."""
    now = dt.datetime.now(dt.UTC)
    spacing = YEAR / size
    with opened(folder) as app:
        headings = cast(PassageIndex, app.index).headings
        memory = StoredMemory(app.store.fingerprints, headings, StoredPlaces(app.store))
        template = None
        for start in range(numbers.start, numbers.stop, FILLED):
            drafted: list[dict[str, Any]] = []
            with app.store.transaction():
                for first in range(start, min(numbers.stop, start + FILLED), PER_INCIDENT):
                    made = [
                        _added(app, n, row(n, now - YEAR, spacing))
                        for n in range(first, first + PER_INCIDENT)
                    ]
                    keys = [item.key for item, _ in made]
                    incident = app.store.create_incident(now - YEAR + first * spacing, items=keys)
                    detail = {"items": keys}
                    app.store.history.record(
                        EventKind.OPENED, incident.id, SYSTEM_ACTOR, detail=detail
                    )
                    imprints = {number_of(item.key): imprint for item, imprint in made}
                    memory.keep(imprints)
                    app.store.fingerprints.note_headings(KnownIndex.identity, list(imprints))
                    if template is not None and (first // PER_INCIDENT) % PER_DRAFT == 0:
                        hashed = evidence_hash([item for item, _ in made])
                        changed = {"incident_id": incident.id, "evidence_hash": hashed}
                        drafted.append(changed)
            for changed in drafted:
                saved = app.store.save_draft(template.model_copy(update=changed))
                app.store.history.record(
                    EventKind.DRAFTED, saved.incident_id, SYSTEM_ACTOR, revision=saved.revision
                )
            if template is None:
                template = app.pipeline.draft(app.store.incidents(limit=1)[0].id)
        app.pipeline.monitor.catch_up()
        app.standings.catch_up()


def _added(app: App, n: int, values: dict[str, Any]) -> tuple[Any, ItemFingerprint]:
    new = NewItem.model_validate(values)
    keys = DedupKeys(
        url=new.url,
        text=text_key(new.text),
        bands=near_duplicates.bands_of(new.text),
    )

    def passages(key: ItemKey, text: str) -> Sequence[Passage]:
        return split(key, text)

    at = cast(dt.datetime, new.published_at)
    item = app.store.add_item(new, dedup_keys=keys, ingested_at=at, split=passages)
    return item, fingerprint_of(cluster_item(item), vector_of(n))


statements = 0


@event.listens_for(Engine, "before_cursor_execute")
def _count(*_: Any) -> None:
    global statements
    statements += 1


def cpu_ms(work: Callable[[], object], runs: int = 1) -> float:
    """Median CPU time of a call."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(1_000 * (time.process_time() - began))
    return statistics.median(taken)


def reads(folder: Path, size: int) -> dict[str, float]:
    """Figures of the requests that read."""
    found: dict[str, float] = {}
    with opened(folder) as app:
        key = app.keys.create("bench", Scope.READ)[1]
        client = TestClient(create_app(app), HERE, headers={"Authorization": f"Bearer {key}"})

        def get(path: str, **headers: str) -> Any:
            answer = client.get(path, headers=headers)
            assert answer.status_code in (200, 304), answer.text
            return answer

        def measure(name: str, path: str, runs: int = RUNS, **headers: str) -> None:
            before = statements
            found[f"{name}, ms"] = cpu_ms(lambda: get(path, **headers), runs)
            if runs > 1:
                found[f"{name}, statements"] = (statements - before) / runs

        drafted = next(
            one.id for one in reversed(app.store.incidents(200)) if app.store.newest_draft(one.id)
        )
        get("/healthz")
        opened_with = _most_mib()
        measure("list by noise, first", "/v1/incidents?sort=noise&limit=50", 1)
        measure("list by noise", "/v1/incidents?sort=noise&limit=50")
        measure("list by time", "/v1/incidents?limit=50")
        measure("list of a state", "/v1/incidents?state=debated&limit=50")
        name = app.store.items([ItemKey("a15")])[0].text.split()[1]
        measure("search of a rare word", f"/v1/search?q={name}&mode=text")
        page = f"/v1/incidents/{drafted}"
        for form in ("json", "html"):
            measure(f"page as {form}, first", f"{page}?format={form}", 1)
            measure(f"page as {form}", f"{page}?format={form}")
        etag = get(f"{page}?format=json").headers["etag"]
        headers = {"if-none-match": etag}
        before = statements
        found["page unchanged (304), ms"] = cpu_ms(
            lambda: client.get(f"{page}?format=json", headers=headers), RUNS
        )
        found["page unchanged (304), statements"] = (statements - before) / RUNS
        measure("bare answer (healthz)", "/healthz")
        found["reading, MiB"] = _most_mib() - opened_with
    return found


def plans(folder: Path, size: int) -> dict[str, float]:
    """Figures of the worker, which is paused, or finds nothing to draft."""
    found: dict[str, float] = {}
    rules = folder / "rules.toml"
    text = (Path(__file__).parents[1] / "summarizer/jobs/autodrafting.toml").read_text("utf-8")
    rules.write_text(text.replace("least_items = 2 ", "least_items = 99 "), "utf-8")
    opened_with = _most_mib()
    with opened(folder, autodrafting_rules=rules) as app:
        found["worker, first look, ms"] = cpu_ms(app.worker.once)
        for _ in range(size):
            if not app.worker.once().decisions:
                break
        found["worker, nothing changed, ms"] = cpu_ms(app.worker.once, 5)
        incident = app.store.incidents(1)[0]

        def change() -> None:
            with app.store.transaction():
                app.store.assign(incident.item_keys[1:], incident.id)
                detail = {"items": list(incident.item_keys)}
                app.store.history.record(
                    EventKind.ITEMS_ADDED, incident.id, SYSTEM_ACTOR, detail=detail
                )

        taken = []
        for _ in range(5):
            change()
            taken.append(cpu_ms(app.worker.once))
        found["worker, one changed, ms"] = statistics.median(taken)
        found["worker, MiB"] = _most_mib() - opened_with
    with opened(folder) as app:
        app.worker.pause("bench")
        app.worker.once()
        found["worker, paused, ms"] = cpu_ms(app.worker.once, 5)
    return found


def writes(folder: Path, size: int) -> dict[str, float]:
    """Figures of ingesting and of putting into incidents."""
    found: dict[str, float] = {}
    now = dt.datetime.now(dt.UTC)
    spacing = YEAR / size
    new = [row(n, now - YEAR, spacing) for n in range(size, size + NEW + 1)]
    with opened(folder) as app:
        list(app.pipeline.ingest_rows(new[:1]))
        opened_with = _most_mib()
        assigner = IncidentAssigner(app.store, app.index, app.clock)
        wall = time.perf_counter()
        found["settling, start, s"] = cpu_ms(assigner.assign) / 1_000
        found["settling, start, wall s"] = time.perf_counter() - wall
        found["ingest an item, ms"] = cpu_ms(lambda: list(app.pipeline.ingest_rows(new[1:]))) / NEW
        found["settle an item, ms"] = cpu_ms(assigner.assign) / NEW
        assert not app.store.items_without_incident(1)
        found["settling, MiB"] = _most_mib() - opened_with
    return found


PARTS = {"reads": reads, "plans": plans, "writes": writes}


def _most_mib() -> float:
    # ``resource`` reports at least the peak of the parent process.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(sizes: Sequence[int], folder: Path, parts: Sequence[str]) -> None:
    """Fill a store of each size, and measure copies of it in new processes."""
    found: dict[int, dict[str, float]] = {}
    for size in sorted(sizes):
        kept, copy = folder / str(size), folder / "copy"
        if not kept.exists():
            unfinished = kept.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            fill(unfinished, range(size), size)
            unfinished.rename(kept)
        found[size] = {}
        for part in parts:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(kept, copy)
            command = [sys.executable, __file__, "--measure", part, "--keep", str(copy), str(size)]
            said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
            found[size] |= json.loads(said)
        shutil.rmtree(copy)
        print(f"{size:,} items measured, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    columns = sorted(found)
    print(f"| | {' | '.join(f'{size:,}' for size in columns)} | last / first |")
    print(f"|---|{'---|' * (len(columns) + 1)}")
    for name in found[columns[0]]:
        values = [found[size][name] for size in columns]
        cells = " | ".join(f"{value:,.{0 if value >= 20 else 1}f}" for value in values)
        ratio = values[-1] / values[0] if values[0] else float("nan")
        print(f"| {name} | {cells} | {ratio:.1f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--measure", choices=PARTS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(PARTS[asked.measure](asked.keep, asked.sizes[0])))
    elif asked.keep:
        main(asked.sizes, asked.keep, asked.parts)
    else:
        with tempfile.TemporaryDirectory() as name:
            main(asked.sizes, Path(name), asked.parts)
