"""Citation metrics: recall, precision, exactness of quotations, and wrongly withheld claims.

Support is decided by the product's verifier; the verifier suite measures its errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evals.suites.drafting.judged import Judged, Value, is_analogy, share
from summarizer.domain.claims import CheckedClaim, Claim
from summarizer.text import quotations
from summarizer.text.sentences import sentences
from summarizer.verification import scoring, section_rules

OF_THE_SOURCES = frozenset({*scoring.CHECKS, "entailment", "attribution"})
"""Checks against the sources; all others are editorial rules."""


def citation_recall(judged: Judged) -> Value:
    """Share of drafted claims that their citations together support.

    Citation recall after ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text
    with Citations"), without section rules, length limits and analogies.
    """
    return share(
        supported(judged, key, checked.claim, checked.claim.cites)
        for key, checked in _citing(judged)
    )


def citation_precision(judged: Judged) -> Value:
    """Share of citations that contribute to the support of their claim.

    Citation precision after ALCE: all citations together support the claim, and the citation
    either supports it alone or is needed by the others.
    """
    return share(
        needed for key, checked in _citing(judged) for needed in _needed(judged, key, checked.claim)
    )


def _citing(judged: Judged) -> Iterator[tuple[str, CheckedClaim]]:
    for spec, section in judged.sections():
        for checked in (*section.shown, *section.withheld):
            if not is_analogy(checked):
                yield spec.key, checked


def _needed(judged: Judged, key: str, claim: Claim) -> Iterator[bool]:
    cites = tuple(dict.fromkeys(claim.cites))
    whole = supported(judged, key, claim, cites)
    for cite in cites:
        others = tuple(other for other in cites if other != cite)
        yield whole and (
            supported(judged, key, claim, (cite,)) or not supported(judged, key, claim, others)
        )


def supported(judged: Judged, key: str, claim: Claim, cites: Sequence[str]) -> bool:
    """Whether passages support a claim: no check fails and they entail it."""
    grounds = judged.library.grounds(cites)
    if not grounds.cited:
        return False
    failures = [
        failure
        for failure in scoring.run_checks(claim.text, grounds)
        if not section_rules.due_date_allowed(claim, failure)
    ]
    (entailed,) = judged.verifier.entailment.support(
        [(claim.text, [g.text for g in grounds.cited])]
    )
    thresholds = judged.verifier.policy.thresholds(key)
    verdict = scoring.judge_claim(claim.text, claim.kind, failures, entailed, grounds, thresholds)
    return not verdict.failures


def inexact_quotes(judged: Judged) -> list[str]:
    """Quotations in drafted claims that no cited passage contains verbatim."""
    return [text for text, exact in _quotes(judged) if not exact]


def quote_exactness(judged: Judged) -> Value:
    """Share of quotations in drafted claims that a cited passage contains verbatim."""
    return share(exact for _, exact in _quotes(judged))


def _quotes(judged: Judged) -> Iterator[tuple[str, bool]]:
    for checked in judged.drafted():
        cited = judged.library.grounds(checked.claim.cites).text.replace("\n", " ")
        for quote in quotations.quotes(checked.claim.text):
            yield quote.text, quotations.stands_in(quote.text, cited)


def wrongly_withheld(judged: Judged) -> list[str]:
    """Claims withheld as unsupported although a cited passage contains them verbatim."""
    return [checked.claim.text for checked in _verbatim(judged) if _doubted(checked)]


def false_withheld(judged: Judged) -> Value:
    """Share of verbatim claims that are withheld as unsupported: false alarms of the gate.

    A claim is verbatim if all its sentences are whole sentences of one cited passage.  Claims
    withheld by a section rule or length limit do not count as false alarms.
    """
    return share(_doubted(checked) for checked in _verbatim(judged))


def _verbatim(judged: Judged) -> list[CheckedClaim]:
    return [checked for checked in judged.drafted() if _stands_whole(judged, checked.claim)]


def _stands_whole(judged: Judged, claim: Claim) -> bool:
    mine = _sentences(claim.text)
    cited = judged.library.grounds(claim.cites).cited
    return bool(mine) and any(mine <= _sentences(ground.text) for ground in cited)


def _sentences(text: str) -> frozenset[str]:
    return frozenset(re.sub(r"\s+", " ", text[s.start : s.end]) for s in sentences(text))


def _doubted(checked: CheckedClaim) -> bool:
    failed = {failure.check for failure in checked.verdict.failures}
    return bool(failed) and failed <= OF_THE_SOURCES
