"""Drafter that runs one composer per section, without a model, a key or network access."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from summarizer.domain.absences import NEEDS_MODEL, Absence, AbsenceReason
from summarizer.domain.claims import Kind
from summarizer.domain.drafts import DraftedSection, Drafting, Repair, Repairs
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import Layout, Rule, SectionSpec
from summarizer.drafting.extractive import foreign
from summarizer.drafting.extractive.context import Composer, DraftContext, Written, gather
from summarizer.drafting.extractive.forecast import forecast
from summarizer.drafting.extractive.prose import consequences, moved_point, points, story
from summarizer.drafting.extractive.sentences import Sentence
from summarizer.drafting.extractive.sides import sides
from summarizer.drafting.extractive.timeline import timeline
from summarizer.drafting.extractive.title import title
from summarizer.errors import InputError

_COMPOSERS: dict[Layout, Composer] = {
    Layout.HEADLINE: title,
    Layout.POINTS: points,
    Layout.PROSE: story,
    Layout.SIDES: sides,
    Layout.FORECAST: forecast,
    Layout.TIMELINE: timeline,
}
_FIRST = (title, points, consequences, story, sides, forecast, timeline)
"""Order of composers: later ones skip or penalise sentences that earlier ones have used."""


_ABROAD: dict[Composer, Callable[[DraftContext, SectionSpec], list[Written]]] = {
    title: foreign.headline,
    points: foreign.quotations,
    sides: foreign.sides,
}
"""Composers of what English rules find nothing for."""


class ExtractiveDrafter:
    """Drafter that selects, trims and orders source sentences; deterministic."""

    @property
    def name(self) -> str:
        """``extractive``."""
        return "extractive"

    @property
    def model(self) -> str | None:
        """``None``: it uses no language model."""
        return None

    def draft(
        self,
        pack: EvidencePack,
        sections: Sequence[SectionSpec],
        on_section: Callable[[DraftedSection], None],
        instruction: str | None = None,
    ) -> Drafting:
        """Draft the sections in the given order and pass each to ``on_section``.

        Raises:
            InputError: an instruction is given; an extractive draft cannot follow it.
        """
        if instruction:
            raise InputError(
                "The extractive drafter selects source sentences and cannot follow an "
                "instruction: draft without one, or set ANTHROPIC_API_KEY to draft with a model.",
                field="instruction",
            )
        written = _compose(gather(pack), sections)
        drafted = tuple(_drafted(spec, written[spec.key]) for spec in sections)
        for section in drafted:
            on_section(section)
        return Drafting(sections=drafted)

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        """Repair nothing: a failed source sentence has no better wording."""
        return Repairs(claims={})


def composer_of(spec: SectionSpec) -> Composer | None:
    """Composer of a section by its layout and limits; ``None`` if the section needs a model.

    Prose that allows predictions is written by ``consequences``, other prose by ``story``.
    """
    if Rule.NOTHING_NEW in spec.row.rules:
        return None
    if spec.row.layout is Layout.PROSE and Kind.PREDICTION in spec.limits.kinds:
        return consequences
    return _COMPOSERS[spec.row.layout]


def _compose(context: DraftContext, sections: Sequence[SectionSpec]) -> dict[str, list[Written]]:
    """Compose in the order of ``_FIRST``, so that prose and points repeat no sentence."""
    written: dict[str, list[Written]] = {spec.key: [] for spec in sections}
    used: list[Sentence] = []
    headlined: list[Written] = []
    pointed = ""
    for composer in _FIRST:
        for spec in (s for s in sections if composer_of(s) is composer):
            if composer is points:
                found = points(context, spec, used, headlined)
                pointed = spec.key
            elif composer is consequences:
                found = consequences(context, spec, [*used, *(w.sentence for w in headlined)])
                if pointed and not found:
                    written[pointed], found = moved_point(context, spec, written[pointed])
            else:
                found = composer(context, spec, used)
            if not found and composer in _ABROAD:
                found = _ABROAD[composer](context, spec)
            written[spec.key] = found
            if composer is title:
                headlined = found
            else:
                used += [s for w in found for s in w.sentences]
    return written


def _drafted(spec: SectionSpec, written: Sequence[Written]) -> DraftedSection:
    if composer_of(spec) is None:
        return DraftedSection(key=spec.key, abstained=NEEDS_MODEL)
    if len(written) < spec.limits.min_claims:
        words = f"We could not place {spec.row.subject}: rules found no sentence fit to stand here."
        absence = Absence(reason=AbsenceReason.NOT_PLACED, words=words)
        return DraftedSection(key=spec.key, abstained=absence)
    return DraftedSection(key=spec.key, claims=tuple(w.claim for w in written))
