"""The title: the beginning of a lead sentence that names an actor and what happened."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.adapters.extractive.kinds import fitting, kind_of
from summarizer.adapters.extractive.material import Material, Written
from summarizer.adapters.extractive.sentences import Sentence
from summarizer.adapters.extractive.shortening import headline
from summarizer.adapters.extractive.usability import Lean, has_verb
from summarizer.domain import Claim, Kind
from summarizer.faithfulness.names import named
from summarizer.sections import SectionSpec

_LATEST_POSITION = 12
_TRIED = 40
_PAST = re.compile(
    r"\b(?:[a-z]{2,}ed|said|told|took|made|gave|went|came|found|left|kept|held|led|lost|met|paid|"
    r"ran|rose|fell|saw|sent|set|sold|spent|stood|sought|brought|bought|built|became|began|broke|"
    r"chose|cut|drew|fought|grew|hit|hurt|shut|spoke|stole|struck|threw|won|wrote|withdrew|was|"
    r"were|"
    r"had|did|put|let|read|knew|understood|has|have)\b"
)
_OPENS_LATE = re.compile(
    r"^(?:On|In|At|After|As|When|While|Amid|For|With|If|During|Since|Before|Although|Despite|From|"
    r"By|Following|Because|Once|Until|According)\b"
)
_ENDS = re.compile(
    r"\b(?:settle[sd]?|settlement|retract\w*|convicted|acquitted|fined|restored|resolved|recalled|"
    r"sentenced|resigned|overturned|withdr\w+|was false|no case|closed|approved|signed)\b",
    re.IGNORECASE,
)
_JUDGES = re.compile(r"\b(?:scandal|shocking|stunning|bombshell|slams?|slammed|blasts?|blasted)\b")
_RELATIVE_DAY = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|this (?:morning|week|month|year)|last (?:week|month|"
    r"year"
    r"|night)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_FIRST_WORDS = 7


def title(material: Material, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best lead that can be shortened to a headline; nothing when there is none."""
    leads = [s for s in material.sentences if _may_lead(s)]
    leads = [s for s in leads if not s.partisan] or leads
    leads.sort(key=lambda s: (-material.score(s) * _as_lead(s), s.index))
    written = [w for s in leads[:_TRIED] if (w := _headline(material, spec, s))]
    if not written:
        return []
    best = max(written, key=lambda w: (round(_worth(material, w), 9), -w.sentence.index))
    return [best]


def _may_lead(sentence: Sentence) -> bool:
    early = sentence.position < _LATEST_POSITION
    plain = sentence.lean is Lean.NOT and not sentence.own_voice
    return early and plain


def _as_lead(sentence: Sentence) -> float:
    return 1.0 if sentence.position == 0 else 0.45


def _headline(material: Material, spec: SectionSpec, sentence: Sentence) -> Written | None:
    text = headline(sentence.text, spec.limits.max_words)
    kind = fitting(kind_of(sentence.text), spec.limits.kinds)
    if text is None or kind is None or not _is_title(text, sentence):
        return None
    if material.before_retraction(sentence) and kind is not Kind.DENIAL:
        return None
    return Written(sentence, Claim(text=text, cites=material.cites(sentence), kind=kind))


def _is_title(text: str, sentence: Sentence) -> bool:
    """Whether it names somebody, has a verb, and neither quotes, asks nor judges."""
    plain = not re.search(r"[“”\"?!]", text) and not _JUDGES.search(text)
    return plain and (sentence.headline or (bool(named(text)) and has_verb(text)))


def _worth(material: Material, written: Written) -> float:
    """A headline is worth more when it names its actor first, tells of the past and ages well."""
    text, sentence = written.claim.text, written.sentence
    first = " ".join(text.split()[:_FIRST_WORDS])
    names = [name for name in material.book.of(sentence) if name in first]
    worth = material.score(sentence) * _as_lead(sentence) + 0.15
    worth *= 1.3 if names else 0.8
    worth *= 0.6 if any(material.book.full(name, sentence) for name in names) else 1.0
    worth *= 1.25 if _PAST.search(text) else 0.7
    late = 2 * _place(material, sentence) >= len(material.pack.items)
    worth *= 1.8 if late and _ENDS.search(text) else 1.0
    worth *= 0.5 if _OPENS_LATE.match(text) else 1.0
    worth *= 1.0 if _whole(written) else 0.7
    worth *= 0.9 if _RELATIVE_DAY.search(text) else 1.0
    return worth * (0.9 if written.claim.kind is Kind.DENIAL else 1.0)


def _whole(written: Written) -> bool:
    """Whether nothing was cut, or only a clause behind a comma."""
    rest = written.sentence.text[len(written.claim.text) :]
    return rest[:1] in ("", ".", ",", ";")


def _place(material: Material, sentence: Sentence) -> int:
    """Position of a sentence's item among the items, in their order of time."""
    return [item.key for item in material.pack.items].index(sentence.item.key)
