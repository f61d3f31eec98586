"""Mutation suite: plants faults into drafts and verifies them with the product's verifier.

Each claim of a draft is verified unchanged (group ``untouched``), paraphrased (``rewritten``) and
with each applicable fault.  A fault is **caught** if the gate withholds the claim; a **false
alarm** is a withheld untouched or rewritten claim.  Faults are planted only into shown claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from evals.datasets import Story, drafted, read_files
from evals.framework import versions
from evals.framework.confidence import bars
from evals.framework.keys import content_key
from evals.framework.records import JudgedClaim, Record
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.mutation.faults import FAULTS
from evals.suites.mutation.metrics import NAMES, RUNGS, measure_mutation, rates, rung_rates
from evals.suites.mutation.paraphrases import REWRITES
from evals.suites.mutation.target import Target
from summarizer import __version__
from summarizer.domain.claims import CheckedClaim, Claim
from summarizer.domain.drafts import Draft
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import ItemKey
from summarizer.drafting import prompts
from summarizer.ingestion.passages import split
from summarizer.ports.models import Entailment
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.policy import Policy, load_policy
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.verdicts import verify_claims
from summarizer.verification.verify import Verifier

UNTOUCHED, REWRITTEN = "untouched", "rewritten"


@dataclass(frozen=True)
class Trial:
    """One claim to be verified.

    Args:
        group: name of a fault, ``untouched`` or ``rewritten``.
        way: name of the rewrite, else the group.
        before: the unchanged sentence.
        section: key of its section.
        position: position of the claim in its section.
    """

    group: str
    way: str
    before: str
    claim: Claim
    section: str
    position: int

    @property
    def planted(self) -> bool:
        """Whether the claim has a fault."""
        return self.group not in (UNTOUCHED, REWRITTEN)


class MutationSuite:
    """Verification of mutated claims of extractive drafts; implements ``Suite``.

    Args:
        files: files of stories for ``evals.datasets``.
        entailment: the entailment model.
        policy: thresholds and conditions of the gate; the shipped ones by default.
        seed: random seed of planting.

    Raises:
        InputError: a file cannot be read or is malformed, or two have one name.
    """

    name = "mutation"
    better: Mapping[str, Better] = {
        "caught": "higher",
        "false alarms": "lower",
        "caught, mean of faults": "higher",
        "caught, least of faults": "higher",
    }
    margins: Mapping[str, float] = {"caught": 0.02, "false alarms": 0.01}

    measure = staticmethod(measure_mutation)

    def __init__(
        self,
        files: Sequence[Path],
        entailment: Entailment,
        policy: Policy | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self._verifier = Verifier(prompts.load().specs(), entailment, policy or load_policy())
        self._seed = seed
        self._stories, self.inputs = read_files(files)

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of product, faults, extractive drafter and verifier, and the seed."""
        return {
            "summarizer": __version__,
            "suite code": versions.code("evals.suites.mutation"),
            "drafter code": versions.code(*versions.DRAFTER),
            **versions.of_verifier(self._verifier.entailment, self._verifier.policy),
            "seed": str(self._seed),
        }

    def tasks(self) -> Iterator[Task]:
        """One task per story; facts of the next story are merged into it."""
        for n, (key, group, story) in enumerate(self._stories):
            *_, foreign = self._stories[(n + 1) % len(self._stories)]
            others = () if foreign is story else _sentences(foreign)
            place = f"{group}:{story.key}"
            yield Task(key=place, judge=partial(self.judge, key, story, others, place))

    def judge(self, key: str, story: Story, foreign: Sequence[str], place: str) -> list[Outcome]:
        """The outcomes of one story.

        Raises:
            InputError: an item of the story is unusable.
        """
        draft = drafted(story)
        return judge_draft(draft, key, foreign, self._verifier, self._seed, place)

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """Share caught per fault, and share caught by each check."""
        return (
            Figure(
                title="Faults planted by our own rules: share caught", bars=bars(outcomes, rates)
            ),
            Figure(
                title="Faults planted by our own rules: share that each rung catches",
                bars=bars(outcomes, rung_rates),
            ),
        )


def judge_draft(
    draft: Draft,
    key: str,
    foreign: Sequence[str],
    verifier: Verifier,
    seed: int = 0,
    place: str = "",
) -> list[Outcome]:
    """Verify every claim of a draft unchanged, rewritten, and with every applicable fault.

    A sentence in several sections is used once, in the first.  All claims of the extractive
    drafter count as honest, also withheld ones; of a model's draft only shown ones.

    Args:
        draft: the draft with its evidence.
        key: key of the story, which is the cluster of its outcomes.
        foreign: sentences of another incident.
        verifier: the product's verifier.
        seed: random seed.
        place: of the story, for a reader.
    """
    bench = _Bench(draft, verifier)
    untouched = bench.verified(list(bench.untouched()))
    trials = [
        found
        for trial, checked in untouched
        if verifier.passes(checked)
        for found in bench.trials(trial, foreign, f"{seed}/{key}")
    ]
    found = (*untouched, *bench.verified(trials))
    return [
        _outcome(key, place, t, checked, verifier.passes(checked), draft.evidence)
        for t, checked in found
    ]


class _Bench:
    """A draft in which single claims are replaced and verified in place."""

    def __init__(self, draft: Draft, verifier: Verifier) -> None:
        honest = draft.drafter == "extractive"
        self._index = EvidenceIndex(draft.evidence)
        self._verifier = verifier
        self._sections = {
            section.key: tuple(c.claim for c in (*section.shown, *(section.withheld * honest)))
            for section in draft.sections
        }

    def untouched(self) -> Iterator[Trial]:
        """Each distinct sentence, at its first place."""
        seen = set()
        for key, claims in self._sections.items():
            for position, claim in enumerate(claims):
                bare = claim.text.rstrip(".")
                if bare not in seen:
                    seen.add(bare)
                    yield Trial(UNTOUCHED, UNTOUCHED, claim.text, claim, key, position)

    def trials(self, honest: Trial, foreign: Sequence[str], seed: str) -> Iterator[Trial]:
        """Every applicable rewrite and fault within the section's word limit.

        A longer claim would be withheld for its length.
        """
        pack = self._index.pack
        target = Target(claim=honest.claim, pack=pack, foreign=tuple(foreign))
        longest = self._verifier.spec(honest.section).limits.max_words
        ways = [(REWRITTEN, way, plant) for way, plant in REWRITES.items()]
        ways += [(name, name, plant) for name, plant in FAULTS.items()]
        for group, way, plant in ways:
            rng = Random(f"{seed}/{honest.section}/{honest.position}/{way}")
            claim = plant(target, rng)
            if claim is not None and claim != honest.claim and _words(claim) <= longest:
                yield replace(honest, group=group, way=way, claim=claim)

    def verified(self, trials: Sequence[Trial]) -> list[tuple[Trial, CheckedClaim]]:
        """Each trial with its claim verified in its section."""
        places = [self._place(trial) for trial in trials]
        checked = verify_claims(places, self._verifier.entailment, self._verifier.policy)
        return list(zip(trials, checked, strict=True))

    def _place(self, trial: Trial) -> ClaimContext:
        claims = list(self._sections[trial.section])
        claims[trial.position] = trial.claim
        spec = self._verifier.spec(trial.section)
        return ClaimContext(trial.claim, claims, spec, self._index)


def _words(claim: Claim) -> int:
    return len(claim.text.split())


def _sentences(story: Story) -> tuple[str, ...]:
    texts = [str(item.get("text") or item.get("title") or "") for item in story.items]
    return tuple(p.text for text in texts for p in split(ItemKey("x1"), text))


def _outcome(
    story: str,
    place: str,
    trial: Trial,
    checked: CheckedClaim,
    shown: bool,
    pack: EvidencePack,
) -> Outcome:
    caught = not shown
    fired = {_rung(failure.check) for failure in checked.verdict.failures} if caught else set()
    values: dict[str, float | None] = {
        "planted": float(trial.planted),
        "fault": float(NAMES.index(trial.group)) if trial.planted else None,
        "caught": float(caught),
        "entailment_only": float(fired == {"entailment"}),
        **{f"caught_{rung}": float(rung in fired) for rung in RUNGS},
    }
    claim = trial.claim
    key = content_key(story, trial.section, trial.way, trial.before, claim.text, claim.cites)
    judged = JudgedClaim.of_checked(
        checked, pack, trial.section, accepted=shown, label=int(not trial.planted)
    )
    return Outcome(
        key=key,
        cluster=story,
        group=trial.group,
        values=values,
        note=_note(trial, checked, caught),
        place=f"{place}/{trial.section}/{trial.position}/{trial.way}",
        record=Record(key=key, claim=judged),
    )


def _rung(check: str) -> str:
    return check if check in RUNGS else "section rules"


def _note(trial: Trial, checked: CheckedClaim, caught: bool) -> str | None:
    """Description of a missed fault or a false alarm; ``None`` for a correct result."""
    if caught == trial.planted:
        return None
    cites = f" [{', '.join(trial.claim.cites)}]" if trial.planted else ""
    if trial.planted:
        return f"{trial.before} → {trial.claim.text}{cites}"
    why = "; ".join(f"{f.check}: {f.reason}" for f in checked.verdict.failures)
    after = "" if trial.claim.text == trial.before else f" → {trial.claim.text}"
    return f"{trial.before}{after} ({trial.way}; {why})"
