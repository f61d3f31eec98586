"""Everything that composers draw on, computed once for one evidence pack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.domain.claims import Claim, Kind
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.actors import Actors
from summarizer.drafting.extractive.claim_kinds import fitting, kind_of
from summarizer.drafting.extractive.compression import shortened
from summarizer.drafting.extractive.names import NameBook
from summarizer.drafting.extractive.ranking import Ranking, rank, same_fact
from summarizer.drafting.extractive.sentences import Sentence, read
from summarizer.drafting.extractive.speakers import Speech, speech
from summarizer.text.retractions import find_retractions

_MAX_CITES = 3


@dataclass(frozen=True)
class DraftContext:
    """The sentences of a pack with what is known about them, by their index.

    Args:
        texts: every passage's text by its id, usable or not.
        ranking: how much each matters, and which are alike.
        book: the names in the pack.
        speeches: who speaks in each, if anyone.
        actors: who speaks for whom.
        retracts: position among the items of the last that takes a report back, if any does.
        newest: day of the newest dated item; ``None`` when no item is dated.
    """

    pack: EvidencePack
    sentences: tuple[Sentence, ...]
    texts: Mapping[str, str]
    ranking: Ranking
    book: NameBook
    speeches: tuple[Speech | None, ...]
    actors: Actors
    retracts: int | None
    newest: dt.date | None

    def antecedent(self, sentence: Sentence) -> Sentence | None:
        """The usable sentence directly before it in its item."""
        return None if sentence.antecedent is None else self.sentences[sentence.antecedent]

    def score(self, sentence: Sentence) -> float:
        """How much a sentence matters, 0–1.

        What was said before a retraction weighs a third of it, unless it was a denial; what
        private persons post weighs half.
        """
        score = self.ranking.score(sentence)
        if self.before_retraction(sentence) and kind_of(sentence.text) is not Kind.DENIAL:
            score /= 3.0
        return score / 2.0 if sentence.is_post else score

    def before_retraction(self, sentence: Sentence) -> bool:
        """Whether a later item takes a report back."""
        keys = [item.key for item in self.pack.items[: self.retracts or 0]]
        return sentence.item.key in keys

    def published(self, sentence: Sentence) -> dt.date | None:
        """The day its item was published."""
        at = sentence.item.published_at
        return None if at is None else at.date()

    def cites(self, sentence: Sentence) -> tuple[str, ...]:
        """Its passages, and one passage each of other origins that say the same."""
        cites, origins = sentence.cites, {sentence.item.origin}
        for index in self.ranking.near(sentence):
            other = self.sentences[index]
            if other.item.origin not in origins and same_fact(sentence, other):
                origins.add(other.item.origin)
                cites += other.cites
            if len(cites) >= _MAX_CITES:
                break
        return cites


@dataclass(frozen=True, slots=True)
class Written:
    """A claim and the sentence it was made from."""

    sentence: Sentence
    claim: Claim


Composer = Callable[[DraftContext, SectionSpec, Sequence[Sentence]], list[Written]]
"""Writes one section from the material, given the sentences that others have used."""


def gather(pack: EvidencePack) -> DraftContext:
    """Read a pack: find its usable sentences, rank them, and find who speaks in them."""
    whole = [taking for taking in find_retractions(pack.items) if taking.whole]
    sentences = read(pack, without=frozenset(key for taking in whole for key in taking.of))
    book = NameBook(sentences)
    speeches = tuple(
        speech(s, None if s.antecedent is None else sentences[s.antecedent], book)
        for s in sentences
    )
    keys = [item.key for item in pack.items]
    dated = [i.published_at.date() for i in pack.items if i.published_at is not None]
    return DraftContext(
        pack=pack,
        sentences=sentences,
        texts={p.id: p.text for p in pack.passages},
        ranking=rank(sentences),
        book=book,
        speeches=speeches,
        actors=Actors(pack, sentences, book),
        retracts=max((keys.index(taking.by) for taking in whole), default=None),
        newest=max(dated, default=None),
    )


def fits(spec: SectionSpec, sentence: Sentence) -> bool:
    """Whether a sentence can be written within a section's limits."""
    allowed = fitting(_kind(sentence), spec.limits.kinds) is not None
    return allowed and shortened(sentence.text, spec.limits.max_words) is not None


def write(
    material: DraftContext,
    spec: SectionSpec,
    sentence: Sentence,
    *,
    before: Sequence[Sentence] = (),
    **fields: Any,
) -> Written | None:
    """Make a claim of a sentence within the section's limits, or ``None`` when it does not fit.

    Args:
        material: the pack the sentence is of.
        spec: the section it is written for.
        sentence: what the claim says.
        before: sentences whose passages resolve what this one leans on; they are cited too.
        fields: further fields of the claim; a ``kind`` here overrides the one by cue words.
    """
    text = shortened(sentence.text, spec.limits.max_words)
    kind = fitting(fields.pop("kind", _kind(sentence)), spec.limits.kinds)
    if text is None or kind is None:
        return None
    cites = material.cites(sentence) + tuple(c for s in before for c in s.cites)
    unique = tuple(dict.fromkeys(cites + tuple(fields.pop("also", ()))))
    return Written(sentence, Claim(text=text, cites=unique, kind=kind, **fields))


def _kind(sentence: Sentence) -> Kind:
    """What kind a claim of this sentence is.

    What a filing states without saying who says so is still what a party alleges, and what a
    column states so is its author's view.
    """
    kind = kind_of(sentence.text)
    if sentence.partisan and sentence.is_comment:
        return Kind.OPINION
    filed = sentence.partisan and sentence.item.platform.lower() == "filing"
    return Kind.ALLEGATION if filed and kind is Kind.FACT else kind
