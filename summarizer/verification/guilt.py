"""Guilt that a title states as a fact though the sources only allege it, or tell of an arrest."""

from __future__ import annotations

from collections.abc import Collection

from summarizer.domain.accusations import ReplyKind, Stage
from summarizer.domain.evidence import EvidencePack
from summarizer.text.stated_guilt import stated_guilt
from summarizer.verification.outcomes import held_by_item
from summarizer.verification.scene import scene_of


def states_guilt(text: str, cites: Collection[str], pack: EvidencePack) -> bool:
    """Whether a text states a wrong of somebody who is accused or arrested for one, where no
    source tells that it was found or admitted.

    Args:
        text: a title.
        cites: ids of its passages.
        pack: the evidence.
    """
    guilty = stated_guilt(text)
    if not guilty:
        return False
    scene = scene_of(pack)
    items = {line.item.key for line in scene.of_passages(cites)}
    held = held_by_item(scene)
    settled = {
        actor.key
        for told in scene.told()
        for actor in (*told.of, *told.by)
        if (told.act.stage is Stage.FOUND and actor in told.of)
        or (told.act.reply is ReplyKind.ADMISSION and actor in told.by)
    }
    near = {key for item in items for key in held.get(item, ())}
    every = set[str]().union(*held.values())
    for party in guilty:
        key = scene.cast.key(party.name)
        # "Cashier" at the start of a title looks like a name; "rebels" are not the one arrested.
        described = party.head == party.noun and " " not in party.name
        accused = {key} & every or (near if described else set())
        if accused and not accused & settled:
            return True
    return False
