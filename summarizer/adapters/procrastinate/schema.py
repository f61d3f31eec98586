"""Procrastinate's tables and functions, brought up to date in the database of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager

from summarizer.errors import StorageError
from summarizer.storage.locks import SCHEMA
from summarizer.storage.store import Store

_FOUND = """
SELECT coalesce(obj_description(oid, 'pg_class'), '')
FROM pg_class WHERE relname = 'procrastinate_jobs' AND pg_table_is_visible(oid)
"""
"""Read from the catalogue: ``to_regclass`` may answer from a cache that is older than the lock."""


def migrate(store: Store) -> None:
    """Apply what is new in the installed Procrastinate, in one transaction.

    The comment on its table of jobs names the last file that was applied.

    Raises:
        StorageError: another program has put a Procrastinate into this database, or a newer
            version of this one has.
    """
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    with store.driver() as connection:
        if _last_applied(connection) == files[-1].name:
            return
    with store.driver(SCHEMA) as connection:
        last = _last_applied(connection)
        names = [file.name for file in files]
        if last is None:
            connection.execute(SchemaManager.get_schema())
        elif last not in names:
            raise StorageError(
                "A newer Procrastinate was used on this database, or one of another program "
                f"({last or 'unknown'}): upgrade this program, or name another database."
            )
        else:
            for file in files[names.index(last) + 1 :]:
                connection.execute(file.read_text("utf-8"))
        connection.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{names[-1]}'")


def _last_applied(connection: Any) -> str | None:
    """Name of the last file; ``None`` without the tables, empty for tables of others."""
    row = connection.execute(_FOUND).fetchone()
    return row[0] if row else None
