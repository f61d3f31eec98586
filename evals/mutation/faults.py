"""The registry of faults: each takes an honest claim and makes one thing of it untrue.

A fault is planted only where it surely is one.  The guards that see to it stand in the docstring
of each; they rather lose a place than plant what a careful editor would let stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evals.mutation import figures, firmness, people, sourcing
from evals.mutation.scene import Plant

FIRST, SECOND = 0.98, 0.90
"""Share that has to be caught: of faults in figures, names, quotations, citations and firmness,
which a reader takes on trust, and of the rest."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Args:
        bar: share of them that has to be caught, 0–1.
    """

    plant: Plant
    bar: float


FAULTS: Mapping[str, Fault] = {
    "number": Fault(figures.wrong_number, FIRST),
    "numbers exchanged": Fault(figures.numbers_exchanged, FIRST),
    "unit": Fault(figures.wrong_unit, FIRST),
    "date": Fault(figures.wrong_date, FIRST),
    "name": Fault(people.wrong_name, FIRST),
    "invented name": Fault(people.invented_name, FIRST),
    "speaker": Fault(people.wrong_speaker, FIRST),
    "roles exchanged": Fault(people.roles_exchanged, SECOND),
    "hedge dropped": Fault(firmness.hedge_dropped, FIRST),
    "certainty": Fault(firmness.certainty, FIRST),
    "guilt": Fault(firmness.guilt, FIRST),
    "admission": Fault(firmness.admission, FIRST),
    "paraphrase quoted": Fault(sourcing.paraphrase_quoted, FIRST),
    "quote altered": Fault(sourcing.quote_altered, FIRST),
    "citation": Fault(sourcing.wrong_citation, FIRST),
    "incidents merged": Fault(sourcing.merged_incidents, SECOND),
    "negation": Fault(firmness.negation, SECOND),
    "direction": Fault(firmness.direction, SECOND),
    "cause invented": Fault(firmness.invented_cause, SECOND),
    "cause joined": Fault(firmness.joined_cause, SECOND),
    "plural sources": Fault(sourcing.plural_sources, SECOND),
    "instruction": Fault(sourcing.instruction, SECOND),
    "detail added": Fault(sourcing.dropped_support, SECOND),
}
"""Every fault by the name it is reported under."""
