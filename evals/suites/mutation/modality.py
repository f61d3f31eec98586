"""Faults in how firmly something is established, and in which way round it is.

Dropped hedges, certainty for possibility, guilt for a charge, admission for a settlement;
negation, direction and causes of one's own.
"""

from __future__ import annotations

import re
from random import Random

from evals.suites.mutation.target import NO_NAMES, Scene, Span, content, held
from summarizer.domain.claims import Claim

_HEDGE_WORD = re.compile(
    r"\b(?:allegedly|reportedly|purportedly|supposedly|alleged|purported|suspected|apparent"
    r"|unconfirmed|unverified)\s",
    re.IGNORECASE,
)
_HEDGE_LEAD = re.compile(
    r"^(?:[^,.“”\"]{2,90}?)\b(?:alleges?|alleged|claims?|claimed|contends?|contended)"
    r"\s(?:on \w+day )?that\s"
)
_HEDGE_TAIL = re.compile(
    r", (?:[^,.“”\"]{2,60}\s(?:alleges?|alleged|claims?|claimed)|according to (?:the )?(?:lawsuit"
    r"|suit|complaint|indictment|allegations?|rumou?rs?|unconfirmed reports?))(?=\.?$)"
)
_OTHER_HEDGE = re.compile(
    r"\b(?:alleg\w+|reportedly|purported\w*|suspected|claim(?:s|ed)|accus\w+|according to|said|says"
    r"|told|may|might|could|if|whether|rumou?r\w*|believ\w+|unconfirmed|contend\w*|charg\w+"
    r"|den(?:y|ie[sd]))\b",
    re.IGNORECASE,
)
_GUILTY = re.compile(
    r"\b(?:convict\w*|guilty|admit\w*|liable|sentenced|verdict|confess\w*|pleaded|ruled|fined"
    r"|acknowledged|conceded|proved|proven|found)\b",
    re.IGNORECASE,
)


def hedge_dropped(scene: Scene, rng: Random) -> Claim | None:
    """What is only alleged is told as a fact: the hedge goes.

    Guards: no other hedge or speaker is left in the sentence, which would still make it a report;
    and no passage that holds most of the claim tells the same without any hedge.
    """
    for pattern in (_HEDGE_LEAD, _HEDGE_TAIL, _HEDGE_WORD):
        for match in scene.unquoted(pattern):
            if scene.text[match.end() :].startswith(("that ", "by ", "in ", "on ")):
                continue
            claim = scene.replaced(match.span(), "")
            bare = _OTHER_HEDGE.search(claim.text) is None
            plain = [p for p in scene.alike(0.75) if not _OTHER_HEDGE.search(p.text)]
            if bare and not plain and len(claim.text.split()) >= 5:
                return claim
    return None


_MAY = re.compile(r"\b(?:could|may|might)(?!\s+(?:not|have|be able)\b)\s(?=[a-z]+\b)")


def certainty(scene: Scene, rng: Random) -> Claim | None:
    """What could happen will happen.

    Guards: "may" as a permission or a month is not told apart from "may" as a chance, and "will"
    overstates either; "could" behind "if", "so", "how" or a past verb of ability ("said they
    could see") is left alone; no cited passage says "will" or "would".
    """
    if re.search(r"\b(?:will|would|if|so that|how|whether|unless)\b|’ll\b", scene.source):
        return None
    places = [
        m
        for m in scene.unquoted(_MAY)
        if not re.match(r"see|hear|feel|find|afford|tell", scene.text[m.end() :])
    ]
    return scene.replaced(rng.choice(places).span(), "will ") if places else None


_NAME = r"([A-Z][\w’-]+(?: [A-Z][\w’-]+)*)"
_GUILT = (
    (re.compile(r"\bcharged with\b"), "convicted of"),
    (re.compile(r"\b(?:has|have) been accused of\b"), "been found guilty of"),
    (re.compile(r"\b(was|were|been|is|are) accused of\b"), r"\1 found guilty of"),
    (re.compile(r"\b(?:stands|stood) accused of\b"), "was found guilty of"),
    (re.compile(r"\bsuspected of\b"), "guilty of"),
    (re.compile(r"\bindicted (?=on|for|in)"), "convicted "),
    (re.compile(r"\b(?:alleges|allege|alleged) that\b"), "proved that"),
    (re.compile(r"\b(is|are|was|were) under investigation for\b"), r"\1 found guilty of"),
    (re.compile(r"\binvestigating whether\b"), "certain that"),
    (re.compile(r"\bfaces? charges of\b"), "was convicted of"),
    (re.compile(rf"\b(?:has|have) sued {_NAME}"), r"won a judgment against \1"),
    (re.compile(rf"\bsued {_NAME}"), r"won a judgment against \1"),
    (re.compile(rf"\baccused {_NAME} of\b"), r"proved \1 guilty of"),
    (re.compile(r"\bthe alleged ([a-z]+er|attacker|gunman|killer)\b"), r"the convicted \1"),
)  # fmt: skip


def guilt(scene: Scene, rng: Random) -> Claim | None:
    """A charge, suit, suspicion or accusation becomes a conviction or proof.

    Guards: neither a cited passage nor one that holds half of the claim speaks of a conviction,
    verdict, plea, fine or admission.
    """
    if any(_GUILTY.search(p.text) for p in (*scene.cited, *scene.alike(0.5))):
        return None
    ways = [(m, words) for pattern, words in _GUILT for m in scene.unquoted(pattern)]
    if not ways:
        return None
    match, words = rng.choice(ways)
    return scene.replaced(match.span(), match.expand(words))


_A_CLAIM = (
    r"(?= (?:that|any|the (?:claim|accusation|allegation|charge|report|suggestion)|having"
    r"|wrongdoing|it|them|all|[a-z]+ing)\b)"
)
_ADMISSION = (
    (re.compile(r"\b(?:has |have )?(?:settled|agreed to settle)\b"), "admitted wrongdoing in"),
    (re.compile(r"\bto settle\b"), "after admitting the claims in"),
    (re.compile(r"\bagreed to pay\b"), "admitted liability and agreed to pay"),
    (re.compile(r"\bwithout (?:admitting|an admission of|acknowledging)\b"), "admitting"),
    (re.compile(r"\bdid not admit\b"), "admitted"),
    (re.compile(rf"\b(?:has |have )?denied{_A_CLAIM}"), "admitted"),
    (re.compile(r"\bdenies(?= (?:that|any|the (?:claim|accusation|allegation|charge|report)"
                r"|having|wrongdoing|it|them|all|[a-z]+ing)\b)"), "admits"),
)  # fmt: skip


def admission(scene: Scene, rng: Random) -> Claim | None:
    """A settlement or denial becomes an admission.

    Guards: "denied" must be of a claim, not of a motion or an entry; no cited passage and none
    that holds half of the claim speaks of an admission other than one that was refused.
    """
    admits = re.compile(
        r"(?<!without )(?<!not )(?<!no )\b(?:admit\w*|acknowledg\w+|conced\w+|confess\w*|guilty)\b",
        re.I,
    )
    if any(admits.search(p.text) for p in (*scene.cited, *scene.alike(0.5))):
        return None
    ways = [(m, words) for pattern, words in _ADMISSION for m in scene.unquoted(pattern)]
    if not ways:
        return None
    match, words = rng.choice(ways)
    return scene.replaced(match.span(), words)


_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|did|does|do)\b"
    r"(?=\s(?!not\b|no\b|never\b|n['’]t\b|only\b|to\b|also\b|what\b|nothing\b|neither\b)[a-z]+)"
)
_NOT = re.compile(
    r"(?<=\w) not(?= (?!only|just|yet|least|long|much|to mention)[a-z])|n['’]t\b"
    r"|\bnever (?=[a-z])"
)
_NO = re.compile(r"\bno (?=[a-z]+)(?!longer|more|one|doubt|matter|less|fewer|later|sooner)")
_OPEN = re.compile(r"\b(?:whether|if|unless|or not|until)\b|\?", re.IGNORECASE)


def negation(scene: Scene, rng: Random) -> Claim | None:
    """A "not" is put in or taken out.

    Guards: not within quotations, nor where both ways are open ("whether", "if"); "not only",
    "no longer", "no one" and the like stay; the changed stretch stands in no passage of the pack.
    """
    if _OPEN.search(scene.text):
        return None
    ways: list[tuple[Span, str]] = [(m.span(), "") for m in scene.unquoted(_NOT)]
    ways = [w for w in ways if _can_lose(scene.text, w[0])]
    ways += [(m.span(), "") for m in scene.unquoted(_NO)]
    ways += [((m.end(), m.end()), " not") for m in scene.unquoted(_AUXILIARY)]
    rng.shuffle(ways)
    for span, words in ways:
        claim = scene.replaced(span, words)
        around = claim.text[max(0, span[0] - 25) : span[0] + 25]
        if around not in scene.everything:
            return claim
    return None


def _can_lose(text: str, span: Span) -> bool:
    """``can't`` and ``won't`` would leave half a word."""
    return not (text[span[0] : span[1]].startswith("n") and text[: span[0]].endswith(("ca", "wo")))


_OPPOSITES = (
    ("rose", "fell"), ("rise", "fall"), ("rising", "falling"), ("risen", "fallen"),
    ("increased", "decreased"), ("increase", "decrease"), ("increasing", "decreasing"),
    ("more than", "less than"), ("higher", "lower"), ("larger", "smaller"),
    ("gained", "lost"), ("gain", "loss"), ("won", "lost"), ("win", "lose"), ("victory", "defeat"),
    ("largest", "smallest"), ("highest", "lowest"), ("biggest", "smallest"), ("best", "worst"),
    ("majority", "minority"), ("before", "after"), ("earlier", "later"), ("above", "below"),
    ("supported", "opposed"), ("supports", "opposes"), ("support", "oppose"),
    ("approved", "rejected"), ("approve", "reject"), ("accepted", "rejected"),
    ("raised", "lowered"), ("raise", "cut"), ("expanded", "shrank"), ("expand", "shrink"),
    ("improved", "worsened"), ("improve", "worsen"), ("strengthen", "weaken"),
    ("strengthened", "weakened"), ("faster", "slower"), ("longer than", "shorter than"),
    ("opened", "closed"), ("opening", "closing"), ("allowed", "banned"), ("allow", "ban"),
    ("hired", "fired"), ("joined", "left"), ("began", "ended"), ("begin", "end"),
    ("success", "failure"), ("succeeded", "failed"), ("at least", "at most"),
    ("minimum", "maximum"), ("in favor of", "against"), ("in favour of", "against"),
    ("legal", "illegal"), ("agreed", "refused"), ("welcomed", "deplored"), ("easier", "harder"),
    ("doubled", "halved"), ("surged", "plunged"), ("soared", "plummeted"), ("older", "younger"),
)  # fmt: skip
_TURNED = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])} | {
    "lost": "won", "against": "in favour of",
}  # fmt: skip
_WAY = re.compile(rf"\b(?:{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b", re.IGNORECASE)
_NO_WAY = {
    "before": re.compile(r"\s(?:the |a |an )?(?:\w+ )?(?:court|judge|committee|panel|congress|jury"
                         r"|house|senate|parliament|commission)\b", re.I),
    "after": re.compile(r"\s(?:all\b|party)", re.I),
    "against": re.compile(r"(?!)"),
    "later": re.compile(r"(?!\s+than)", re.I),
    "earlier": re.compile(r"(?!\s+than)", re.I),
    "left": re.compile(r"(?!\s(?:the|his|her|its|their|office)\b)", re.I),
    "closed": re.compile(r"\s(?:session|door|meeting)", re.I),
    "best": re.compile(r"\s(?:known|way|interest|friend|seller)|-", re.I),
    "support": re.compile(r"(?!\s(?:the|a|an|for|his|her|its|their)\b)", re.I),
    "end": re.compile(r"\s(?:of|up)\b", re.I),
    "agreed": re.compile(r"(?!\sto\s)", re.I),
    "above": re.compile(r"\sall\b", re.I),
    "rise": re.compile(r"\sto\b", re.I),
    "win": re.compile(r"-", re.I),
}  # fmt: skip
_OUT_OF_PLACE = re.compile(
    r"\b(?:named|shortly|ever|there|look\w*|the day|long|go|goes|going|went|even|not|no|never"
    r"|cases?|lawsuits?|suits?|charges?|complaints?|claims?|vote[ds]?|fight\w*|war|case|allegations?"
    r"|accusations?|sanctions?|discriminat\w+|protest\w*)\s+$",
    re.IGNORECASE,
)


def direction(scene: Scene, rng: Random) -> Claim | None:
    """A direction turns round: rose and fell, more and less, before and after, won and lost.

    Guards: a closed list of pairs that are opposites in nearly every sentence, without the uses
    that are not ("before the court", "after all", "a suit against"); nothing negated; the new
    wording with its neighbours stands in no passage of the pack.
    """
    places = scene.unquoted(_WAY)
    rng.shuffle(places)
    for match in places:
        old = match.group().casefold()
        if old == "against" or _OUT_OF_PLACE.search(scene.text[: match.start()]):
            continue
        if (exception := _NO_WAY.get(old)) and exception.match(scene.text[match.end() :]):
            continue
        new = _TURNED[old]
        claim = scene.replaced(
            match.span(), new.capitalize() if match.group()[0].isupper() else new
        )
        around = claim.text[max(0, match.start() - 15) : match.start() + len(new) + 10]
        if around not in scene.everything:
            return claim
    return None


CAUSES = (
    "because of pressure from its investors",
    "because of falling sales",
    "leading to a wave of resignations",
    "because of a shortage of staff",
    "leading to higher prices for customers",
    "because of a quarrel among its owners",
    "which led to a drop in donations",
    "as a result of budget cuts",
)
_CAUSAL = re.compile(
    r"\b(?:because|caus\w+|led to|leads? to|leading|due to|owing|result\w*|after|since|reason\w*"
    r"|prompt\w+|trigger\w*|following|over|amid|so that|therefore|thanks to|in response|why)\b",
    re.IGNORECASE,
)


def with_tail(scene: Scene, tail: str) -> Claim | None:
    """The claim with words behind its last one; ``None`` where it ends within a quotation."""
    bare = scene.text.rstrip(" .")
    if not bare or bare[-1] in "\"”’'?!:;)":
        return None
    return scene.said(f"{bare}, {tail}" + ("." if scene.text.rstrip().endswith(".") else ""))


def invented_cause(scene: Scene, rng: Random) -> Claim | None:
    """A cause or consequence is added that no source has.

    Guards: fewer than half of its words stand in the cited passages, and not all of them in any
    passage of the pack.
    """
    for words in rng.sample(CAUSES, len(CAUSES)):
        mine = content(words)
        cited = held(mine, content(scene.source))
        if cited < 0.5 and all(held(mine, content(p.text)) < 0.7 for p in scene.pack.passages):
            return with_tail(scene, words)
    return None


def joined_cause(scene: Scene, rng: Random) -> Claim | None:
    """Two facts that the pack has, both cited, are joined by a "because" that it has not.

    Guards: the two are passages of different items or five apart, share little, are short whole
    sentences without quotations, and neither speaks of causes; so nothing links them.
    """
    if len(scene.cited) != 1 or _CAUSAL.search(scene.text) or scene.quoted:
        return None
    here = scene.cited[0]
    others = [
        p
        for p in scene.others
        if (p.item_key != here.item_key or abs(p.n - here.n) >= 5)
        and 6 <= len(p.text.split()) <= 16
        and re.fullmatch(r"[A-Z][^“”\"?!:]*\.", p.text)
        and not _CAUSAL.search(p.text)
        and not re.match(r"(?:But|And|That|This|It|He|She|They|We|I|However|So|Yet)\b", p.text)
        and held(content(p.text), content(scene.text)) < 0.34
    ]
    if not others:
        return None
    other = rng.choice(others)
    first = other.text.split()[0]
    lead = first.lower() if first.casefold() in NO_NAMES and first != "I" else first
    claim = with_tail(scene, f"because {lead}{other.text[len(first) :].rstrip('.')}")
    if claim is None:
        return None
    text = claim.text.replace(", because ", " because ")
    return claim.model_copy(update={"text": text, "cites": (*claim.cites, other.id)})
