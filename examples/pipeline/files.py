"""Files that a kill leaves whole."""

import os
from collections.abc import Iterator
from pathlib import Path

BATCH_ROWS = 100
BATCH_BYTES = 8_000_000  # the service takes 16 MiB


def batches(path: Path, offset: int) -> Iterator[tuple[bytes, int]]:
    """Whole lines from `offset` on, and where each batch of them ends."""
    batch: list[bytes] = []
    with path.open("rb") as file:
        file.seek(offset)
        for line in file:
            if not line.endswith(b"\n"):
                break  # it is still being written
            size = sum(map(len, batch))
            if batch and (len(batch) == BATCH_ROWS or size + len(line) > BATCH_BYTES):
                yield b"".join(batch), offset
                batch = []
            batch.append(line)
            offset += len(line)
    if batch:
        yield b"".join(batch), offset


def write(path: Path, text: str) -> None:
    """Replace a file as a whole, so that a crash leaves the old one or the new one."""
    new = path.with_suffix(".new")
    with new.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
