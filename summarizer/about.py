"""What an incident is about, in one summary: who speaks, where it stood, and what is missing.

It is put together from a draft and its evidence, by what verification knows already; nothing is
asked of a model, and nothing is said that the page does not show or the sources do not hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from summarizer.domain import (
    CheckedClaim,
    Draft,
    EvidencePack,
    Kind,
    Model,
    SourceItem,
    Stance,
)
from summarizer.faithfulness import replies
from summarizer.faithfulness.name_forms import spelled_out
from summarizer.faithfulness.names import Name, names
from summarizer.sections import NEEDS_MODEL


class Party(Model):
    """Somebody who speaks on the page, or of whom it is claimed.

    Args:
        name: the longest form that the page gives it.
        aliases: shorter forms of it in page and sources that fit nobody else.
        stances: where it stands, as the page places it.
        kinds: what kinds of sentence are ascribed to it.
        accused: whether a shown allegation is about it.
        answered: whether words of its own are in the sources; ``None`` when it is not accused.
    """

    name: str
    aliases: tuple[str, ...] = ()
    stances: tuple[Stance, ...] = ()
    kinds: tuple[Kind, ...] = ()
    accused: bool = False
    answered: bool | None = None


class Place(Model):
    """A platform or an outlet, with how many of the items stood there, and of how many origins."""

    name: str
    items: int
    origins: int


class Gap(Model):
    """Something that the evidence does not hold.

    Args:
        section: key of the section that stays empty for it; ``None`` when it is somebody's answer.
        words: what is missing.
    """

    section: str | None = None
    words: str


class About(Model):
    """The summary.

    Args:
        actors: in the order of the page.
        platforms: most items first.
        outlets: most items first; items without one count by author, else platform.
        gaps: what is missing, sections first.
    """

    actors: tuple[Party, ...] = ()
    platforms: tuple[Place, ...] = ()
    outlets: tuple[Place, ...] = ()
    gaps: tuple[Gap, ...] = ()


def of(draft: Draft) -> About:
    """The summary of a draft."""
    shown = [claim for section in draft.sections for claim in section.shown]
    unanswered = replies.unanswered(shown, draft.evidence)
    empty = (
        Gap(section=section.key, words=section.abstained)
        for section in draft.sections
        if section.abstained and not section.shown and section.abstained != NEEDS_MODEL
    )
    silent = (Gap(words=f"No answer of {name} was found in the sources.") for name in unanswered)
    items = draft.evidence.items
    return About(
        actors=_actors(shown, draft.evidence, unanswered),
        platforms=_places(items, [item.platform for item in items]),
        outlets=_places(items, [item.source_name for item in items]),
        gaps=(*empty, *silent),
    )


def _actors(
    shown: Sequence[CheckedClaim], pack: EvidencePack, unanswered: Sequence[str]
) -> tuple[Party, ...]:
    accused = replies.accused(shown)
    called = [c.claim.actor for c in shown if c.claim.actor] + list(accused)
    forms = list(dict.fromkeys(called))
    heads = [form for form in forms if not any(_short_for(form, other) for other in forms)]
    texts = [p.text for p in pack.passages] + [c.claim.text for c in shown]
    known = {name.text.removesuffix("'s").removesuffix("’s") for t in texts for name in names(t)}
    known |= set(forms)
    return tuple(_party(head, heads, known, shown, accused, unanswered) for head in heads)


def _party(
    head: str,
    heads: Sequence[str],
    known: Iterable[str],
    shown: Sequence[CheckedClaim],
    accused: Sequence[str],
    unanswered: Sequence[str],
) -> Party:
    aliases = [
        form
        for form in known
        if _short_for(form, head) and sum(_short_for(form, other) for other in heads) == 1
    ]
    called = {head, *aliases}
    mine = [c.claim for c in shown if c.claim.actor in called]
    is_accused = bool(called & set(accused))
    return Party(
        name=head,
        aliases=tuple(sorted(aliases)),
        stances=tuple(dict.fromkeys(claim.stance for claim in mine if claim.stance)),
        kinds=tuple(dict.fromkeys(claim.kind for claim in mine)),
        accused=is_accused,
        answered=not called & set(unanswered) if is_accused else None,
    )


def _short_for(form: str, name: str) -> bool:
    """Whether a form is the end of a longer name, or its initials.

    The beginning stands for another: "Averland" is no name of the Averland Data Commission.
    """
    parts, whole = form.split(), name.split()
    if form == name or len(parts) >= len(whole):
        return False
    return whole[-len(parts) :] == parts or spelled_out(Name(form, 0, len(form)), name)


def _places(items: Sequence[SourceItem], where: Sequence[str]) -> tuple[Place, ...]:
    origins: dict[str, set[str]] = {}
    for item, name in zip(items, where, strict=True):
        origins.setdefault(name, set()).add(item.origin)
    counted = sorted(Counter(where).items(), key=lambda found: (-found[1], found[0]))
    return tuple(Place(name=name, items=n, origins=len(origins[name])) for name, n in counted)
