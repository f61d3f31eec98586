"""Metrics of sides: speakers of the sources in the draft, their space, and invented actors.

Speakers are found with the product's own detection by verbs of saying, so speakers that it misses
are missed here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evals.suites.drafting.judged import Judged, Value, share
from summarizer.domain.claims import CheckedClaim, Stance
from summarizer.domain.items import Passage, SourceItem
from summarizer.domain.sections import Rule
from summarizer.text import quotations
from summarizer.text.name_matching import known, word_known
from summarizer.text.names import Name

HEARD = 2
"""Minimum independent origins in which an actor speaks, to be expected in the draft."""


def sides_actors(judged: Judged) -> Value:
    """Share of speakers in at least ``HEARD`` origins that have a side in the draft."""
    missing, heard = unheard(judged), speakers(judged)
    return share(actor not in missing for actor in heard)


def unheard(judged: Judged) -> list[str]:
    """Speakers in at least ``HEARD`` origins without a side in the draft."""
    sided = _actors(judged)
    return [name for name in speakers(judged) if not any(_same(name, actor) for actor in sided)]


def speakers(judged: Judged) -> list[str]:
    """Longest name of each speaker in at least ``HEARD`` independent origins."""
    origin = {item.key: item.origin for item in judged.draft.evidence.items}
    where: dict[str, set[str]] = {}
    for passage in judged.passages:
        for name in quotations.speakers(passage.text):
            where.setdefault(_bare(name), set()).add(origin[passage.item_key])
    merged: dict[str, set[str]] = {}
    for name in sorted(where, key=lambda n: (-len(_words(n)), n)):
        longer = next((kept for kept in merged if _same(name, kept)), name)
        merged.setdefault(longer, set()).update(where[name])
    return [name for name, origins in merged.items() if len(origins) >= HEARD]


def outlets_cited(judged: Judged) -> Value:
    """Share of independent origins that a shown claim cites."""
    pack = judged.draft.evidence
    cited = pack.origins(tuple(c for checked in judged.shown() for c in checked.claim.cites))
    return share(origin in cited for origin in {item.origin for item in pack.items})


def sides_space(judged: Judged) -> Value:
    """Distance between the stances' space in the draft and in the sources, 0–1.

    Total variation distance of the stances' shares of words in the section and in passages where
    their actors speak.  ``None`` with fewer than two stances, or if no shown actor is found to
    speak.
    """
    shown = [c for c in judged.shown(Rule.ONE_ACTOR) if c.claim.actor and c.claim.stance]
    told = _by_stance((c, len(c.claim.text.split())) for c in shown)
    there = _by_stance((c, _spoken(judged, c.claim.actor or "")) for c in shown)
    if len(told) < 2 or not sum(there.values()):
        return None
    here, all_there = sum(told.values()), sum(there.values())
    return sum(abs(told[s] / here - there[s] / all_there) for s in told) / 2


def _by_stance(counted: Iterable[tuple[CheckedClaim, int]]) -> Mapping[Stance, int]:
    found: dict[Stance, int] = {}
    for checked, words in counted:
        if checked.claim.stance is not None:
            found[checked.claim.stance] = found.get(checked.claim.stance, 0) + words
    return found


def _spoken(judged: Judged, actor: str) -> int:
    """Words of passages in which an actor is quoted, or of which it is author or outlet."""
    items = {item.key: item for item in judged.draft.evidence.items}
    return sum(
        len(passage.text.split())
        for passage in judged.passages
        if any(_same(actor, name) for name in _voices(passage, items[passage.item_key]))
    )


def _voices(passage: Passage, item: SourceItem) -> list[str]:
    bylines = [name for name in (item.author, item.outlet) if name]
    return [*quotations.speakers(passage.text), *bylines]


def invented(judged: Judged) -> list[str]:
    """Actors of shown sides that no item names in its text, title or byline."""
    return [
        a for a in _actors(judged) if not any(_names(a, i) for i in judged.draft.evidence.items)
    ]


def sides_invented(judged: Judged) -> Value:
    """Number of ``invented`` actors, expected 0; ``None`` without shown sides."""
    return float(len(invented(judged))) if _actors(judged) else None


def _names(actor: str, item: SourceItem) -> bool:
    text = "\n".join(part for part in (item.text, item.title, item.author, item.outlet) if part)
    return all(word_known(word, text) for word in _words(actor))


def _actors(judged: Judged) -> list[str]:
    return [c.claim.actor for c in judged.shown(Rule.ONE_ACTOR) if c.claim.actor]


def _bare(name: str) -> str:
    return name.removesuffix("'s").removesuffix("’s")


def _words(name: str) -> tuple[str, ...]:
    return Name(name, 0, len(name)).words


def _same(one: str, other: str) -> bool:
    """Whether two names match: equal, surname and full name, or acronym and long form."""
    return any(known(Name(a, 0, len(a)), b) for a, b in ((one, other), (other, one)))
