"""Which edition of templates, styles, wording and code makes the pages, as a hash.

Two programs of one version number may differ in them, and then what one has made is not what the
other would make.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def edition() -> str:
    """Of the package that renders, as it lies on disk when first asked; 16 hexadecimal digits."""
    return edition_of(resources.files("summarizer.rendering"))


def edition_of(folder: Traversable) -> str:
    """A hash of the names and the bytes of all files below a folder, but for compiled ones."""
    digest = hashlib.sha256()
    for name, content in sorted(_files(folder, "")):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _files(folder: Traversable, before: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry, f"{before}{entry.name}/")
        elif entry.is_file():
            yield before + entry.name, entry.read_bytes()
