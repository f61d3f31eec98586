"""Filters for source sentences: defects, and dependence on the preceding sentence."""

from __future__ import annotations

import re
from enum import Enum

from summarizer.text.boilerplate_passages import is_boilerplate
from summarizer.text.dates import MONTHS, WEEKDAY
from summarizer.text.language import is_english
from summarizer.text.prompt_injection import steers
from summarizer.text.quantities import CURRENCY
from summarizer.text.quotations import SAY
from summarizer.text.voice import FRAGMENT, has_marks, voice_faults

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|previous|prior|above|"
    r"rules)|system prompt|\bas an? (?:ai|language model)\b|\b(?:respond|reply|answer|output) "
    r"(?:only|with|in)\b|\b(?:note|message|instructions?|attention)\b.{0,20}\b(?:to|for) (?:the |"
    r"any "
    r"|all )?(?:ai|llm|model|assistant|summari[sz]er|editor)|\bdo not (?:mention|include|report|"
    r"summari[sz]e)\b|\b(?:language model|ai|assistant)s? (?:must|should|reading this)|"
    r"<\s*+/?+\s*+(?:system|user|assistant|script)",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|www\.|(?<![\w-])[\w-]++\.(?:com|org|net|io|ai|co)/\S", re.IGNORECASE)
_IMPERATIVE = re.compile(
    r"^(?:Click|Read|Sign|Subscribe|Follow|See|Watch|Listen|Share|Join|Download|Check|Visit|Learn|"
    r"Get|Contact|Email|Print|Stay|Remember|Note|Imagine|Consider|Ignore|Please|Let|Tell|Buy|Meet|"
    r"Register|Donate|Don['’]t|Do not|Never|Always|Stop|Think|Look|Take|Ask|Try|Make|Keep)\s"
    r"(?!['’]?s\b|\w+\s(?:said|says|told))[a-z]"
)
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|you['’]\w+)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|[Ww]e|[Ww]e['’]\w+|my|My|[Oo]ur|us|me|ours)\b")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|do|did|will|would|can|could|may|might|must|"
    r"should|said|says|say|told|tells|took|takes|made|makes|make|gave|gives|give|went|goes|came|"
    r"comes|got|gets|found|finds|left|leaves|kept|keeps|held|holds|led|leads|lost|loses|met|meets|"
    r"paid|pays|put|puts|ran|runs|rose|rises|saw|sees|sent|sends|set|sets|sold|sells|spent|stood|"
    r"stands|sought|seeks|brought|brings|bought|buys|built|builds|became|becomes|began|begins|"
    r"broke|"
    r"breaks|chose|cut|cuts|drew|drove|fell|falls|felt|feels|fought|fights|flew|grew|grows|hit|"
    r"hits|"
    r"hurt|hurts|knew|knows|laid|won|wins|wrote|writes|withdrew|sues|sue|shut|shuts|spoke|speaks|"
    r"stole|struck|strikes|threw|thought|thinks|understood|let|lets|read|reads|plans|plan|faces|"
    r"face|calls|wants|want|shows|show|remains|remain|means|includes|include|requires|allows|"
    r"claims|"
    r"alleges|allege|denies|deny|expects|expect|believes|believe|appears|seems|needs|need|uses|use|"
    r"works|adds|argues|argue|warns|urges|asks|bans|files|offers|reports|accuses|orders|rules|"
    r"launches|settles|apologizes|apologises|admits|confirms|rejects|pulls|drops|announces|reveals|"
    r"retracts|corrects|withdraws|suspends|closes|cancels|joins|raises|demands|charges|"
    r"probes|opens|declines|blocks|fines|hires|fires|quits|resigns|unveils|pauses|halts|"
    r"[a-z]{2,}(?:ed|ized|ised))\b"
)
_SUBJECT_IT = re.compile(
    r"^(?:(?:Last|This|Next|Earlier this) (?:week|month|year)|On [A-Z]\w+day|Yesterday|Today|Later|"
    r"Earlier|In [A-Z]\w+|In (?:its|a|an|the) [a-z ]{3,30}|A (?:day|week|month|year) (?:later|"
    r"earlier))"
    r",? (?:it|they|he|she)\b|^.{0,60}\bput it\b"
)
_START = re.compile(rf"(?![A-Z]\.,)[“\"‘'(]?[A-ZÀ-Þ0-9{CURRENCY}@]")
_BREAKS_OFF = re.compile(
    r"\b(?:asked|continued)(?: (?:on )?[A-Z]\w+day)?\.$"
    r"|^(?!.*\bthat\b)[^,“\"]{0,60}\b(?:wrote|said|added) in (?:an?|his|her|its|the) [^,“\"]*\.$"
)
_TWO = 2  # names: the speaker and the person told
_SURELY_A_SENTENCE = 12  # words from which unlisted verbs count: longer fragments are rare
_LIKELY_VERB = re.compile(rf"{_VERB.pattern}|\b[a-z]{{3,}}s\b")
_NO_SUBJECT = re.compile(
    r"^(?:Lost|Got|Spent|Finished|Saw|Heard|Had|Went|Made|Took|Found|Tried|Been|Still|Wrote|"
    r"Deleted|"
    r"Thought|Knew|Came|Was|Were|Is|Are|Has|Have|Did|Does|Can|Could|Would|Said|Says|Told|"
    r"Gave) (?!by\b)"
)
_CAPTION = re.compile(
    r",? (?:Plaintiffs?|Defendants?|Petitioners?|Respondents?)[,.]"
    r"|^Caption\s|\w\s\((?:AFP|AP|EPA|Getty[^)]{0,20}|PA|Reuters)\)\s[A-Z]"
)
_HEARSAY = re.compile(
    r"\b(?:allegedly|reportedly|purportedly|rumou?red|alleged(?! (?:that|in|by|on)\b))\b",
    re.IGNORECASE,
)
_SOURCED = re.compile(
    r"\b(?:said|says|told|wrote|according to|alleges?|claims?|accus\w+|lawsuit|complaint|"
    r"reported by|"
    r"posted|prosecutors|plaintiffs?|argu\w+)\b"
)
QUOTE_MARK = re.compile(r"[“”\"]")
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|(?<!\w)‘[^‘’]*’(?!\w)")
_NAME_LIKE = re.compile(
    rf"(?<!^)(?<!^[“\"])\b(?!{WEEKDAY}|{'|'.join(map(str.title, MONTHS))}|I\b)[A-Z][\w’'-]*"
)
_COMMON_OPENER = re.compile(
    r"[“\"]?(?:The|A|An|In|On|At|By|For|From|With|Without|When|As|If|After|Before|During|Since|"
    r"While|"
    r"Although|Though|Because|Earlier|Later|Last|Next|Once|Now|Today|Yesterday|Despite|Until|Also|"
    r"Even|According|Asked|To|Not|No|There|Under|Over|Among|Amid|Through|Within|Some|Many|Most|All|"
    r"Several|Only|Just|Perhaps|Both|What|Who|How|Why|Where|About|Around|Nearly|More|Less)\b"
)
_NAME_AFTER_CLAUSE = re.compile(r"^[^,]*,\s(?:(?:Mr|Ms|Mrs|Dr)\.\s)?[A-Z][a-z]+")
_ANAPHOR = re.compile(
    r"^(?:[“\"]?)(?:He|She|It|They|His|Her|Its|Their|Him|Them|"
    r"(?:This|That|These|Those)(?! (?:year|week|month|spring|summer|autumn|fall|winter|morning)\b)|"
    r"Such|Both|Neither|Others|Another|Here|Either|The (?:two|three|four|pair|latter|former|same)|"
    r"[Oo]ne of (?:them|those|these)|Some of (?:them|those|these)|Among (?:them|those|these)|"
    r"Not (?:only|all)|Nor|Neither|Because of (?:this|that)|Until then|Since then|By then|"
    r"After that|Before that|At (?:the|that) time|In response|At that point|The other)\b"
)
_PERSONAL = re.compile(r"\b(?:he|she|his|her|him|hers|they|their|them)\b", re.IGNORECASE)
_PRONOUN_SPEAKS = re.compile(
    rf"(?:[”\"]|,)\s*(?:it|they|he|she)\s+(?:\w+ly\s|also\s|later\s)?{SAY}\b"
)
OWN_SPEAKS = re.compile(r"[”\"]\s+(?:its|their)\s")
"""Behind a quotation, a speaker who is only told by whom he belongs to: "…," its founder said."""
_ELSEWHERE = re.compile(
    r"\bthere\b(?! (?:is|are|was|were|has|have|had|will|would|may|might|could|can|should|must|be|"
    r"been|being|remains?|seems?|appears?|exists?|comes?|came)\b)(?!['’])"
)
_PLACED = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Oo]f|[Tt]o|[Ff]rom|[Nn]ear|[Oo]n|across|around) (?:the )?[A-Z]"
)
_OF_ANOTHER = re.compile(
    r"^(?:The|An?) [a-z-]+(?: [a-z-]+)? (?:that|which) [^,.]{0,60}?\b(?:it|him|her|them)\b"
)


class Lean(Enum):
    """Dependence of a sentence on the one before it."""

    NOT = 0  # none that its words show: see ``standing`` for "The company …"
    HARD = 1  # "She said …": unclear without its antecedent


def outside_quotes(text: str) -> str:
    """The text with quotations replaced by dots of equal length, so that offsets stay valid."""
    return _QUOTED.sub(lambda m: m.group(0)[0] + "·" * (len(m.group(0)) - 2) + m.group(0)[-1], text)


def without(pattern: re.Pattern[str], text: str) -> str:
    """The text without the matches outside quotations, or without their last named groups."""
    for found in reversed(list(pattern.finditer(outside_quotes(text)))):
        start, end = found.span(found.lastgroup or 0)
        text = text[:start] + text[end:]
    return text


def _shouts(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > 0.55 * max(1, len(letters))


def is_unbalanced(text: str) -> bool:
    """Whether quotation marks in the text are unpaired."""
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def defect(text: str, *, headline: bool) -> str | None:
    """Name of the first defect of a trimmed sentence; ``None`` if it is usable.

    Args:
        text: the sentence, trimmed.
        headline: whether it is the title of an item without text, which needs no full stop.
    """
    bare = outside_quotes(text)
    words = len(text.split())
    verb = _LIKELY_VERB if words >= _SURELY_A_SENTENCE else _VERB
    faults = {
        "too short": words < (4 if headline else 5),
        "question": text.rstrip("”\"’'").endswith("?"),
        "cut off": text.endswith(("...", "…")) or (not headline and not _ends(text)),
        "starts amid a sentence": not _START.match(text),
        "breaks off": bool(_BREAKS_OFF.search(text)),
        "link": bool(_LINK.search(text)),
        "in brackets": text.startswith("(") and text.rstrip(".").endswith(")"),
        "shouting": _shouts(text),
        "boilerplate": is_boilerplate(text),
        "instruction": bool(_INSTRUCTION.search(text)) or steers(text),
        "imperative": bool(_IMPERATIVE.match(text)),
        "second person": bool(_SECOND_PERSON.search(bare)),
        "broken quotation": is_unbalanced(text),
        "no verb": not (headline or verb.search(bare)) and _is_fragment(text),
        "no subject": bool(_NO_SUBJECT.match(text)),
        "marks of a post": has_marks(bare),
        "caption": bool(_CAPTION.search(text)),
        "hearsay": bool(_HEARSAY.search(bare)) and not _SOURCED.search(text),
        "not English": not headline and not is_english(text),
    }
    return next((name for name, found in faults.items() if found), None)


def _is_fragment(text: str) -> bool:
    """Whether the parse finds no finite verb either, where the list has none."""
    return any(fault.what == FRAGMENT for fault in voice_faults(text))


def _ends(text: str) -> bool:
    return text.rstrip("”\"’')]").endswith((".", "!"))


def lean(text: str) -> Lean:
    """Dependence of a trimmed sentence on the one before it.

    Hard: it opens with a pronoun or demonstrative, is a quotation without a speaker, or has a
    personal pronoun before any name or "there" before any place.
    """
    bare = outside_quotes(text)
    if _ANAPHOR.match(bare) or not re.search(r"[A-Za-z]", bare) or _leans_on_pronoun(bare):
        return Lean.HARD
    elsewhere = _ELSEWHERE.search(bare)
    if _OF_ANOTHER.match(bare) or (elsewhere and not _PLACED.search(bare[: elsewhere.start()])):
        return Lean.HARD
    return Lean.NOT


def _leans_on_pronoun(bare: str) -> bool:
    speaks = _PRONOUN_SPEAKS.search(bare)
    if speaks and not _names_someone(bare[: speaks.start()]):
        return True
    if _SUBJECT_IT.match(bare):
        return True
    told = re.search(r"\btold (?:him|her|them)\b", bare)
    if told and len(_NAME_LIKE.findall(bare[: told.start()])) < _TWO:
        return True
    pronoun = _PERSONAL.search(bare)
    if not pronoun or pronoun.group(0).lower() in ("they", "their", "them"):
        return False
    return not (_names_someone(bare[: pronoun.start()]) or _NAME_AFTER_CLAUSE.match(bare))


def _names_someone(text: str) -> bool:
    initial = re.match(r"[“\"]?[A-Z]", text) and not _COMMON_OPENER.match(text)
    return bool(initial or _NAME_LIKE.search(text))
