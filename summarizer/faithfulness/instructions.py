"""Instructions and links: a claim speaks of the incident, never to its reader or to a model.

What a source item says is data.  A claim that carries a link, markup, a role marker or the echo of
an instruction fails, and so does one that draws on a passage which tries to instruct a model.
"""

from __future__ import annotations

import re

from summarizer.domain import Failure, Label
from summarizer.faithfulness.grounds import Grounds
from summarizer.faithfulness.quotes import verbatim_free

_ANYWHERE = (
    ("a link", re.compile(r"https?://\S+|\bwww\.\S+|\]\([^)]*\)", re.IGNORECASE)),
    ("a link", re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|ai|gov)/\S+", re.IGNORECASE)),
    ("markup", re.compile(r"</?[a-z][^<>]{0,200}>|&(?:lt|gt|nbsp|#\d+);|```", re.IGNORECASE)),
    ("a role marker", re.compile(r"<\|[^|]*\|>|\[/?INST\]|^\s*#{2,}\s|<</?SYS>>", re.IGNORECASE)),
    (
        "a role marker",
        re.compile(r"(?:^|\n)\s*(?:system|assistant|user|human)\s*:", re.IGNORECASE),
    ),
)
_STEER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:all |any |the |your |these )*(?:previous|prior"
    r"|above|earlier|preceding|other|existing|safety)?\s*(?:instructions?|prompts?|rules|guidelines"
    r"|directions)\b"
    r"|\b(?:new|updated) (?:system )?instructions?\s*:|\bsystem prompt\b.{0,20}[:=]"
    r"|\byou are (?:now )?(?:an? )?(?:ai|assistant|chatbot|language model|llm|helpful)\b"
    r"|\b(?:to|note to|attention|dear|hey|hello)\W+(?:all )?(?:ai|llms?|language models?"
    r"|summari[sz]ers?|chatbots?|automated)\b"
    r"|\b(?:ai|llms?|models?|assistants?|summari[sz]ers?|systems?|bots?)\b[^.]{0,40}\b(?:must"
    r"|should) (?:only |always |now |instead )?(?:write|say|state|output|respond|report"
    r"|summari[sz]e|describe|include|conclude|reply|print|omit|repeat)\b"
    r"|\b(?:when|if|while) (?:you are |you're )?(?:summari[sz]ing|generating|writing) (?:this|a"
    r"|the)[^.]{0,40}\b(?:say|state|write|include|omit|describe|do not|don't)\b",
    re.IGNORECASE,
)
_TO_READER = (
    ("speaks as a model", re.compile(r"\bas an? (?:ai|language model|llm|assistant)\b", re.I)),
    (
        "speaks as a model",
        re.compile(
            r"^\W*(?:I'm sorry|I cannot|I can't|I can’t|Sure[,!]|Certainly[,!]|Here (?:is|are)"
            r" (?:the|a|your)\b|Here's (?:the|a|your)\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "speaks of its own task",
        re.compile(
            r"\b(?:the editor (?:says|asks|wants|instructs)|the (?:prompt|evidence pack|passages?"
            r" (?:cited|above|provided))\b|the provided (?:sources|passages|text)"
            r"|as instructed|per (?:the|your) instructions)",
            re.IGNORECASE,
        ),
    ),
    (
        "speaks to the reader",
        re.compile(
            r"\b(?:you|your|yours|yourself|dear readers?|click here|subscribe|sign up|visit our"
            r"|stay tuned|read more|we (?:recommend|advise|urge))\b",
            re.IGNORECASE,
        ),
    ),
)
_PICTURE = re.compile(r"\b(?:imagine|think of|picture|like|as if|just as|suppose)\b", re.IGNORECASE)


def steers(text: str) -> bool:
    """Whether a text tries to instruct a model that reads it; quoting such words doesn't."""
    return _STEER.search(verbatim_free(text, text)) is not None


def check(claim: str, grounds: Grounds, analogy: bool = False) -> list[Failure]:
    """Fail links, markup, echoes of instructions and words to the reader.

    Args:
        claim: the drafted sentence.
        grounds: what it cites.
        analogy: an analogy may ask the reader to imagine something, and so say "you".
    """
    found = [
        _failure(f"The claim carries {what}.", match)
        for what, pattern in _ANYWHERE
        if (match := pattern.search(claim))
    ]
    said = verbatim_free(claim, grounds.text)
    if match := _STEER.search(said):
        found.append(_failure("The claim repeats an instruction to a model.", match))
    for what, pattern in _TO_READER:
        if (match := pattern.search(said)) and not (analogy and _PICTURE.search(said)):
            found.append(_failure(f"The claim {what}.", match))
    return found or _from_steering(grounds)


def _from_steering(grounds: Grounds) -> list[Failure]:
    for ground in grounds.cited:
        if steers(ground.text):
            reason = f"The cited passage {ground.id} tries to instruct a model; it proves nothing."
            return [Failure(check="instructions", reason=reason, label=Label.UNSUPPORTED)]
    return []


def _failure(reason: str, match: re.Match[str]) -> Failure:
    return Failure(
        check="instructions",
        reason=reason,
        start=match.start(),
        end=match.end(),
        label=Label.UNSUPPORTED,
    )
