"""Roles: who did it to whom.  "Acme sued Kestrel" fails where Kestrel sued Acme.

A clause of the claim fails when a cited clause has its predicate with subject and object exchanged,
actives and passives alike, and none has them as the claim does.  It fails too when the passages say
the same of another by name: "Ada says that Tom broke the law" is no word on Ada's deeds.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.clauses import Argument, Clause, Role
from summarizer.text.sentences import sentences
from summarizer.text.tokens import listed, stem
from summarizer.verification.checks.operators import SourceSentence, compared, near
from summarizer.verification.evidence import CitedEvidence

_BOTH_WAYS = frozenset(
    stem(verb)
    for verb in listed(
        """meet marry divorce fight play face match resemble join date hug kiss debate rival equal
        mirror border touch meet cross merge be have include contain involve become remain mean
        say tell show see find know call name like need follow"""
    )
)
"""Verbs that hold both ways round, or that say little of who acts."""


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each clause whose subject and object the cited passages have exchanged."""
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        if likely := near(sentence, grounds.cited):
            mine, told = compared(sentence, likely)
            failures += [
                _failure(clause, span.start)
                for clause in mine
                if _is_reversed(clause, told) or _is_of_another(clause, told)
            ]
    return failures


def _is_of_another(mine: Clause, told: Sequence[tuple[SourceSentence, Clause]]) -> bool:
    """Whether the passages say of another, by name, what a claim says of somebody they name too."""
    pair = _sides(mine)
    if pair is None or mine.lemma in _BOTH_WAYS or not _is_name(pair[0]):
        return False
    subject, object_ = pair
    found = False
    for sentence, theirs in told:
        if theirs.lemma != mine.lemma:
            continue
        other = _sides(theirs)
        if other is None or not _is_name(other[0]) or _agree(subject, other[0]):
            return False
        found = found or (object_.stems == other[1].stems and _does_else(subject, sentence, told))
    return found


def _does_else(
    subject: Argument, where: SourceSentence, told: Sequence[tuple[SourceSentence, Clause]]
) -> bool:
    """Whether somebody has a part in another clause of a sentence."""
    return any(
        sentence is where and clause.lemma != "do" and subject.stems <= argument.stems
        for sentence, clause in told
        for argument in clause.arguments
        if argument.role is Role.SUBJECT
    )


def _is_name(argument: Argument) -> bool:
    """Whether an argument is a name alone: "Tom Orlan", not "Tom Orlan's lawyer" or "the judge"."""
    words = argument.text.split()
    return all(word[:1].isupper() for word in words) and "'" not in argument.text


def _is_reversed(mine: Clause, told: Sequence[tuple[SourceSentence, Clause]]) -> bool:
    pair = _sides(mine)
    if pair is None or mine.lemma in _BOTH_WAYS:
        return False
    subject, object_ = pair
    found = False
    for _, theirs in told:
        if theirs.lemma != mine.lemma or (other := _sides(theirs)) is None:
            continue
        if _agree(subject, other[0]) or _agree(object_, other[1]):
            return False
        found = found or (_agree(subject, other[1]) and _agree(object_, other[0]))
    return found


def _sides(clause: Clause) -> tuple[Argument, Argument] | None:
    """Subject and object, where both are named."""
    subject, object_ = clause.argument(Role.SUBJECT), clause.argument(Role.OBJECT)
    if subject is None or object_ is None or subject.pronoun or object_.pronoun:
        return None
    return subject, object_


def _agree(one: Argument, other: Argument) -> bool:
    return one.head in other.stems or other.head in one.stems


def _failure(clause: Clause, offset: int) -> Failure:
    return Failure(
        check="roles",
        reason="The source says this the other way round: who did it, and to whom.",
        start=offset + clause.start,
        end=offset + clause.end,
        label=VerdictLabel.CONTRADICTED,
    )
