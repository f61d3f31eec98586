"""Instructions and links: a claim speaks of the incident, never to its reader or to a model.

What a source item says is data.  A claim that carries a link, markup, hidden characters, a role
marker, the echo of an instruction or an order to its reader fails.  So does one that draws on an
item which tries to instruct a model: such an item proves nothing, in none of its passages.  Where
the order stands in a reader's comment below an article, only that comment proves nothing, or else
one comment could take an honest article out of the evidence.  A claim that cites other passages for
a statement which only such an item makes fails too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.cache import cached_by_text
from summarizer.text.grammar import SUBJECTS
from summarizer.text.invisible import BLANK, IGNORABLE
from summarizer.text.parse import Parse, parse
from summarizer.text.prompt_injection import holds_order, reports_orders, steers
from summarizer.text.quotations import verbatim_free
from summarizer.text.sentences import sentences
from summarizer.text.tokens import read
from summarizer.verification.evidence import CitedEvidence, CitedText
from summarizer.verification.hostile_items import tainted

HOSTILE_ITEM = "hostile_item"
"""Name of the check among the failures where an item gives the order, and the claim none: such a
claim may be cited anew or rewritten."""

_OF_SCRIPTS = "\u061c\u180b-\u180f\u200c-\u200f\u2066-\u2069\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Joiners, direction marks and variation selectors, which writing needs."""

_ANYWHERE = (
    ("a link", re.compile(r"(?:https?|hxxps?|ftp|data|javascript)\s?:\s?//?\S+", re.IGNORECASE)),
    ("a link", re.compile(r"\bwww\.\S+|\]\([^)\n]{0,300}\)|!\[|\bjavascript:\S", re.IGNORECASE)),
    (
        "a link",
        re.compile(r"(?<![\w-])(?<![\w-]\.)[\w-]++(?:\.[\w-]++)*\.[a-z]{2,12}/\S+", re.IGNORECASE),
    ),
    ("a link", re.compile(r"\w\s?(?:\[\.\]|\(\.\)|\[dot\]|\(dot\))\s?\w", re.IGNORECASE)),
    ("an e-mail address", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]+)+\b")),
    (
        "markup",
        re.compile(r"</?[a-z!][^<>]{0,200}>|<!--|-->|&(?:[lg]t|nbsp|#\w+);|```", re.IGNORECASE),
    ),
    (
        "markup",
        re.compile(r"\b(?:display|visibility|font-size|opacity)\s*:\s*(?:none|hidden|0)", re.I),
    ),
    ("markup", re.compile(r"[{,]\s*[\"“]\w+[\"”]\s*:")),
    ("a passage id", re.compile(r"[\[(]\s*+a\s?\d+\s?\.\s?\d+\s*+(?:[\])]|[,;–-]\s*+a\d)")),
    ("a role marker", re.compile(r"<\|[^|]*\|>|\[/?INST\]|^\s*#{2,}\s|<</?SYS>>", re.IGNORECASE)),
    (
        "a role marker",
        re.compile(
            r"(?:^|\n|[.!?][\"”’]?\s)[^\S\n]*(?:system|assistant|user|human|developer|editor)\s*:",
            re.IGNORECASE,
        ),
    ),
    (
        "characters that no reader sees",
        re.compile(f"(?![{_OF_SCRIPTS}]){IGNORABLE.pattern}|{BLANK.pattern}"),
    ),
    (
        "letters of another alphabet within a word",
        re.compile("[A-Za-z][\u0400-\u04ffοινρτυχκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]|[\u0400-\u04ffοινρτυχκ][A-Za-z]"),
    ),
    (
        "encoded text",
        re.compile(
            r"(?<![\w/+])(?=[\w/+]*\d)(?=[\w/+]*?[a-z][^\Wa-zA-Z]*+[A-Z])"
            r"(?=[\w/+]*?[A-Z][^\Wa-zA-Z]*+[a-z])"
            r"[A-Za-z0-9+/]{24,}={0,2}(?![\w/+])"
        ),
    ),
)

_ADDRESS = re.compile(
    r"\b(?:at|on|via|through|visit|see|from|to|under)\s+"
    r"(?P<host>(?!\d)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12})(?![\w/@]|\.\w)"
)
"""A bare address behind a word that leads there: "at acme.ai", not "acme.ai was sold"."""

_HANDLE = re.compile(r"@[\w.-]+@[\w-]+(?:\.[\w-]+)+")

DRAWN_WORDS = 3
"""Words of four letters and more that stand in a quoted order and nowhere else in its passage, from
which on a claim draws on the order.  Fewer may be names that any sentence of the story has."""

PLANTED_WORDS = 3
"""Content words in a row that a claim shares with an item that gives orders, from which on it is
that item's statement.  Two may be a name and a verb of saying."""

_TO_READER = (
    (
        "speaks as a model",
        re.compile(
            r"\bas an? (?:ai|(?:ai |large )?language model|ai assistant|llm),", re.IGNORECASE
        ),
    ),
    (
        "speaks as a model",
        re.compile(
            r"^\W*(?:I'm sorry|I cannot|I can't|I can’t|Sure[,!]|Certainly[,!]|Here (?:is|are)"
            r" (?:the|a|your)\b|Here's (?:the|a|your)\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "speaks of its own task",
        re.compile(
            r"\b(?:the editor (?:says|asks|wants|instructs)|the (?:prompt|evidence pack|passages?"
            r" (?:cited|above|provided))\b|note to the (?:judge|editor)\b|^\W*verdict:"
            r"|the provided (?:sources|passages|text)"
            r"|as instructed|per (?:the|your) instructions|(?:my|the drafter's) (?:instructions"
            r"|rules)|each sentence (?:is|must be) checked|drafts? sections of an incident page)",
            re.IGNORECASE,
        ),
    ),
    (
        "gives the reader an order",
        re.compile(
            r"(?:^|[.!?:;]\s)\W{0,5}(?:(?:please|so|now|and|then)\W{1,5}){0,2}"
            r"(?:(?:you|readers|everyone|everybody|we all) (?:should|must"
            r"|(?:ought|need|have) to)\b|(?:dear|attention,?) readers?\b|click (?:here|on|the)\b"
            r"|(?:subscribe|sign up|register|log in|donate)\b(?! (?:is|are|was|were)\b)"
            r"|(?:visit|follow|join|contact|e-?mail|call) (?:us|our)\b|read (?:more|on)\b"
            r"|stay tuned\b|we (?:recommend|advise|urge) (?:that )?(?:you|all|every|readers)\b)",
            re.IGNORECASE,
        ),
    ),
)
"""Fixed forms; a sentence that only says "you" or "your" may repeat what its source says."""


def check(claim: str, grounds: CitedEvidence, analogy: bool = False) -> list[Failure]:
    """Fail links, markup, echoes of instructions and orders to the reader; and what is drawn from
    an item that gives orders.

    Args:
        claim: the drafted sentence.
        grounds: what it cites.
        analogy: the words of an analogy come from outside the evidence, so some may meet those of
            any item.
    """
    found = form(claim, grounds, analogy) or _from_steering(claim, grounds)
    return found if found or analogy else _planted(claim, grounds)


def form(text: str, grounds: CitedEvidence, analogy: bool = False) -> list[Failure]:
    """Fail links, markup, echoes of instructions and orders to the reader.

    Args:
        text: a drafted sentence, or a field beside one.
        grounds: what it cites: their quoted words are theirs.
        analogy: "Think of a chair …" is no order.
    """
    found = [*_carried(_without_handles(text, grounds)), *_led_to(text, grounds)]
    said = verbatim_free(text, grounds.text)
    if holds_order(said):
        reason = "The claim repeats an instruction to a model."
        found.append(Failure(check="instructions", reason=reason, label=VerdictLabel.UNSUPPORTED))
    for what, pattern in _TO_READER:
        if match := pattern.search(said):
            found.append(_failure(f"The claim {what}.", match))
    if not analogy and said.rstrip(" \"'”’").endswith("?"):
        reason = "The claim asks; a page states."
        found.append(Failure(check="instructions", reason=reason, label=VerdictLabel.PARTLY))
    if not found and not analogy and _commands(said):
        reason = "The claim gives the reader an order."
        found.append(Failure(check="instructions", reason=reason, label=VerdictLabel.UNSUPPORTED))
    return found


@cached_by_text
def _commands(text: str) -> bool:
    """Whether a sentence of a text is an imperative: "Boycott Acme!", "Never trust the firm."."""
    whole = [text[span.start : span.end].strip() for span in sentences(text)]
    return any(map(_is_imperative, parse([s for s in whole if s.endswith((".", "!"))])))


def _is_imperative(parsed: Parse) -> bool:
    """Whether the main verb has its base form, and neither a subject nor a helping verb."""
    return any(
        word.head == word.n
        and word.tag == "VB"
        and parsed.child(word, *SUBJECTS, "expl") is None
        and not any(c.dep == "aux" and c.lemma != "do" for c in parsed.children[word.n])
        for word in parsed.words
    )


def _carried(text: str) -> Iterator[Failure]:
    """Failures of what stands in a text, or appears when its characters take their usual form."""
    usual = unicodedata.normalize("NFKC", IGNORABLE.sub("", text))
    for what, pattern in _ANYWHERE:
        reason = f"The claim carries {what}."
        if match := pattern.search(text):
            yield _failure(reason, match)
        elif usual != text and pattern.search(usual):
            yield Failure(check="instructions", reason=reason, label=VerdictLabel.UNSUPPORTED)


def _without_handles(text: str, grounds: CitedEvidence) -> str:
    """A text whose handles of outlets and authors ("@ada@social.example") are blanked out: they
    look like e-mail addresses."""
    for handle in _handles(grounds.known):
        text = text.replace(handle, "x" * len(handle))
    return text


@lru_cache(maxsize=4)
def _handles(known: tuple[CitedText, ...]) -> frozenset[str]:
    """The outlets and authors of an evidence that are handles."""
    names = {name for g in known for name in (g.outlet, *g.bylines)}
    return frozenset(filter(_HANDLE.fullmatch, names))


def _led_to(text: str, grounds: CitedEvidence) -> list[Failure]:
    """Bare addresses to which a text leads; one that several origins give is a name by then."""
    return [
        _failure("The claim leads to an address that one origin gives.", match)
        for match in _ADDRESS.finditer(text)
        if len({g.origin for g in grounds.known if match["host"].casefold() in g.text.casefold()})
        < 2
    ]


def _from_steering(claim: str, grounds: CitedEvidence) -> list[Failure]:
    for ground in grounds.cited:
        if steers(ground.text):
            why = "tries to instruct a model; it proves nothing"
        elif holds_order(ground.text) and _draws_on_quotes(claim, ground.text):
            why = "only quotes an instruction to a model; what that says is no evidence"
        elif ground.id in tainted(grounds.known):
            why = "stands in an item that tries to instruct a model; it proves nothing"
        else:
            continue
        reason = f"The cited passage {ground.id} {why}."
        return [Failure(check=HOSTILE_ITEM, reason=reason, label=VerdictLabel.UNSUPPORTED)]
    return []


def _draws_on_quotes(claim: str, passage: str) -> bool:
    """Whether a claim takes words from what a passage only quotes, and doesn't report them so."""
    if reports_orders(claim):
        return False
    told, quoting = (
        set(re.findall(r"\w{4,}", t.casefold())) for t in (verbatim_free(passage, passage), passage)
    )
    words = set(re.findall(r"\w{4,}", claim.casefold()))
    return len(words & (quoting - told)) >= DRAWN_WORDS


def _planted(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail a claim that says with other citations what only an item that gives orders says.

    It has ``PLANTED_WORDS`` content words in a row of that item, one of them in no other item: a
    single word, such as a verb of saying, is no evidence.
    """
    barred = tainted(grounds.known)
    if not barred:
        return []
    theirs = _runs(t for g in grounds.known if g.id in barred for t in _texts(g))
    honest = (t for g in grounds.known if g.id not in barred for t in _texts(g))
    known = frozenset[str]().union(*(read(text).content_set for text in honest))
    planted = [run for run in _runs([claim]) if run in theirs and not known.issuperset(run)]
    if not planted:
        return []
    reason = (
        "No other source in the evidence says what the claim shares with an item that tries to "
        f"instruct a model: {' '.join(planted[0])}."
    )
    return [Failure(check=HOSTILE_ITEM, reason=reason, label=VerdictLabel.UNSUPPORTED)]


def _texts(ground: CitedText) -> tuple[str, ...]:
    return (ground.text, ground.title, *ground.bylines)


def _runs(texts: Iterable[str]) -> dict[tuple[str, ...], None]:
    """Every ``PLANTED_WORDS`` content stems in a row of some texts, in order."""
    size = PLANTED_WORDS
    contents = [read(text).content for text in texts]
    return {tuple(c[n : n + size]): None for c in contents for n in range(len(c) - size + 1)}


def _failure(reason: str, match: re.Match[str]) -> Failure:
    return Failure(
        check="instructions",
        reason=reason,
        start=match.start(),
        end=match.end(),
        label=VerdictLabel.UNSUPPORTED,
    )
