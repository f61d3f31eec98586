"""Drafter that runs one composer per section, without a model, a key or network access."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from summarizer.domain.absences import NEEDS_MODEL, Absence, AbsenceReason
from summarizer.domain.claims import Kind
from summarizer.domain.drafts import DraftedSection, Drafting, Repair, Repairs
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import Layout, Rule, SectionSpec
from summarizer.drafting.extractive.context import Composer, DraftContext, Written, gather
from summarizer.drafting.extractive.forecast import forecast
from summarizer.drafting.extractive.prose import consequences, lead, points, story
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
_FIRST = (title, consequences, points, story, sides, forecast, timeline)
"""Order of composers: later ones skip or penalise sentences that earlier ones have used."""


_ENOUGH_TO_SHARE = 4
"""Minimum sentences for reserving the title's and the story's first sentence."""


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
    kept_back = _opening(context, sections)
    for composer in _FIRST:
        for spec in sections:
            if composer_of(spec) is not composer:
                continue
            taken = [*used, *kept_back] if composer in (points, consequences) else used
            if composer is consequences and len(context.sentences) >= _ENOUGH_TO_SHARE:
                taken = [*taken, *(w.sentence for w in headlined)]
            written[spec.key] = composer(context, spec, taken)
            if composer is points and len(written[spec.key]) < spec.limits.min_claims:
                written[spec.key] = composer(context, spec, used)  # nothing can be kept back
            if composer is title:
                headlined = written[spec.key]
                kept_back += _shown_whole(headlined, context)
            else:
                if composer is points:  # the title's sentence comes first, in full
                    first = {w.sentence.index for w in headlined}
                    written[spec.key].sort(key=lambda w: w.sentence.index not in first)
                used += [w.sentence for w in written[spec.key]]
    return written


def _shown_whole(written: Sequence[Written], context: DraftContext) -> list[Sentence]:
    """Sentences that a title shows uncut; none if the pack has few sentences."""
    if len(context.sentences) < _ENOUGH_TO_SHARE:
        return []
    return [w.sentence for w in written if w.sentence.text.rstrip(".") == w.claim.text]


def _opening(context: DraftContext, sections: Sequence[SectionSpec]) -> list[Sentence]:
    """Opening sentence of the story, reserved from points and consequences."""
    story_spec = next((spec for spec in sections if composer_of(spec) is story), None)
    alone = sum(s.stands_alone for s in context.sentences)
    if story_spec is None or alone < _ENOUGH_TO_SHARE:
        return []
    opening = lead(context, story_spec, [])
    return [] if opening is None else [opening]


def _drafted(spec: SectionSpec, written: Sequence[Written]) -> DraftedSection:
    if composer_of(spec) is None:
        return DraftedSection(key=spec.key, abstained=NEEDS_MODEL)
    if len(written) < spec.limits.min_claims:
        words = f"We could not place {spec.row.subject}: rules found no sentence fit to stand here."
        absence = Absence(reason=AbsenceReason.NOT_PLACED, words=words)
        return DraftedSection(key=spec.key, abstained=absence)
    return DraftedSection(key=spec.key, claims=tuple(w.claim for w in written))
