"""Registry of faults; each makes one part of an honest claim false.

Guards, listed in the docstring of each fault, prevent changes that leave the claim true; in doubt
no fault is planted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evals.suites.mutation import additions, attribution, modality, names, numbers, polarity
from evals.suites.mutation.target import Plant

FIRST, SECOND = 0.98, 0.90
"""Minimum share caught: of faults in numbers, names, quotations, citations and modality, which
readers do not check themselves; and of other faults."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Args:
        bar: minimum share caught, 0–1.
    """

    plant: Plant
    bar: float


FAULTS: Mapping[str, Fault] = {
    "number": Fault(numbers.wrong_number, FIRST),
    "numbers exchanged": Fault(numbers.numbers_exchanged, FIRST),
    "unit": Fault(numbers.wrong_unit, FIRST),
    "date": Fault(numbers.wrong_date, FIRST),
    "name": Fault(names.wrong_name, FIRST),
    "invented name": Fault(names.invented_name, FIRST),
    "speaker": Fault(names.wrong_speaker, FIRST),
    "roles exchanged": Fault(names.roles_exchanged, SECOND),
    "hedge dropped": Fault(modality.hedge_dropped, FIRST),
    "certainty": Fault(modality.certainty, FIRST),
    "guilt": Fault(modality.guilt, FIRST),
    "admission": Fault(modality.admission, FIRST),
    "paraphrase quoted": Fault(attribution.paraphrase_quoted, FIRST),
    "quote altered": Fault(attribution.quote_altered, FIRST),
    "citation": Fault(attribution.wrong_citation, FIRST),
    "incidents merged": Fault(additions.merged_incidents, SECOND),
    "negation": Fault(polarity.negation, SECOND),
    "direction": Fault(polarity.direction, SECOND),
    "cause invented": Fault(additions.invented_cause, SECOND),
    "cause joined": Fault(additions.joined_cause, SECOND),
    "plural sources": Fault(attribution.plural_sources, SECOND),
    "instruction": Fault(additions.instruction, SECOND),
    "detail added": Fault(additions.added_detail, SECOND),
}
"""Faults by name in reports."""
