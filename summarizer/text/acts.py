"""Acts of a sentence: who accuses, objects, decides, denies or says what, and of whom.

The verbs and nouns that tell stand in ``accusations.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.domain.accusations import ReplyKind, Stage
from summarizer.domain.claims import Position
from summarizer.text.accusing import accused, accusers, against, agents, content, is_brought
from summarizer.text.act_words import PROSECUTION, Words, nouns, verbs, words
from summarizer.text.cache import TextCache
from summarizer.text.clauses import core
from summarizer.text.coreference import occurrences
from summarizer.text.endings import Ending, ending, finding, undone
from summarizer.text.governors import OperatorKind
from summarizer.text.grammar import governor_lemma, is_predicate
from summarizer.text.operators import Operators
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.parties import Party, parties, party
from summarizer.text.replying import (
    NOT,
    UNREAL,
    asked,
    calls_untrue,
    denied,
    is_about_claim,
    is_wrong,
    reply_kind,
    silence,
    unanswered,
)
from summarizer.text.sentences import Span
from summarizer.text.subordination import operators
from summarizer.text.views import view, view_in


@dataclass(frozen=True)
class Act:
    """One act.

    Args:
        by: who does it; empty where nobody is named.
        of: for an accusation, whom it is held against; else empty.
        what: where its content stands in the sentence.
        stage: of an accusation; else ``None``.
        reply: kind of reply that it is when its subject is accused; ``None`` for none.
        implied: whether only what is said makes it a denial or admission: "said it did not".
        ends: how it ends an accusation against ``of``, or that of its ``via``; ``None`` otherwise.
    """

    position: Position
    by: tuple[Party, ...]
    of: tuple[Party, ...]
    what: Span
    stage: Stage | None = None
    reply: ReplyKind | None = None
    implied: bool = False
    ends: Ending | None = None


_DEEP = 4
"""Most verbs from one in a quotation up to the verb of saying."""
_ADVERBS = ("back", "aside", "apart")
"""Adverbs that the parser may take for no particle."""
_QUOTE = re.compile(r": ?[\"“]")
"""Where a sentence leads over to a quotation, which leads the parser astray."""
_GOING_ON = ("continue", "begin", "start", "proceed", "go", "rush", "come", "use", "seem", "appear")
_POSITIONS = {
    ReplyKind.DENIAL: Position.DENIES,
    ReplyKind.ADMISSION: Position.ADMITS,
    ReplyKind.STATEMENT: Position.REPORTS,
    ReplyKind.DECLINED: Position.DECLINES,
    ReplyKind.NO_ANSWER_REPORTED: Position.SILENT,
}
_cache: TextCache[tuple[Act, ...]] = TextCache(limit=1_000_000)


def acts(sentences: Sequence[str]) -> list[tuple[Act, ...]]:
    """The acts of each of some sentences, in order; those that are new are parsed together."""
    known = {text: _cache.get(text) for text in dict.fromkeys(sentences)}
    new = [text for text, found in known.items() if found is None]
    leads = {text: text[: found.start()] for text in new if (found := _QUOTE.search(text))}
    whole = dict(zip([*new, *leads.values()], parse([*new, *leads.values()]), strict=True))
    for text in new:
        told = tuple(_acts(whole[leads[text]])) if text in leads else ()
        held = {(act.position, act.by) for act in told}
        told += tuple(act for act in _acts(whole[text]) if (act.position, act.by) not in held)
        known[text] = told
        _cache.put(text, told)
    return [known[text] or () for text in sentences]


def _acts(parsed: Parse) -> Iterator[Act]:
    above = operators(parsed)
    yield from _of_caption(parsed)
    for word in parsed.words:
        by = () if _is_condition(above[word.n]) else parties(parsed, unanswered(parsed, word))
        if by:
            yield _reply(parsed, by, ReplyKind.NO_ANSWER_REPORTED)
        elif is_predicate(parsed, word):
            yield from _of_verb(parsed, word, above)
        elif word.tag.startswith("NN") and word.lemma in nouns():
            yield from _of_noun(parsed, word, above)
        elif word.text.casefold() == "according":
            to = parsed.child(word, "prep")
            if by := parties(parsed, parsed.child(to, "pobj") if to else None):
                told = _reply(parsed, by, ReplyKind.STATEMENT)
                yield _with_view(told, view_in(parsed, parsed.words[word.head], by))
                yield from _according(parsed, parsed.words[word.head], by, above)


def _of_caption(parsed: Parse) -> Iterator[Act]:
    """The charge that the name of a prosecution tells: "State v. Ada Lorn"."""
    for found in PROSECUTION.finditer(parsed.text):
        for name in occurrences(parsed.text):
            if name.start == found.end():
                head = name.text.split()[-1].casefold()
                of = Party(name.text, name.start, name.end, name.text, head, head)
                by = Party(found[1], *found.span(1), found[1], found[1].casefold())
                yield Act(Position.ACCUSES, (by,), (of,), Span(0, len(parsed.text)), Stage.CHARGED)


def _according(
    parsed: Parse, verb: Word, by: tuple[Party, ...], above: Mapping[int, Operators]
) -> Iterator[Act]:
    """The wrong that somebody is said to have done "according to" another."""
    if not is_predicate(parsed, verb) or not is_wrong(parsed, verb):
        return
    of = tuple(agents(parties(parsed, core(parsed, verb)[0])))
    unreal = {o.kind for o in above[verb.n]} & UNREAL
    if of and not unreal and not of[0].pronoun and of[0].name != by[0].name:
        yield Act(Position.ACCUSES, by, of, Span(0, len(parsed.text)), Stage.ALLEGED)


def _reply(parsed: Parse, by: tuple[Party, ...], kind: ReplyKind) -> Act:
    return Act(_POSITIONS[kind], by, (), Span(0, len(parsed.text)), reply=kind)


def _of_verb(parsed: Parse, word: Word, above: Mapping[int, Operators]) -> Iterator[Act]:
    subject, object_ = core(parsed, word)
    by = parties(parsed, _actor(parsed, word, subject))
    if by and by[0].is_speaker:
        by = _quoted(parsed, word) or by
    silent = silence(parsed, word)
    if silent is not None and not _is_condition(above[word.n]):
        if word.lemma == "reach":
            by = parties(parsed, object_)
        elif subject is None and object_ is not None:  # "requests to Acme were not answered"
            by = parties(parsed, asked(parsed, object_)) or by
        yield _reply(parsed, by, silent)
        return
    unreal = {o.kind for o in above[word.n]} & UNREAL
    end = undone(parsed, word, above) or (None if unreal - NOT else finding(parsed, word, by))
    if end is not None:
        yield _end(parsed, () if end.own or by == end.cleared else by, end)
    groups = next((verbs()[lemma] for lemma in _lemmas(parsed, word) if lemma in verbs()), ())
    if not (unreal and word.lemma != "plead") and not _is_undone(parsed, word):
        yield from _of_groups(parsed, word, groups, by, above)


def _is_condition(above: Operators) -> bool:
    """Whether something is only imagined: "if Acme does not respond"."""
    return any(o.kind is OperatorKind.CONDITIONAL for o in above)


def _of_groups(
    parsed: Parse,
    word: Word,
    groups: Sequence[Words],
    by: tuple[Party, ...],
    above: Mapping[int, Operators],
) -> Iterator[Act]:
    """Acts of a verb by its groups, up to one that is a reply, an end, or no accusation."""
    object_ = core(parsed, word)[1]
    for group in groups:
        act: Act | None = None
        if group.ends:
            end = ending(parsed, word, group, by)
            act = _end(parsed, by, end) if end is not None else None
        elif group.reply is None:
            act = _accusation(parsed, word, group, by, above)
        elif OperatorKind.ALLEGED in {o.kind for o in above[word.n]}:
            continue  # "alleges that he denied having the records"
        elif not group.about or is_about_claim(parsed, word, object_):
            act = _answer(parsed, word, by, above, group.reply)
        if act is not None:
            yield act
            if act.reply is not None or group.stage is None:
                return


def _end(parsed: Parse, by: tuple[Party, ...], end: Ending) -> Act:
    return Act(Position.DECIDES, by, (), Span(0, len(parsed.text)), ends=end)


def _answer(
    parsed: Parse,
    word: Word,
    by: tuple[Party, ...],
    above: Mapping[int, Operators],
    kind: ReplyKind,
) -> Act:
    """What a verb of saying or denying tells; who rejects a claim by office decides it."""
    said = reply_kind(parsed, word, by, above, kind)
    act = _reply(parsed, by, said)
    if said is kind is ReplyKind.DENIAL and (matter := denied(parsed, word, core(parsed, word)[1])):
        act = replace(act, what=matter)
    if said is not kind:
        act = replace(act, implied=not calls_untrue(parsed, word))
    if said is ReplyKind.DENIAL and by and by[0].roles & words("deciding"):
        return replace(act, position=Position.DECIDES, reply=None)
    return _with_view(act, view(parsed, word, by)) if said is ReplyKind.STATEMENT else act


def _with_view(act: Act, good: bool | None) -> Act:
    """A statement as what it finds good or bad; not of one who decides."""
    if good is None or (act.by and act.by[0].roles & words("deciding")):
        return act
    return replace(act, position=Position.DEFENDS if good else Position.OBJECTS)


def _lemmas(parsed: Parse, word: Word) -> Iterator[str]:
    """Lemmas of a verb with its particle and prepositions, the longest first."""
    particle = governor_lemma(parsed, word)
    if adverb := next((c for c in parsed.children[word.n] if c.lemma in _ADVERBS), None):
        particle = f"{word.lemma}_{adverb.lemma}"
    object_ = parsed.child(word, "dobj")
    near = (*parsed.children[word.n], *(parsed.children[object_.n] if object_ else ()))
    prepositions = [c.lemma for c in near if c.dep == "prep"]
    # "called for it to end", "charged that it lied"
    clauses = (c for c in near if c.dep in ("ccomp", "xcomp", "advcl"))
    marks = (parsed.child(c, "mark") for c in clauses)
    prepositions += [mark.lemma for mark in marks if mark and mark.lemma in ("for", "that")]
    yield from (f"{particle}_{p}" for p in prepositions)
    yield particle


def _accusation(
    parsed: Parse,
    word: Word,
    group: Words,
    by: tuple[Party, ...],
    above: Mapping[int, Operators],
) -> Act | None:
    of = tuple(accused(parsed, word, group, by, above))
    alone = word.lemma in words("sue") and core(parsed, word)[1] is None
    if alone and by and not of:  # "Tamm, who sued in 2024": whom, nothing tells
        return Act(group.position, by, (), content(parsed, word, None, group), group.stage)
    if group.accused and not of:
        return None
    if group.accused == "under":
        by = ()
    anybody = not by or by[0].head in ("those", "who", "that")
    if anybody and word.dep in ("acl", "relcl", "conj") and not any(one.name for one in of):
        return None  # "people convicted of a crime"
    object_ = core(parsed, word)[1]
    if group.accused == "subject":
        by = tuple(accusers(parsed, object_ or word, word))
    what = content(parsed, word, object_, group)
    return Act(group.position, by, of, what, group.stage)


def _is_undone(parsed: Parse, word: Word) -> bool:
    """Whether an infinitive says what may be done: "a law to sue them", not "continues to deny"."""
    auxiliaries = {c.tag for c in parsed.children[word.n] if c.dep == "aux"}
    head = parsed.words[word.head]
    bare = word.dep == "conj" and head.tag == "VB" and word.tag == "VB" and not auxiliaries
    if "TO" not in auxiliaries and not bare:
        return False
    return word.lemma != "settle" and not (word.dep == "xcomp" and head.lemma in _GOING_ON)


def _actor(parsed: Parse, word: Word, subject: Word | None) -> Word | None:
    """The subject that can act: the name of "the lab Aldermoor AI", and where the parser has tied
    a verb to the clause before it ("said that the model failed, and accused"), that of the verb
    above."""
    named = [c for c in parsed.children[word.n] if c.dep == "nsubj"]
    if len(named) > 1:
        return named[-1]
    above = word
    for _ in range(3):
        if subject is None or named or _can_act(party(parsed, subject)):
            return subject
        above = parsed.words[above.head]
        subject = (core(parsed, above)[0] if is_predicate(parsed, above) else None) or subject
    return subject


def _quoted(parsed: Parse, word: Word) -> tuple[Party, ...]:
    """Who says "we" in a quotation: "We deny it," said Ada Lorn."""
    head = word
    for _ in range(_DEEP):
        head = parsed.words[head.head]
        if any(group.reply is ReplyKind.STATEMENT for group in verbs().get(head.lemma, ())):
            return parties(parsed, core(parsed, head)[0]) if head.n != word.n else ()
    return ()


def _can_act(one: Party) -> bool:
    return one.agent or one.principal is not None or one.head in words("documents")


def _is_ended(parsed: Parse, verb: Word) -> bool:
    groups = next((verbs()[lemma] for lemma in _lemmas(parsed, verb) if lemma in verbs()), ())
    by = parties(parsed, _actor(parsed, verb, core(parsed, verb)[0]))
    return any(group.ends and ending(parsed, verb, group, by) for group in groups)


def _is_own(parsed: Parse, noun: Word) -> bool:
    whose = parsed.child(noun, "poss")
    return whose is not None and whose.tag.startswith("PRP")


def _of_noun(parsed: Parse, noun: Word, above: Mapping[int, Operators]) -> Iterator[Act]:
    """Accusations that a noun names: "filed a suit against X", "Y's complaint about X"."""
    group = nouns()[noun.lemma]
    verb = parsed.words[noun.head]
    brings = is_predicate(parsed, verb) and noun.dep in ("dobj", "nsubjpass")
    if {o.kind for o in above[noun.n]} & (UNREAL - {OperatorKind.DENIED}):
        return
    if brings and _is_ended(parsed, verb):
        return
    of = tuple(against(parsed, noun, verb if brings else None, group))
    subject = parties(parsed, core(parsed, verb)[0]) if brings else ()
    by: tuple[Party, ...] = ()
    if brings and verb.lemma in words("meet"):
        of = of or tuple(agents(subject))
    elif brings and (verb.lemma in words("bring") or _is_own(parsed, noun)):
        by = subject  # "filed a suit", "won her suit"
    by = by or tuple(accusers(parsed, noun))
    if not of or not (by or is_brought(parsed, noun, verb)):
        return
    if not any(one.name and one.name == other.name for one in by for other in of):
        yield Act(group.position, by, of, content(parsed, noun, None, group), group.stage)
