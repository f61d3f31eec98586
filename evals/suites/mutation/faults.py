"""Registry of faults; each makes one part of an honest claim false.

Guards, listed in the docstring of each fault, prevent changes that leave the claim true; in doubt
no fault is planted.  No rule looks for some kinds ("cause joined", "plural sources"): they show
what is left to a judge or a person.
"""

from __future__ import annotations

from collections.abc import Mapping

from evals.suites.mutation import additions, attribution, modality, names, numbers, polarity
from evals.suites.mutation.target import Plant

FAULTS: Mapping[str, Plant] = {
    "number": numbers.wrong_number,
    "numbers exchanged": numbers.numbers_exchanged,
    "unit": numbers.wrong_unit,
    "date": numbers.wrong_date,
    "name": names.wrong_name,
    "invented name": names.invented_name,
    "speaker": names.wrong_speaker,
    "roles exchanged": names.roles_exchanged,
    "hedge dropped": modality.hedge_dropped,
    "certainty": modality.certainty,
    "guilt": modality.guilt,
    "admission": modality.admission,
    "paraphrase quoted": attribution.paraphrase_quoted,
    "quote altered": attribution.quote_altered,
    "citation": attribution.wrong_citation,
    "incidents merged": additions.merged_incidents,
    "negation": polarity.negation,
    "direction": polarity.direction,
    "cause invented": additions.invented_cause,
    "cause joined": additions.joined_cause,
    "plural sources": attribution.plural_sources,
    "instruction": additions.instruction,
    "detail added": additions.added_detail,
}
"""Faults by name in reports."""
