"""Opening of input files and standard input, and checks of files before any work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from summarizer.errors import InputError

STDIN = Path("-")

MOST = 2**31 - 1
"""Largest number of a revision, entry or limit that an option takes."""

FORMATS = {".md": "markdown", ".html": "html", ".htm": "html", ".json": "json"}
"""Formats of a page by the suffix of a file."""


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Open a file, or standard input for ``-``.

    Raises:
        InputError: the file cannot be opened.
    """
    if file == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    with stream:
        yield stream


def check_readable(file: Path) -> None:
    """Check that a file can be opened; standard input always can.

    Raises:
        InputError: it cannot be.
    """
    if file != STDIN:
        with opened(file):
            pass


def check_writable(file: Path) -> None:
    """Check that a file can be written, as far as that can be seen without writing.

    Raises:
        InputError: it is a directory, its directory is missing, or either is read-only.
    """
    if file.is_dir():
        reason = "it is a directory"
    elif not file.parent.is_dir():
        reason = f"there is no directory {file.parent}"
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        reason = "it or its directory is read-only"
    else:
        return
    raise InputError(f"{file} cannot be written: {reason}. Name another file.")


def check_apart(output: Path, inputs: Iterable[Path]) -> None:
    """Check that a file to write is none of the files that are read, under whatever name.

    Raises:
        InputError: it is one.
    """
    if any(file.exists() and output.exists() and file.samefile(output) for file in inputs):
        raise InputError(f"{output} is read, and would be written over. Name another file.")


def check_output(form: str, output: Path | None) -> None:
    """Check the format of a page and the file that it is to be written to, before it is made.

    Raises:
        InputError: the terminal format has no file, the suffix is that of another format, or the
            file cannot be written.
    """
    if output is None:
        return
    if form == "terminal":
        raise InputError("--output needs --format markdown, html or json.")
    usual = FORMATS.get(output.suffix.lower(), form)
    if usual != form:
        raise InputError(f"{output} has the suffix of --format {usual}, and --format is {form}.")
    check_writable(output)


def check_directory(directory: Path) -> None:
    """Check that a directory is there or can be made, as far as that can be seen.

    Raises:
        InputError: a file stands in its way, or what it would be made in is read-only.
    """
    there = directory.absolute()
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        raise InputError(f"{directory} cannot be a directory: {there} is a file.")
    if not os.access(there, os.W_OK):
        raise InputError(f"{directory} cannot be written: {there} is read-only.")
