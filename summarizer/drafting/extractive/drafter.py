"""The drafter that needs no model, no key and no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from summarizer.domain.claims import Kind
from summarizer.domain.drafts import DraftedSection, Drafting, Repair, Repairs
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import NEEDS_MODEL, Layout, Rule, SectionSpec
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
_FIRST = (title, points, consequences, story, sides, forecast, timeline)
"""Who chooses first: what one composer has taken, the next ones pass over or value less."""


_ENOUGH_TO_SHARE = 4  # sentences from which the points leave the story its opening


class ExtractiveDrafter:
    """Selects, trims and orders source sentences; deterministic to the byte."""

    @property
    def name(self) -> str:
        """``extractive``."""
        return "extractive"

    @property
    def model(self) -> str | None:
        """``None``: no model is asked."""
        return None

    def draft(
        self,
        pack: EvidencePack,
        sections: Sequence[SectionSpec],
        on_section: Callable[[DraftedSection], None],
        instruction: str | None = None,
    ) -> Drafting:
        """Draft the sections, each once and in the given order; ``on_section`` gets each.

        Raises:
            InputError: there is an instruction: source sentences follow none.
        """
        if instruction:
            raise InputError(
                "The extractive drafter puts source sentences together and follows no "
                "instruction: ask without one, or set ANTHROPIC_API_KEY to draft with a model.",
                field="instruction",
            )
        written = _compose(gather(pack), sections)
        drafted = tuple(_drafted(spec, written[spec.key]) for spec in sections)
        for section in drafted:
            on_section(section)
        return Drafting(sections=drafted)

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        """Give every claim up: a source sentence that fails has no better wording."""
        return Repairs(claims={})


def composer_of(spec: SectionSpec) -> Composer | None:
    """The composer for a section by its layout and limits; ``None`` when it needs a model.

    Prose that may hold predictions is about what follows; other prose tells the story.
    """
    if Rule.NOTHING_NEW in spec.row.rules:
        return None
    if spec.row.layout is Layout.PROSE and Kind.PREDICTION in spec.limits.kinds:
        return consequences
    return _COMPOSERS[spec.row.layout]


def _compose(material: DraftContext, sections: Sequence[SectionSpec]) -> dict[str, list[Written]]:
    """Compose in the order of ``_FIRST``, so that no sentence is told twice in prose or points."""
    written: dict[str, list[Written]] = {spec.key: [] for spec in sections}
    used: list[Sentence] = []
    headlined: set[int] = set()
    kept_back = _opening(material, sections)
    for composer in _FIRST:
        for spec in sections:
            if composer_of(spec) is not composer:
                continue
            taken = [*used, *kept_back] if composer in (points, consequences) else used
            written[spec.key] = composer(material, spec, taken)
            if composer is title:
                headlined = {w.sentence.index for w in written[spec.key]}
                kept_back += _shown_whole(written[spec.key], material)
            else:
                if composer is points:  # the first one tells in full what the title says in short
                    written[spec.key].sort(key=lambda w: w.sentence.index not in headlined)
                used += [w.sentence for w in written[spec.key]]
    return written


def _shown_whole(written: Sequence[Written], material: DraftContext) -> list[Sentence]:
    """Sentences that a title already tells in full, where there are others to tell."""
    if len(material.sentences) < _ENOUGH_TO_SHARE:
        return []
    return [w.sentence for w in written if w.sentence.text.rstrip(".") == w.claim.text]


def _opening(material: DraftContext, sections: Sequence[SectionSpec]) -> list[Sentence]:
    """The sentence that opens the story, which points and consequences leave to it."""
    tells = next((spec for spec in sections if composer_of(spec) is story), None)
    alone = sum(s.stands_alone for s in material.sentences)
    if tells is None or alone < _ENOUGH_TO_SHARE:
        return []
    opening = lead(material, tells, [])
    return [] if opening is None else [opening]


def _drafted(spec: SectionSpec, written: Sequence[Written]) -> DraftedSection:
    if composer_of(spec) is None:
        return DraftedSection(key=spec.key, abstained=NEEDS_MODEL)
    if len(written) < spec.limits.min_claims:
        return DraftedSection(key=spec.key, abstained=spec.row.missing)
    return DraftedSection(key=spec.key, claims=tuple(w.claim for w in written))
