"""Shorten a sentence by cutting a clause off its end; the rest stays verbatim."""

from __future__ import annotations

import re

from summarizer.adapters.extractive.usability import is_unbalanced, outside_quotes

CLAUSE = re.compile(
    r",\s(?=(?:which|who|whose|where|when|while|as|after|amid|despite|although|though|even|"
    r"including|"
    r"citing|adding|making|leaving|prompting|raising|bringing|marking|following|along with|"
    r"according to|in (?:a|an|the|what|part)|potentially|the latest|the first|part of|one of|"
    r"with|at (?:the|a)|"
    r"and (?:has|have|had|was|were|will|[a-z]+ed)|"
    r"on (?:the|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)|just|days|weeks|months|hours|saying|(?:one|"
    r"two|three) (?:day|week|month|year)s?|"
    r"announcing|revealing|writing|arguing|a move|[a-z]+ing)\b)"
    r"|\s(?=[—–]\s)|\s(?=--\s)|;\s"
)
_OPEN_ASIDE = re.compile(r",\s(?:who|which|whose|where|an?|the)\s[^,]*$")
# A sentence that opens with one of these has its main clause behind the first comma.
SUBORDINATE = re.compile(
    r"(?:While|As|When|If|After|Before|Although|Though|Even (?:though|as|if)|Because|Since|Once|"
    r"Despite|Unless|Until|In|On|At|For|With|During|Amid|Following|Under)\b"
)
_FEWEST_WORDS = 5
# Cutting these off would make a claim bolder than its source, or leave out who says it.
_LOAD_BEARING = re.compile(
    r"\b(?:unless|if|but|however|pending|until|though|although|denied|denies|without admitting|"
    r"according to|allegedly|reportedly|claiming|alleging|accusing)\b|n['’]t\b"
    r"|,\s[^,]{0,90}\b(?:said|says|told|wrote|alleged|alleges|claimed|shows?|showed|suggest(?:s|"
    r"ed)|"
    r"reported|ruled|ordered|found|estimated|confirmed|announced|declared|revealed)\b[^,]{0,60}$"
)
_ATTRIBUTED = re.compile(
    r"\b(?:said|says|told|wrote|according to|alleg\w+|claim\w*|accus\w+|su(?:ed|es)|announc\w+|"
    r"deni\w+|deny|denies)\b"
)
_HANGING = re.compile(
    r"\b(?:the|a|an|of|to|in|on|at|by|for|with|from|and|or|but|that|which|who|as|its|their|his|her|"
    r"is|are|was|were|has|have|had|be|will|would|than|into|over|about|said|says|told|remains?|"
    r"remained|"
    r"based|set|put|more|most|up|down|out|off|not|no|also|may|might|could|can|must|should|under|"
    r"between|against|after|before|during|because|while|when|where|if|[a-z]+ing)$",
    re.IGNORECASE,
)


def shortened(text: str, max_words: int) -> str | None:
    """The longest safe beginning of a sentence, closed by a full stop, that keeps within a limit.

    Nothing is cut that says who claims it, denies it or limits it, unless the rest still names a
    speaker.

    Args:
        text: a trimmed sentence.
        max_words: how many words are allowed.

    Returns:
        ``None`` when there is no safe place to cut.
    """
    if len(text.split()) <= max_words:
        return text
    bare = outside_quotes(text)
    for clause in sorted(CLAUSE.finditer(bare), key=lambda m: -m.start()):
        kept = text[: clause.start()].rstrip(" ,;—–-")
        if len(kept.split()) <= max_words and may_stand(kept, bare[clause.start() :]):
            return f"{kept}."
    return None


def may_stand(kept: str, cut_off: str) -> bool:
    """Whether the beginning of a sentence may stand without the rest of it.

    Args:
        kept: the beginning.
        cut_off: the rest, with what is between quotation marks blanked.
    """
    if len(kept.split()) < _FEWEST_WORDS or _HANGING.search(kept):
        return False
    if SUBORDINATE.match(kept) and "," not in kept:
        return False
    if kept.count("(") != kept.count(")") or is_unbalanced(kept):
        return False
    # An aside that opened in what is kept and closes in what is cut must not be split.
    if _OPEN_ASIDE.search(kept) and "," in cut_off[1:]:
        return False
    return not _LOAD_BEARING.search(cut_off) or bool(_ATTRIBUTED.search(kept))
