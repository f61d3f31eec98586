"""Who accuses whom, and who answers: read from the evidence, and from the claims of a draft."""

from __future__ import annotations

from functools import lru_cache

from summarizer.domain.accusations import Accusation
from summarizer.domain.claims import Claim, Kind, Position
from summarizer.domain.evidence import EvidencePack
from summarizer.text.coreference import occurrences
from summarizer.verification.cases import Case, cases_of, joined, same_side
from summarizer.verification.outcomes import withdrawing
from summarizer.verification.replies import SILENT, with_replies
from summarizer.verification.scene import Scene, Told, scene_of


def accusations(pack: EvidencePack) -> tuple[Accusation, ...]:
    """The accusations of a pack in the order of its passages, each with the replies to it."""
    return tuple(accusation for _, accusation in _of_pack(scene_of(pack)))


@lru_cache(maxsize=4)  # as many as there are scenes
def _of_pack(scene: Scene) -> tuple[tuple[Case, Accusation], ...]:
    back = withdrawing(scene)  # "We reported that X had taken money. We withdraw the report."
    told = [one for one in scene.told() if one.item.key not in back or not _is_own(one)]
    cases = joined(cases_of(told))
    return tuple(zip(cases, with_replies(scene, cases), strict=True))


def _is_own(told: Told) -> bool:
    """Whether an item tells what it said itself."""
    return any(party.is_speaker for party in told.act.by)


def accusers(pack: EvidencePack) -> frozenset[str]:
    """Keys of those whose word the accusations of a pack are."""
    cases = (case for case, _ in _of_pack(scene_of(pack)))
    sides = (c.accuser.side for c in cases if c.accuser and c.position is Position.ACCUSES)
    return frozenset(side for side in sides if side)


def carried(claim: Claim, pack: EvidencePack) -> tuple[Accusation, ...]:
    """The accusations that a claim makes, with the replies in the evidence.

    Its own words tell; where they do not, an allegation makes those of its cited passages whose
    accused it names, or one whose accused nothing tells.
    """
    scene = scene_of(pack)
    speaker = scene.cast.side(claim.actor) if claim.actor else ""
    own = scene.told_in(claim)
    cases = cases_of(own)
    if not cases and (claim.kind is Kind.ALLEGATION or claim.position is Position.ACCUSES):
        named = {scene.cast.key(name.text) for name in occurrences(claim.text)}
        cases = [
            case for case in cases_of(scene.told_by(claim.cites)) if case.keys & named - {speaker}
        ] or [Case(told.by[0], (), [told]) for told in own[:1] if told.by]
    return tuple(_known(scene, case) or with_replies(scene, [case])[0] for case in cases)


def _known(scene: Scene, case: Case) -> Accusation | None:
    """The accusation of the pack that a claim's own is, where just one is."""
    named = any(actor.name for actor in case.accused)
    fit = [
        accusation
        for known, accusation in (_of_pack(scene) if case.accused else ())
        if known.position is case.position
        and (case.is_anonymous or same_side(known, case))
        and (case.keys <= known.keys or (not named and known.accused[0].name))
    ]
    return fit[0] if len(fit) == 1 else None


def answers(claim: Claim, pack: EvidencePack) -> dict[str, Position]:
    """What a claim tells of answers: the position of each who denies, admits or states something,
    by the key of the actor whose word it is."""
    scene = scene_of(pack)
    found = {
        actor.side: told.act.position
        for told in scene.told_in(claim)
        if told.act.reply is not None and told.act.reply not in SILENT
        for actor in told.by
    }
    if claim.actor and claim.position in (Position.DENIES, Position.ADMITS):
        found[scene.cast.side(claim.actor)] = claim.position
    elif claim.actor and claim.kind is Kind.DENIAL:
        found.setdefault(scene.cast.side(claim.actor), Position.DENIES)
    return found


def accuses_itself(claim: Claim, pack: EvidencePack) -> bool:
    """Whether a claim has for its actor one whom it only accuses."""
    if claim.actor is None:
        return False
    scene = scene_of(pack)
    keys = {scene.cast.key(claim.actor), scene.cast.side(claim.actor)}
    told = scene.told_in(claim)
    against = any(a.key in keys for one in told if not one.act.ends for a in one.of)
    speaks = any(keys & {actor.key, actor.side} for one in told for actor in one.by)
    return against and not speaks
