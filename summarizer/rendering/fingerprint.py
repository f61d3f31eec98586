"""Hash of the rendering package's files, for cache validators of rendered pages.

Two installations with the same version number may differ in templates, styles or code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def edition() -> str:
    """Hash of the rendering package on disk at the first call; 16 hexadecimal digits."""
    return edition_of(resources.files("summarizer.rendering"))


def edition_of(folder: Traversable) -> str:
    """Hash of the names and bytes of all files below a folder, without ``__pycache__``."""
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
