"""Replies in a sentence: whether somebody denies, admits, says, declines or does not answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from summarizer.domain.accusations import ReplyKind
from summarizer.text.act_words import words
from summarizer.text.clauses import core
from summarizer.text.governors import OperatorKind, governors
from summarizer.text.grammar import governor_lemma, is_predicate
from summarizer.text.operators import Operators, own
from summarizer.text.parse import Parse, Word
from summarizer.text.parties import OF_SOME, Party, party
from summarizer.text.sentences import Span

NOT = frozenset((OperatorKind.NEGATED, OperatorKind.DENIED, OperatorKind.DISPROVED))
UNREAL = NOT | frozenset(
    (
        OperatorKind.DOUBTED,
        OperatorKind.ASKED,
        OperatorKind.POSSIBLE,
        OperatorKind.CONDITIONAL,
        OperatorKind.FUTURE,
        OperatorKind.PLANNED,
        OperatorKind.HOPED,
        OperatorKind.ABLE,
    )
)
"""What keeps an act from having been done."""

_ACTIVE_ONLY = ("say", "address", "speak", "discuss")
"""Verbs of answering whose negation may be of anything else."""
_CALLED = ("call", "message", "email", "request")
_SORRY = ("apologise", "apologize", "regret")
_MINDS = ("know", "think", "believe", "remember", "recall", "want", "expect", "plan", "see", "mind")


def silence(parsed: Parse, word: Word) -> ReplyKind | None:
    """Whether a verb says that somebody declines to answer, or has not answered."""
    if word.lemma in words("refuse"):
        below = (c for c in parsed.children[word.n] if c.dep in ("xcomp", "dobj"))
        return ReplyKind.DECLINED if any(c.lemma in words("answer") for c in below) else None
    head = parsed.words[word.head]
    if word.lemma not in words("answer") or word.lemma in _ACTIVE_ONLY:
        return None
    if (word.dep == "xcomp" and head.lemma in words("refuse")) or not _is_not_done(parsed, word):
        return None
    called = core(parsed, word)[1]
    if word.lemma == "return" and (called is None or called.lemma not in _CALLED):
        return None
    modal = parsed.child(word, "aux")
    would = modal is not None and modal.tag == "MD" and modal.text.casefold() != "could"
    by_itself = word.lemma == "comment" and word.dep == "ccomp"  # "said it did not comment on"
    return ReplyKind.DECLINED if would or by_itself else ReplyKind.NO_ANSWER_REPORTED


def unanswered(parsed: Parse, word: Word) -> Word | None:
    """Who has not answered by a noun or adjective: "no response from X", "requests to X went
    unanswered"; ``None`` for nobody."""
    if word.lemma in words("replies"):
        lacks = any(c.lemma == "no" for c in parsed.children[word.n])
        lacks = lacks or parsed.words[word.head].lemma == "without"
        near = parsed.subtree(parsed.words[word.head]) if lacks else ()
        return _object_of(parsed, near, ("from", "by"))
    if word.lemma != "unanswered":
        return None
    subject, object_ = core(parsed, parsed.words[word.head])
    request = subject or object_
    return asked(parsed, request) if request is not None else None


def asked(parsed: Parse, request: Word) -> Word | None:
    """To whom a request goes: X of "requests for comment to X", "calls to X"."""
    if request.lemma not in (*_CALLED, "question", "inquiry", "enquiry", "query", "letter"):
        return None
    return _object_of(parsed, parsed.subtree(request), ("to", "for", "from"), proper=True)


def _object_of(
    parsed: Parse, near: Iterable[Word], prepositions: Sequence[str], *, proper: bool = False
) -> Word | None:
    objects = (parsed.child(c, "pobj") for c in near if c.lemma in prepositions)
    fit = (w for w in objects if w is not None and w.lemma not in words("replies"))
    return next((w for w in fit if not proper or party(parsed, w).agent), None)


def denied(parsed: Parse, word: Word, object_: Word | None) -> Span | None:
    """Where what is denied stands; ``None`` for "it" or "the allegations" alone."""
    inside = [c for c in parsed.children[word.n] if c.dep in ("ccomp", "xcomp", "pcomp")]
    if object_ is not None and object_.lemma in words("claims"):
        below = parsed.children[object_.n]
        inside += [c for c in below if c.dep in ("acl", "ccomp", "prep") and c.n > object_.n]
    elif object_ is not None and not object_.tag.startswith("PRP"):
        inside.append(object_)
    whole = [w for c in inside for w in parsed.subtree(c)]
    return Span(min(w.start for w in whole), max(w.end for w in whole)) if whole else None


def _is_not_done(parsed: Parse, word: Word) -> bool:
    """Whether a verb is negated itself, or by "fail" and "have yet" above it."""
    if any(o.kind in NOT for o in own(parsed, word)):
        return True
    head = parsed.words[word.head]
    yet = any(c.lemma == "yet" for c in (*parsed.children[head.n], *parsed.children[word.n]))
    return word.dep == "xcomp" and (head.lemma == "fail" or (head.lemma == "have" and yet))


def is_about_claim(parsed: Parse, word: Word, object_: Word | None) -> bool:
    """Whether a verb of denying has a claim for its object: "rejected the allegation", "each of the
    claims", not "the offer"."""
    if object_ is not None and object_.lemma in (*OF_SOME, "every", "each", "any", "lot"):
        of = parsed.child(object_, "prep")
        object_ = (parsed.child(of, "pobj") if of else None) or object_
    clause = parsed.child(word, "ccomp", "xcomp", "advcl") is not None
    if word.lemma == "deny":
        return parsed.child(word, "dative") is None
    if object_ is None:
        return clause or parsed.child(word, "prep") is not None
    return clause or object_.lemma in words("claims") or object_.tag.startswith("PRP")


def reply_kind(
    parsed: Parse,
    word: Word,
    by: tuple[Party, ...],
    above: Mapping[int, Operators],
    kind: ReplyKind,
) -> ReplyKind:
    """The kind of a reply by what is said; ``kind`` is that of its verb."""
    if word.lemma == "plead":
        innocent = any(w.lemma == "not" for w in parsed.subtree(word))
        return ReplyKind.DENIAL if innocent else ReplyKind.ADMISSION
    if word.lemma == "regret" and _is_own(parsed, word):
        return ReplyKind.ADMISSION
    if kind is ReplyKind.STATEMENT:
        return _said(parsed, word, by, above)
    clause = parsed.child(word, "ccomp")
    if kind is ReplyKind.ADMISSION and clause is not None and word.lemma not in _SORRY:
        subject = core(parsed, clause)[0]
        if subject is not None and not is_same(party(parsed, subject), by):
            return ReplyKind.STATEMENT  # "acknowledged that the test had been hard"
    return kind


def _said(
    parsed: Parse, word: Word, by: tuple[Party, ...], above: Mapping[int, Operators]
) -> ReplyKind:
    object_ = parsed.child(word, "dobj")
    if calls_untrue(parsed, word) or (object_ is not None and object_.lemma == "innocence"):
        return ReplyKind.DENIAL
    for clause in parsed.children[word.n]:
        if clause.dep != "ccomp" or not is_predicate(parsed, clause):
            continue
        subject, object_ = core(parsed, clause)
        kinds = {o.kind for o in above[clause.n]}
        if _has_no(parsed, object_) and is_wrong(parsed, clause):
            return ReplyKind.DENIAL  # "said that no data had been leaked"
        if subject is None or not is_same(party(parsed, subject), by):
            continue
        if (kind := _of_self(parsed, clause, kinds)) is not None:
            return kind
    return ReplyKind.STATEMENT


def _of_self(parsed: Parse, clause: Word, kinds: AbstractSet[OperatorKind]) -> ReplyKind | None:
    """What somebody says of itself: that it did nothing, will not comment, or did wrong."""
    if _is_innocent(parsed, clause, negated=bool(kinds & NOT)):
        return ReplyKind.DENIAL
    if kinds & NOT and clause.lemma in ("comment", "respond"):
        return ReplyKind.DECLINED
    if kinds & NOT and _is_denied_deed(parsed, clause):
        return ReplyKind.DENIAL
    if kinds & UNREAL or _is_of_deed(parsed, clause):
        return None
    wrong = _is_sorry(parsed, clause) or is_wrong(parsed, clause)
    return ReplyKind.ADMISSION if wrong else None


def _has_no(parsed: Parse, word: Word | None) -> bool:
    return word is not None and any(c.lemma == "no" for c in parsed.children[word.n])


def _is_innocent(parsed: Parse, clause: Word, *, negated: bool) -> bool:
    complement = parsed.child(clause, "acomp")
    return complement is not None and complement.lemma == ("guilty" if negated else "innocent")


def _is_sorry(parsed: Parse, clause: Word) -> bool:
    complement = parsed.child(clause, "acomp", "attr")
    said = complement is not None and complement.lemma in ("wrong", "sorry", "mistaken")
    return said or (
        clause.lemma in _SORRY and (clause.lemma != "regret" or _is_own(parsed, clause))
    )


def _is_own(parsed: Parse, verb: Word) -> bool:
    """Whether somebody regrets a deed of its own: "its mistake", "having sold it"."""
    object_ = parsed.child(verb, "dobj")
    owned = object_ is not None and any(c.tag == "PRP$" for c in parsed.children[object_.n])
    return owned or parsed.child(verb, "xcomp", "pcomp") is not None


def is_wrong(parsed: Parse, clause: Word) -> bool:
    """Whether a clause tells of a wrong: by its verb, or the complement of "be"."""
    if clause.lemma in ("fail", "refuse"):
        return parsed.child(clause, "xcomp") is not None
    if clause.lemma in words("violent"):
        object_ = core(parsed, clause)[1]
        return object_ is not None and (object_.tag == "PRP" or object_.lemma in words("people"))
    if clause.lemma == "break":
        object_ = core(parsed, clause)[1]
        return object_ is not None and object_.lemma in words("broken")
    if clause.lemma in ("know", "take", "accept", "pocket"):
        return _knew(parsed, clause) if clause.lemma == "know" else _took(parsed, clause)
    near = [clause, *(c for c in parsed.children[clause.n] if c.dep in ("acomp", "attr", "xcomp"))]
    lemmas = {w.lemma.casefold() for w in near} | {governor_lemma(parsed, clause)}
    return not lemmas.isdisjoint(words("wrong"))


def _knew(parsed: Parse, clause: Word) -> bool:
    """Whether somebody knew of what does harm: "had known about the mould for years"."""
    near = [*parsed.children[clause.n]]
    near += [c for p in near if p.dep == "prep" for c in parsed.children[p.n]]
    return any(c.dep in ("dobj", "pobj") and c.lemma in words("harms") for c in near)


def _took(parsed: Parse, clause: Word) -> bool:
    """Whether somebody took a favour, or money from somebody."""
    object_ = core(parsed, clause)[1]
    if object_ is None:
        return False
    giver = any(c.lemma == "from" for w in (clause, object_) for c in parsed.children[w.n])
    return object_.lemma in words("favours") or (giver and object_.lemma in words("money"))


def _is_denied_deed(parsed: Parse, clause: Word) -> bool:
    """Whether a negated clause denies a deed: "did not hide it", not "does not know"."""
    auxiliaries = [c for c in parsed.children[clause.n] if c.dep in ("aux", "auxpass")]
    past = any(w.tag == "VBD" or w.lemma == "have" for w in (clause, *auxiliaries))
    past = past or any(c.lemma == "never" for c in parsed.children[clause.n])
    possible = any(w.tag == "MD" for w in auxiliaries)
    return clause.lemma not in _MINDS and not possible and (past or is_wrong(parsed, clause))


def calls_untrue(parsed: Parse, word: Word) -> bool:
    """Whether a verb calls a claim untrue: "said the claims were baseless", "called them nonsense",
    "described it as false"."""
    return any(_is_called_untrue(parsed, child) for child in parsed.children[word.n])


def _is_called_untrue(parsed: Parse, child: Word) -> bool:
    if child.dep in ("oprd", "xcomp") or (child.dep == "prep" and child.lemma == "as"):
        return any(_is_untrue(w.lemma) for w in (child, *parsed.children[child.n]))
    if child.dep != "ccomp" or any(o.kind in NOT for o in own(parsed, child)):
        return False
    subject = parsed.child(child, "nsubj")
    if subject is None or not (subject.lemma in words("claims") or subject.tag == "DT"):
        return False
    said = [w for w in parsed.children[child.n] if w.dep in ("acomp", "attr", "prep")]
    if _is_of_deed(parsed, child):
        return False
    return any(_is_untrue(w.lemma) or _lacks_merit(parsed, w) for w in (child, *said))


def _is_of_deed(parsed: Parse, clause: Word) -> bool:
    """Whether a clause judges a deed: "it was wrong for the mayor to leave"."""
    subject = parsed.child(clause, "nsubj")
    if subject is None or subject.lemma != "it":
        return False
    near = (clause, *(c for c in parsed.children[clause.n] if c.dep in ("acomp", "attr")))
    below = (c for w in near for c in parsed.children[w.n] if c.dep in ("xcomp", "advcl"))
    return any(parsed.child(c, "aux") for c in below)


def _lacks_merit(parsed: Parse, word: Word) -> bool:
    merits = ("merit", "foundation", "basis", "substance")
    return word.lemma == "without" and any(c.lemma in merits for c in parsed.children[word.n])


def _is_untrue(lemma: str) -> bool:
    governor = governors("adjectives").get(lemma.casefold())
    disproves = governor is not None and governor.kind is OperatorKind.DISPROVED
    return disproves or lemma.casefold() in words("untrue")


def is_same(one: Party, others: tuple[Party, ...]) -> bool:
    """Whether a subject below a verb of saying is its speaker: a pronoun, the same name, or the
    client of a lawyer."""
    names = {other.name for o in others for other in (o, o.principal) if other is not None}
    client = one.head == "client" and any(o.principal is not None for o in others)
    return client or (one.pronoun and one.agent) or bool(one.name and one.name in names)
