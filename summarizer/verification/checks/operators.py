"""Operators: a claim may not state what its passages only deny, doubt, ask, plan or suppose.

Each finite clause of a claim is held against the clauses of the cited passages that have its
predicate and its arguments.  It fails when all of them stand under an operator that the claim
leaves out ("denied that", "may", "if", "no evidence that").  Attribution that is left out alone is
not enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.clauses import Argument, Clause, Role, Tense, clauses
from summarizer.text.governors import OperatorKind
from summarizer.text.names import Name
from summarizer.text.operators import Operator
from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, read, tokens
from summarizer.verification.evidence import CitedEvidence, CitedText

NEARLY_ALL = 0.75
"""Share of a clause's argument words that the source sentence must hold for an objection."""

ENOUGH = 0.5
"""Share of them from which a source sentence counts as stating the clause."""

_K = OperatorKind
_NEGATIVE = frozenset((_K.NEGATED, _K.DENIED, _K.DISPROVED, _K.DOUBTED, _K.ENDED))
_OPEN = frozenset(
    (
        _K.ASKED,
        _K.POSSIBLE,
        _K.CONDITIONAL,
        _K.HOPED,
        _K.ALLEGED,
        _K.THOUGHT,
        _K.DOUBTED,
        _K.PLANNED,
    )
)
_UNDECIDED = frozenset((_K.ASKED, _K.CONDITIONAL, _K.DOUBTED))
_COMING = frozenset((_K.FUTURE, _K.PLANNED))


class SourceSentence(NamedTuple):
    """A source sentence that shares words with the claim, and the one before it."""

    ground: CitedText
    text: str
    before: str


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each clause that the cited passages hold only under an operator it lacks."""
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        likely = near(sentence, grounds.cited)
        if not likely or sentence.rstrip("\"'”’) ").endswith("?"):
            continue
        mine, told = compared(sentence, likely)
        for clause in mine:
            if clause.lemma != "be" and (lost := _lost(clause, told)):
                failures.append(_failure(lost[0], clause, span.start))
                break
    return failures


def to_read(claim: str, grounds: CitedEvidence) -> list[str]:
    """Sentences that ``check`` looks at, to be parsed together, which takes half the time."""
    own = [claim[span.start : span.end] for span in sentences(claim)]
    return [*own, *(source.text for one in own for source in near(one, grounds.cited))]


def unattributed(claim: str, grounds: CitedEvidence) -> tuple[str, ...]:
    """Cautions for clauses that the cited passages hold only as somebody's words."""
    speakers = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        mine, told = compared(sentence, near(sentence, grounds.cited))
        speakers += [
            speaker
            for clause in mine
            if clause.finite and not clause.operators and (speaker := _only_said(clause, told))
            if not _is_named(speaker, claim)
        ]
    return tuple(
        f"The source has this from {by} and does not say it itself." for by in speakers[:1]
    )


def _is_named(speaker: str, claim: str) -> bool:
    """Whether a claim has all words of a speaker, but for titles: "Ben Smith" for "Mr. Smith"."""
    words = read(" ".join(Name(speaker, 0, len(speaker)).words)).content_set
    return words <= read(claim).content_set


def _only_said(mine: Clause, told: Iterable[tuple[SourceSentence, Clause]]) -> str:
    """Who says what a claim's clause states, where no source clause states it by itself."""
    speaker = ""
    for sentence, theirs in told:
        if theirs.lemma != mine.lemma or _share(mine, theirs, sentence) < ENOUGH:
            continue
        if not theirs.speaker:
            return ""
        if _same_arguments(mine, theirs, sentence) and read(theirs.speaker).content:
            speaker = speaker or theirs.speaker
    return speaker


def compared(
    sentence: str, likely: Sequence[SourceSentence]
) -> tuple[tuple[Clause, ...], list[tuple[SourceSentence, Clause]]]:
    """Clauses of a claim's sentence, and of source sentences with the sentence of each."""
    mine, *theirs = clauses([sentence, *(s.text for s in likely)])
    return mine, [(s, c) for s, found in zip(likely, theirs, strict=True) for c in found]


def near(sentence: str, cited: Sequence[CitedText]) -> list[SourceSentence]:
    """Source sentences that share a good part of a claim's sentence."""
    words = read(sentence).content_set
    found = []
    for ground in cited:
        reading = read(ground.text)
        before = ""
        for span, content in zip(reading.spans, reading.sentence_contents, strict=True):
            text = ground.text[span.start : span.end]
            if len(words & content) >= 2 and not _is_headline(text):
                found.append((coverage(words, content), SourceSentence(ground, text, before)))
            before = text
    found.sort(key=lambda f: -f[0])
    return [s for _, s in found[:8]]


def _is_headline(text: str) -> bool:
    """Whether a sentence ends in no mark, like a heading, which the parser reads badly."""
    return text.rstrip("\"'”’) ")[-1:] not in (".", "?", "!", ",", ";", ":")


def _lost(
    mine: Clause, told: Iterable[tuple[SourceSentence, Clause]]
) -> tuple[Operator, SourceSentence] | None:
    """The operator that parts a claim's clause from every source clause that says the same."""
    found: tuple[Operator, SourceSentence] | None = None
    for sentence, theirs in told:
        if theirs.lemma != mine.lemma:
            continue
        share = _share(mine, theirs, sentence)
        if share < ENOUGH:
            continue
        lost = _uncovered(mine, theirs) or _added(mine, theirs)
        if lost is None:
            return None
        if not mine.finite and not _alike_but_for(lost, mine, theirs):
            continue
        if share >= NEARLY_ALL and found is None and _same_arguments(mine, theirs, sentence):
            found = lost, sentence
    return found


def _alike_but_for(lost: Operator, mine: Clause, theirs: Clause) -> bool:
    """Whether a clause without tense ("plans to leave") differs from the source's by one negation:
    "has no plans to leave"."""
    kinds = {o.kind for o in mine.operators} - {_K.SAID}
    rest = {o.kind for o in theirs.operators if o.kind is not _K.SAID and o != lost}
    return bool(kinds) and lost.kind in _NEGATIVE and rest == kinds


def _added(mine: Clause, theirs: Clause) -> Operator | None:
    """The negation of a claim's clause that the source asserts."""
    if any(o.kind in _NEGATIVE or o.kind in _OPEN for o in theirs.operators):
        return None
    own = [o for o in mine.operators if o.kind is _K.NEGATED and not _stands_in(o, theirs.text)]
    others = {o.kind for o in mine.operators} - {_K.NEGATED, _K.ABLE}
    return own[-1] if len(own) == 1 and not others else None


def _share(mine: Clause, theirs: Clause, sentence: SourceSentence) -> float:
    """Share of a clause's argument words in the source sentence and the one before, 0-1."""
    if mine.governed and not mine.governed & theirs.governed:
        return 0.0
    words = mine.stems - {mine.lemma}
    there = read(sentence.text).content_set | read(sentence.before).content_set
    return coverage(words, there) if words else 1.0


def _same_arguments(mine: Clause, theirs: Clause, sentence: SourceSentence) -> bool:
    """Whether a source's clause has the subject and object of the claim's, and most else."""
    there = theirs.stems | {theirs.lemma}
    for role in (Role.SUBJECT, Role.OBJECT):
        ours, other = mine.argument(role), theirs.argument(role)
        if ours is None or ours.pronoun:
            continue
        if other is None and role is Role.SUBJECT and theirs.passive:
            continue  # a passive without its agent
        if other is None or not _same(ours, other, theirs, sentence):
            return False
        there |= ours.stems
    words = mine.stems - {mine.lemma}
    return bool(words) and coverage(words, there) >= ENOUGH


def _same(ours: Argument, other: Argument, theirs: Clause, sentence: SourceSentence) -> bool:
    if not other.pronoun:
        same = ours.head == other.head
        return same or ours.head in other.stems or other.head in ours.stems
    if other.text.casefold() in _FIRST:
        return bool(ours.stems & read(theirs.speaker).content_set)
    if other.text.casefold() == "you" or ours.head in theirs.stems:
        return False
    there = read(sentence.text).content_set | read(sentence.before).content_set
    return ours.head in there


_FIRST = frozenset(("i", "we", "me", "us"))


def _uncovered(mine: Clause, theirs: Clause) -> Operator | None:
    """The first operator of a source's clause that the claim's clause neither has nor equals."""
    kinds = {operator.kind for operator in mine.operators}
    if other := _other_speaker(mine, theirs):
        return other
    found = [
        o
        for o in theirs.operators
        if not _covered(o.kind, kinds, mine.tense) and not _stands_in(o, mine.text)
    ]
    if _K.SAID in kinds:
        # "tried to persuade jurors that": the saying was planned, and not what was said.
        said = [n for n, o in enumerate(theirs.operators) if o.kind is _K.SAID]
        before = theirs.operators[: said[-1]] if said else ()
        found = [o for o in found if o.kind not in _COMING or o not in before]
    if sum(o.kind is _K.NEGATED for o in found) > 1:
        return None
    return found[0] if found else None


def _stands_in(operator: Operator, text: str) -> bool:
    """Whether a text has the word of an operator somewhere, where the parser may miss it."""
    words = _norms(operator.word) - _AUXILIARIES
    return bool(words) and words <= _norms(text)


def _norms(text: str) -> set[str]:
    """Folded words without the surnames "May" and "Will"."""
    return {t.norm for t in tokens(text) if t.text not in ("May", "Will")}


_AUXILIARIES = frozenset(("have", "has", "had", "is", "are", "was", "were", "been", "to"))


def _other_speaker(mine: Clause, theirs: Clause) -> Operator | None:
    """Where the claim gives a speaker the words that the speaker puts into another's mouth:
    "They claim I shot it," said Durst."""
    voices = (_K.SAID, _K.THOUGHT, _K.ALLEGED)
    said = [o for o in theirs.operators if o.kind in voices and o.by]
    claimed = [o for o in mine.operators if o.kind is _K.SAID and o.by]
    if len(claimed) != 1 or len(said) < 2:
        return None
    speaker = read(claimed[0].by).content_set
    outer, inner = said[-2:]
    if not speaker & read(outer.by).content_set or speaker & read(inner.by).content_set:
        return None
    return None if inner.by.casefold() in ("i", "we", "he", "she", "it") else inner


def _covered(kind: OperatorKind, mine: set[OperatorKind], tense: Tense) -> bool:
    if kind in (_K.SAID, _K.ABLE) or kind in mine or mine & _UNDECIDED:
        return True
    if kind in _NEGATIVE:
        ended = kind is _K.ENDED and tense is Tense.PAST
        return bool(mine & _NEGATIVE) or ended
    if mine & (_OPEN | _NEGATIVE) or _K.ABLE in mine:
        return True
    if kind in (_K.ALLEGED, _K.THOUGHT):
        return _K.SAID in mine
    if kind in _COMING:
        return bool(mine & _COMING) or tense is Tense.PRESENT
    return False


_SAYS = {
    _K.SAID: "puts this into another's mouth",
    _K.ALLEGED: "only alleges this",
    _K.THOUGHT: "only takes this to be likely",
    _K.DENIED: "says that this is denied",
    _K.NEGATED: "says that this is not so",
    _K.ENDED: "says that this is so no longer",
    _K.DISPROVED: "says that this is false or made up",
    _K.DOUBTED: "says that this is in doubt",
    _K.ASKED: "leaves open whether this is so",
    _K.POSSIBLE: "says only that this is possible",
    _K.CONDITIONAL: "says this only under a condition",
    _K.FUTURE: "says only that this is to come",
    _K.PLANNED: "says only that this is planned, wanted or tried",
    _K.HOPED: "says only that this is hoped or feared",
}


def _failure(operator: Operator, clause: Clause, offset: int) -> Failure:
    negative = operator.kind in _NEGATIVE
    if operator.kind is _K.DENIED and operator.by:
        reason = f"The source says that {operator.by} {operator.word} this."
    elif operator in clause.operators:
        reason = f'The claim says "{operator.word}"; the source says that this is so.'
    else:
        reason = f'The source {_SAYS[operator.kind]} ("{operator.word}").'
    return Failure(
        check="operators",
        reason=reason,
        start=offset + clause.start,
        end=offset + clause.end,
        label=VerdictLabel.CONTRADICTED if negative else VerdictLabel.UNSUPPORTED,
    )
