"""Draft context: sentences, ranking, names and speakers of one evidence pack."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from summarizer.domain.claims import Claim, Kind
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Disagreement
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.actors import Actors
from summarizer.drafting.extractive.claim_kinds import fitting, kind_of
from summarizer.drafting.extractive.compression import shortened
from summarizer.drafting.extractive.filters import QUOTE_MARK, Lean, outside_quotes
from summarizer.drafting.extractive.names import NameBook, with_names
from summarizer.drafting.extractive.ranking import Ranking, rank, same_fact
from summarizer.drafting.extractive.sentences import Sentence, read
from summarizer.drafting.extractive.speakers import Speech, speech
from summarizer.drafting.extractive.standing import standing
from summarizer.drafting.extractive.weekdays import without_days
from summarizer.text import tokens
from summarizer.text.called_off import calls_off
from summarizer.text.relative_days import absolute, date_words, relative_days
from summarizer.text.schedules import announces
from summarizer.verification.conflicts.disagreements import find_conflicts
from summarizer.verification.conflicts.overtaken import ended_since, endings, is_over, overtaken
from summarizer.verification.conflicts.superseded import gives, older_value
from summarizer.verification.outcomes import has_ended, outcomes, tells_end_of
from summarizer.verification.scene import scene_of

_MAX_CITES = 3
_SPOKEN = frozenset(("podcast", "video", "youtube"))
_WORDS_OF_A_DATE = 6
"""Most words that the dates of a sentence add to it: two of them, or a week's."""


@dataclass(frozen=True)
class DraftContext:
    """Usable sentences of a pack and the analyses that composers share.

    Args:
        texts: text of every passage by id, including unusable ones.
        ranking: salience and similarity of the sentences.
        book: names in the pack.
        speeches: speaker of each sentence by its index; ``None`` if nobody speaks.
        actors: actor keys across names and officers.
        retracts: position of the last item that retracts a whole report; ``None`` if none does.
        newest: day of the newest dated item; ``None`` if no item is dated.
        disagreements: facts for which the sources give several values.
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
    disagreements: tuple[Disagreement, ...]

    @cached_property
    def _first_told(self) -> Mapping[str, int]:
        """Index of the first sentence with each stem; a title stands before its item."""
        found: dict[str, int] = {}
        for sentence in self.sentences:
            for stem in tokens.read(sentence.item.title).content_set:
                found.setdefault(stem, sentence.index - 1)
            for stem in sentence.stems:
                found.setdefault(stem, sentence.index)
        return found

    @cached_property
    def topic(self) -> frozenset[str]:
        """Stems of the words that the headlines of two origins have, or that of the only one."""
        titles = {i.origin: tokens.read(i.title).content_set for i in self.pack.items if i.title}
        counts = Counter(stem for stems in titles.values() for stem in stems)
        return frozenset(s for s, n in counts.items() if n >= min(2, len(titles)))

    def stands(
        self, sentence: Sentence, known: Collection[str] = (), *, joined: bool = False
    ) -> bool:
        """Whether a reader who has seen nothing else understands a sentence.

        It takes nothing for known that only a sentence before it tells ("the ban"), means nothing
        by a pronoun, "there" or "also" that it does not tell, and names somebody or opens its item.

        Args:
            sentence: a sentence of the pack.
            known: stems of nouns that the reader knows already.
            joined: whether it may name nobody where it has a word of what is known.
        """
        said = standing(sentence.text)
        if not sentence.stands_alone or said.linked or said.heads - set(known):
            return False
        tied = joined and not sentence.stems.isdisjoint(known)
        if said.nameless and sentence.position and not tied:
            return False
        before = self._first_told
        told = {stem for stem in said.definite if before.get(stem, sentence.index) < sentence.index}
        return told <= set(known)

    def is_stale(self, sentence: Sentence) -> bool:
        """Whether a sentence tells a state of a day before that of the newest item, or a plan of
        which a later item calls something off.

        A denial and an end of an accusation hold on.
        """
        day = self.published(sentence)
        if day is None or self.newest is None or day >= self.newest:
            return False
        if announces(sentence.text):
            return any(
                s.item.seen_at > sentence.item.seen_at and not s.stems.isdisjoint(sentence.stems)
                for s in self._calling_off
            )
        holds = kind_of(sentence.text) is Kind.DENIAL or self.tells_end(sentence)
        return not holds and standing(sentence.text).present

    def has_passed(self, sentence: Sentence) -> bool:
        """Whether a sentence tells what was going on on an older day, and a later item tells the
        end of something: "ships are waiting", after the strike was called off."""
        day = self.published(sentence)
        older = day is not None and self.newest is not None and day < self.newest
        lasts = older and bool(endings(self.pack)) and not announces(sentence.text)
        return lasts and standing(sentence.text).lasting

    def rests_on_ended(self, sentence: Sentence) -> bool:
        """Whether the item of a sentence tells as begun what has ended since: a vote announced with
        a merger that was abandoned."""
        return sentence.item.key in self._of_ended

    @cached_property
    def _of_ended(self) -> frozenset[str]:
        over = (s for s in self.sentences if ended_since(s.text, s.cites, self.pack))
        return frozenset(s.item.key for s in over)

    @cached_property
    def _calling_off(self) -> tuple[Sentence, ...]:
        return tuple(s for s in self.sentences if calls_off(s.text))

    def antecedent(self, sentence: Sentence) -> Sentence | None:
        """The usable sentence directly before a sentence in its item."""
        return None if sentence.antecedent is None else self.sentences[sentence.antecedent]

    def score(self, sentence: Sentence) -> float:
        """Salience of a sentence, 0–1.

        Sentences before a retraction, other than denials, get a third; posts get half.
        """
        score = self.ranking.score(sentence)
        if self.before_retraction(sentence) and kind_of(sentence.text) is not Kind.DENIAL:
            score /= 3.0
        return score / 2.0 if sentence.is_post else score

    def before_retraction(self, sentence: Sentence) -> bool:
        """Whether the sentence's item comes before an item that retracts a report."""
        keys = [item.key for item in self.pack.items[: self.retracts or 0]]
        return sentence.item.key in keys

    def is_superseded(self, text: str, cites: Collection[str]) -> bool:
        """Whether a sentence gives an older value of a fact without the newest one, announces what
        a later item calls off, moves or lies behind, or holds against somebody what has ended."""
        if has_ended(text, tuple(cites), self.pack):
            return True
        if any(older_value(text, cites, found) for found in self.disagreements):
            return True
        dated = (p for id_ in cites if (p := self.pack.passage(id_)))
        told = [at.date() for p in dated if (at := self.pack.item(p.item_key).published_at)]
        past = is_over(outside_quotes(text), max(told, default=None), self.newest)
        return (
            past
            or overtaken(text, cites, self.pack) is not None
            or ended_since(text, cites, self.pack) is not None
        )

    def is_newest(self, text: str) -> bool:
        """Whether a sentence gives the newest value of a fact."""
        newest = (found.newest for found in self.disagreements)
        return any(value is not None and gives(text, value.value) for value in newest)

    def tells_end(self, sentence: Sentence) -> bool:
        """Whether a sentence tells how an accusation or what an older item tells ended."""
        over = endings(self.pack)
        return tells_end_of(sentence.cites, self.pack) or not over.isdisjoint(sentence.cites)

    def published(self, sentence: Sentence) -> dt.date | None:
        """Publication day of a sentence's item; ``None`` if undated."""
        at = sentence.item.published_at
        return None if at is None else at.date()

    def cites(self, sentence: Sentence) -> tuple[str, ...]:
        """Passages of a sentence, and of sentences of other origins that state the same fact.

        One sentence per origin, until at least ``_MAX_CITES`` passages are cited.
        """
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
    """A claim with its source sentence, and those behind it that the claim tells too."""

    sentence: Sentence
    claim: Claim
    behind: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences that the claim tells."""
        return (self.sentence, *self.behind)


Composer = Callable[[DraftContext, SectionSpec, Sequence[Sentence]], list[Written]]
"""Writes one section, given the context and the sentences used by other sections."""


def gather(pack: EvidencePack) -> DraftContext:
    """Build the draft context of a pack."""
    whole = [retraction for retraction in scene_of(pack).retractions if retraction.whole]
    sentences = read(pack, without=frozenset(key for each in whole for key in each.of))
    cast = scene_of(pack).cast
    sentences = tuple(with_names([_opened(sentence, pack) for sentence in sentences], cast))
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
        retracts=max((keys.index(retraction.by) for retraction in whole), default=None),
        newest=max(dated, default=None),
        disagreements=find_conflicts(pack),
    )


def _opened(sentence: Sentence, pack: EvidencePack) -> Sentence:
    """A sentence that tells how an accusation ended, with a name for the pronoun that opens it."""
    end = next((e for e in outcomes(pack) if e.opening and e.passage.id in sentence.cites), None)
    pronoun, _, rest = sentence.text.partition(" ")
    if end is None or pronoun not in ("He", "She"):
        return sentence
    return replace(sentence, text=f"{end.opening} {rest}", lean=Lean.NOT)


def fits(spec: SectionSpec, sentence: Sentence) -> bool:
    """Whether a sentence fits a section's kinds and word limit."""
    allowed = fitting(_kind(sentence), spec.limits.kinds) is not None
    return allowed and told(sentence, spec.limits.max_words) is not None


def told(sentence: Sentence, max_words: int) -> str | None:
    """The sentence within a word limit, with dates in place of its relative days.

    A relative day that can mean several is left out where grammar allows.

    Returns:
        ``None`` if no cut is safe, or a relative day stays.
    """
    for limit in (max_words, max_words - _WORDS_OF_A_DATE):
        text = shortened(sentence.text, limit)
        dated = None if text is None else dated_text(sentence, text)
        if dated is None or len(dated.split()) <= max_words:
            return dated
    return None


def dated_text(sentence: Sentence, text: str) -> str | None:
    """Words of a sentence with dates in place of relative days; ``None`` where one stays."""
    dated = absolute(text, sentence.written, sentence.style)
    dated = dated or absolute(without_days(text), sentence.written, sentence.style)
    return dated[:1].upper() + dated[1:] if dated and text[:1].isupper() else dated


def write(
    context: DraftContext,
    spec: SectionSpec,
    sentence: Sentence,
    *,
    before: Sequence[Sentence] = (),
    quoted: bool = False,
    behind: Sequence[Sentence] = (),
    **fields: Any,
) -> Written | None:
    """Write a claim from a sentence; ``None`` if it does not fit the section's limits.

    Args:
        context: context of the draft.
        spec: the section.
        sentence: source of the claim's text.
        before: sentences that resolve references of this one; their passages are cited too.
        quoted: whether its words stand as a quotation of its source.
        behind: sentences that go on from this one; told too as far as the limit allows.
        fields: further fields of the claim; ``kind`` overrides the classification by cue words,
            ``also`` adds passage ids to the citations.
    """
    if quoted:
        text = spoken(sentence.item.source_name, sentence, spec.limits.max_words)
    else:
        text = _worded(context, sentence, spec.limits.max_words)
    kind = fitting(fields.pop("kind", _kind(sentence)), spec.limits.kinds)
    if text is None or kind is None:
        return None
    further: list[Sentence] = []
    for one in behind:
        room = spec.limits.max_words - len(text.split())
        more = told(one, room) if room > 0 else None
        if more is None:
            break
        text = f"{text} {more}"
        further.append(one)
    cites = context.cites(sentence) + tuple(c for s in (*before, *further) for c in s.cites)
    unique = tuple(dict.fromkeys(cites + tuple(fields.pop("also", ()))))
    claim = Claim(text=text, cites=unique, kind=kind, **fields)
    return Written(sentence, claim, tuple(further))


def _worded(context: DraftContext, sentence: Sentence, max_words: int) -> str | None:
    """Words of a claim; those of the first person or of a column as their author's speech."""
    if sentence.own_voice or (sentence.is_comment and sentence.partisan):
        said = context.speeches[sentence.index]
        actor = said.actor if said and said.own_item else _author(sentence)
        return spoken(actor, sentence, max_words) if actor else None
    return told(sentence, max_words)


def _author(sentence: Sentence) -> str | None:
    """Who writes an item: its author, else a column of its outlet."""
    item = sentence.item
    column = f"A column in {item.outlet}" if item.outlet and sentence.is_comment else None
    return item.author or column


def spoken(actor: str, sentence: Sentence, max_words: int) -> str | None:
    """A whole sentence quoted; with the day it was written if it counts days from it.

    ``None`` for one that is too long, or has quotation marks of its own.
    """
    if QUOTE_MARK.search(sentence.text):
        return None
    verb = "said" if sentence.item.platform.lower() in _SPOKEN else "wrote"
    told = f'{actor} {verb}: "{sentence.text}"'
    if relative_days(sentence.text):
        if sentence.written is None:
            return None
        told = f"On {date_words(sentence.written, sentence.style)}, {told}"
    return told if len(told.split()) <= max_words else None


def _kind(sentence: Sentence) -> Kind:
    """Kind of a claim from a sentence.

    An unattributed fact in a filing is an allegation; an unattributed sentence of a column is
    an opinion.
    """
    kind = kind_of(sentence.text)
    if sentence.partisan and sentence.is_comment:
        return Kind.OPINION
    filed = sentence.partisan and sentence.item.platform.lower() == "filing"
    return Kind.ALLEGATION if filed and kind is Kind.FACT else kind
