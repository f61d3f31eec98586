"""Store calls and SQL statements of one draft of a sample incident.

    python benchmarks/draft_reads.py [INCIDENT]

Ingests the samples into a new folder and drafts one incident without a model; by default that with
the most items.
"""

from __future__ import annotations

import functools
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from summarizer import open_app, settings
from summarizer.cli.demo import samples
from summarizer.storage.store import Store

BLOCKS = ("transaction", "snapshot", "open", "close")
"""Methods of the store that read and write nothing themselves."""


def count_calls(store: Store, calls: Counter[str]) -> None:
    """Count calls of public methods of the store and its parts, without nested calls."""
    parts = {name: part for name, part in vars(store).items() if not name.startswith("_")}
    within = False

    def counted(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal within
            if within:
                return method(*args, **kwargs)
            calls[name] += 1
            within = True
            try:
                return method(*args, **kwargs)
            finally:
                within = False

        return call

    for prefix, part in {"": store, **{f"{name}.": part for name, part in parts.items()}}.items():
        for name in dir(type(part)):
            if not name.startswith("_") and name not in BLOCKS:
                setattr(part, name, counted(f"{prefix}{name}", getattr(part, name)))


def main() -> None:
    calls: Counter[str] = Counter()
    statements: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_app(settings.load(data_dir=Path(folder))) as service,
    ):
        for file in samples():
            with file.open("rb") as stream:
                list(service.pipeline.ingest(stream))
        service.pipeline.settle()
        incidents = service.store.incidents()
        chosen = max(incidents, key=lambda incident: (len(incident.item_keys), incident.id)).id
        count_calls(service.store, calls)

        @event.listens_for(Engine, "before_cursor_execute")
        def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements[statement.split()[0]] += 1

        draft = service.pipeline.draft(sys.argv[1] if len(sys.argv) > 1 else chosen)
    print(f"{draft.incident_id}: {len(draft.evidence.items)} items, {draft.drafter}")
    print(f"{calls.total()} calls to the store:")
    for name, n in calls.most_common():
        print(f"  {n:3} {name}")
    print(f"{statements.total()} statements: {dict(statements.most_common())}")


if __name__ == "__main__":
    main()
