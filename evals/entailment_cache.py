"""Cache of entailment results, for suites that verify the same claims many times."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.ports.models import Entailment


class Remembered:
    """Caching wrapper of an entailment; implements ``Entailment``.

    Thread-safe; concurrent calls may compute a result twice.

    Args:
        entailment: an entailment whose results depend only on claim and sources.
    """

    def __init__(self, entailment: Entailment) -> None:
        self._entailment = entailment
        self._kept: dict[tuple[str, tuple[str, ...]], float] = {}

    @property
    def name(self) -> str:
        """Name of the wrapped entailment."""
        return self._entailment.name

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        """Probability of support of each (claim, sources), 0–1, in order."""
        keys = [(claim, tuple(texts)) for claim, texts in pairs]
        missing = [key for key in dict.fromkeys(keys) if key not in self._kept]
        found = self._entailment.support(missing) if missing else []
        self._kept.update(zip(missing, found, strict=True))
        return [self._kept[key] for key in keys]
