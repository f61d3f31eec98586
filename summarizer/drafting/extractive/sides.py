"""Composer of the sides: one sentence per actor, as critic, defender or neutral."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.domain.claims import Stance
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.extractive.claim_kinds import DENIAL
from summarizer.drafting.extractive.context import DraftContext, Written, fits, write
from summarizer.drafting.extractive.filters import Lean
from summarizer.drafting.extractive.names import bare_name
from summarizer.drafting.extractive.sentences import OWN_WORD, Sentence
from summarizer.drafting.extractive.speakers import SAYING, Speech
from summarizer.text.names import NAME
from summarizer.text.tokens import fold, tokens

_CRITICAL = re.compile(
    r"\b(?:accus\w+|alleg\w+|criticis\w+|criticiz\w+|condemn\w*|demand(?:s|ed)?|sue[sd]?|lawsuit|"
    r"wrong|harm\w*|failed to|dangerous|unacceptable|reckless\w*|violat\w+|illegal\w*|"
    r"unlawful\w*|misle(?:d|ad\w*)|lie[sd]?|deceiv\w+|deceptive|abus\w+|warn(?:s|ed)?|concern(?:s|"
    r"ed)?|"
    r"slam(?:s|med)|blast(?:s|ed)|denounc\w+|outrage\w*|sham(?:e|eful)|resign|step (?:down|aside)|"
    r"should (?:have|never|not|resign|be held)|irresponsib\w+|discriminat\w+|stole[n]?|steal\w*|"
    r"theft|"
    r"without (?:permission|consent|their|his|her)|oppos(?:e|es|ed)|object(?:s|ed) to|bias(?:ed)?|"
    r"offensive|hate|bigot\w*|racist|disturbing|troubl\w+|disappoint\w+|hypocri\w+|cover[- ]?up|"
    r"unconstitutional|disgrac\w+|threaten(?:s|ed)? (?:to|the)|corrupt\w*|incompeten\w+|blam(?:e|"
    r"es|ed)|"
    r"urged .{3,60} (?:to|not)|call(?:s|ed|ing) (?:on|for)|plaintiffs?|withdraw|betray\w*|"
    r"negligen\w+|unsafe|inadequate)\b",
    re.IGNORECASE,
)
_DEFENSIVE = re.compile(
    r"\b(?:seriously|(?:is|are|was|were) false|misleading|we were (?:\w+, and we were )?wrong|"
    r"stand(?:s)? by|stood by|"
    r"defend\w*|committed to|cooperat\w+|proud|prais\w+|welcom\w+|backed|safe(?:guards)?|"
    r"support(?:s|ed)|no wrongdoing|in good faith|lawful|legal(?:ly)?|compl(?:y|ies|ied)|necessary|"
    r"no (?:plans|intention)|we are working|fix(?:ed|ing)|restor(?:ed|ing)|improv\w+|benefit\w*|"
    r"protect\w*|thank\w*|success\w*|great|important milestone|honor\w*)\b",
    re.IGNORECASE,
)
_IMPARTIAL = re.compile(
    r"\b(?:monitor\w*|review(?:ing|ed)?|investigat\w+|prob(?:e|ing)|analysts?|professor|"
    r"researchers?|"
    r"experts?|economists?|historians?|too early|remains to be seen|unclear|regulators?|judge|"
    r"court|"
    r"commission|police|according to data|study|survey|declined to (?:comment|say)|"
    r"did not comment)\b",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"\b(?:authority|commission|court|police|regulator|ministry|department|agency|parliament|"
    r"inspectorate|prosecutors?|office|administration|"
    r"white house|committee|investigators|tribunal|judge)\b"
)
_JUDGING = re.compile(r"\b(?:Judge|Justice|Commissioner|commissioner|inspector|[Pp]olice chief)\b")
_BACKGROUND = re.compile(r"\s(?:after|following|when|because|since)\s")
_CRITICS = re.compile(r"(?:But )?(?:Critics|Opponents|Privacy advocates|Campaigners)\b")
_VIEW = re.compile(
    r"\b(?:think|believe|would (?:like|have)|should|view|wrong|right|sorry|apologi[sz]e|hope|want|"
    r"must|deny|"
    r"never|maybe|better|worse|agree|trust|unpopular|fair|love|hate)\b"
)
_NO_REPLY = re.compile(
    r"\b(?:did(?:n['’]t| not) (?:immediately )?(?:respond|reply|return)|could not be reached|"
    r"not (?:immediately )?(?:available|return))\b"
)
_TARGET = re.compile(
    rf"\b(?:accus\w+|su(?:ed|es|ing)|blam\w+|criticis\w+|criticiz\w+|condemn\w+|slam\w+|against|"
    rf"fin(?:ed|es)|"
    rf"charged|investigat\w+(?: of| into)?|probe (?:of|into)|boycott\w*|urg\w+|call(?:ed|s|"
    rf"ing) (?:on|for)|"
    rf"denounc\w+|fault\w+|rebuk\w+|demand\w* that)\s(?:[a-z]+\s){{0,3}}(?P<name>{NAME})"
)
_ANSWERS = re.compile(
    r"\b(?:den(?:y|ies|ied)|apologi[sz]\w+|defend\w*|reject\w*|dismiss\w*|refus\w+|vow\w*|stood by|"
    r"pushed back|acknowledg\w+|admit\w+|conced\w+)\b"
)
_OWNS_UP = re.compile(r"\b(?:admit(?:s|ted)?|conced(?:es?|ed)|apologi[sz](?:es?|ed))\b")
"""Admissions: their critical words count as defence."""
_NEWSROOMS = frozenset(
    [
        "reuters",
        "ap",
        "bloomberg",
        "cnn",
        "bbc",
        "politico",
        "axios",
        "guardian",
        "npr",
        "nbc",
        "cbs",
        "abc",
        "afp",
        "msnbc",
        "cnbc",
    ]
)
_NEWS_WORDS = re.compile(
    r"\b(?:News|Times|Post|Journal|Press|Tribune|Herald|Gazette|Daily|Wire|Chronicle|Observer|"
    r"Examiner|Magazine|Telegraph)\b"
)
_OPENS_LATE = re.compile(r"^(?:When|While|As|After|If|Although|Though|Before|Because)\b")
_SHORT = 9  # words
_ORDER = (Stance.CRITIC, Stance.DEFENDER, Stance.NEUTRAL)
_MAX_NEUTRAL = 4
_ENOUGH = 4
"""Minimum score for the accused actor; less is a passing remark."""
_WEIGHT_OF_CUES = 0.15


@dataclass(frozen=True, slots=True)
class _Voice:
    sentence: Sentence
    speech: Speech
    stance: Stance
    lean: int
    worth: float


def sides(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[Written]:
    """The best sentence of each actor: critics first, then defenders, then neutral."""
    target = accused(context)
    voices: dict[str, list[_Voice]] = {}
    for voice in _voices(context, spec, used):
        voices.setdefault(context.actors.key(voice.speech.actor), []).append(voice)
    best = [_best(key, heard, target) for key, heard in voices.items()]
    ranked = sorted(best, key=lambda v: (-v.worth, v.sentence.index))
    written = [w for v in _kept(ranked, spec.limits.max_claims) if (w := _side(context, spec, v))]
    written = [
        w
        for n, w in enumerate(written)
        if _folded(w) not in {_folded(earlier) for earlier in written[:n]}
    ]
    return sorted(written, key=lambda w: _ORDER.index(w.claim.stance or Stance.NEUTRAL))


def _folded(written: Written) -> frozenset[str]:
    return frozenset(fold(token.text) for token in tokens(written.claim.actor or ""))


def accused(context: DraftContext) -> str | None:
    """Key of the actor who is criticised or answers criticism most; ``None`` if nobody is."""
    counts: Counter[str] = Counter()
    for sentence, said in zip(context.sentences, context.speeches, strict=True):
        for match in _TARGET.finditer(sentence.bare):
            name = bare_name(match.group("name"))
            if name and name in context.book.of(sentence):
                counts[_key(context, name, sentence)] += 2
        if said and said.verb and _ANSWERS.search(sentence.bare):
            counts[context.actors.key(said.actor)] += 2
    for name, times in context.book.counts.items():
        key = context.actors.key(name)
        if key in counts:
            counts[key] += min(2, times // 3)
    ranked = sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    return ranked[0][0] if ranked and ranked[0][1] >= _ENOUGH else _in_question(context)


def _in_question(context: DraftContext) -> str | None:
    """Key of the organisation with the most statements of its own; ``None`` without statements."""
    speakers = [
        context.actors.key(said.actor)
        for sentence, said in zip(context.sentences, context.speeches, strict=True)
        if said and said.own_item and sentence.item.platform.lower() in OWN_WORD
    ]
    counts = Counter(speakers)
    return min(counts, key=lambda k: (-counts[k], k), default=None)


def _key(context: DraftContext, name: str, sentence: Sentence) -> str:
    full = context.book.full(name, sentence)
    return context.actors.key(full[0] if full else name)


def _voices(context: DraftContext, spec: SectionSpec, used: Sequence[Sentence]) -> list[_Voice]:
    taken = {s.index for s in used}
    outlets = {(i.outlet or "").lower() for i in context.pack.items if i.platform == "news"}
    voices = []
    for sentence, said in zip(context.sentences, context.speeches, strict=True):
        if said is None or _is_newsroom(said, outlets) or not _is_heard(sentence, said):
            continue
        if not fits(spec, sentence):
            continue
        lean = _lean_of(sentence.text) + 2 * _among_critics(context, sentence)
        worth = context.score(sentence) + _WEIGHT_OF_CUES * min(2, abs(lean))
        worth = (worth + _directness(sentence, said)) * (0.75 if sentence.index in taken else 1.0)
        voices.append(_Voice(sentence, said, Stance.NEUTRAL, lean, round(worth, 9)))
    return voices


def _is_heard(sentence: Sentence, said: Speech) -> bool:
    account = said.own_item and sentence.is_post
    if _NO_REPLY.search(sentence.bare) or (account and not _VIEW.search(sentence.text)):
        return False
    if sentence.lean is Lean.HARD and not (said.by_pronoun or said.own_item):
        return False
    return said.own_item or not sentence.own_voice


def _is_newsroom(said: Speech, outlets: set[str]) -> bool:
    actor = said.actor.lower()
    known = actor in outlets or actor in _NEWSROOMS or bool(_NEWS_WORDS.search(said.actor))
    return known and not said.own_item


def _directness(sentence: Sentence, said: Speech) -> float:
    quoted = 0.15 if re.search(r"[“\"]", sentence.text) else 0.0
    leans = 0.2 if said.by_pronoun or said.cites else 0.0
    others = len(re.findall(SAYING, sentence.bare)) > 2
    leans += 0.2 if sentence.words < _SHORT else 0.0
    return quoted - leans - (0.2 if others or _OPENS_LATE.match(sentence.bare) else 0.0)


def _lean_of(text: str) -> int:
    """Attack cues minus defence cues in a speaker's words."""
    # The part after "after", "when" and the like is mostly the reporter's background.
    words = _BACKGROUND.split(text)[0]
    attack = len(_CRITICAL.findall(words))
    defence = len(_DEFENSIVE.findall(words)) + 2 * len(DENIAL.findall(words))
    if _OWNS_UP.search(words):
        return -attack - defence
    return attack - defence


def _among_critics(context: DraftContext, sentence: Sentence) -> bool:
    """Whether the passage directly before the sentence introduces critics."""
    first = sentence.passages[0]
    before = context.texts.get(f"{first.item_key}.{first.n - 1}", "")
    return bool(_CRITICS.match(before))


def _best(key: str, heard: list[_Voice], target: str | None) -> _Voice:
    """An actor's best sentence, with the stance of all its sentences together."""
    stance = _stance(key, sum(v.lean for v in heard), heard, target)
    wanted = {Stance.CRITIC: 1, Stance.DEFENDER: -1, Stance.NEUTRAL: 0}[stance]
    best = max(heard, key=lambda v: (v.worth + 0.3 * (v.lean * wanted > 0), -v.sentence.index))
    return replace(best, stance=stance)


def _stance(key: str, lean: int, heard: list[_Voice], target: str | None) -> Stance:
    if key == target:
        return Stance.DEFENDER
    if _AUTHORITY.search(key) or any(_JUDGING.search(v.sentence.bare) for v in heard):
        return Stance.NEUTRAL
    impartial = any(_IMPARTIAL.search(v.sentence.bare) for v in heard)
    if lean > (1 if impartial else 0):
        return Stance.CRITIC
    return Stance.DEFENDER if lean < (-1 if impartial else 0) else Stance.NEUTRAL


def _kept(ranked: list[_Voice], limit: int) -> list[_Voice]:
    kept: list[_Voice] = []
    neutral = accounts = 0
    seen: set[int] = set()
    for voice in ranked:
        full = voice.stance is Stance.NEUTRAL and neutral == _MAX_NEUTRAL
        account = voice.speech.own_item and voice.sentence.is_post
        full = full or (account and voice.stance is Stance.NEUTRAL and accounts == 1)
        if full or voice.sentence.index in seen:
            continue
        neutral += voice.stance is Stance.NEUTRAL
        accounts += account and voice.stance is Stance.NEUTRAL
        seen.add(voice.sentence.index)
        kept.append(voice)
    return kept[:limit]


def _side(context: DraftContext, spec: SectionSpec, voice: _Voice) -> Written | None:
    return write(
        context,
        spec,
        voice.sentence,
        actor=voice.speech.actor,
        stance=voice.stance,
        also=voice.speech.cites,
    )
