"""Stateless verification: one claim against whole sources, without a pack or a section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from summarizer.domain import limits
from summarizer.domain.claims import Verdict
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ports.models import Entailment
from summarizer.text.normalize import whole
from summarizer.verification import faults, scoring
from summarizer.verification.evidence import of_texts


class ClaimRow(Model):
    """Input of stateless verification: a claim with its sources as (id, text)."""

    id: Any = None
    claim: str
    sources: tuple[tuple[str, str], ...]


def parse_row(row: Mapping[str, Any]) -> ClaimRow:
    """Parse one row of ``summarizer verify``.

    Raises:
        InputError: a field is missing, of the wrong type or too long; the message names it.
    """
    if not isinstance(row, Mapping):
        raise InputError(f"A row must be an object with 'claim' and 'sources', not {row!r:.40}.")
    claim = row.get("claim")
    if not isinstance(claim, str) or not claim.strip():
        raise InputError("Field 'claim' must be a text that is not empty.", field="claim")
    limits.checked(claim, limits.CLAIM, "claim")
    given = row.get("sources")
    if given is None and "source_text" in row:
        given = [row["source_text"]]
    if isinstance(given, str) or not isinstance(given, Iterable) or isinstance(given, Mapping):
        raise InputError(
            "Field 'sources' must be a list of texts or of {id, text}.", field="sources"
        )
    entries = list(islice(given, limits.SOURCES + 1))
    if len(entries) > limits.SOURCES:
        raise InputError(
            f"Field 'sources' has more than {limits.SOURCES} sources: send those that matter.",
            field="sources",
        )
    sources = tuple(_source(entry, n) for n, entry in enumerate(entries))
    if (length := sum(len(text) for _, text in sources)) > limits.SOURCE_TEXT:
        raise InputError(
            f"Field 'sources' has {length:,} characters in all; at most {limits.SOURCE_TEXT:,} "
            "are taken.",
            field="sources",
        )
    if not any(text.strip() for _, text in sources):
        raise InputError(
            "Field 'sources' must hold at least one text that is not empty.", field="sources"
        )
    return ClaimRow(id=row.get("id"), claim=whole(claim), sources=sources)


def _source(entry: object, n: int) -> tuple[str, str]:
    if isinstance(entry, str):
        return str(n), whole(entry)
    if isinstance(entry, Mapping) and isinstance(entry.get("text"), str):
        id_ = limits.checked(str(entry.get("id", n)), limits.NAME, f"sources.{n}.id")
        return id_, whole(entry["text"])
    raise InputError(
        f"Field 'sources[{n}]' must be a text or an object with a text in 'text'.",
        field=f"sources.{n}",
    )


def verify_row(row: Mapping[str, Any], entailment: Entailment) -> dict[str, Any]:
    """Verify one claim against whole sources.

    Only the checks of the claim's words and entailment apply, not the rules of editors and
    sections.

    Args:
        row: ``id`` (any JSON value, optional), ``claim``, and ``sources`` (texts, or objects with
            ``id`` and ``text``) or ``source_text``.
        entailment: support probability of claims.

    Returns:
        The given ``id``, ``verdict``, ``score`` (0–1, higher is better supported),
        ``failed_checks`` and ``evidence`` (spans with ``source``, ``start``, ``end``, ``text``).

    Raises:
        InputError: a field is missing or of the wrong type; the message names it.
    """
    parsed = parse_row(row)
    verdict = verify_claim(parsed, entailment)
    return {
        "id": parsed.id,
        "verdict": verdict.label.value,
        "score": verdict.score,
        "failed_checks": [failure.model_dump(mode="json") for failure in verdict.failures],
        "evidence": [evidence.model_dump(mode="json") for evidence in verdict.evidence],
    }


def verify_claim(row: ClaimRow, entailment: Entailment) -> Verdict:
    """Verdict on one claim against whole sources; ``unchecked`` when anything faults."""

    def verdict() -> Verdict:
        cited = of_texts(row.sources)
        failures = scoring.run_checks(row.claim, cited, row.id)
        pair = (row.claim, [source.text for source in cited.cited])
        (support,) = faults.support(entailment, [pair], [row.id])
        return scoring.judge_row(row.claim, failures, support, cited)

    return faults.guarded(faults.VERIFICATION, row.id, verdict, faults.unchecked_verdict())
