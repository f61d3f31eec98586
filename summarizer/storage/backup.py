"""Backups of SQLite: a ZIP file with a copy of the database and a manifest, made while others
write, and the marks that every restored database gets."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from summarizer import __version__
from summarizer.domain.model import Model
from summarizer.errors import ConflictError, InputError, StorageBusyError, StorageError
from summarizer.ports.clock import Clock
from summarizer.storage import tables
from summarizer.storage.locks import LOG
from summarizer.storage.store import Store

DATABASE, MANIFEST = "summarizer.db", "manifest.json"
"""Names in the ZIP file."""

FORMAT = 1
"""Version of the form of backups."""

BECAUSE = "A backup was restored: look whether its receiver should hear of it, then resume it."
"""Why webhooks are paused."""

_BLOCK = 1 << 20


class Manifest(Model):
    """What a backup holds.

    Args:
        format: version of this form.
        version: of the program that made it.
        schema_revision: of the database.
        installation: id of the database, ``None`` if it has none yet.
        last_event: number of the newest event, 0 without one.
        rows: number of rows of each table.
        sha256: of the file of the database.
    """

    format: int = Field(ge=1)
    version: str
    made_at: dt.datetime
    schema_revision: str
    installation: str | None
    last_event: int
    rows: Mapping[str, int]
    size: int
    sha256: str


class Restored(Model):
    """What became of a restored database.

    Args:
        epoch: of the log from now on.
        items: in the database.
        paused: webhooks that were paused.
    """

    epoch: str
    items: int
    paused: int


def back_up(database: Path, file: Path, now: dt.datetime) -> Manifest:
    """Write a backup of a database that may be in use.

    Args:
        database: the file of the database.
        file: the backup, which must not exist.
        now: the time.

    Raises:
        InputError: there is no database, or the backup exists already.
        StorageError: the database cannot be read, or the backup not written.
    """
    if not database.is_file():
        raise InputError(f"There is no database {database} to back up.")
    if file.exists():
        raise InputError(f"{file} exists already: name another file.")
    copy, part = file.with_name(f"{file.name}.copying"), file.with_name(f"{file.name}.part")
    try:
        _private(copy)
        with closing(_read_only(database)) as source, closing(sqlite3.connect(copy)) as target:
            # In one step, of one state: writers go on meanwhile, and a copy in several steps would
            # begin anew with each of their writes.
            source.backup(target, pages=-1)
            # The copy stands alone, without a log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
            manifest = _described(target, copy, now)
        _private(part)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.write(copy, DATABASE)
            packed.writestr(MANIFEST, manifest.model_dump_json(indent=2))
        _to_disk(part)
        os.replace(part, file)
    except sqlite3.Error as error:
        raise StorageError(f"The database {database} could not be copied: {error}.") from error
    except OSError as error:
        raise StorageError(f"The backup {file} could not be written: {error.strerror}.") from error
    finally:
        for left in (copy, part, copy.with_name(f"{copy.name}-journal")):
            with suppress(OSError):
                left.unlink()
    return manifest


def read_manifest(file: Path) -> Manifest:
    """What a backup says that it holds.

    Raises:
        InputError: it is no backup of ours, or of a newer form.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            found = Manifest.model_validate(json.loads(packed.read(MANIFEST)))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, ValidationError) as error:
        raise InputError(
            f"{file} is no backup that summarizer backup has made, or it is cut off: {error}"
        ) from error
    if found.format > FORMAT:
        raise InputError(f"{file} was made by version {found.version}: install that, or a newer.")
    return found


def put_back(file: Path, database: Path, clock: Clock, *, replace: bool) -> Restored:
    """Put a backup in the place of a database.  Until it is whole, the old one stays.

    Args:
        file: the backup.
        database: where the database shall be.
        clock: the time.
        replace: whether one that is there may be replaced; it is kept beside.

    Raises:
        ConflictError: there is a database already.
        InputError: the backup cannot be read, or is not what its manifest says.
        StorageBusyError: another process has the present database open.
        StorageError: a file cannot be written, or a newer program made the backup.
    """
    manifest = read_manifest(file)
    there = database.exists() and database.stat().st_size > 0
    if there and not replace:
        raise ConflictError(
            f"There is a database {database}. Name another place (SUMMARIZER_DATA_DIR), or give "
            "--replace: the present one is then kept beside it."
        )
    if there:
        _alone(database)
    new = database.with_name(f"{database.name}.restoring")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        _unpack(file, manifest, new)
        store = Store.open(f"sqlite:///{new}", clock)
        try:
            restored = finish(store, clock.now())
        finally:
            store.close()
        _alone(new)
        _to_disk(new)
        if there:
            kept = database.with_name(f"{database.name}.before-{clock.now():%Y%m%dT%H%M%S}")
            os.link(database, kept)
        os.replace(new, database)
    except OSError as error:
        raise StorageError(f"{database} could not be written: {error.strerror}.") from error
    finally:
        for left in (new, *(Path(f"{new}{end}") for end in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                left.unlink()
    return restored


def finish(store: Store, now: dt.datetime) -> Restored:
    """Mark a database as restored: its log begins another life, and no webhook is sent."""
    with store.transaction(LOG):
        paused = store.webhooks.pause_all(now, BECAUSE)
        epoch = store.history.epochs.begin()
    return Restored(epoch=epoch, items=store.count_items(), paused=paused)


def _described(connection: sqlite3.Connection, copy: Path, now: dt.datetime) -> Manifest:
    (whole,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if whole != "ok":
        raise StorageError(f"The database is damaged, and no backup was made: {whole}")

    def one(query: str) -> Any:
        row = connection.execute(query).fetchone()
        return None if row is None else row[0]

    names = [table.name for table in tables.metadata.sorted_tables]
    return Manifest(
        format=FORMAT,
        version=__version__,
        made_at=now,
        schema_revision=one("SELECT version_num FROM alembic_version"),
        installation=one("SELECT id FROM installation"),
        last_event=one("SELECT coalesce(max(number), 0) FROM events"),
        rows={name: one(f"SELECT count(*) FROM {name}") for name in names},
        size=copy.stat().st_size,
        sha256=_sha256(copy),
    )


def _unpack(file: Path, manifest: Manifest, new: Path) -> None:
    """Write the database of a backup to a file, and hold it against the manifest."""
    _private(new)
    try:
        with zipfile.ZipFile(file) as packed, packed.open(DATABASE) as found, new.open("wb") as to:
            shutil.copyfileobj(found, to, _BLOCK)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise InputError(f"{file} is damaged: {error}") from error
    if (new.stat().st_size, _sha256(new)) != (manifest.size, manifest.sha256):
        raise InputError(f"{file} is damaged: the database in it is not that of its manifest.")


def _read_only(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def _alone(database: Path) -> None:
    """Take the log of a database into its file, which succeeds only if nobody else has it open.

    Raises:
        StorageBusyError: somebody has.
        StorageError: it is damaged.
    """
    try:
        with closing(sqlite3.connect(database, timeout=2)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError:
        mode = "wal"
    except sqlite3.Error:
        return  # it is damaged, and to be replaced
    if mode == "wal":
        raise StorageBusyError(
            f"Another process has {database} open: stop the service, workers and commands first."
        )


def _private(file: Path) -> None:
    """Make a file that only its owner can read: it holds the secrets of webhooks."""
    with suppress(FileNotFoundError):
        file.unlink()
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _to_disk(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
