"""Schedules: sentences that announce a step, apart from those that call one possible."""

from __future__ import annotations

import re

from summarizer.text.called_off import moves_to
from summarizer.text.dates import mentions

_ANNOUNCED = re.compile(
    r"\b(?:will|expects?|(?:is|are|was|were|been) (?:set|due|scheduled|slated|expected|to)(?=\s)|"
    r"set for|(?:expected|scheduled|slated|due|planned) (?:to|for|on|by|in|at)|"
    r"plan(?:s|ned|ning)? to|intends? to|anticipat(?:es?|ed)|upcoming|agreed to|"
    r"deadlines?|must|ordered to|(?:has|have|had|given) until|takes? effect|"
    r"comes? into force)\b"
)
_IN_DOUBT = re.compile(
    r"\b(?:(?-i:may)|might|could|should|if|unless|likely|unlikely|probabl[ey]|possib\w+|"
    r"perhaps|considers?|considering|hopes?|hoped|threaten(?:s|ed)?|propos\w+|aims?|wants? to|"
    r"seeks?|doubt(?:s|ful)?|not expected)\b",
    re.IGNORECASE,
)


def announces(text: str) -> bool:
    """Whether a sentence announces a step: "is due on", "will vote", "moved to 5 May", not "may
    vote"."""
    ahead = _ANNOUNCED.search(text) or any(moves_to(text, w.start) for w in mentions(text))
    return bool(ahead) and not _IN_DOUBT.search(text)
