"""Days in German, Spanish and French sentences, and those that such a sentence announces.

There is no grammar here for these languages: a day ahead is announced unless a word of doubt, wish,
condition or denial stands in its sentence.
"""

from __future__ import annotations

import datetime as dt
import re

from summarizer.text.dates import When, resolve
from summarizer.text.language import is_english

_MONTHS = (
    "januar|jänner|enero|janvier",
    "februar|feber|febrero|février",
    "märz|marzo|mars",
    "april|abril|avril",
    "mai|mayo",
    "juni|junio|juin",
    "juli|julio|juillet",
    "august|agosto|août",
    "september|septiembre|setiembre|septembre",
    "oktober|octubre|octobre",
    "november|noviembre|novembre",
    "dezember|diciembre|décembre",
)
_NUMBER = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_DAY = re.compile(
    rf"\b(?P<day>[0-3]?\d)(?:\.|er|º)?\s(?:de\s)?(?P<month>{'|'.join(_NUMBER)})\b"
    r"(?:\s(?:del?\s)?(?P<year>(?:19|20)\d\d)\b)?"
    r"|\b(?P<d>[0-3]?\d)\.\s?(?P<m>[01]?\d)\.\s?(?P<y>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:könnten?|dürften?|würden?|möchten?|wollen|will|fordern|fordert|falls|wenn|ob|vielleicht"
    r"|möglich\w*|voraussichtlich nicht|nicht|kein\w*|abgesagt|verschoben|verlegt"
    r"|podrían?|quieren?|piden?|pidió|exigen?|si|quizás?|posible\w*|no|nunca|aplaz\w+|cancel\w+"
    r"|suspend\w+|pourrai(?:t|ent)|veut|veulent|demandent?|exigent?|peut-être|possible\w*|pas|ne"
    r"|annul\w+|reporté\w*)\b|\bn[’']",
    re.IGNORECASE,
)


def foreign_days(text: str, published: dt.date | None) -> list[dt.date]:
    """Days that a sentence in another language names, in order; those without a year are the
    nearest to publication, and none without it."""
    if is_english(text):
        return []
    found = (resolve(_read(match), published) for match in _DAY.finditer(text))
    return [day for days in found for day in days]


def foreign_step(text: str, published: dt.date | None) -> dt.date | None:
    """The first day from publication on that a sentence in another language announces."""
    if published is None or _OPEN.search(text):
        return None
    return next((day for day in foreign_days(text, published) if day >= published), None)


def _read(match: re.Match[str]) -> When:
    day, month = match["day"] or match["d"], match["month"]
    year = match["year"] or match["y"]
    number = _NUMBER[month.casefold()] if month else int(match["m"])
    return When(*match.span(), year=int(year) if year else None, month=number, day=int(day))
