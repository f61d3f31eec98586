"""Parties of a sentence: whom a noun phrase names or describes, and for whom it speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.text.act_words import words
from summarizer.text.clauses import phrase_words
from summarizer.text.coreference import occurrences
from summarizer.text.dates import CALENDAR
from summarizer.text.job_titles import NOUNS
from summarizer.text.parse import Parse, Word

_PERSONAL = ("he", "she", "it", "they", "him", "her", "them", "who", "his", "its", "their")
_SPEAKERS = ("i", "we", "my", "our", "us", "me")
OF_SOME = frozenset(
    ("neither", "none", "some", "many", "most", "both", "one", "two", "three", "several", "all")
)
"""Words for some of a kind, of whom a phrase names none."""


MOST_WORDS = 12
"""Most words of a description; a longer one is cut to its noun."""


@dataclass(frozen=True)
class Party:
    """One party of a sentence.

    Args:
        text: as written, without clauses.
        start: offset in the sentence.
        end: offset after it.
        name: the name that it is, as written; empty for a description or a pronoun.
        head: lemma of its main word, in lower case.
        noun: its main word as written, in lower case.
        agent: whether it can act: a person, a group or a body.
        pronoun: whether it is a pronoun.
        roles: lemmas of the nouns that describe it, its main word included.
        principal: for whom it speaks: Acme of "a spokesman for Acme" and of "Acme's complaint".
        owner: whose it is: Acme of "Acme's software" and of "a nurse at Acme".
    """

    text: str
    start: int
    end: int
    name: str = ""
    head: str = ""
    noun: str = ""
    agent: bool = True
    pronoun: bool = False
    roles: frozenset[str] = frozenset()
    principal: Party | None = None
    owner: Party | None = None

    @property
    def is_speaker(self) -> bool:
        """Whether it is the speaker's "we" or "I"."""
        return self.pronoun and self.head in _SPEAKERS


def parties(parsed: Parse, word: Word | None) -> tuple[Party, ...]:
    """The parties of a noun phrase, one for each conjunct; none without a word."""
    if word is None:
        return ()
    if word.lemma in OF_SOME and (of := parsed.child(word, "prep")):
        return parties(parsed, parsed.child(of, "pobj"))
    found = [party(parsed, word)]
    for child in parsed.children[word.n]:
        same = child.tag == "NN" and parsed.child(child, "det", "poss", "nummod") is None
        if child.dep == "conj" and child.tag.startswith(("NN", "PRP")) and not same:
            found += parties(parsed, child)
    return tuple(found)


def party(parsed: Parse, word: Word) -> Party:
    """The party whose main word is given."""
    inside = [w for w in phrase_words(parsed, word) if _belongs(parsed, word, w)]
    start, end = min(w.start for w in inside), max(w.end for w in inside)
    if word.tag.startswith("PRP") or word.tag in ("WP", "DT", "WDT"):
        return Party(word.text, word.start, word.end, "", word.text.casefold(), pronoun=True,
                     agent=word.text.casefold() in _PERSONAL + _SPEAKERS)  # fmt: skip
    name = _name(parsed, word)
    apposed = [w for w in parsed.children[word.n] if w.dep == "appos"]
    if not name and word.tag == "NN" and _is_agent(word.lemma):  # "a nurse at Acme, Ada Lorn, said"
        at = (parsed.child(c, "pobj") for c in parsed.children[word.n] if c.dep == "prep")
        apposed += [w for p in at if p for w in parsed.children[p.n] if w.dep == "appos"]
    if (
        word.dep == "appos" and word.tag == "NN" and _is_agent(word.lemma)
    ):  # "Ada Lorn, the captain who had denied"
        apposed.append(parsed.words[word.head])
    if not name and (beside := _beside(parsed, word)) is not None:
        apposed.append(beside)
    if " " not in name:  # "Another Republican, Senator Ada Lorn"
        name = next((found for w in apposed if (found := _name(parsed, w))), name)
    if not name and word.lemma in words("bodies"):  # "the Lorn administration"
        proper = [w for w in _compounds(parsed, word) if w.tag.startswith("NNP")]
        name = parsed.text[proper[0].start : word.end] if proper else ""
    apposed += [w for one in apposed if (w := _one_of(parsed, one)) is not None]
    nouns = [w for w in (word, *apposed, *_compounds(parsed, word))]
    lemmas = {w.lemma.casefold() for w in nouns}
    former = any(w.lemma in ("former", "ex") for n in nouns for w in parsed.children[n.n])
    owner = next(_owners(parsed, nouns), None)
    made = next(
        (Party(n, w.start, w.end, n, w.lemma.casefold()) for w, n in _makers(parsed, nouns)), None
    )
    made = made or next(_bodies(parsed, nouns), None)
    speaks = bool(lemmas & (words("speaks_for") | words("documents"))) and not former
    head = word.lemma.casefold()
    if len(inside) > MOST_WORDS:
        start = min([word.start, *(w.start for w in _compounds(parsed, word))])
    return Party(
        text=parsed.text[start:end],
        start=start,
        end=end,
        name=name,
        head=head,
        noun=word.text.casefold(),
        agent=bool(name) or _is_agent(head),
        roles=frozenset(lemmas),
        principal=((owner or made) if speaks else None) or _client(parsed, word),
        owner=owner,
    )


def _one_of(parsed: Parse, word: Word) -> Word | None:
    """Of what somebody is one: plaintiffs of "Ada Lorn, one of the plaintiffs"."""
    of = parsed.child(word, "prep") if word.lemma in OF_SOME else None
    return parsed.child(of, "pobj") if of is not None and of.lemma == "of" else None


def _belongs(parsed: Parse, noun: Word, word: Word) -> bool:
    """Whether a word of a phrase says who is meant: "a nurse at the clinic", not "the company for
    its silence" or "the firm of copying it"."""
    while word.n > noun.n and word.head != noun.n:
        word = parsed.words[word.head]
    if word.n <= noun.n or word.dep != "prep":
        return True
    found = parsed.child(word, "pobj")
    if found is None or found.text.casefold() in CALENDAR:
        return False
    return found.tag.startswith("NNP") or _is_agent(found.lemma)


def _beside(parsed: Parse, word: Word) -> Word | None:
    """The name right behind a noun that the parser has put beside it: "accused the firm Acme"."""
    if not _is_agent(word.lemma):
        return None
    near = (w for w in parsed.children[word.head] if w.n > word.n and w.dep in (word.dep, "ccomp"))
    named = (w for w in near if w.tag.startswith("NN") and w.text[:1].isupper())
    return next((w for w in named if _first(parsed, w) == word.n + 1), None)


def _first(parsed: Parse, word: Word) -> int:
    return min([word.n, *(w.n for w in _compounds(parsed, word))])


def _is_agent(lemma: str) -> bool:
    return lemma in NOUNS or lemma in words("people") | words("bodies") | words("speaks_for")


def _compounds(parsed: Parse, word: Word) -> list[Word]:
    return [w for w in parsed.children[word.n] if w.dep in ("compound", "nmod", "amod")]


def _name(parsed: Parse, word: Word) -> str:
    """The name that ends in a word, as written; empty where none does."""
    # "Nine Rivers" begins with "Nine", "Aldermoor AI" ends in "AI": no names by themselves.
    proper = word.tag.startswith("NNP")
    whole = [w for w in parsed.children[word.n] if w.dep == "compound" and w.tag.startswith("NNP")]
    places = [w.start for w in (word, *(whole if proper else ()))]
    for name in occurrences(parsed.text):
        inside = any(name.start <= place < name.end for place in places)
        if inside and (name.sure or proper):
            end = max(name.end, word.end) if proper else name.end
            found = parsed.text[min([name.start, *(w.start for w in whole)]) : end]
            return found.removesuffix("'s").removesuffix("’s")
    return ""


def _owners(parsed: Parse, nouns: list[Word]) -> Iterator[Party]:
    """Whose a noun is: "Acme's lawyer", "a lawyer for Acme", "a stall run by Acme"; of a deed, who
    does it: "the treatment of patients at Acme"."""
    for noun in nouns:
        below: Sequence[Word] = parsed.children[noun.n]
        runs = [
            p for c in below if c.dep == "acl" for p in parsed.children[c.n] if p.dep == "agent"
        ]
        if not _is_agent(noun.lemma):
            deeper = [c for p in below if p.dep == "prep" for c in parsed.subtree(p)[1:]]
            runs += [c for c in deeper if c.dep == "prep" and c.lemma in ("at", "by")]
            below = sorted(below, key=lambda c: c.lemma not in ("at", "by"))
        for child in (*runs, *below):
            if child.dep == "poss":
                yield party(parsed, child)
            elif child.dep in ("prep", "agent") and child.lemma in (
                "for",
                "of",
                "at",
                "from",
                "with",
                "by",
            ):
                for one in parties(parsed, parsed.child(child, "pobj"))[:1]:
                    if one.agent:
                        yield one


def _client(parsed: Parse, word: Word) -> Party | None:
    """Whom a person appears for: "Ada Lorn, for the narrators, told the court", "Ada Lorn, who
    represents them"."""
    near = [c for c in parsed.children[word.n] if c.dep in ("prep", "relcl")]
    found = [parsed.child(c, "pobj") for c in near if c.dep == "prep" and c.lemma == "for"]
    found = found if word.tag.startswith("NNP") else []
    found += [parsed.child(c, "dobj") for c in near if c.lemma in ("represent", "defend")]
    return next((one for w in found for one in parties(parsed, w) if one.agent), None)


def _bodies(parsed: Parse, nouns: list[Word]) -> Iterator[Party]:
    """Nouns for a body before an office: "museum director Ada Lorn"."""
    for noun in nouns:
        for w in parsed.children[noun.n]:
            if w.dep in ("compound", "nmod") and w.tag == "NN" and w.lemma in words("bodies"):
                yield Party(w.text, w.start, w.end, "", w.lemma, w.text.casefold())


def _makers(parsed: Parse, nouns: list[Word]) -> Iterator[tuple[Word, str]]:
    """Names before an office: "Acme chief executive Ada Lorn"."""
    for noun in nouns:
        for child in parsed.children[noun.n]:
            if child.dep in ("compound", "nmod") and child.tag.startswith("NNP"):
                name = _name(parsed, child)
                if name and name != _name(parsed, noun):
                    yield child, name
