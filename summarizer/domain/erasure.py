"""Drafts and records without the words of deleted items.

What cites a deleted item has lost its evidence, so it is shown to nobody, and its words go with the
source.  Other words are kept unless they quote the item at length.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from summarizer.domain.absences import Absence, AbsenceReason
from summarizer.domain.accusations import Accusation
from summarizer.domain.claims import (
    ERASED,
    CheckedClaim,
    Claim,
    Failure,
    JudgeVerdict,
    Verdict,
    VerdictLabel,
)
from summarizer.domain.drafts import Draft, Section, Suggestion
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import PageFinding
from summarizer.domain.items import ItemKey, SourceItem

GONE = "[deleted]"
"""Stands for words that were deleted."""

RUN = 6
"""Words in a row that a text must share with a deleted one to quote it."""

FEW = 3
"""Least words of a text that is quoted as a whole."""

REASON = "Its source was deleted, and the sentence with it."

EMPTIED = Absence(reason=AbsenceReason.WITHHELD, words="The source of what stood here was deleted.")

_WORD = re.compile(r"\w+")


class Eraser:
    """Finds and replaces the words of deleted items in other texts.

    Args:
        texts: that were deleted.
        kept: texts that stay; what they say too is no longer a quotation.
    """

    def __init__(self, texts: Iterable[str], kept: Iterable[str] = ()) -> None:
        words = [found for text in texts if (found := _words(text))]
        runs = {run for one in words for run in _runs(one)}
        self._runs = runs.difference(*(_runs(_words(text)) for text in kept))
        self._whole = {" ".join(one) for one in words if FEW <= len(one) < RUN}

    def quotes(self, text: str) -> bool:
        """Whether a text has words of a deleted one."""
        words = _words(text)
        if any(run in self._runs for run in _runs(words)):
            return True
        plain = f" {' '.join(words)} "
        return any(f" {whole} " in plain for whole in self._whole)

    def without(self, value: Any) -> Any:
        """Plain JSON with ``GONE`` for each text that quotes."""
        if isinstance(value, str):
            return GONE if self.quotes(value) else value
        if isinstance(value, dict):
            return {name: self.without(one) for name, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.without(one) for one in value]
        return value


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str]) -> set[str]:
    return {" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


def texts_of(items: Iterable[SourceItem]) -> list[str]:
    """The texts of items that others may quote."""
    return [text for item in items for text in (item.title, item.text)]


def without(draft: Draft, keys: Collection[ItemKey]) -> tuple[Draft, tuple[str, ...]]:
    """A revision without deleted items.

    Sentences that cite one, or owe one their words, are withheld and lose their words; the evidence
    lacks the items; and what the rest says of them goes.

    Returns:
        The revision, and the sentences that went.
    """
    gone = [item for item in draft.evidence.items if item.key in keys]
    if not gone:
        return draft, ()
    return _Redaction(draft, gone).done()


class _Redaction:
    def __init__(self, draft: Draft, gone: Sequence[SourceItem]) -> None:
        self._draft = draft
        self._keys = {item.key for item in gone}
        self._kept = [item for item in draft.evidence.items if item.key not in self._keys]
        self._eraser = Eraser(texts_of(gone), texts_of(self._kept))
        self._gone = gone
        self._went: list[str] = []

    def done(self) -> tuple[Draft, tuple[str, ...]]:
        draft = self._draft
        sections = tuple(map(self._section, draft.sections))
        suggestions = [
            suggestion.model_copy(update={"section": section})
            for suggestion in draft.suggestions
            if (section := self._section(suggestion.section)).shown
        ]
        update = {
            "evidence": self._pack(draft.evidence),
            "sections": sections,
            "suggestions": tuple(map(self._instructed, suggestions)),
            "findings": tuple(f for f in draft.findings if not self._is_of_gone(f)),
            "erased": tuple(dict.fromkeys((*draft.erased, *(item.key for item in self._gone)))),
        }
        return draft.model_copy(update=update), tuple(dict.fromkeys(self._went))

    def _pack(self, pack: EvidencePack) -> EvidencePack:
        passages = tuple(p for p in pack.passages if p.item_key not in self._keys)
        return pack.model_copy(update={"items": tuple(self._kept), "passages": passages})

    def _instructed(self, suggestion: Suggestion) -> Suggestion:
        said = self._eraser.without(suggestion.instruction)
        return suggestion.model_copy(update={"instruction": said})

    def _is_of_gone(self, finding: PageFinding) -> bool:
        return self._of_gone(finding.passage) or self._eraser.quotes(finding.reason)

    def _of_gone(self, id_: str | None) -> bool:
        """Whether a passage is of a deleted item."""
        return id_ is not None and id_.partition(".")[0] in self._keys

    def _section(self, section: Section) -> Section:
        shown = [self._claim(claim) for claim in section.shown]
        withheld = [self._claim(claim) for claim in section.withheld]
        left = tuple(claim for claim in shown if not claim.is_erased)
        places, before = list[CheckedClaim](), 0
        for claim in shown:
            if claim.is_erased:
                places.append(claim.model_copy(update={"place": before}))
            before += not claim.is_erased
        held = section.accusations
        if held is not None and any(map(self._tells_of_gone, held)):
            held = None  # they are then read from the sentences that are left
        return section.model_copy(
            update={
                "shown": left,
                "withheld": (*places, *withheld),
                "abstained": EMPTIED if section.shown and not left else section.abstained,
                "notes": tuple(n for n in section.notes if not self._eraser.quotes(n)),
                "accusations": held,
            }
        )

    def _tells_of_gone(self, accusation: Accusation) -> bool:
        replies = (id_ for reply in accusation.replies for id_ in reply.passages)
        return any(map(self._of_gone, (*accusation.passages, *replies)))

    def _claim(self, checked: CheckedClaim) -> CheckedClaim:
        claim, verdict = checked.claim, checked.verdict
        bases = (*claim.cites, *(evidence.source for evidence in verdict.evidence))
        if any(map(self._of_gone, bases)) or (not claim.cites and self._eraser.quotes(claim.text)):
            texts = (claim.text, checked.repaired_from, checked.edited_from)
            self._went += [text for text in texts if text and text != GONE]
            return _erased(checked)
        named = tuple(name for name in checked.told_by if not self._is_name_of_gone(name))
        lost = len(checked.told_by) - len(named)
        recited = checked.recited_from
        if recited is not None:
            recited = tuple(id_ for id_ in recited if not self._of_gone(id_))
        return checked.model_copy(
            update={
                "verdict": self._verdict(verdict),
                "told_by": named,
                "origins": max(checked.origins - lost, min(checked.origins, 1)),
                "recited_from": recited,
                "repaired_from": self._eraser.without(checked.repaired_from),
                "edited_from": self._eraser.without(checked.edited_from),
                "restored_because": self._eraser.without(checked.restored_because),
            }
        )

    def _is_name_of_gone(self, name: str) -> bool:
        """Whether only deleted items have a name, in byline or text."""
        return any(map(_names(name), self._gone)) and not any(map(_names(name), self._kept))

    def _verdict(self, verdict: Verdict) -> Verdict:
        judge = verdict.judge
        return verdict.model_copy(
            update={
                "failures": tuple(map(self._failure, verdict.failures)),
                "overruled": tuple(map(self._failure, verdict.overruled)),
                "judge": None if judge is None else self._judged(judge),
                "warnings": tuple(self._eraser.without(verdict.warnings)),
            }
        )

    def _failure(self, failure: Failure) -> Failure:
        better = None if self._of_gone(failure.better) else failure.better
        reason = self._eraser.without(failure.reason)
        return failure.model_copy(update={"reason": reason, "better": better})

    def _judged(self, judge: JudgeVerdict) -> JudgeVerdict:
        passages = tuple(id_ for id_ in judge.passages if not self._of_gone(id_))
        reason = self._eraser.without(judge.reason)
        return judge.model_copy(update={"reason": reason, "passages": passages})


def _names(name: str) -> Any:
    def has(item: SourceItem) -> bool:
        bylines = (item.outlet, item.author, item.platform)
        return name in bylines or name in item.text or name in item.title

    return has


def _erased(checked: CheckedClaim) -> CheckedClaim:
    """A claim without its words, withheld."""
    failure = Failure(check=ERASED, reason=REASON)
    return CheckedClaim(
        claim=Claim(id=checked.id, text=GONE, kind=checked.claim.kind),
        verdict=Verdict(label=VerdictLabel.UNSUPPORTED, score=0, failures=(failure,)),
        edited_by=checked.edited_by,
        place=checked.place,
    )
