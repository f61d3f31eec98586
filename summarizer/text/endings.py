"""Ends of accusations in a sentence: dropped, taken back, dismissed, overturned, cleared.

The verbs stand in ``accusations.toml`` under ``ends``; what frees somebody without one of them is
read here: "found no evidence against", "held by mistake", "was not arrested".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from summarizer.text.accusing import REPORTED, accusers, against, agents
from summarizer.text.act_words import Words, nouns, verbs, words
from summarizer.text.clauses import core
from summarizer.text.governors import OperatorKind
from summarizer.text.grammar import SUBJECTS, governor_lemma
from summarizer.text.operators import Operators, own
from summarizer.text.parse import Parse, Word
from summarizer.text.parties import OF_SOME, Party, parties
from summarizer.text.replying import NOT, UNREAL, calls_untrue, is_wrong

_FREES = re.compile(
    r"\bwrong (?:man|woman|person|boy|girl|people|suspect|company|name)\b|\bmistaken identity\b"
    r"|\b(?:held|arrested|detained|jailed|named|accused|charged|convicted|suspected) "
    r"(?:by mistake|in error|wrongly)\b"
    r"|\b(?:wrongly|falsely|mistakenly|wrongfully) (?:held|arrested|detained|jailed|named|accused"
    r"|charged|convicted|suspected|reported|identified)\b"
    r"|\bwill not (?:be )?(?:charge|prosecute)d?\b|\bwalk(?:s|ed) free\b"
    r"|\b(?:released|freed) without charges?\b|\bverdict of not guilty\b|\bnot[- ]guilty verdict\b"
    r"|\b(?:found|ruled|concluded) (?:that )?[^.,;]{1,60}\bdone nothing wrong\b"
)
_CLEAN = ("innocent", "unfounded", "baseless", "groundless", "unsubstantiated", "false", "untrue")
_LACKED = ("evidence", "proof", "wrongdoing", "misconduct", "fault", "crime", "offence", "basis")
_PROSECUTES = ("bring", "press", "pursue", "file", "lay")
_FINDS = ("find", "see", "uncover", "conclude", "say", "rule", "confirm", "stress")
_PARTS = ("part", "role", "hand", "involvement", "connection", "link")


@dataclass(frozen=True)
class Ending:
    """One end.

    Args:
        cleared: who is free of what was held against them; empty where only ``via`` tells.
        via: whose accusation ends.
        negated: whether it only says that a deed was not done.
        own: whether it counts only in the words of who held it before.
    """

    cleared: tuple[Party, ...] = ()
    via: tuple[Party, ...] = ()
    negated: bool = False
    own: bool = False


def frees(sentence: str) -> bool:
    """Whether a sentence says in a fixed form that somebody was blamed by mistake."""
    return _FREES.search(sentence) is not None


def ending(parsed: Parse, word: Word, group: Words, by: tuple[Party, ...]) -> Ending | None:
    """The end that a verb of a group tells; ``None`` for none."""
    object_ = core(parsed, word)[1]
    if group.ends == "own":  # "she said that she had made it up"
        admits = parsed.words[word.head].lemma in ("admit", "confess", "concede")
        return Ending(via=by) if by and (by[0].pronoun or admits) else None
    if group.ends == "case":
        subject = core(parsed, word)[0]
        return None if subject is None else _of_claim(parsed, word, subject, ())
    if group.ends == "person":
        return _cleared(parsed, word, object_)
    if object_ is None:
        return Ending(via=by) if by and word.lemma == "recant" else None
    if group.ends == "decided" and by and not by[0].roles & words("deciding"):
        return None
    return _of_claim(parsed, word, object_, by)


def _cleared(parsed: Parse, word: Word, object_: Word | None) -> Ending | None:
    found = tuple(agents(parties(parsed, object_)))
    return Ending(found) if found else None


def _of_claim(parsed: Parse, word: Word, object_: Word, by: tuple[Party, ...]) -> Ending | None:
    """The end of the claim that is a verb's object, unless only a part of it ends."""
    if object_.lemma in OF_SOME or any(
        c.dep in ("nummod", "quantmod") or c.lemma in ("some", "most", "part", "another")
        for c in parsed.children[object_.n]
    ):
        return None
    claim = object_.lemma in nouns()
    if not claim and object_.lemma not in words("ended") | words("said"):
        return None
    group = nouns().get(object_.lemma)
    of = tuple(against(parsed, object_, word, group)) if group else ()
    whose = tuple(accusers(parsed, object_)) or tuple(_near(parsed, object_, ("of",)))
    if object_.lemma in words("ended"):
        of = of or tuple(_near(parsed, object_, ("against",))) or whose
        return Ending(of, () if of else by)
    if object_.lemma in words("said"):
        own_ = any(c.dep == "poss" and c.tag == "PRP$" for c in parsed.children[object_.n])
        return Ending(via=by) if own_ and by else None
    return Ending(of, () if of else whose or by)


def _near(parsed: Parse, noun: Word, prepositions: Collection[str]) -> Iterator[Party]:
    """Parties behind a preposition of a noun or its verb: "the case against X"."""
    for child in (*parsed.children[noun.n], *parsed.children[noun.head]):
        if child.dep in ("prep", "agent") and child.lemma in prepositions:
            yield from agents(parties(parsed, parsed.child(child, "pobj")))


def finding(parsed: Parse, word: Word, by: tuple[Party, ...]) -> Ending | None:
    """The end that a finding tells: "found no evidence against X", "found the complaints against X
    unfounded", "was found not guilty"."""
    finds = bool(by and by[0].roles & words("finding"))
    if word.lemma not in _FINDS or (word.lemma in _SAYS and not finds):
        return None
    object_ = core(parsed, word)[1]
    if finds and governor_lemma(parsed, word) == "rule_out":
        nots = any(o.kind in NOT for o in own(parsed, word))
        return None if nots else _ruled_out(parsed, word, object_)
    for clause in parsed.children[word.n]:
        unreal = {o.kind for o in own(parsed, clause)} & (UNREAL - NOT)
        if finds and clause.dep == "ccomp" and not unreal and _has_no_part(parsed, clause):
            subject = parsed.child(clause, *SUBJECTS)
            return None if subject is None else _said_of(parsed, subject)
        lacked = parsed.child(clause, "attr")
        if clause.dep == "ccomp" and lacked is not None and _is_lacked(parsed, lacked):
            object_ = lacked  # "there was no evidence that X took money"
        elif clause.dep in _COMPLEMENTS and _says_clean(parsed, word, clause):
            subject = parsed.child(clause, *SUBJECTS) or object_ or core(parsed, word)[0]
            return None if subject is None else _said_of(parsed, subject)
    if object_ is not None and object_.lemma in nouns():
        if any(w.lemma in _CLEAN for w in parsed.subtree(object_)):
            return _said_of(parsed, object_)
    elif object_ is not None and _is_lacked(parsed, object_):
        of = tuple(against(parsed, object_, None, nouns()["claim"]))
        return Ending(of or tuple(_near(parsed, object_, ("against", "by", "of"))))
    return Ending() if finds and calls_untrue(parsed, word) else None


_SAYS = ("say", "confirm", "stress")
_COMPLEMENTS = ("ccomp", "oprd", "acomp", "xcomp", "attr")


def _ruled_out(parsed: Parse, word: Word, object_: Word | None) -> Ending | None:
    """Who is ruled out: "ruled out that X had started it", "ruled X out as a suspect"."""
    clause = parsed.child(word, "ccomp")
    whom = parsed.child(clause, *SUBJECTS) if clause is not None else None
    whom = whom or object_ or parsed.child(word, "xcomp", "oprd")
    found = tuple(agents(parties(parsed, whom)))
    return Ending(found) if found else None


def _has_no_part(parsed: Parse, clause: Word) -> bool:
    """Whether a clause frees its subject: "is not a suspect", "had nothing to do with the theft",
    "played no part in it"."""
    below = parsed.children[clause.n]
    attr, object_ = parsed.child(clause, "attr"), core(parsed, clause)[1]
    suspected = clause.lemma in ("involve", "suspect") or (attr and attr.lemma in words("suspects"))
    if suspected:
        nots = (*below, *(parsed.children[attr.n] if attr else ()))
        return _no_longer(parsed, clause) or any(c.dep == "neg" or c.lemma == "no" for c in nots)
    if object_ is None or clause.lemma not in ("have", "play", "take"):
        return False
    inside = parsed.subtree(object_)
    if object_.lemma == "nothing":
        return {"do", "with"} <= {w.lemma for w in inside}
    return object_.lemma in _PARTS and any(c.lemma == "no" for c in parsed.children[object_.n])


def _says_clean(parsed: Parse, word: Word, clause: Word) -> bool:
    """Whether a complement says "not guilty", "innocent" or "unfounded"."""
    said = {clause.lemma, *(c.lemma for c in parsed.children[clause.n])}
    nots = any(o.kind in NOT for o in (*own(parsed, clause), *own(parsed, word)))
    if said & {"guilty", "liable"}:
        return nots or "not" in said
    return bool(said & set(_CLEAN))


def _is_lacked(parsed: Parse, noun: Word) -> bool:
    """Whether a noun is evidence or a wrong of which there is none."""
    return noun.lemma in _LACKED and any(c.lemma == "no" for c in parsed.children[noun.n])


def _said_of(parsed: Parse, subject: Word) -> Ending | None:
    group = nouns().get(subject.lemma)
    if group is None:
        found = tuple(agents(parties(parsed, subject)))
        return Ending(found) if found else None
    of = tuple(against(parsed, subject, None, group)) or tuple(_near(parsed, subject, ("against",)))
    return Ending(of, () if of else tuple(accusers(parsed, subject)))


def undone(parsed: Parse, word: Word, above: Mapping[int, Operators]) -> Ending | None:
    """The end that a negated deed tells: "X was not arrested", "she had not stolen it"."""
    kinds = {o.kind for o in above[word.n]}
    if kinds & NOT and OperatorKind.FUTURE in kinds and word.lemma in _PROSECUTES:
        object_ = core(parsed, word)[1]
        if object_ is None or object_.lemma not in ("charge", "case", "prosecution"):
            return None
        return _of_claim(parsed, word, object_, ())
    if not kinds & (UNREAL - NOT | REPORTED) and (whom := _taken_back(parsed, word)):
        return Ending(whom, own=True)
    if _has_no_part(parsed, word) and not kinds & (UNREAL - NOT | REPORTED):
        freed = parsed.child(word, *SUBJECTS) or core(parsed, word)[0]
        found = tuple(agents(parties(parsed, freed)))
        return Ending(found, negated=not _no_longer(parsed, word)) if found else None
    if not any(o.kind in NOT for o in own(parsed, word)) or kinds & (UNREAL - NOT | REPORTED):
        return None
    subject, object_ = core(parsed, word)
    accuses = any(group.stage is not None for group in verbs().get(word.lemma, ()))
    if accuses or word.lemma in words("held"):
        found = tuple(agents(parties(parsed, object_)))
    elif word.lemma != "plead" and is_wrong(parsed, word):
        found = tuple(agents(parties(parsed, subject)))
    else:
        return None
    return Ending(found, negated=True) if found else None


_WRITERS = ("i", "we")
_OWN = (*_WRITERS, "my", "our")
_OF_WHOM = ("about", "against", "of", "on")
_SAID = ("say", "write", "post", "claim", "tell")


def _taken_back(parsed: Parse, word: Word) -> tuple[Party, ...]:
    """About whom a writer was wrong: "I was wrong about X", "What I wrote about X was not true",
    "My accusation against X was false", "I take back what I said about X"."""
    subject = parsed.child(word, *SUBJECTS)
    if subject is None:
        return ()
    below = parsed.children[word.n]
    said = parsed.child(word, "acomp", "attr")
    untrue = said is not None and (
        said.lemma in ("wrong", "mistaken", *_CLEAN)
        or (said.lemma in ("true", "right", "fair") and any(c.dep == "neg" for c in below))
    )
    if subject.text.casefold() not in _WRITERS:
        inside = parsed.subtree(subject) if untrue else ()
        inside = inside if any(w.text.casefold() in _OWN for w in inside) else ()
    elif untrue and said is not None:
        inside = parsed.subtree(said)
    else:
        back = word.lemma in ("withdraw", "retract") or any(c.lemma == "back" for c in below)
        inside = parsed.subtree(word) if back else ()
        inside = inside if any(w.lemma in (*_SAID, *nouns()) for w in inside) else ()
    near = (w for w in inside if w.dep == "prep" and w.lemma in _OF_WHOM)
    return tuple(one for w in near for one in agents(parties(parsed, parsed.child(w, "pobj"))))


def _no_longer(parsed: Parse, word: Word) -> bool:
    return any(c.text.casefold() == "longer" for c in parsed.children[word.n])
