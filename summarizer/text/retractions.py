"""Retractions and corrections among source items.

An item retracts or corrects others when its text says so, at the top or as a separate correction,
or when its sender flagged it.  The retracted item must be among the given ones: it is identified by
key, URL or title, or as the outlet's own earlier report of the same story.  Demands for a
retraction, refusals, and retractions of other things (a statement in court) do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from summarizer.domain.items import ItemKey, SourceItem
from summarizer.domain.model import Model
from summarizer.text.sentences import sentences
from summarizer.text.tokens import coverage, fold, read

EARLY = 600
"""Characters at the start of an item in which a retraction must be stated; a separate correction
may come later."""

SAME_STORY = 0.5
"""Least share of the topic of an outlet's earlier item that the words of retraction must name, when
neither URL nor title identifies the item."""

_THING = (
    r"(?:article|story|report|post|piece|column|interview|video|podcast|episode|item|thread|tweet"
    r"|coverage|claim|dispatch|reporting|version|headline|study|paper|press release)s?"
)
_WHOSE = (
    r"(?:(?:this|that|the|our|its|their|an?|his|her|my|it|yesterday['’]s|\w+day['’]s|previous"
    r"|earlier|initial|original|recent|published)\s+){0,4}(?:\w+\s+){0,2}"
)
_TOOK = (
    r"(?:retract(?:s|ed|ing)?|withdr(?:aws?|ew|awn|awing)|t(?:akes?|ook|aking) back|pull(?:s|ed))"
)
_RETRACTS = re.compile(
    rf"\b{_TOOK}\s+{_WHOSE}{_THING}\b"
    rf"|\b{_THING}\s+(?:\w+\s+){{0,8}}?(?:has|have|had|was|were|is|are)\s+(?:now\s+|since\s+|been\s+)*"
    r"(?:retracted|withdrawn)\b"
    r"|(?:^|\n)[^\S\n]*(?:retraction|retracted|story withdrawn)\s*[:.—–-]",
    re.IGNORECASE,
)
_CALLED_WRONG = re.compile(
    rf"(?:^|[.!?\n]\s{{1,3}})(?:That|This|Our) {_THING} (?:was|were|is)(?: entirely| simply)? "
    r"(?:wrong|false|untrue|mistaken|a mistake|not true)\b"
)
_DELETED = re.compile(
    rf"\b(?:I|we)(?:['’]ve| have)? (?:now |since )?(?:deleted|removed|taken down|took down)"
    rf"\s+{_WHOSE}{_THING}\b",
    re.IGNORECASE,
)
_OWNS_UP = re.compile(
    r"\b(?:it|that|this|which|I|we) (?:was|were) (?:wrong|false|untrue|not true|mistaken"
    r"|a fake|fake)\b|\bapologi[sz]\w+|\bI got (?:it|this|that) wrong\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"(?:^|\n)[^\S\n]*[\[(*_]*(?:corrections?(?: and clarifications?)?|corrected|clarification"
    r"|erratum|editor['’]s (?:note|correction))\b\s*(?:\([^)\n]{1,40}\)\s*)?[:.—–-]"
    rf"|\b(?:an?|the|our|this)\s+(?:earlier|previous|original|initial|first)\s+(?:version|headline"
    rf"|{_THING})\b[^.\n]{{0,60}}?\b(?:misstat\w+|mis(?:identif|spel|quot|report)\w+|incorrectly"
    r"|wrongly|erroneously|mistakenly|in error|was wrong|got \w+ wrong)\b"
    rf"|\bthis {_THING} (?:has been|was) (?:corrected|amended)\b"
    rf"|\bwe (?:wrongly|incorrectly|mistakenly|erroneously) (?:said|reported|stated|wrote|gave)\b",
    re.IGNORECASE,
)
_EDITORS_NOTE = re.compile(r"editor['’]s note", re.IGNORECASE)
_WRONG = re.compile(
    r"\b(?:correct\w*|incorrect\w*|misstat\w+|error\w*|wrong\w*|retract\w*|withdrawn|updated to fix"
    r"|amended|inaccura\w+)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    rf"\bthis {_THING} (?:has (?:now |since )?been|was|is) (?:retracted|withdrawn)\b", re.IGNORECASE
)
_UNDONE = re.compile(
    r"\b(?:not|n[o']t|never|refus\w+|declin\w+|demand\w*|ask\w*|call\w*|urg\w+|should|must|would"
    r"|could|might|may|want\w*|press\w*|threat\w*|unless|if|whether|to|without|reject\w*|no"
    r"|request\w*|petition\w*)(?:\W+\w+){0,5}\W*$|n['’]t(?:\W+\w+){0,5}\W*$",
    re.IGNORECASE,
)
"""Words before a retraction that was not made, but demanded, refused or feared."""

_LEAD = re.compile(
    r"^\s*(?:correction|corrected|retraction|retracted|clarification|editor['’]s note)s?"
    r"\s*[:.—–-]?\s*",
    re.IGNORECASE,
)


class Retraction(Model):
    """Retraction or correction of items by one item.

    Args:
        by: key of the retracting item.
        of: keys of the retracted items, in order of time; ``by`` only when it retracts itself.
        whole: whether the items are retracted, rather than corrected in part.
        words: the words of retraction, verbatim; empty when the sender flagged it.
    """

    by: ItemKey
    of: tuple[ItemKey, ...]
    whole: bool
    words: str = ""


def find_retractions(items: Iterable[SourceItem]) -> tuple[Retraction, ...]:
    """Retractions and corrections among items, in order of time.

    Args:
        items: items of one incident, in any order.
    """
    ordered = sorted(items, key=lambda item: (item.seen_at, len(item.key), item.key))
    found = (_retraction(item, place, ordered) for place, item in enumerate(ordered))
    return tuple(retraction for retraction in found if retraction is not None)


def _retraction(item: SourceItem, place: int, every: Sequence[SourceItem]) -> Retraction | None:
    flagged = _flagged(item, every)
    if flagged is not None:
        return flagged
    stated = _stated(item.title, item.text)
    if stated is None:
        return None
    words, whole = stated
    before = every[:place]
    if whole and _ITSELF.search(words):
        versions = [i.key for i in before if item.url and i.url == item.url]
        return Retraction(by=item.key, of=(*versions, item.key), whole=True, words=words)
    meant = _meant(item, words, before)
    return Retraction(by=item.key, of=meant, whole=whole, words=words) if meant else None


# --- Fields of the sender --------------------------------------------------------------------


def _flagged(item: SourceItem, every: Sequence[SourceItem]) -> Retraction | None:
    """Retraction by the sender's fields: ``retracts`` or ``corrects`` with ids, ``retracted``."""
    for name, whole in (("retracts", True), ("corrects", False)):
        wanted = frozenset(_listed(item.extra, name))
        meant = every if wanted else ()
        of = tuple(
            i.key for i in meant if i.key != item.key and wanted & {i.key, i.url, i.source_id}
        )
        if of:
            stated = _stated(item.title, item.text)  # a sender may call a withdrawal a correction
            return Retraction(by=item.key, of=of, whole=whole or (stated is not None and stated[1]))
    if item.extra.get("retracted") is True or item.extra.get("status") == "retracted":
        return Retraction(by=item.key, of=(item.key,), whole=True)
    return None


def _listed(extra: Mapping[str, Any], name: str) -> list[str]:
    value = extra.get(name)
    values = value if isinstance(value, list) else [value]
    return [v for v in values if isinstance(v, str) and v]


# --- Words of retraction ---------------------------------------------------------------------


@lru_cache(maxsize=256)
def _stated(title: str, whole: str) -> tuple[str, bool] | None:
    """The words of retraction in an item, and whether they retract rather than correct."""
    for text in (title, whole):
        for match in _RETRACTS.finditer(text[:EARLY]):
            if not _UNDONE.search(_sentence_before(text, match.start())):
                return _sentence(text, match.start(), match.end()), True
        wrong = _CALLED_WRONG.search(text[:EARLY])
        if wrong:
            return _sentence(text, wrong.start(), wrong.end()), True
        deleted = _DELETED.search(text[:EARLY])
        if deleted and _OWNS_UP.search(text, deleted.end(), deleted.end() + EARLY):
            return _sentence(text, deleted.start(), deleted.end()), True
    for text in (title, whole):
        for match in _CORRECTS.finditer(text):
            words = _sentence(text, match.start(), match.end())
            if _EDITORS_NOTE.search(match.group()) and not _WRONG.search(words):
                continue
            if _UNDONE.search(_sentence_before(text, match.start())):
                continue
            return words, False
    return None


def _sentence_before(text: str, at: int) -> str:
    """The sentence of some words, up to them: at most 120 characters."""
    return text[max(_begin(text, at), at - 120) : at]


def _sentence(text: str, start: int, end: int) -> str:
    """Rest of the line from the sentence of some words on: the retracted may follow the label."""
    stop = text.find("\n", max(end, _begin(text, start) + 1))
    return text[_begin(text, start) : stop if stop >= 0 else len(text)][:400].strip()


def _begin(text: str, at: int) -> int:
    """Start of the sentence at an offset; the offset itself between sentences."""
    return next((s.start for s in sentences(text) if s.start <= at < s.end), at)


# --- Retracted items -------------------------------------------------------------------------


def _meant(item: SourceItem, words: str, before: Sequence[SourceItem]) -> tuple[ItemKey, ...]:
    """Retracted earlier items: named ones and earlier versions, else the outlet's own report."""
    whole = f"{item.title}\n{item.text}"
    named = [i for i in before if _names(i, whole, item)]
    versions = [i for i in before if item.url and i.url == item.url]
    if named or versions:
        return tuple(dict.fromkeys(i.key for i in (*versions, *named)))
    own = [i for i in before if _is_own(i, item) or _is_named_outlet(i, words, item)]
    retracted = read(f"{_LEAD.sub('', item.title)} {_LEAD.sub('', words)}").content_set
    shares = [(coverage(_topic(i), retracted), i) for i in own]
    if not shares:
        return ()
    best = max(share for share, _ in shares)
    alike = [i.key for share, i in shares if share >= SAME_STORY and share == best]
    return tuple(alike) or ((own[0].key,) if len(own) == 1 else ())


def _topic(item: SourceItem) -> frozenset[str]:
    """Content stems of the title, else of the first words."""
    return read(item.heading).content_set


def _names(earlier: SourceItem, text: str, item: SourceItem) -> bool:
    """Whether a text contains the URL or the title of an earlier item."""
    if earlier.url and earlier.url != item.url and earlier.url in text:
        return True
    title = earlier.title.strip().rstrip(".")
    return len(title.split()) >= 4 and title.casefold() in text.casefold()


def _is_own(earlier: SourceItem, item: SourceItem) -> bool:
    one, other = earlier.outlet or earlier.author, item.outlet or item.author
    return one is not None and other is not None and fold(one) == fold(other)


def _is_named_outlet(earlier: SourceItem, words: str, item: SourceItem) -> bool:
    """Whether the words report that another outlet retracted its own report."""
    if not earlier.outlet or _is_own(earlier, item):
        return False
    outlet = re.escape(earlier.outlet.removeprefix("The ").removeprefix("the "))
    return re.search(rf"\b{outlet}\b[^.]{{0,40}}?\b{_TOOK}\b", words, re.IGNORECASE) is not None
