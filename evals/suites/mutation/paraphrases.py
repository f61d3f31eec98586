"""Rewrites that keep the meaning; rewritten claims must stay shown.

Extracted sentences are nearly verbatim, so a verifier that flags every change would score
perfectly on faults alone.  Rewrites measure its false alarms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from evals.suites.mutation.names import is_person
from evals.suites.mutation.numbers import SMALL
from evals.suites.mutation.target import Plant, Target
from evals.suites.mutation.words import NO_NAMES, named
from summarizer.domain.claims import Claim
from summarizer.rendering.phrases import MONTHS

_MONTH = "|".join(MONTHS)
_DIGIT = re.compile(
    r"(?<![\w.,:$€£/-])(?P<n>[2-9]|1[0-2])(?= (?!percent|million|billion|trillion|to\b|and\b|or\b"
    r"|thousand|of\b|a\.m|p\.m|am\b|pm\b)[a-z]{3,})"
)
_SPELLED = re.compile(rf"(?<![-\w])(?P<w>{'|'.join(SMALL)})(?= [a-z]{{3,}}s\b)")


def number_form(target: Target, rng: Random) -> Claim | None:
    """``7 people`` for "seven people" and the reverse; not after a name or a month."""
    for match in target.unquoted(_DIGIT):
        if not re.search(r"[A-Z][\w’']{0,40}\s$", target.text[: match.start()]):
            return target.replaced(match.span(), SMALL[int(match["n"]) - 2])
    for match in target.unquoted(_SPELLED):
        return target.replaced(match.span(), str(SMALL.index(match["w"]) + 2))
    return None


_MAGNITUDE = re.compile(
    r"(?P<n>\d{1,3}(?:\.\d{1,2})?) (?P<m>million|billion)\b(?! (?:to|and|or)\b)"
)
_THOUSANDS = re.compile(r"(?<![\d,.])(?P<n>\d{1,3}),000(?![\d,])")


def magnitude_form(target: Target, rng: Random) -> Claim | None:
    """``1,200,000`` for "1.2 million" and "38 thousand" for "38,000"."""
    for match in target.unquoted(_MAGNITUDE):
        scale = 10**6 if match["m"] == "million" else 10**9
        if not re.search(r"(?:[-–]|\bto|\band|\bor) ?[$€£]?$", target.text[: match.start()]):
            return target.replaced(match.span(), f"{round(float(match['n']) * scale):,}")
    for match in target.unquoted(_THOUSANDS):
        return target.replaced(match.span(), f"{match['n']} thousand")
    return None


_PERCENT = re.compile(r"(?<=\d)(?: percent| per cent|%)(?! points?| percentage)")


def percent_form(target: Target, rng: Random) -> Claim | None:
    """``7%`` for "7 percent" and the reverse."""
    for match in target.unquoted(_PERCENT):
        return target.replaced(match.span(), " percent" if match.group() == "%" else "%")
    return None


_MONTH_DAY = re.compile(rf"\b(?P<m>{_MONTH}) (?P<d>\d{{1,2}})\b(?!,? \d)")
_DAY_MONTH = re.compile(rf"\b(?P<d>\d{{1,2}}) (?P<m>{_MONTH})\b(?! \d)")


def date_form(target: Target, rng: Random) -> Claim | None:
    """``18 June`` for "June 18" and the reverse."""
    for match in target.unquoted(_MONTH_DAY):
        return target.replaced(match.span(), f"{match['d']} {match['m']}")
    for match in target.unquoted(_DAY_MONTH):
        return target.replaced(match.span(), f"{match['m']} {match['d']}")
    return None


_SPEAKER = r"(?:[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,4}|[Pp]olice|[Oo]fficials|the company)"
_TRAILING = re.compile(
    rf"^(?P<said>[^“”\"]{{20,}}), (?:(?P<who>{_SPEAKER}) said|said (?P<who2>{_SPEAKER}))\.?$"
)
_ACCORDING = re.compile(rf"^(?P<said>[^“”\"]{{20,}}), according to (?P<who>{_SPEAKER})\.?$")


def speaker_first(target: Target, rng: Random) -> Claim | None:
    """``X said that S`` for "S, X said" and "S, according to X"."""
    match = _TRAILING.match(target.text) or _ACCORDING.match(target.text)
    if match is None:
        return None
    who = match["who"] or match["who2"]
    return target.said(f"{who} said that {_small(match['said'])}.")


def _small(sentence: str) -> str:
    first = sentence.split()[0]
    keep = first.casefold() not in NO_NAMES or first in ("I", *MONTHS)
    return sentence if keep else first.lower() + sentence[len(first) :]


_SAID_THAT = re.compile(r"\bsaid that (?=[a-z])")
_SAID_WHAT = re.compile(r"(?<=[a-z]) said (?=(?:the|it|he|she|they|its|his|her|there|a|an|this) )")


def said_that(target: Target, rng: Random) -> Claim | None:
    """``stated that`` for "said that", and "said that" for a bare "said"."""
    for match in target.unquoted(_SAID_THAT):
        return target.replaced(match.span(), "stated that ")
    for match in target.unquoted(_SAID_WHAT):
        return target.replaced(match.span(), " said that ")
    return None


_QUOTE_SAID = re.compile(
    rf"^[“\"](?P<said>[^“”\"]{{15,}}?),?[”\"],? said (?P<who>{_SPEAKER})(?:, [^“”\"]+)?\.$"
)
_FIRST_PERSON = re.compile(
    r"\b(?:I|we|my|our|us|me|you|your|ours|mine|let)\b|['’](?:m|ve|re)\b|[?!]", re.IGNORECASE
)


def indirect_speech(target: Target, rng: Random) -> Claim | None:
    """Turn a quotation without "I", "we" or "you" into indirect speech of the same speaker."""
    match = _QUOTE_SAID.match(target.text)
    if match is None or _FIRST_PERSON.search(match["said"]) or "." in match["said"]:
        return None
    return target.said(f"{match['who']} said that {_small(match['said'])}.")


def quote_led_in(target: Target, rng: Random) -> Claim | None:
    """``X said: "Q"`` for ``"Q," said X, the director``."""
    match = _QUOTE_SAID.match(target.text)
    return target.said(f'{match["who"]} said: "{match["said"]}."') if match else None


_ASIDE = re.compile(
    r"(?<=[\w’'”\")]), (?:who|which|(?:a|an|the|its|his|her)(?![^,]* (?:was|were|is|are|has|had) ))"
    r" [^,“”\".;:]{3,70},"
    r"(?= (?!and\b|or\b)[a-z])"
)
_LOADED = re.compile(
    r"\b(?:alleg\w+|accus\w+|reportedly|if|not|never|no|said|says|according|may|might|could|until"
    r"|charged|suspect\w*|claim\w*)\b", re.IGNORECASE,
)  # fmt: skip


def aside_dropped(target: Target, rng: Random) -> Claim | None:
    """Remove an aside between commas, unless it is a hedge, a denial or part of a list."""
    for match in target.unquoted(_ASIDE):
        behind = target.text[match.end() :]
        listed = re.match(r"[^,]{1,40},? (?:and|or)\b", behind) and "," in behind[:45]
        if not _LOADED.search(match.group()) and not listed:
            return target.replaced(match.span(), "")
    return None


_TAIL = re.compile(r", (?:who|which) [^,“”\".;:]{8,90}\.$|, which [^“”\";:]{8,120}\.$")


def tail_dropped(target: Target, rng: Random) -> Claim | None:
    """Remove a last clause with "which" or "who", unless it is a hedge or a denial."""
    match = _TAIL.search(target.text)
    if match is None or target.is_quoted(match.start()) or _LOADED.search(match.group()):
        return None
    return target.replaced(match.span(), ".")


_INTRODUCED = re.compile(r"(?<=[a-z]) \([A-Z]{2,6}\)")


def acronym_dropped(target: Target, rng: Random) -> Claim | None:
    """Remove the acronym in brackets after a name."""
    for match in target.unquoted(_INTRODUCED):
        return target.replaced(match.span(), "")
    return None


def surname(target: Target, rng: Random) -> Claim | None:
    """Replace a person's full name, mentioned once, with the surname."""
    for name in named(target.text):
        words = name.text.split()
        titled = re.search(r"\b(?:Mr|Mrs|Ms|Dr|Judge|Sen|Rep)\.? $", target.text[: name.start])
        alone = len(words) == 2 and words[1] not in target.text[name.end :]
        if alone and not titled and is_person(name.text, target.everything):
            shared = {w for w in named(target.source) if words[1] in w.text and w.text != name.text}
            if not shared and not target.is_quoted(name.start):
                return target.replaced((name.start, name.end), words[1])
    return None


_BOUGHT = re.compile(
    r"^(?P<a>(?:The )?[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,3}) (?P<v>bought|acquired|fined|sued"
    r"|denied|dismissed|banned|rejected|approved|arrested|charged|accused|criticized|criticised|condemned)"
    r" (?P<b>(?:(?:the|a|an|its|two|three|his|her) [\w’'-]+(?: [\w’'-]+)?"
    r"|[A-Z][\w’'.-]*\w(?: [A-Z][\w’'.-]*\w){0,3}))"
    r"(?P<rest>(?: (?:on|in|for|of|over) [^,“”\";:]{3,80})?)\.$"
)


def passive(target: Target, rng: Random) -> Claim | None:
    """``B was bought by A for …`` for "A bought B for …", in sentences of one verb."""
    match = _BOUGHT.match(target.text)
    if match is None or re.search(r"\b(?:and|which|that|who|but)\b", match["rest"]):
        return None
    b, a = match["b"], match["a"]
    b = b[0].upper() + b[1:]
    a = a[0].lower() + a[1:] if a.startswith("The ") else a
    verb = "were" if re.match(r"(?:two|three|Two|Three)\b", match["b"]) else "was"
    return target.said(f"{b} {verb} {match['v']} by {a}{match['rest']}.")


_SYNONYMS = {
    "began": "started", "bought": "purchased", "nearly": "almost", "almost": "nearly",
    "roughly": "about", "released": "published", "asked for": "requested", "children": "kids",
    "showed": "demonstrated", "help": "assist", "buy": "purchase", "start": "begin",
    "large": "big", "big": "large", "several": "a number of", "many": "numerous",
    "currently": "now", "attempted": "tried", "tried": "attempted", "employees": "workers",
    "workers": "employees", "quickly": "rapidly", "due to": "because of", "firm": "company",
}  # fmt: skip
_SYNONYM = re.compile(rf"\b(?:{'|'.join(sorted(_SYNONYMS, key=len, reverse=True))})\b")


def synonym(target: Target, rng: Random) -> Claim | None:
    """Replace one word with a synonym from a closed list."""
    for match in target.unquoted(_SYNONYM):
        return target.replaced(match.span(), _SYNONYMS[match.group()])
    return None


REWRITES: Mapping[str, Plant] = {
    "number form": number_form,
    "magnitude form": magnitude_form,
    "percent form": percent_form,
    "date form": date_form,
    "speaker first": speaker_first,
    "said that": said_that,
    "indirect speech": indirect_speech,
    "quote led in": quote_led_in,
    "aside dropped": aside_dropped,
    "tail dropped": tail_dropped,
    "acronym dropped": acronym_dropped,
    "surname": surname,
    "passive": passive,
    "synonym": synonym,
}
"""Every rewrite by name."""
