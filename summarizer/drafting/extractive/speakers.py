"""Detection of the speaker of a sentence by verbs of saying."""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarizer.drafting.extractive.names import NameBook, bare_name, names_in
from summarizer.drafting.extractive.sentences import OWN_WORD, Sentence
from summarizer.text.dates import WEEKDAY
from summarizer.text.names import NAME
from summarizer.text.quotations import SAY

SAYING = (
    r"(?:said|says|told|tells|wrote|writes|argued|argues|alleged|alleges|claimed|claims|denied|"
    r"denies|accused|accuses|announced|announces|added|adds|warned|warns|criticized|criticised|"
    r"criticizes|criticises|condemned|condemns|blamed|blames|defended|defends|rejected|rejects|"
    r"dismissed|dismisses|disputed|disputes|insisted|insists|acknowledged|acknowledges|admitted|"
    r"admits|apologized|apologised|apologizes|apologises|called|calls|urged|urges|demanded|demands|"
    r"tweeted|posted|stated|states|explained|explains|noted|notes|testified|vowed|promised|praised|"
    r"slammed|blasted|denounced|questioned|confirmed|confirms|suggested|suggests|maintained|"
    r"maintains|countered|replied|responded|complained|expressed|welcomed|backed|opposed|opposes|"
    r"supported|supports|sued|sues|described|describes|cautioned|conceded|declared|pledged|"
    r"asserted|"
    r"contended|contends|refuted|objected|ordered|ruled|found|concluded|refused|asked)"
)
_ADVERBS = (
    r"(?:(?:also|later|has|have|had|repeatedly|publicly|previously|initially|then|further|flatly|"
    r"strongly|vehemently|categorically|reportedly|again|since|first|once|now|quickly|earlier|"
    rf"(?:late |early )?(?:on |last )?{WEEKDAY}(?: \w+)?|"
    r"[a-z]+ly|in (?:a|an|his|her|its|their) [a-z ]{3,40}),?\s){0,3}"
)
_GROUP = (
    r"(?:[A-Za-z-]{1,40}\s)?(?:[Cc]ritics|[Pp]rosecutors|[Rr]egulators|[Pp]olice|[Rr]esearchers|"
    r"[Ee]xperts|"
    r"[Aa]nalysts|[Ii]nvestigators|[Aa]dvocates|[Aa]ctivists|[Oo]pponents|[Ss]upporters|"
    r"[Ll]awmakers|[Oo]fficials|[Cc]ampaigners|[Pp]laintiffs|[Ee]mployees|[Ww]orkers|[Uu]sers|"
    r"[Pp]arents|[Cc]ustomers|[Ii]nvestors|[Rr]esidents|[Dd]emocrats|[Rr]epublicans|[Ll]awyers|"
    r"[Aa]uthors|[Aa]rtists|[Ss]tudents|[Tt]eachers|[Bb]ackers|[Pp]atients|[Uu]nions|[Nn]arrators|"
    r"[Mm]usicians|[Pp]ublishers|[Dd]rivers|[Pp]assengers|[Mm]erchants|[Ff]amilies|[Mm]embers|"
    r"[Ss]hareholders|[Nn]eighbou?rs|[Vv]ictims)"
)
_SPOKEN_FOR = (
    rf"(?:[Aa]|[Tt]he)?\s?(?:spokes(?:person|man|woman)|lawyer|attorney|representative|"
    rf"statement|lawyers|attorneys|[Oo]fficials|[Aa]ides|executives|"
    rf"[Rr]esearchers|[Ss]cientists|[Aa]nalysts|[Ee]xperts|[Ee]ngineers|[Ww]orkers)\s(?:for|from|"
    rf"at|of|with)\s(?:the\s)?(?P<company>{NAME})"
)
_ASIDE = r"(?:\s\([^)]{1,20}\))?(?:,\s[^,“”\"]{2,110}(?:,\s[^,“”\"]{2,60})?,)?"
OFFICE = (
    r"(?:chief|CEO|[Pp]resident|spokes(?:man|woman|person)|founder|co-founder|chair(?:man|woman)?|"
    r"executive|boss|lawyers?|attorneys?|director|officer|Officer|representative|head|vice|counsel|"
    r"commissioner|secretary|leader|manager|editor)"
)
_FORMS = (
    re.compile(
        rf"(?P<company>{NAME})(?:['’]s)?\s(?:spokes(?:person|man|woman)|representative|officials?|"
        rf"executives?|lawyers?|attorneys?)\s{_ADVERBS}(?P<verb>{SAYING})\b"
    ),
    re.compile(rf"{_SPOKEN_FOR}{_ASIDE}\s{_ADVERBS}(?P<verb>{SAYING})\b"),
    re.compile(
        rf"(?:^|[,;”\"]\s?|\s)(?<!\bby )(?<!\bthat )(?P<name>{NAME}){_ASIDE}\s{_ADVERBS}"
        rf"(?P<verb>{SAYING})\b(?! by\b| to have\b)"
    ),
    re.compile(rf"{OFFICE},\s(?P<name>{NAME}),\s{_ADVERBS}(?P<verb>{SAYING})\b"),
    re.compile(rf"[,”\"]\s(?P<verb>{SAY})\s(?:the\s|[a-z]+\s){{0,4}}(?P<name>{NAME})"),
    re.compile(rf"\b[Aa]ccording to\s(?:the\s)?(?:[a-z]+\s){{0,4}}(?P<name>{NAME})(?P<verb>)"),
    re.compile(rf"(?:^|[,;”\"]\s?)(?P<name>{_GROUP})\s{_ADVERBS}(?P<verb>{SAYING})\b"),
    re.compile(rf"[,”\"]\s(?P<name>(?:[a-z]+\s)?{_GROUP})\s(?P<verb>said|say|wrote|argue)\b"),
)
_NOT_SUBJECT = re.compile(
    r"\b(?:in|of|from|by|with|at|for|on|near|than|against|under|like|as|over|into|"
    r"about)\s(?:the\s)?$"
)
_DEMONYM = re.compile(
    r"\b\w+(?:ese|ish|ian)|Israeli|Iraqi|Iranian|Saudi|American|German|French|Dutch|Greek|Swiss|"
    r"Mexican|European|Republican|Democratic|Federal|Senior|Local|State"
)
_PRONOUN = re.compile(rf"(?:^|[,;”\"]\s?)(?:[Hh]e|[Ss]he)\s{_ADVERBS}(?P<verb>{SAYING})\b")


@dataclass(frozen=True, slots=True)
class Speech:
    """The speaker of one sentence.

    Args:
        actor: the speaker's name, in full if the pack has it.
        verb: the verb of saying; empty if the item itself is the statement.
        cites: ids of further passages that hold the full name.
        own_item: whether the item is the speaker's own post, statement or filing.
        by_pronoun: whether the sentence calls its speaker "he" or "she".
    """

    actor: str
    verb: str = ""
    cites: tuple[str, ...] = ()
    own_item: bool = False
    by_pronoun: bool = False


def speech(sentence: Sentence, before: Sentence | None, book: NameBook) -> Speech | None:
    """Find the speaker of a sentence; ``None`` if there is none or it cannot be named.

    Args:
        sentence: the sentence.
        before: the usable sentence directly before it in its item; its speaker resolves "he
            said" and "she said".
        book: names of the pack.
    """
    bare = sentence.bare
    for form in _FORMS:
        for match in form.finditer(bare):
            if found := _named(match, sentence, book):
                return found
    pronoun = _PRONOUN.search(bare)
    if pronoun and before is not None:
        named = speech(before, None, book)
        others = {n for n in names_in(before.bare)} - {named.actor if named else ""}
        if named and not named.own_item and len(others) <= 1:
            return Speech(named.actor, pronoun.group("verb"), before.cites, by_pronoun=True)
    return _own(sentence)


def _named(match: re.Match[str], sentence: Sentence, book: NameBook) -> Speech | None:
    groups = match.groupdict()
    company = groups.get("company")
    raw = company or groups["name"]
    if not company and _NOT_SUBJECT.search(sentence.bare[: match.start("name")]):
        return None
    if re.search(r"['’]s?$", raw) and not company:
        return None
    verb = match.group("verb") or "according to"
    actor = bare_name(raw)
    if _DEMONYM.fullmatch(actor):
        return None
    if not actor:
        group = re.fullmatch(_GROUP, raw) and not raw.startswith(("and ", "or ", "other "))
        return Speech(raw, verb) if group else None
    if " " not in actor and actor not in book.of(sentence):
        return None
    spelled = book.full(actor, sentence)
    if spelled is None:
        return Speech(actor, verb)
    full, where = spelled
    return Speech(full, verb, () if full in sentence.text else where.cites)


def _own(sentence: Sentence) -> Speech | None:
    """The author or organisation as the speaker of a sentence in its own post or statement."""
    item = sentence.item
    platform = item.platform.lower()
    # A company speaks in every sentence of its statement, a person only in the first person.
    if platform not in OWN_WORD and not (sentence.is_post and sentence.own_voice):
        return None
    actor = item.outlet or item.author if platform in OWN_WORD else item.author or item.outlet
    return Speech(actor, own_item=True) if actor else None
