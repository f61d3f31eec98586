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

import numpy as np

from evals.datasets import Story, drafted, read_files
from evals.framework.confidence import bars, column
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.mutation.faults import FAULTS
from evals.suites.mutation.paraphrases import REWRITES
from evals.suites.mutation.target import Target
from summarizer import __version__
from summarizer.domain.claims import CheckedClaim, Claim
from summarizer.domain.drafts import Draft
from summarizer.domain.items import ItemKey
from summarizer.drafting import prompts
from summarizer.ingestion.passages import split
from summarizer.ports.models import Entailment
from summarizer.verification import scoring
from summarizer.verification.evidence import EvidenceIndex
from summarizer.verification.policy import load_policy
from summarizer.verification.section_rules import ClaimContext
from summarizer.verification.verdicts import verify_claims
from summarizer.verification.verify import Verifier

VERSION = "1"
"""Version of faults, rewrites and guards; raised when any of them changes."""

UNTOUCHED, REWRITTEN = "untouched", "rewritten"

RUNGS = (
    "structure",
    *scoring.CHECKS,
    "additions",
    "attribution",
    "instructions",
    "section rules",
    "entailment",
)
"""Checks that can catch a fault; all section rules count as one."""

_NAMES = list(FAULTS)


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

    def __init__(
        self,
        files: Sequence[Path],
        entailment: Entailment,
        *,
        seed: int = 0,
    ) -> None:
        self._verifier = Verifier(prompts.load().specs(), entailment, load_policy())
        self._seed = seed
        self._stories, self.inputs = read_files(files)

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of product, entailment, faults and gate, and the seed."""
        return {
            "summarizer": __version__,
            "entailment": self._verifier.entailment.name,
            "faults": VERSION,
            "gate": self._verifier.policy.name,
            "seed": str(self._seed),
        }

    def tasks(self) -> Iterator[Task]:
        """One task per story; facts of the next story are merged into it."""
        for n, (key, story) in enumerate(self._stories):
            _, foreign = self._stories[(n + 1) % len(self._stories)]
            others = () if foreign is story else _sentences(foreign)
            yield Task(key=key, judge=partial(self.judge, key, story, others))

    def judge(self, key: str, story: Story, foreign: Sequence[str]) -> list[Outcome]:
        """The outcomes of one story.

        Raises:
            InputError: an item of the story is unusable.
        """
        draft = drafted(story)
        return judge_draft(draft, key, foreign, self._verifier, self._seed)

    def measure(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        """Share caught and false alarms; with several faults also their mean and minimum."""
        return measure_mutation(outcomes)

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """Share caught per fault, and share caught by each check."""
        return (
            Figure(title="Share of planted faults that are caught", bars=bars(outcomes, _rates)),
            Figure(
                title="Share of planted faults that each rung catches",
                bars=bars(outcomes, _rung_rates),
            ),
        )


def judge_draft(
    draft: Draft,
    key: str,
    foreign: Sequence[str],
    verifier: Verifier,
    seed: int = 0,
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
    return [_outcome(key, t, checked, verifier.passes(checked)) for t, checked in found]


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
        ways += [(name, name, fault.plant) for name, fault in FAULTS.items()]
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


def _outcome(key: str, trial: Trial, checked: CheckedClaim, shown: bool) -> Outcome:
    caught = not shown
    fired = {_rung(failure.check) for failure in checked.verdict.failures} if caught else set()
    values: dict[str, float | None] = {
        "planted": float(trial.planted),
        "fault": float(_NAMES.index(trial.group)) if trial.planted else None,
        "caught": float(caught),
        "entailment_only": float(fired == {"entailment"}),
        **{f"caught_{rung}": float(rung in fired) for rung in RUNGS},
    }
    return Outcome(
        key=f"{key}/{trial.section}/{trial.position}/{trial.way}",
        cluster=key,
        group=trial.group,
        values=values,
        note=_note(trial, checked, caught),
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


# --- Figures -----------------------------------------------------------------------------------


def measure_mutation(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares of outcomes, ``nan`` without any; mean and minimum only with several faults."""
    planted, caught = column(outcomes, "planted") == 1, column(outcomes, "caught")
    rates = _rates(outcomes)
    found = {
        "caught": _mean(caught[planted]),
        "caught by entailment alone": _mean(column(outcomes, "entailment_only")[planted]),
        "false alarms": _mean(caught[~planted]),
    }
    if len(rates) > 1:
        found["caught, mean of faults"] = float(np.mean(list(rates.values())))
        found["caught, least of faults"] = min(rates.values())
    return found


def _rates(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Share caught of each planted fault, by name."""
    which, caught = column(outcomes, "fault"), column(outcomes, "caught")
    known = np.isfinite(which)
    places = which[known].astype(np.int64)
    counts = np.bincount(places, minlength=len(_NAMES))
    sums = np.bincount(places, weights=caught[known], minlength=len(_NAMES))
    return {name: float(sums[n] / counts[n]) for n, name in enumerate(_NAMES) if counts[n]}


def _rung_rates(outcomes: Sequence[Outcome]) -> dict[str, float]:
    planted = column(outcomes, "planted") == 1
    return {rung: _mean(column(outcomes, f"caught_{rung}")[planted]) for rung in RUNGS}


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(values.mean()) if len(values) else float("nan")
