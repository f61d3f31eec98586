"""Batches of token sequences for a model, each padded to its longest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def by_length(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Positions grouped by similar length.

    Args:
        lengths: tokens of each sequence.
        most: most tokens of a group once padded; a longer sequence is a group of its own.
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if batch and lengths[i] * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
