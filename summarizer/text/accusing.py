"""Accused and accusers of a verb or noun, by the roles that ``accusations.toml`` gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from summarizer.domain.claims import Position
from summarizer.text.act_words import Words, nouns, words
from summarizer.text.clauses import core
from summarizer.text.governors import OperatorKind
from summarizer.text.grammar import is_predicate
from summarizer.text.operators import Operators
from summarizer.text.parse import Parse, Word
from summarizer.text.parties import Party, parties, party
from summarizer.text.replying import UNREAL, is_wrong
from summarizer.text.sentences import Span

REPORTED = frozenset((OperatorKind.ALLEGED, OperatorKind.SAID))
"""Operators of what somebody only says."""

_MATTERS = ("of", "for", "over", "with", "to")


def accused(
    parsed: Parse,
    word: Word,
    group: Words,
    by: tuple[Party, ...],
    above: Mapping[int, Operators],
) -> Iterator[Party]:
    """Whom a verb holds something against."""
    if not group.accused:
        return
    if group.accused == "clause":
        for clause in parsed.children[word.n]:
            if clause.dep in ("ccomp", "xcomp") and is_predicate(parsed, clause):
                yield from _wrongdoers(parsed, clause, group, by, above)
                for reason in _reasons(parsed, clause) if group.wrong else ():
                    yield from _wrongdoers(parsed, reason, group, by, above)
        return
    place = _place(parsed, word, group)
    if place is not None and (place.lemma != "it" or place.dep == "nsubjpass"):
        found = parties(parsed, place)
        yield from found if word.lemma in words("persons") else agents(found)


def _place(parsed: Parse, word: Word, group: Words) -> Word | None:
    """Where the accused of a verb stands."""
    subject, object_ = core(parsed, word)
    if group.accused == "object":
        if word.lemma == "charge" and _is_price_or_task(parsed, word):
            return None
        return parsed.child(word, "dative") or object_  # "fined Acme 3 million"
    if group.accused == "subject":
        return subject if _settles_claim(parsed, word, object_) else None
    if group.accused == "judged":
        return _judged(parsed, word, object_)
    if group.accused == "under":
        return (subject or object_) if _is_under_fire(parsed, word) else None
    if group.accused == "tied":
        return _tied(parsed, word, object_ or parsed.child(word, "oprd"))
    if group.accused == "suspected":
        return object_ if _is_suspected(parsed, word) else None
    wanted = ("on",) if group.accused == "on" else ("about", "of")
    near = (*parsed.children[word.n], *(parsed.children[object_.n] if object_ else ()))
    return next((parsed.child(c, "pobj") for c in near if c.lemma in wanted), None)


def _is_suspected(parsed: Parse, word: Word) -> bool:
    """Whether somebody is held on suspicion, on a charge, or for a wrong."""
    near = (c for c in parsed.children[word.n] if c.dep == "prep" and c.lemma != "without")
    grounds = (parsed.child(c, "pobj", "pcomp") for c in near)
    return any(
        g is not None and (g.lemma in words("grounds") or _is_bad(parsed, g)) for g in grounds
    )


def _is_price_or_task(parsed: Parse, word: Word) -> bool:
    """Whether "charge" asks for money or gives an order: "charged guests for towels", "charged 40
    euros", "charged the committee to finish"."""
    for child in parsed.children[word.n]:
        matter = parsed.child(child, "pobj") if child.lemma == "for" else None
        if matter is not None and not _is_bad(parsed, matter):
            return True
        if child.dep == "xcomp" or (child.dep == "dobj" and child.lemma in words("money")):
            return True
    return False


def _judged(parsed: Parse, word: Word, object_: Word | None) -> Word | None:
    """Who is found liable or guilty."""
    for clause in parsed.children[word.n]:
        if clause.dep in ("ccomp", "oprd") and clause.lemma in ("liable", "guilty"):
            if any(
                c.lemma == "not" for c in (*parsed.children[clause.n], *parsed.children[word.n])
            ):
                return None
            return parsed.child(clause, "nsubj") or object_
    return None


def _is_under_fire(parsed: Parse, word: Word) -> bool:
    """Whether a verb tells of blame for something: "came under fire over"."""
    under = next((c for c in parsed.children[word.n] if c.lemma == "under"), None)
    blame = parsed.child(under, "pobj") if under else None
    if under is None or blame is None or blame.lemma not in ("fire", "criticism"):
        return False
    near = (c for w in (word, under, blame) for c in parsed.subtree(w))
    return any(c.lemma in ("over", "for", "after") and c.n > blame.n for c in near)


def _tied(parsed: Parse, word: Word, object_: Word | None) -> Word | None:
    """Who is tied to a wrong, or to a wrongdoer, or whom a wrongdoer is tied to."""
    to = next((c for c in parsed.children[word.n] if c.lemma in ("to", "as")), None)
    other = parsed.child(to, "pobj") if to else None
    if other is None or object_ is None:
        return None
    if _is_bad(parsed, other):
        return object_
    return other if _is_bad(parsed, object_) else None


def _is_bad(parsed: Parse, noun: Word) -> bool:
    near = (noun, *(c for c in parsed.children[noun.n] if c.dep in ("compound", "amod", "appos")))
    bad = words("wrongdoers") | words("suspects") | words("crimes") | words("wrong")
    return any(w.tag.startswith("NN") and w.lemma.casefold() in bad for w in near)


def _settles_claim(parsed: Parse, word: Word, object_: Word | None) -> bool:
    if object_ is None:
        return any(c.lemma == "with" for c in parsed.children[word.n])
    return object_.lemma in (*nouns(), "case", "dispute", "action", "litigation")


def _wrongdoers(
    parsed: Parse,
    clause: Word,
    group: Words,
    by: tuple[Party, ...],
    above: Mapping[int, Operators],
) -> Iterator[Party]:
    kinds = {o.kind for o in above[clause.n]} - REPORTED
    if group.wrong and (kinds & UNREAL or not is_wrong(parsed, clause)):
        return
    named = any(one.name for one in by)
    for one in agents(parties(parsed, last_subject(parsed, clause))):
        if (
            one.is_speaker
            or (group.wrong and one.pronoun)
            or (one.head in ("he", "she") and not named)
        ):
            continue  # "the congressman alleged that he was the victim"
        if not one.name or all(one.name != other.name for other in by):
            yield one


def _reasons(parsed: Parse, clause: Word) -> Iterator[Word]:
    """Clauses that give the reason of another: "should be shut because it had lied"."""
    for child in parsed.children[clause.n]:
        mark = parsed.child(child, "mark")
        if child.dep == "advcl" and mark is not None and mark.lemma in ("because", "since", "as"):
            yield child


def last_subject(parsed: Parse, clause: Word) -> Word | None:
    """The subject of a clause; of "the mayor Ada Lorn took", which the parser may part, the
    name."""
    named = [c for c in parsed.children[clause.n] if c.dep == "nsubj"]
    return named[-1] if len(named) > 1 else core(parsed, clause)[0]


def agents(found: tuple[Party, ...]) -> Iterator[Party]:
    """Parties that can act; for a thing, its owner: "blamed Acme's software"."""
    for one in found:
        if one.agent:
            yield one
        elif one.owner is not None and one.owner.agent:
            yield one.owner


def against(parsed: Parse, noun: Word, verb: Word | None, group: Words) -> Iterator[Party]:
    """Whom a noun is held against: "a suit against X", "the claim that X hid it"."""
    wanted = _prepositions(noun, group)
    for child in (*parsed.children[noun.n], *(parsed.children[verb.n] if verb else ())):
        if child.dep == "prep" and child.lemma in wanted:
            yield from agents(parties(parsed, parsed.child(child, "pobj")))
        elif child.head == noun.n and child.dep == "prep" and child.lemma == "of":
            matter = parsed.child(child, "pobj")  # "allegations of abuse against X"
            for below in parsed.children[matter.n] if matter else ():
                if below.dep == "prep" and below.lemma == "against":
                    yield from agents(parties(parsed, parsed.child(below, "pobj")))
        elif child.head == noun.n and child.dep in ("acl", "ccomp") and _is_deed(parsed, child):
            yield from agents(parties(parsed, core(parsed, child)[0]))


def _prepositions(noun: Word, group: Words) -> tuple[str, ...]:
    """Before whom a noun is held against."""
    if noun.lemma == "blame":
        return ("on",)
    return ("into", "of") if group.position is Position.INVESTIGATES else ("against", "about")


def _is_deed(parsed: Parse, clause: Word) -> bool:
    """Whether a clause says what was done: not "the claim that it would move"."""
    ahead = any(c.lemma in ("would", "will") and c.dep == "aux" for c in parsed.children[clause.n])
    return parsed.child(clause, "mark") is not None and not ahead


def accusers(parsed: Parse, noun: Word, verb: Word | None = None) -> Iterator[Party]:
    """Whose an accusation is: "the guild's complaint", "a suit by nurses", "a claim brought by"."""
    for child in (*parsed.children[noun.n], *(parsed.children[verb.n] if verb else ())):
        if child.dep == "poss" and not child.tag.startswith("PRP"):
            yield party(parsed, child)
        elif child.dep in ("prep", "agent") and child.lemma in ("by", "from", "with"):
            yield from agents(parties(parsed, parsed.child(child, "pobj")))
        elif child.dep == "acl" and (agent := parsed.child(child, "agent")):
            yield from agents(parties(parsed, parsed.child(agent, "pobj")))


def is_brought(parsed: Parse, noun: Word, verb: Word) -> bool:
    """Whether a noun is held against somebody although nobody brings it: "the suit against X", not
    "1,730 complaints about the app"."""
    return not any(c.lemma == "about" for c in (*parsed.children[noun.n], *parsed.children[verb.n]))


def content(parsed: Parse, word: Word, object_: Word | None, group: Words) -> Span:
    """Where what is held against somebody stands; the whole sentence where nothing marks it."""
    near = (*parsed.children[word.n], *(parsed.children[object_.n] if object_ else ()))
    for child in near:
        if child.n > word.n and _is_content(parsed, child, group):
            below = [w for w in parsed.subtree(child) if w.dep != "punct"]
            return Span(min(w.start for w in below), max(w.end for w in below))
    return Span(0, len(parsed.text))


def _is_content(parsed: Parse, child: Word, group: Words) -> bool:
    if child.dep == "prep" and group.accused != "clause" and child.lemma in _MATTERS:
        noun = parsed.child(child, "pobj", "pcomp")
        return (
            noun is not None
            and not noun.tag.startswith("NNP")
            and noun.lemma not in words("bodies")
        )
    return child.dep == "ccomp" or (group.accused != "clause" and child.dep in ("xcomp", "advcl"))
