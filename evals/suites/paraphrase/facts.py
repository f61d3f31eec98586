"""Facts of a story: who did what to whom, cut out of its clauses.

A fact is a clause that its sentence asserts, at most as somebody's word, with a verb of
``verbs.toml``, a subject that is named or an agent, and a full noun phrase as object.  Only whole,
short phrases are taken, without pronouns, quantifiers and clauses inside: put into another
sentence, they stay grammatical and keep their meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evals.datasets import Story
from evals.suites.paraphrase.kinds import Verb, agents, verbs
from summarizer.domain.model import Model
from summarizer.text.clauses import Clause, Role, clauses
from summarizer.text.governors import OperatorKind
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.sentences import sentences
from summarizer.text.tokens import listed

LONGEST = 400
"""Characters of a sentence to read; the grammar of longer ones is often misread."""

WORDS = 9
"""Most words of a phrase."""

_BEFORE = frozenset(listed("det compound amod nummod poss nmod case quantmod advmod punct"))
"""Relations of words to the left that belong to a noun."""

_TAGS = frozenset(("DT", "NN", "NNS", "NNP", "NNPS", "JJ", "CD", "POS", "IN", "VBN", "VBG", "HYPH"))
"""Tags that a phrase may hold: no pronouns, adverbs and comparatives."""

_UNFIT = frozenset(
    listed(
        "this that these those such same no any all some every each both another other half many "
        "few several most more less next last former latter following previous first second third "
        "own today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday "
        "late alleged suspected reported proposed planned possible potential would-be fake "
        "so-called"
    )
)
"""Words that point out of the phrase, count a part of it, or put it in doubt."""

_PLURAL = frozenset(("people", "police", "troops"))
_STRANGE = re.compile(r"[\"“”‘()\[\]:;,@#/…*_<>]|\.$|\s[-–—]\s|--|[A-Z]{6,}|^\W")


class Phrase(Model):
    """A noun phrase in the middle of a sentence."""

    text: str
    plural: bool
    definite: bool


class Fact(Model):
    """Who did what to whom."""

    subject: Phrase
    verb: Verb
    object: Phrase


def facts(story: Story) -> list[Fact]:
    """The facts of a story, each once, in order."""
    found: dict[tuple[str, str, str], Fact] = {}
    texts = list(dict.fromkeys(_sentences(story)))
    for parsed, told in zip(parse(texts), clauses(texts), strict=True):
        for clause in told:
            fact = _fact(parsed, clause)
            if fact:
                found.setdefault((fact.subject.text, fact.verb.do, fact.object.text), fact)
    return list(found.values())


def _sentences(story: Story) -> Iterator[str]:
    for item in story.items:
        text = str(item.get("text") or "").replace("\xa0", " ")
        for span in sentences(text):
            sentence = text[span.start : span.end]
            if len(sentence) <= LONGEST and "\n" not in sentence and sentence[-1:] == ".":
                yield sentence


def _fact(parsed: Parse, clause: Clause) -> Fact | None:
    asserted = all(o.kind is OperatorKind.SAID for o in clause.operators)
    word = next((w for w in parsed.words if w.start == clause.start), None)
    verb = verbs().get(word.lemma) if word else None
    if word is None or verb is None or not clause.finite or not asserted:
        return None
    other = parsed.child(word, "prt", "dative", "xcomp", "ccomp", "oprd", "neg")
    if other or _stranded(parsed, word):
        return None
    subject = _phrase(parsed, clause, Role.SUBJECT)
    object_ = _phrase(parsed, clause, Role.OBJECT)
    if subject is None or object_ is None or _words(subject.text) & _words(object_.text):
        return None
    return Fact(subject=subject, verb=verb, object=object_)


def _stranded(parsed: Parse, word: Word) -> bool:
    """Whether a preposition of the verb has lost its noun: "the test was paid for"."""
    preps = [c for c in parsed.children[word.n] if c.dep == "prep"]
    return any(not parsed.children[c.n] for c in preps)


def _phrase(parsed: Parse, clause: Clause, role: Role) -> Phrase | None:
    """An argument as a phrase of its own; ``None`` where it cannot stand elsewhere."""
    argument = clause.argument(role)
    if argument is None or argument.pronoun:
        return None
    start = parsed.text.find(argument.text)
    inside = [w for w in parsed.words if start <= w.start and w.end <= start + len(argument.text)]
    places = {w.n for w in inside}
    head = next((w for w in inside if w.head not in places or w.head == w.n), None)
    if head is None or not head.tag.startswith("NN"):
        return None
    words = _whole(parsed, head)
    text = parsed.text[words[0].start : words[-1].end]
    if not _stands_alone(parsed, words, head, text):
        return None
    if role is Role.SUBJECT and not _acts(words, head):
        return None
    plural = head.tag in ("NNS", "NNPS") or head.lemma in _PLURAL
    definite = plural and words[0].lemma == "the" and head.tag == "NNS"
    lowered = _in_the_middle(text, words[0])
    return Phrase(text=lowered, plural=plural, definite=definite) if lowered else None


def _whole(parsed: Parse, head: Word) -> list[Word]:
    """A noun with what stands before it and one "of" behind it."""
    first = head
    for child in parsed.children[head.n]:
        if child.n < head.n and child.dep in _BEFORE:
            first = min(first, min(parsed.subtree(child)))
    last = head
    of = next((c for c in parsed.children[head.n] if c.dep == "prep" and c.lemma == "of"), None)
    noun = parsed.child(of, "pobj") if of and of.n == head.n + 1 else None
    if noun and not any(c.n > noun.n for c in parsed.children[noun.n]):
        last = noun
    return list(parsed.words[first.n : last.n + 1])


def _stands_alone(parsed: Parse, words: list[Word], head: Word, text: str) -> bool:
    """Whether a phrase is short, grammatical and free of words that point elsewhere."""
    after = parsed.words[head.n + 1] if head.n + 1 < len(parsed.words) else None
    cut = after is not None and after not in words and _goes_on(after)
    named = head.tag.startswith("NNP") or (head.start > 0 and head.text[0].isupper())
    bare = head.tag == "NN" and not named and words[0].tag != "DT" and not _owned(words)
    return (
        len(words) <= WORDS
        and not cut
        and not bare
        and all(w.tag in _TAGS for w in words)
        and all(w.tag != "IN" or w.lemma == "of" for w in words)
        and not {w.text.casefold() for w in words} & _UNFIT
        and not _STRANGE.search(text)
        and not words[-1].text.isdigit()
    )


def _goes_on(after: Word) -> bool:
    """Whether the word behind a noun belongs to it: "three term congressman", "the House’s"."""
    return after.tag.startswith(("NN", "POS", "HYPH")) or after.text in ("-", "of")


def _owned(words: list[Word]) -> bool:
    return any(w.tag == "POS" for w in words)


def _acts(words: list[Word], head: Word) -> bool:
    """Whether a phrase names somebody, or is of a common noun for those who act.

    "A group" is nobody in particular: "a group has not done it" may be said of one of many.
    """
    if words[0].lemma in ("a", "an"):
        return False
    if head.tag.startswith("NNP"):
        return True
    return head.lemma in agents() or head.text.casefold() in agents()


def _in_the_middle(text: str, first: Word) -> str:
    """A phrase as it stands inside a sentence; empty where its first letter cannot be known."""
    if first.start > 1 or first.tag.startswith("NNP"):
        return text
    common = first.tag in ("DT", "CD") or first.text.casefold() in agents()
    return text[0].lower() + text[1:] if common else ""


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", text.casefold()) if len(w) > 3}
