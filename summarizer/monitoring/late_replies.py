"""Replies of the accused, and ends of accusations, in items that a draft did not have."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from summarizer.domain.accusations import ReplyKind
from summarizer.domain.drafts import Draft
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import Effect, Finding
from summarizer.text.name_matching import mentions
from summarizer.verification.accusations import carried
from summarizer.verification.outcomes import outdated


def late_replies(draft: Draft, pack: EvidencePack, fresh: Collection[str]) -> Iterator[Finding]:
    """One finding for each accused of whom the draft has no answer and a later item has one.

    Args:
        draft: any revision.
        pack: its evidence and the later items.
        fresh: keys of the later items.
    """
    if not fresh:
        return
    told = set[tuple[str, str]]()
    for section in draft.sections:
        for checked in section.shown:
            before = carried(checked.claim, draft.evidence)
            silent = {r.of for a in before for r in a.replies if not r.is_answer}
            accused = carried(checked.claim, pack) if silent else ()
            # What clears somebody is an end, not an answer: see below.
            replies = (r for a in accused for r in a.replies if r.kind is not ReplyKind.CLEARED)
            for reply in replies:
                passage = next((p for p in map(pack.passage, reply.passages) if p), None)
                if passage is None or passage.item_key not in fresh or not reply.is_answer:
                    continue
                known = next((name for name in sorted(silent) if mentions(reply.of, name)), None)
                if known is None or (reply.of, passage.id) in told:
                    continue
                told.add((reply.of, passage.id))
                source = pack.item(passage.item_key).source_name
                yield Finding(
                    section=section.key,
                    claim=checked.claim.text,
                    effect=Effect.ANSWERED,
                    by=passage.item_key,
                    source=source,
                    passage=passage.id,
                    text=passage.text,
                    reason=f"{source} ({passage.item_key}) has a reply of {reply.of}: "
                    f"“{reply.words}”",
                    held_by=section.locked_by or section.edited_by or checked.edited_by,
                    answers=known,
                )


def late_ends(draft: Draft, pack: EvidencePack, fresh: Collection[str]) -> Iterator[Finding]:
    """One finding for each sentence that holds against somebody what a later item drops, takes
    back or disproves.

    Args:
        draft: any revision.
        pack: its evidence and the later items.
        fresh: keys of the later items.
    """
    for section in draft.sections:
        for checked in section.shown if fresh else ():
            end = outdated(checked.claim, pack)
            if end is None or end.item.key not in fresh:
                continue
            yield Finding(
                section=section.key,
                claim=checked.claim.text,
                effect=Effect.ENDED,
                by=end.item.key,
                source=end.item.source_name,
                passage=end.passage.id,
                text=end.passage.text,
                reason=f"{end.item.source_name} ({end.item.key}) tells how what is held against "
                f"{end.name} ended: “{end.words}”",
                held_by=section.locked_by or section.edited_by or checked.edited_by,
            )
