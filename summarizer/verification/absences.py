"""What the sources lack is stated only after they were searched for it.

Code can search them for days: those ahead of a forecast, and those of past events.  Of anything
else an empty section only says that it could not be placed, and why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from summarizer.domain.absences import Absence, AbsenceReason
from summarizer.domain.drafts import Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.text.dates import mentions
from summarizer.text.foreign_days import foreign_days
from summarizer.text.language import is_english
from summarizer.text.named_days import days_past, deadlines_in
from summarizer.text.relative_days import relative_days

_SEARCHED = frozenset(
    (
        AbsenceReason.NOTHING_FOUND,
        AbsenceReason.NOT_PLACED,
        AbsenceReason.NOTHING_RETURNED,
        AbsenceReason.WITHHELD,
    )
)
"""Reasons for which the sources are searched: somebody tried to fill the section."""

_SURELY_READ = 8
"""Words from which the language of a text can be told."""

_PAST = ("yesterday", "last night", "hours", "days", "weeks", "months", "years", "decades")
"""Words of days that cannot lie ahead: the plural ones stand before "ago"."""


def searched(section: Section, spec: SectionSpec, pack: EvidencePack) -> Section:
    """The section with what a search of the sources says of its emptiness.

    Without a day that it could have told, the sources lack it, unless something was drafted and
    withheld.  With one, it says that the day stands in the sources.
    """
    absence = section.abstained
    if absence is None or absence.reason not in _SEARCHED or spec.row.missing is None:
        return section
    ahead = spec.row.layout is Layout.FORECAST
    days = days_ahead(pack) if ahead else days_of_events(pack)
    if days or (ahead and _may_name_one(pack)):
        return section.model_copy(update={"abstained": _not_placed(absence, spec, days, ahead)})
    if absence.reason is AbsenceReason.WITHHELD:
        return section
    none = Absence(reason=AbsenceReason.NOTHING_FOUND, words=spec.row.missing)
    return section.model_copy(update={"abstained": none})


def days_ahead(pack: EvidencePack) -> tuple[dt.date, ...]:
    """Days after the newest item that passages name, in order; none without a dated item."""
    published = {item.key: item.published_at.date() for item in pack.items if item.published_at}
    newest = max(published.values(), default=None)
    found = (
        named
        for passage in pack.passages
        for named in _ahead_in(passage.text, published.get(passage.item_key))
    )
    return _distinct(day for day in found if newest is not None and day > newest)


def days_of_events(pack: EvidencePack) -> tuple[dt.date, ...]:
    """Days up to its publication that a passage names, and those of publication, in order."""
    published = {item.key: item.published_at.date() for item in pack.items if item.published_at}
    named = (
        day
        for passage in pack.passages
        for day in _named_in(passage.text, published.get(passage.item_key))
    )
    return _distinct((*published.values(), *named))


def _ahead_in(text: str, published: dt.date | None) -> list[dt.date]:
    return [*(f.date for f in deadlines_in(text, published)), *foreign_days(text, published)]


def _named_in(text: str, published: dt.date | None) -> list[dt.date]:
    return [*(f.date for f in days_past(text, published)), *foreign_days(text, published)]


def _may_name_one(pack: EvidencePack) -> bool:
    """Whether a passage may name a day ahead that cannot be read: one that can mean several, any
    day of an undated item, or one in another language."""
    published = {item.key: item.published_at.date() for item in pack.items if item.published_at}
    return any(_is_unread(p.text, published.get(p.item_key)) for p in pack.passages)


def _is_unread(text: str, published: dt.date | None) -> bool:
    if published is None and any(when.month or when.weekday is not None for when in mentions(text)):
        return True
    long = len(text.split()) >= _SURELY_READ
    if not is_english(text) and (long or foreign_days(text, published)):
        return True
    relative = relative_days(text, published)
    return any(one.date is None and not one.words.endswith(_PAST) for one in relative)


def _distinct(days: Iterable[dt.date]) -> tuple[dt.date, ...]:
    return tuple(sorted(set(days)))


def _not_placed(
    absence: Absence, spec: SectionSpec, days: tuple[dt.date, ...], ahead: bool
) -> Absence:
    """The absence of a section for which the sources name days."""
    reason, words = absence.reason, absence.words
    if reason is AbsenceReason.NOTHING_FOUND:
        reason = AbsenceReason.NOT_PLACED
        words = f"We could not place {spec.row.subject}: nothing was drafted."
    if ahead and days:
        count = "a day or period" if len(days) == 1 else f"{len(days)} days or periods"
        words = f"{words} The sources name {count} ahead."
    return Absence(reason=reason, words=words)
