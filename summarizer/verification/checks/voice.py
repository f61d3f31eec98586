"""Check of voice: what only a quotation may hold never stands as a page's own prose."""

from __future__ import annotations

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.voice import FRAGMENT, voice_faults


def check(claim: str, *, headline: bool) -> list[Failure]:
    """Fail first and second person, hashtags, emoji, counters and fragments outside quotations.

    Args:
        claim: the drafted sentence.
        headline: whether it is a title, whose verb no grammar of sentences finds for sure.
    """
    return [
        Failure(
            check="voice",
            reason=f'"{claim[start:end]}" is {what}: it may stand only in a quotation.',
            start=start,
            end=end,
            label=VerdictLabel.PARTLY,
        )
        for what, start, end in voice_faults(claim)
        if not (headline and what == FRAGMENT)
    ]
