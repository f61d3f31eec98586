"""A folder that is written step by step and never shows half a file.

A file is written beside its place and renamed.  What was written stands in a manifest, so that a
later run knows what it may remove: nothing that others put there is touched.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field, ValidationError

from summarizer.domain.model import Model
from summarizer.domain.publication import Entry
from summarizer.errors import ConflictError, InputError

OWN = ".summarizer"
"""Folder of the manifest, the lock and the file that is being written."""


class Written(Model):
    """A file of the site.

    Args:
        size: in bytes; ``None`` until it is known to be whole.
        told: what it was made of, where that says whether it is another one.
        entry: of the page, where it is one of an incident.
    """

    size: int | None = None
    told: str | None = None
    entry: Entry | None = None


class Manifest(Model):
    """The files of a site by their paths in it."""

    files: Mapping[str, Written] = Field(default_factory=dict)


class Changes(Model):
    """What a run did to a folder, in numbers of files."""

    written: int = 0
    removed: int = 0
    unchanged: int = 0


class SiteFolder:
    """A folder while one run writes it; made by ``opened``."""

    def __init__(self, root: Path, before: Manifest) -> None:
        self._root = root
        self._before = before.files
        self._files: dict[str, Written] = {}
        self._written = 0

    def expect(self, paths: Iterable[str]) -> None:
        """Note files that the run may write, so that the next one knows of them if it is killed."""
        new = {path: Written() for path in paths if path not in self._before}
        if new:
            self._save({**self._before, **new})

    def kept(self, path: str, told: str) -> Written | None:
        """The file of an earlier run, if it is there and was made of the same."""
        found = self._before.get(path)
        if found is None or found.told != told or found.size != self._size(path):
            return None
        self._files[path] = found
        return found

    def put(
        self, path: str, content: bytes, told: str | None = None, entry: Entry | None = None
    ) -> None:
        """Write a file, unless it is there with this content."""
        if not self._has(path, content):
            place = self._root / path
            if self._leads_out(path):
                place.parent.unlink()
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = self._root / OWN / "writing"
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
            self._written += 1
        self._files[path] = Written(size=len(content), told=told, entry=entry)

    def finish(self) -> Changes:
        """Remove what earlier runs wrote and this one did not, and keep the manifest."""
        gone = [path for path in self._before if path not in self._files]
        for path in gone:
            place = self._root / path
            if self._leads_out(path):
                continue
            place.unlink(missing_ok=True)
            if place.parent != self._root and not any(place.parent.iterdir()):
                place.parent.rmdir()
        if self._files != self._before:
            self._save(self._files)
        return Changes(
            written=self._written, removed=len(gone), unchanged=len(self._files) - self._written
        )

    def _save(self, files: Mapping[str, Written]) -> None:
        beside = self._root / OWN / "manifest.new"
        beside.write_text(Manifest(files=files).model_dump_json(indent=1), encoding="utf-8")
        beside.replace(_manifest(self._root))

    def _has(self, path: str, content: bytes) -> bool:
        return self._size(path) == len(content) and (self._root / path).read_bytes() == content

    def _size(self, path: str) -> int | None:
        if self._leads_out(path):
            return None
        try:
            return (self._root / path).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _leads_out(self, path: str) -> bool:
        """Whether somebody put a link in place of the folder of a file: what is behind it is not
        ours to write or to remove.
        """
        folder = (self._root / path).parent
        return folder != self._root and folder.is_symlink()


@contextmanager
def opened(root: Path) -> Iterator[SiteFolder]:
    """A folder for one run, made where there is none; no other run writes it meanwhile.

    Raises:
        ConflictError: another run is writing it.
        InputError: it holds files that are not of a site, or cannot be written.
    """
    try:
        if root.is_dir() and _is_strange(root):
            raise InputError(
                f"{root} holds files that are not of a site of this program. Name an empty folder, "
                "or one that does not exist yet.",
                field="folder",
            )
        (root / OWN).mkdir(parents=True, exist_ok=True)
        with (root / OWN / "lock").open("a") as lock:  # freed by the system if this run is killed
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ConflictError(
                    f"Another run is writing {root}. Wait until it has ended; nothing was changed."
                ) from None
            yield SiteFolder(root, _read(root))
    except OSError as error:
        raise InputError(f"{root} cannot be written: {error}.", field="folder") from error


def _is_strange(root: Path) -> bool:
    """Whether no run has written it and others have; hidden files, as of Git, do not count."""
    names = [path.name for path in root.iterdir()]
    return OWN not in names and any(not name.startswith(".") for name in names)


def _manifest(root: Path) -> Path:
    return root / OWN / "manifest.json"


def _read(root: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(_manifest(root).read_bytes())
    except FileNotFoundError:
        return Manifest()
    except ValidationError as error:
        raise InputError(
            f"{_manifest(root)} cannot be read: {error}. Publish into another folder.",
            field="folder",
        ) from error
