"""Prompt injection: text that tries to instruct a model that reads it.

An order is looked for in the text as it stands and in its readings: without invisible characters,
with look-alike letters of other alphabets and digits that stand for letters put right, and decoded.
A sentence that reports an order ("told chatbots to ignore their rules", or the words in quotation
marks) gives none.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from summarizer.text.cache import cached_by_text
from summarizer.text.invisible import IGNORABLE
from summarizer.text.quotations import verbatim_free

_OPENING = r"(?:(?:^|[.!?:;,>\]})*#|\"“”\n-])[^\S\n]*|\b(?:please|now|must|should)\s+)"
_CLAUSE = rf"(?:{_OPENING}|\b(?:and|then)\s+)"
"""Where an imperative can stand: it opens a clause."""

_READER = (
    r"(?:ais?|a\.i\.|llms?|(?:large )?language models?|summari[sz]ers?|chatbots?|assistants?"
    r"|drafters?|drafting models?|crawlers?|(?:ai|automated|text) (?:systems?|models?|tools?"
    r"|readers?|agents?|writers?|editors?|processors?|summari[sz]ers?|assistants?|bots?))"
)
_BEFORE = r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|system)"
_TOLD = r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|constraints?)"
_DROP = r"(?:ignore|disregard|forget|override|bypass|discard|set aside)"
_TELL = r"(?:write|state|report|say|conclude|assert|confirm|output|print|answer|reply|respond)"
_CONDENSES = (
    r"(?:summari[sz]|condens|digest|abridg|shorten|rewrit|recap|paraphras|excerpt|quot|process"
    r"|read|writ)(?:es?|s|ing|e)?"
)
_MUST = r"(?:must|should|shall|(?:is|are|has|have|needs?|ought) to|will)"
_ORDERS = (
    r"\b(?:who(?:so)?ever|any(?:one|body) who|every(?:one|body) who|(?:all|those) who|any \w+ that)"
    rf"\s+{_CONDENSES}\s+(?:this|these|the above|it)\b[^.]{{0,60}}?\b{_MUST}\s+(?:\w+ )?"
    rf"(?:{_TELL}|include|omit|describe|treat|present|record|carry|leave|open|begin|cite|use|copy)\b",
    r"\b(?:any|each|every|the|a) (?:summary|digest|abstract|recap|condensation|write-?up)"
    rf" of (?:this|the above|these|it)\b[^.]{{0,60}}?\b{_MUST}\b",
    rf"\b(?:{_TELL}|record|treat|present) (?:the following|what follows|this|that)\b"
    r"[^.]{0,30}\bas (?:settled|fact|established|proven|true|certain|confirmed)\b",
    rf"\b{_DROP}\s+(?:(?:all|any|every|the|these|those|of)\s+)*(?:your\s+)?(?:{_BEFORE}\s+)+"
    rf"(?:\w+\s+)?{_TOLD}\b",
    rf"\b{_DROP}\s+(?:all\s+)?(?:of\s+)?your\s+(?:\w+\s+)?{_TOLD}\b",
    rf"{_CLAUSE}{_DROP}\s+(?:all |any |the |these |those |every )*{_TOLD}\b",
    rf"{_CLAUSE}{_DROP}\s+(?:everything|anything|all|what(?:ever)?)\b[^.]{{0,30}}"
    r"\b(?:above|before|earlier|told)\b",
    r"\b(?:new|updated|revised|final|real|actual) (?:system |editorial |drafting |top-priority )?"
    r"instructions?\s*:",
    r"\bsystem (?:prompt|override|message|notice)\s*[:=]",
    r"\byou are (?:now )?(?:an? |the )?(?:ai|assistant|chatbot|language model|llm|helpful"
    r"|summari[sz]er|drafter|drafting model|unrestricted)\b",
    r"\bfrom now on,? you\b",
    r"\b(?:enter|enable|activate) (?:developer|debug|maintenance) mode\b",
    rf"(?:^|[.!?:;>*#\n-][^\S\n]*)(?:(?:important|urgent|private)\s+)?(?:note|attention|message|memo"
    rf"|instructions?|notice|reminder|information)\W+(?:(?:to|for)\s+)?(?:all |any |the |every )*"
    rf"{_READER}\b(?:[^.:]{{0,40}}:|\W*\s(?:must|should|please|reading|you)\b|\W*[—–-])",
    rf"(?:^|[.!?]\s+)(?:dear|hey|hello|hi)\s+(?:all |any )?{_READER}\s*[,:!—–-]",
    rf"\bif you are an? (?:\w+ )?{_READER}\b",
    rf"\b{_READER}(?: (?:reading|summari[sz]ing|processing|drafting|that|who)\b[^.]{{0,40}})?"
    r" (?:must|should|shall|are to|is to) (?:only |always |now |instead |therefore )*"
    rf"(?:{_TELL} (?:that (?!(?:they|it|he|she)\b)|only\b|with\b|exactly\b|:|[\"“])"
    r"|(?:describe|present|portray|treat|call)\s[^.]{1,60}?\sas\b"
    r"|(?:omit|repeat|include|print|copy|cite|leave out) (?:this|the following|the (?:sentence|line"
    r"|link|word|statement|denial|passage))|quote (?:him|her|them|it)\b"
    r"|summari[sz]e (?:this|it|the (?:incident|article|story))|ignore\b)",
    r"\b(?:when|if|while|before) (?:you (?:are )?|you're )?(?:summari[sz]|generat|writ|draft"
    r"|process)(?:ing|e) (?:this|the|a|any)\s(?:\w+\s){0,3}?(?:article|text|page|story|incident"
    r"|item|summary|section|document|draft|title|post)\b[^.,]{0,30},?\s+(?:please |always |only "
    rf"|also |do not |don['’]t )*(?:{_TELL}|include|omit|describe|leave|mention|add|cite|use)\b",
    r"\byour (?:summary|draft|answer|output|response|reply|task|job|page|title|headline) (?:must"
    r"|should|has to|is to|will)\b",
    rf"(?:^|[.!?:;>*#\n-][^\S\n]*|\b(?:and|then|please)\s+){_TELL}\s+(?:only |clearly |instead )*"
    r"(?:that\s+(?!(?:again|down|way)\b)|exactly\b|the following\b|as (?:a )?fact\b)",
    rf"{_CLAUSE}(?:do not|don['’]t|never) (?:mention|include|quote|cite|report|attribute|hedge"
    r"|summari[sz]e)\b",
    rf"{_CLAUSE}(?:omit|leave out|drop|remove|delete|strike|suppress) (?:the|all|any|every|its"
    r"|their|both) (?:[^.]{0,40})\b(?:denials?|responses?|repl(?:y|ies)|quotes?"
    r"|(?<!-)sides?(?!\s(?!of|and|or)\w)|passages?|hedges?|claims? of|defen\w+|critic\w*|words?)\b",
    rf"{_CLAUSE}(?:cite|quote|use|mark|tag|reference)\b[^.]{{0,40}}[\[(]?\ba\d+\.\d+",
    rf"{_CLAUSE}(?:set|change|rewrite|replace|make)\s+the\s+(?:page\s+)?(?:title|headline|summary"
    r"|key points|timeline|forecast|draft|page)\b[^.]{0,30}\b(?:to|with|read|say)\b",
    rf"{_OPENING}(?:describe|portray|treat|present)\s+(?!at\b|in\b)[^.]{{1,60}}?\sas\s+(?:a |an "
    r"|the |fact|proven|established|confirmed|guilty|\w+\W*$)",
    rf"{_CLAUSE}(?:reveal|print|repeat|output|show|include|reproduce|disclose|append|dump|copy)\b"
    r"[^.]{0,40}\b(?:system prompt|api[ _-]?keys?|environment variables?|(?:hidden|secret) rules"
    r"|(?:prompt|instructions|rules) (?:above|before|you were given))",
    r"\b(?:reveal|print|repeat|output|show|include|reproduce|disclose|append|dump|copy)\b[^.]{0,30}"
    r"\byour (?:system |own |hidden |initial )*(?:prompt|instructions|rules|api key|key)\b",
    r"\b(?:the )?(?:editor(?:s|-in-chief)?|newsroom|desk|publisher)\b[^.]{0,20}\b(?:says?|wants?"
    r"|instructs?|requires?|orders?|asks?)\b[^.]{0,40}\b(?:section|title|headline|draft|page|summary"
    r"|you)\b[^.]{0,20}\b(?:must|shall|to)\b",
    r"\b(?:over(?:rides?|rules?)|outranks?|takes? precedence over) (?:all |any |every |the )*"
    r"(?:other |previous |earlier )?(?:evidence|passages?|instructions?|items?|sources|rules)\b",
    r"(?:^|\n|[.!?>*#=-]\s*)(?:system|developer|admin)\s*:\s*(?:you|ignore|set|write|state|overrid"
    r"|new|the (?:title|draft|section|page|user|previous)|from now|always|never|treat|output"
    r"|respond|add|include|all|do not|mark|this)\w*\b",
    r"(?:^|\n|[.!?>*#=-]\s*)assistant\s*:\s*(?:sure|understood|ok\b|okay|certainly|here is"
    r"|i will|\{)",
    r"<\|[^|]{1,30}\|>|\[/?INST\]|<</?SYS>>|</?(?:item|evidence|system|instructions?|assistant|user"
    r"|tool_call|tool_use|function_calls?|invoke)\b[-\w]*[^<>]{0,80}>",
    r"(?:^|[.!?:;>*#=\n-][^\S\n]*)end of (?:the )?(?:evidence|sources?|items?|documents?|context"
    r"|data|untrusted \w+)\s*(?:[.:*=#\n-]|$)",
    r"\[\s*a\d+\.\d+\s*\]",
    r"\{\s*[\"“](?:sections|claims|role|tool|tool_name|function|cites|arguments|type)[\"”]\s*:",
)
_OTHER_LANGUAGES = (
    r"\bignorier\w*\s+(?:sie\s+)?(?:bitte\s+)?(?:alle\s+)?(?:bisherigen|vorherigen|vorigen|obigen"
    r"|früheren|deine|ihre)\s+(?:\w+\s+)?(?:anweisungen|instruktionen|regeln|vorgaben)\b",
    r"\b(?:hinweis|anweisung|nachricht) an (?:die |alle |das )?(?:ki|sprachmodelle?)\b",
    r"\bignore[zr]?\s+(?:toutes\s+)?(?:les|vos|tes)\s+(?:\w+\s+)?(?:instructions|consignes|règles)\b",
    r"\b(?:note|message|consigne) (?:à|aux|pour) (?:l['’]|les )?(?:ia|modèles?)\b",
    r"\bignor[ae]\w*\s+(?:todas\s+)?(?:las|tus|sus)\s+(?:\w+\s+)?(?:instrucciones|reglas)\b",
    r"\bignora\w*\s+(?:tutte\s+)?le\s+(?:\w+\s+)?(?:istruzioni|regole)\b",
    r"\bignor[ae]\w*\s+(?:todas\s+)?(?:as|suas)\s+(?:\w+\s+)?(?:instruções|regras)\b",
    r"\bnegeer\s+(?:alle\s+)?(?:eerdere|vorige|bovenstaande|je)\s+(?:instructies|opdrachten|regels)\b",
    r"\bzignoruj\w*\s+(?:wszystkie\s+)?(?:poprzednie|wcześniejsze)\s+(?:instrukcje|polecenia)\b",
    r"\bигнорируй\w*\s+(?:все\s+)?(?:предыдущие\s+)?(?:инструкции|указания|правила)\b",
    r"\bönceki\s+(?:tüm\s+)?talimat\w*\s+(?:yok say|görmezden gel|unut)",
    r"忽略.{0,8}(?:指令|指示|说明)",
    r"(?:以前|これまで|上記|前)の.{0,6}(?:指示|命令).{0,4}無視",
    r"تجاهل.{0,16}(?:التعليمات|الأوامر)",
)


def _any_of(patterns: Iterable[str]) -> str:
    """One pattern for many, which takes a third of the time: at each place of a text, what several
    start with is tried once, and then only before a word."""
    starts: dict[str, list[str]] = {_CLAUSE: [], _OPENING: [], r"\b": [], "": []}
    for pattern in patterns:
        start = next(filter(pattern.startswith, starts))
        starts[start].append(pattern.removeprefix(start))
    whole = "|".join(starts.pop(""))
    return "|".join((*(rf"{start}(?=\w)(?:{'|'.join(p)})" for start, p in starts.items()), whole))


_STEER = re.compile(_any_of((*_ORDERS, *_OTHER_LANGUAGES)), re.IGNORECASE)
_SQUEEZED = re.compile(
    r"(?:ignore|disregard|forget)(?:all|any|the|your)*(?:previous|prior|above|earlier)?"
    r"(?:instructions|rules|prompts)",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<!\w)(?:\w[\s._*-]{1,3}){8,}\w(?!\w)")
_REPORTED = re.compile(
    r"\b(?:tell(?:s|ing)?|told|ask(?:s|ed|ing)|instruct(?:s|ed|ing)|order(?:s|ed|ing)"
    r"|command(?:s|ed|ing)|trick(?:s|ed|ing)|urg(?:es|ed|ing)|caus(?:es|ed|ing)|tries|tried|trying"
    r"|attempt(?:s|ed)|designed|persuad\w+|convinc\w+|got|how|refus\w+|agreed|able|free)\b"
    r"(?!\s+you\b)[^.!?:]{0,60}\bto\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_ON_ORDERS = re.compile(
    r"\b(?:instruct\w*|prompt\w*|inject\w*|hidden|hid|command\w*|orders?|ordered|told|messages?"
    r"|comment\w*|phrases?|words|attacks?|robocalls?|wrote|said|says|posted|posts?|reads?|lines?"
    r"|text|contain\w*|asked|trick\w*|example|sentence)\b",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_LEET = re.compile(r"(?<!\S)(?=\S*[A-Za-z])(?=\S*[013457@$])\S+")
_LETTERS = str.maketrans("0134570@$", "oieastoas")
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһкмтвнАЕОРСУХІЈЅКМТВНοαειρνυτκχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshkmtbhAEOPCYXIJSKMTBHoaeipvutkxABEZHIKMNOPTYX",
)


@cached_by_text
def steers(text: str) -> bool:
    """Whether a text tries to instruct a model that reads it; reporting such an order doesn't.

    Words in quotation marks are a report when the text around them says so; a text that is
    nothing but the quotation gives the order.
    """
    unquoted = verbatim_free(text, text)
    return holds_order(unquoted if reports_orders(unquoted) else text)


def reports_orders(text: str) -> bool:
    """Whether a text has words that tell of orders, comments or messages."""
    return _ON_ORDERS.search(text) is not None


@cached_by_text
def holds_order(text: str) -> bool:
    """Whether a text holds an order to a model, quoted or not."""
    return any(
        _SQUEEZED.search(reading) if squeezed else _gives_order(reading)
        for reading, squeezed in _readings(text)
    )


def _gives_order(text: str) -> bool:
    """Whether a reading holds an order that isn't itself reported ("told bots to ignore …")."""
    return any(
        not _REPORTED.search(text[max(0, match.start() - 100) : match.start()])
        for match in _STEER.finditer(text)
    )


def _readings(text: str) -> Iterator[tuple[str, bool]]:
    """What a model may read in a text, each with whether the spaces between words are lost."""
    plain = unicodedata.normalize("NFKC", html.unescape(IGNORABLE.sub("", text)))
    yield plain, False
    latin = plain.translate(_LOOK_ALIKE)
    if latin != plain:
        yield latin, False
    if _LEET.search(latin):
        yield _LEET.sub(lambda m: m[0].replace("11", "ll").translate(_LETTERS), latin), False
    if "%" in latin:
        yield unquote(latin), False
    for match in _ENCODED.finditer(latin):
        if decoded := _decoded(match[0]):
            yield decoded, False
    yield codecs.encode(latin, "rot13"), False
    yield latin[::-1], False
    for match in _SPACED.finditer(latin):
        yield re.sub(r"[\W_]", "", match[0]), True


def _decoded(word: str) -> str | None:
    """Base64 or hexadecimal digits that hold text; ``None`` when they hold none."""
    bare = word.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    for decode, digits in (
        (bytes.fromhex, bare),
        (base64.urlsafe_b64decode, padded),
        (base64.b64decode, padded),
    ):
        try:
            text = decode(digits).decode()
        except (ValueError, binascii.Error):
            continue
        if text.isprintable():
            return text
    return None
