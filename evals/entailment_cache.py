"""An entailment that is asked once: suites that draft one story many times verify the same claims
again and again."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.ports.models import Entailment


class Remembered:
    """Another entailment's answers, kept; meets ``ports.Entailment``.  Safe to share between
    threads, which at worst ask twice.

    Args:
        entailment: whose answers depend on a claim and its sources alone.
    """

    def __init__(self, entailment: Entailment) -> None:
        self._entailment = entailment
        self._kept: dict[tuple[str, tuple[str, ...]], float] = {}

    @property
    def name(self) -> str:
        """Of the other."""
        return self._entailment.name

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """For each (claim, sources) a probability, 0–1, in order."""
        keys = [(claim, tuple(texts)) for claim, texts in pairs]
        missing = [key for key in dict.fromkeys(keys) if key not in self._kept]
        found = self._entailment.support(missing) if missing else []
        self._kept.update(zip(missing, found, strict=True))
        return [self._kept[key] for key in keys]

    def nearness(self, sentence: str, sources: Sequence[str]) -> list[float]:
        """As the other has it, asked every time."""
        return self._entailment.nearness(sentence, sources)
