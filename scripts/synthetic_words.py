"""Words that the synthetic pairs put in each other's place."""

from __future__ import annotations

from summarizer.faithfulness.words import listed


def _pairs(table: str) -> list[tuple[str, str]]:
    """Pairs written as ``a/b, c/d``."""
    found = []
    for pair in " ".join(table.split()).split(", "):
        first, second = pair.split("/")
        found.append((first, second))
    return found


CALENDAR = [
    listed(words)
    for words in (
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "January February March April May June July August September October November December",
        "today yesterday tomorrow",
        "spring summer autumn winter",
        "morning afternoon evening night",
    )
]
LIKE = CALENDAR + [
    listed(words)
    for words in (
        "thousand million billion trillion",
        "seconds minutes hours days weeks months years decades",
        "second minute hour day week month year decade",
        "miles kilometres metres feet inches",
        "dollars euros pounds yen",
        "one two three four five six seven eight nine ten eleven twelve",
        "first second third fourth fifth last",
        "once twice",
        "north south east west northern southern eastern western",
        "all most many some few several none no every",
        "he she they",
        "his her their",
        "son daughter brother sister mother father husband wife uncle",
        "always often sometimes rarely never",
        "red blue green black white yellow",
    )
]
"""Words of which any other of the group means another thing."""

OPPOSITES = _pairs(
    """
    rise/fall, rose/fell, increase/decrease, increased/decreased, increasing/decreasing,
    higher/lower, high/low, more/less, gain/loss, gained/lost, won/lost, win/lose,
    before/after, above/below, over/under, up/down, support/oppose, supported/opposed,
    accept/reject, accepted/rejected, approved/rejected, agreed/refused, agree/disagree,
    began/ended, start/end, started/stopped, open/closed, opened/closed, buy/sell,
    bought/sold, allowed/banned, confirmed/denied, admitted/denied, praised/criticised,
    passed/failed, arrived/left, include/exclude, with/without, for/against, old/new,
    young/old, early/late, earlier/later, large/small, largest/smallest, best/worst,
    better/worse, good/bad, strong/weak, success/failure, successful/failed, public/private,
    legal/illegal, likely/unlikely, possible/impossible, able/unable, guilty/innocent,
    hired/fired, improve/worsen, improved/worsened, positive/negative, major/minor,
    maximum/minimum, at least/at most, up to/more than, inside/outside, remember/forget,
    true/false, safe/dangerous, fast/slow, same/different, alive/dead, import/export,
    male/female, often/rarely, allow/prevent, allows/prevents, love/hate, can/cannot,
    will/will not, teacher/student, buyer/seller
    """
)
"""Either for the other turns a statement round."""

STRONGER = _pairs(
    """
    may/will, might/will, could/will, plans to/has begun to, planned to/managed to, wants
    to/is able to, hopes to/is set to, is considering/has decided on, considered/carried
    out, proposed/introduced, accused of/convicted of, charged with/found guilty of,
    suspected of/jailed for, alleged/proven, allegedly/admittedly, claimed/proved,
    claims/proves, suggests/proves, suggested/ordered, believes/knows, believed/confirmed,
    asked/forced, called for/secured, expected to/certain to, tried to/went on to, attempted
    to/succeeded to, possible/certain, potential/actual, threatened to/went on to, risk
    of/fact of, should/must, some/all, often/always, reported/confirmed, sought/obtained,
    offered/agreed
    """
)
"""The second for the first claims more."""

ALIKE = _pairs(
    """
    said/stated, about/around, bought/purchased, began/started, children/kids, percent/per
    cent, didn't/did not, wasn't/was not, can't/cannot, won't/will not, it's/it is,
    however/but, also/too, people/individuals, many/numerous, died/passed away, killed/left
    dead, help/assist, shows/reveals, show/indicate, showed/revealed, used/utilised,
    use/make use of, get/obtain, got/received, big/large, because/since, although/though,
    while/whereas, car/vehicle, police/officers, announced/made public, wants/would like,
    need/require, needs/requires, needed/required, told/informed, ended/concluded,
    end/conclude, house/home, job/position, asked/requested, enough/sufficient, held/took
    place, tried/attempted, two/2, three/3, four/4, five/5, six/6, ten/10
    """
)
"""Either for the other leaves the sense as it is, nearly."""
