"""Sentence compression: claims and headlines from the beginnings of source sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.drafting.extractive.filters import (
    QUOTE_MARK,
    has_verb,
    is_unbalanced,
    outside_quotes,
)
from summarizer.text.dates import WEEKDAY

_FEWEST_WORDS = 5
"""Minimum words of a shortened sentence."""
_WHOLE, _DATED, _LESS, _LITTLE, _HALF = 1.0, 0.9, 0.75, 0.7, 0.5
"""Weights of headlines, by the place of the cut."""

# Places where a sentence may be cut.
_CLAUSE = re.compile(
    r",\s(?=(?:which|who|whose|where|when|while|as|after|amid|despite|although|though|even|"
    r"including|citing|adding|making|leaving|prompting|raising|bringing|marking|following|"
    r"along with|according to|in (?:a|an|the|what|part)|potentially|the latest|the first|part of|"
    r"one of|with|at (?:the|a)|and (?:has|have|had|was|were|will|[a-z]+ed)|"
    r"on (?:the|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)|just|days|weeks|months|hours|saying|"
    r"(?:one|two|three) (?:day|week|month|year)s?|"
    r"announcing|revealing|writing|arguing|a move|[a-z]+ing)\b)"
    r"|\s(?=[—–]\s)|\s(?=--\s)|;\s"
)
_ADJUNCT = re.compile(
    r",?\s(?=(?:as(?!\s(?:an?|the|one)\b)|while|amid|despite|after|because|during|following|"
    r"even as|which|whose|when|and (?:has|have|had|was|were|is|are|will|then)|(?:in|under|for) "
    r"which|in an? (?:statement|interview|post|letter|move|filing|blog|bid|case|decision|effort|"
    r"attempt)|on the sidelines|at a (?:news|press|virtual)|ahead of|in the wake of|by [a-z]+ing|"
    r"since)\b)"
)
_PHRASE = re.compile(
    r"\s(?=(?:in(?! favou?r\b)|at|on|over|from|sent|aimed|used|under|across|through|as|into "
    r"whether|over whether)\s|of [a-z]+ing\b)"
)
_PURPOSE = re.compile(r"\s(?=to\s(?!be\b)[a-z]{3,}\s)")
_WHICH = re.compile(r"\s(?=(?:who|that (?:could|would|had|has|[a-z]+e?[ds]))\s)")
_CUTS = {_CLAUSE: _WHOLE, _ADJUNCT: _WHOLE, _PHRASE: _LESS, _PURPOSE: _LITTLE, _WHICH: _HALF}
"""Cuts for headlines, with their weights.  Claims are cut at ``_CLAUSE`` only."""

# Parts that may be removed from the middle of a headline: weekdays and asides.
_DAY = re.compile(
    rf"\s(?:(?:early|late|earlier|later)\s)?on\s{WEEKDAY}(?:\s(?:morning|afternoon|evening|night))?"
    r"(?!['’\w])"
    rf"|(?<!\bOn)(?<!\ba)(?<!\bthe)(?<!\blast)(?<!\bnext)(?<!\bof)(?<!\bfrom)(?<!\bby)(?<!\buntil)(?<!\bto)"
    rf"(?<!\bsince)(?<!\bbefore)(?<!\bafter)(?<!\bfor)(?<!\band)(?<!\bthis)(?<!\bon)(?<!,)"
    rf"\s(?:(?:early|late)\s)?{WEEKDAY}(?:\s(?:morning|afternoon|evening|night))?"
    r"(?=[,.]|$|\s(?:to|that|in|on|at|as|for|with|and|after|whether|it|its|he|she|they|the|an?|his|"
    r"by|over|against|from|will|would|there|following|because|amid|while|before|during|about|"
    r"between|into|near|alongside|(?!morning|evening)[a-z]+ing)\b)"
)
_OPENING_DAY = re.compile(
    rf"^On\s{WEEKDAY}(?:\s(?:morning|afternoon|evening|night))?,?\s(?=[^\W\d_])"
)
_ASIDE = re.compile(
    r"(?<=[\w.])\s\([^()]{1,30}\)"
    # An apposition after a name, unless it may be part of a list or has an attribution.
    r"|(?:\b[A-Z][\w.'’-]*(?P<aside>,\s(?:(?:an?|the|aged?)\s"
    r"(?![^,]*\b(?:who|which|and|said|says|told|wrote|reported|announced|according|show(?:s|ed)|"
    r"found|alleg\w+|claim\w*|den(?:y|ies|ied))\b)[^,;()]{2,60}|[DRI]-[A-Z][\w.]*|\d{1,2}),)"
    r"(?=\s(?!and\b|or\b|[A-Z])))"
)
_AGE = re.compile(r",\s\d{1,3}$")

# Hedges, conditions and attributions, which must not be cut off.
_LOAD_BEARING = re.compile(
    r"\b(?:unless|if|but|however|pending|until|though|although|denied|denies|without admitting|"
    r"according to|allegedly|reportedly|claiming|alleging|accusing)\b|n['’]t\b"
    r"|,\s[^,]{0,90}\b(?:said|says|told|wrote|alleged|alleges|claimed|shows?|showed|suggest(?:s|ed)|"
    r"reported|ruled|ordered|found|estimated|confirmed|announced|declared|revealed)\b[^,]{0,60}$"
)
_ATTRIBUTED = re.compile(
    r"\b(?:said|says|told|wrote|according to|alleg\w+|claim\w*|accus\w+|su(?:ed|es)|announc\w+|"
    r"deni\w+|deny|denies)\b"
)

# Endings that make a shortened sentence incomplete.
_OPEN_ASIDE = re.compile(r",\s(?:who|which|whose|where|an?|the)\s[^,]*$")
_HANGING = re.compile(
    r"\b(?:the|a|an|of|to|in|on|at|by|for|with|from|and|or|but|that|which|who|as|its|their|his|her|"
    r"is|are|was|were|has|have|had|be|will|would|than|into|over|about|said|says|told|remains?|"
    r"remained|based|set|put|more|most|up|down|out|off|not|no|also|may|might|could|can|must|should|under|"
    r"between|against|after|before|during|because|while|when|where|if|[a-z]+ing)$",
    re.IGNORECASE,
)
_HANGING_HEADLINE = re.compile(
    r"\b(?:often|also|just|only|even|still|such|so|usual|certain|potential|possible|likely|able|"
    r"due|poised|ready|late|early|according|another|other|further|several|many|is|what|how|he|she|"
    r"they|it|we|than ever|involved|concerned|aimed|considered|aims?|wants?|hopes|plans|comes|goes|"
    r"place|decided|looked|relied|tied|depended|consisted|locked|prohibited|used|told \w+)$"
    r"|\b(?:and|but) (?:when|if|as|while|then)\b[^,]*$"
    r"|,\s[a-z]+(?:\s[a-z]+)?$|n['’]t\s\w+$"
    r"|\b(?:an?|the|its|their|his|her|another)\s[\w-]+(?:al|ous|ive|ible|able|ic|ful)$"
)
_DASH = re.compile(r"\s(?:[–—]|--)\s")
_TAIL = re.compile(r",\s(?:even\s)?(?:though|as|while|because|although|when|if|after)\b[^,]*$")
_NO_CLAUSE = re.compile(
    r"^(?:Reports|News|Claims|Allegations|Word|The (?:fact|idea|claim|news|notion)) that\b"
)

# Openings before the main clause, which then starts after the first comma.
_SUBORDINATE = re.compile(
    r"(?:While|As|When|If|After|Before|Although|Though|Even (?:though|as|if)|Because|Since|Once|"
    r"Despite|Unless|Until|In|On|At|For|With|During|Amid|Following|Under)\b"
)
_OPENS_LATE = re.compile(
    r"^(?:From|By|Of|Among|Without|According|Faced|Fueled|Fuelled|Asked|Speaking|Recently|Right|Days|"
    r"Weeks|Hours|Months|Until|Just|In practice)\b"
)

# Verbs that need a complement: "urged … to", "compared … with".
_ASKS_FOR_MORE = re.compile(
    r"\b(?:tell|told|ask(?:s|ed|ing)?|urg(?:e[sd]?|ing)|prompt(?:s|ed|ing)?|forc(?:e[sd]?|ing)|"
    r"order(?:s|ed|ing)?|warn(?:s|ed|ing)?|remind\w*|press(?:es|ed|ing)?|push(?:es|ed|ing)?|"
    r"announc(?:e[sd]?|ing)|agree[sd]?|vot(?:e[sd]?|ing)|act(?:s|ed)|mov(?:e[sd]|ing)|appear\w*|"
    r"seem\w*|team\w*|struggl\w+|determin\w+|allow(?:s|ed|ing)?|help(?:s|ed|ing)?|call(?:s|ed|ing)?"
    r" on|requir(?:e[sd]?|ing)|took to|tak(?:es|ing) to|want(?:s|ed)?|prohibit\w*|permit\w*|set|"
    r"likely|expected|due|able|prepar\w+|plan(?:s|ned|ning)?|tr(?:y|ies|ied|ying)|fail\w*|"
    r"attempt\w*|effort|mean(?:s|t)?|according)\b[^,]*$"
)
_TAKES_IT = re.compile(
    r"[\s,]*(?:(?:in|at|on|during) [^,]{1,50}?\s)?(?:to|that|whether|how|why|from)\b"
)
_FIRST_TO = re.compile(r"\b(?:first|only|last|latest|next)\s[\w.\s]{1,40}$")
_OPENS_PAIR = re.compile(
    r"\b(?:liken\w*|compar\w+|accusing|blam\w+|attribut\w+|views?|viewed|sees?|saw|describ\w+|"
    r"regard\w+|charg(?:e[sd]|ing)|celebrat\w+|hail\w*|reputation|turn(?:s|ed)|cast|link(?:s|ed))"
    r"\b[^,]*$"
)
_CLOSES_PAIR = re.compile(r"\s(?:to|as|for|of|with|on)\b")

# Attributions, and the words before the attributed statement.
_SAYS_SO = re.compile(
    r",\s(?:[^,“”\"]{3,60}\s(?:said|says|announced|reported|confirmed|ruled)|according to "
    r"[^,“”\"]{3,60})$"
)
_BEFORE_STATEMENT = (
    re.compile(r"\b(?:said|says)\s"),
    re.compile(r"\b(?:whether|how|why)\s"),
    re.compile(r"\b(?:said|says|announced|ruled|reported|found|told|wrote|warned)\b.*?\sthat\s"),
)

# Parts whose verbs do not belong to the main clause.
_RELATIVE = re.compile(r"\s(?:who|which|whose|whom)\s.*")
_BY = re.compile(
    r"(?<!\bwas\s)(?<!\bwere\s)(?<!\bbeen\s)(?<!\bis\s)(?<!\bare\s)\b[a-z]+ed\s(?=by\b)"
)


def shortened(text: str, max_words: int) -> str | None:
    """The longest safe beginning of a sentence within a word limit, closed by a full stop.

    Attributions, denials and conditions are not cut off, unless the beginning has an attribution.

    Args:
        text: a trimmed sentence.
        max_words: maximum words of the result.

    Returns:
        ``None`` if no cut is safe.
    """
    if len(text.split()) <= max_words:
        return text
    bare = outside_quotes(text)
    for clause in sorted(_CLAUSE.finditer(bare), key=lambda m: -m.start()):
        kept = text[: clause.start()].rstrip(" ,;—–-")
        if len(kept.split()) <= max_words and may_stand(kept, bare[clause.start() :]):
            return f"{kept}."
    return None


def may_stand(kept: str, cut_off: str) -> bool:
    """Whether the beginning of a sentence is complete and faithful without its end.

    Args:
        kept: the beginning.
        cut_off: the end, with quotations blanked.
    """
    if len(kept.split()) < _FEWEST_WORDS or _HANGING.search(kept):
        return False
    if _SUBORDINATE.match(kept) and "," not in kept:
        return False
    if kept.count("(") != kept.count(")") or is_unbalanced(kept):
        return False
    # Do not split an aside between two commas.
    if _OPEN_ASIDE.search(kept) and "," in cut_off[1:]:
        return False
    return not _LOAD_BEARING.search(cut_off) or bool(_ATTRIBUTED.search(kept))


class Clip(NamedTuple):
    """A candidate headline.

    Args:
        text: the headline, without a full stop and without quotation marks.
        whole: completeness, 0–1; 1 if the cut loses nothing essential.
    """

    text: str
    whole: float


def clips(text: str, max_words: int) -> Iterator[Clip]:
    """Candidate headlines from the beginnings of a sentence, without quotations.

    Args:
        text: a trimmed sentence.
        max_words: maximum words of a headline.
    """
    dayless = _without(_DAY, _OPENING_DAY.sub("", text))
    bodies: dict[str, float] = {}
    for body, whole in ((dayless, _WHOLE), (text, _WHOLE if dayless == text else _DATED)):
        for form in (body, _without(_ASIDE, body)):
            bodies.setdefault(form[:1].upper() + form[1:].rstrip("."), whole)
    for body, whole in bodies.items():
        for found in (*_beginnings(body, max_words), *_attributed(body, max_words)):
            yield found._replace(whole=found.whole * whole)


def opens_late(text: str) -> bool:
    """Whether a sentence has an opening before its main clause."""
    return bool(_OPENS_LATE.match(text) or _SUBORDINATE.match(text))


def _attributed(text: str, max_words: int) -> Iterator[Clip]:
    """Beginnings of an attributed statement, each with the attribution at its end."""
    says = _SAYS_SO.search(outside_quotes(text))
    if says:
        who = text[says.start() :]
        for found in _beginnings(text[: says.start()], max_words - len(who.split())):
            if _main_clause_has_verb(found.text):
                yield Clip(found.text + who, found.whole)


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text without the matches that stand outside quotation marks."""
    for found in reversed(list(pattern.finditer(outside_quotes(text)))):
        start, end = found.span(found.lastgroup or 0)
        text = text[:start] + text[end:]
    return text


def _beginnings(text: str, max_words: int) -> Iterator[Clip]:
    bare = outside_quotes(text)
    ends = {len(text): _WHOLE}
    for pattern, whole in _CUTS.items():
        for found in pattern.finditer(bare):
            ends.setdefault(found.start(), whole)
    for end, whole in sorted(ends.items()):
        kept, cut_off = _AGE.sub("", text[:end].rstrip(" ,;—–-")), bare[end:]
        if not _FEWEST_WORDS <= len(kept.split()) <= max_words or QUOTE_MARK.search(kept):
            continue
        if not cut_off or (may_stand(kept, cut_off) and _is_finished(kept, cut_off)):
            yield Clip(kept, whole)


def _is_finished(kept: str, cut_off: str) -> bool:
    """Whether a beginning is a complete statement without the part cut off."""
    open_dash = len(_DASH.findall(kept)) % 2 == 1 and _DASH.search(cut_off)
    if open_dash or _HANGING_HEADLINE.search(kept) or _NO_CLAUSE.match(kept):
        return False
    if opens_late(kept) and "," not in kept:
        return False
    takes_it = _TAKES_IT.match(cut_off)
    if takes_it and (_ASKS_FOR_MORE.search(kept) or _FIRST_TO.search(kept)):
        return False
    if any(p.search(kept) and not _has_own_verb(p.split(kept)[-1]) for p in _BEFORE_STATEMENT):
        return False
    if _OPENS_PAIR.search(kept) and _CLOSES_PAIR.match(cut_off):
        return False
    if re.search(r"\b(?:so|such)\b", kept) and re.search(r"\bthat\b", cut_off):
        return False
    tail = _TAIL.search(kept)
    if tail and not has_verb(tail.group()):
        return False
    return _main_clause_has_verb(kept)


def _main_clause_has_verb(kept: str) -> bool:
    """Whether the main clause has a verb: "The bill, passed by the House" has none."""
    *_, behind_dash = _DASH.split(kept)
    parts = kept.split(", ")
    main = parts[1:] if opens_late(kept) and len(parts) > 1 else [parts[0], *parts[2:]]
    return any(map(_has_own_verb, main)) and (behind_dash == kept or _has_own_verb(behind_dash))


def _has_own_verb(part: str) -> bool:
    """Whether a part of a sentence has a verb of its own."""
    return has_verb(_BY.sub("", _RELATIVE.sub("", part)))
