"""Conflicts suite: recall and false alarms of the detection of disagreements.

No labelled data set exists, so disagreements are planted: one of two sentences of independent
origins that state one fact (``pairs``) gets another number, day or name. **Recall** is the share
of planted disagreements that the product shows with both values. **False alarms** are
disagreements in unchanged stories and reworded sentences; those of stories must be read, since
sources do differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

from evals.datasets import Story, gathered, read_files
from evals.framework import versions
from evals.framework.confidence import bars, column
from evals.framework.keys import content_key, told_apart
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.conflicts.pairs import BANDS, KINDS, Twins, found_in, planted, reworded
from summarizer import __version__, settings
from summarizer.app import open_app
from summarizer.domain.evidence import EvidencePack
from summarizer.verification.conflicts import disagreements as conflicts

LONGEST = 200_000
"""Maximum tokens of a story; of a longer one the product selects passages."""

UNTOUCHED = "untouched"
_BANDS = (*(name for name, _ in BANDS), "reworded")


# --- Figures -----------------------------------------------------------------------------------


def measure_disagreements(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Recall and false alarms; ``nan`` without outcomes."""
    found, band = column(outcomes, "found"), column(outcomes, "band")
    alarm, again = column(outcomes, "alarm"), column(outcomes, "reworded")
    return {
        "recall": _mean(found[np.isfinite(found)]),
        **{f"recall, {name}": _mean(found[band == n]) for n, name in enumerate(_BANDS)},
        "false alarms, reworded": _mean(alarm[again == 1]),
        "found in untouched stories": _mean(alarm[again == 0]),
    }


def _by_kind(outcomes: Sequence[Outcome]) -> dict[str, float]:
    groups = {kind: [o for o in outcomes if o.group == kind] for kind in KINDS}
    return {kind: _mean(column(of, "found")) if of else float("nan") for kind, of in groups.items()}


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(values.mean()) if len(values) else float("nan")


# --- The suite -----------------------------------------------------------------------------------


class DisagreementsSuite:
    """Detection of disagreements in unchanged and changed stories; implements ``Suite``.

    Args:
        files: files of stories for ``evals.datasets``; stories of one origin are skipped.
        seed: random seed of sampling and planting.

    Raises:
        InputError: a file cannot be read or is malformed, or two have one name.
    """

    name = "disagreements"
    better: Mapping[str, Better] = {
        "recall": "higher",
        **{f"recall, {band}": "higher" for band in _BANDS},
        "false alarms, reworded": "lower",
        "found in untouched stories": "lower",
    }
    margins: Mapping[str, float] = {"recall": 0.02, "false alarms, reworded": 0.02}
    measure = staticmethod(measure_disagreements)

    def __init__(self, files: Sequence[Path], *, seed: int = 0) -> None:
        self._seed = seed
        stories, self.inputs = read_files(files)
        self._stories = [found for found in stories if len(found[-1].items) > 1]

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of the product, the planting and the detection, and the seed."""
        return {
            "summarizer": __version__,
            "suite code": versions.code("evals.suites.conflicts", "evals.suites.mutation"),
            "detection code": versions.code(
                "summarizer.ingestion", "summarizer.text", "summarizer.verification.conflicts"
            ),
            "seed": str(self._seed),
        }

    def tasks(self) -> Iterator[Task]:
        """One task per story."""
        for key, group, story in self._stories:
            place = f"{group}:{story.key}"
            yield Task(key=place, judge=partial(self.judge, key, story, place))

    def judge(self, key: str, story: Story, place: str) -> list[Outcome]:
        """The outcomes of one story; none if all its items have one origin.

        Raises:
            InputError: an item is unusable.
        """
        pack = pack_of(story)
        if len({item.origin for item in pack.items}) < 2:
            return []
        return judge_pack(pack, key, self._seed, place)

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """Recall by kind."""
        title = "Share of planted disagreements that are shown"
        return (Figure(title=title, bars=bars(outcomes, _by_kind)),)


def pack_of(story: Story) -> EvidencePack:
    """All passages of a story, up to ``LONGEST`` tokens.

    Raises:
        InputError: an item is unusable.
    """
    chosen = settings.load(drafter="extractive", evidence_tokens=LONGEST)
    with open_app(chosen, in_memory=True) as app:
        pipeline = app.pipeline
        return pipeline.pack(gathered(pipeline, story))


def judge_pack(pack: EvidencePack, key: str, seed: int = 0, place: str = "") -> list[Outcome]:
    """Outcomes of a pack unchanged, and of its twins with and without a planted value.

    Args:
        pack: evidence of at least two origins.
        key: key of the story, which is the cluster of its outcomes.
        seed: random seed.
        place: of the story, for a reader.
    """
    rng = Random(f"{seed}/{key}")
    outcomes = [_untouched(pack)]
    for pair in (*found_in(pack, rng), *reworded(pack, rng)):
        if pair.way:
            alarms = conflicts.find_conflicts(_only(pair, pack))
            values = {"alarm": float(bool(alarms)), "reworded": 1.0}
            note = f"{pair.one.text} | {pair.other.text} ({pair.way})" if alarms else None
            outcomes.append(_outcome(_content("control", pair), UNTOUCHED, values, note))
        if (different := planted(pair, pack, rng)) is not None:
            outcomes.append(_planted(different, pack))
    keys = told_apart(content_key(key, outcome.key) for outcome in outcomes)
    return [
        outcome.model_copy(update={"key": own, "cluster": key, "place": f"{place}/{n}"})
        for n, (own, outcome) in enumerate(zip(keys, outcomes, strict=True))
    ]


def _content(what: str, twins: Twins) -> str:
    values = (twins.first.slot, twins.second.slot)
    return content_key(what, twins.kind, twins.one.text, twins.other.text, values)


def _untouched(pack: EvidencePack) -> Outcome:
    found = conflicts.find_conflicts(pack)
    notes = [" | ".join(f"{t.value}: {t.text}" for t in one.tellings) for one in found]
    values = {"alarm": float(bool(found)), "reworded": 0.0}
    return _outcome("as it is", UNTOUCHED, values, " || ".join(notes) or None)


def _planted(twins: Twins, pack: EvidencePack) -> Outcome:
    caught = _shown(twins, pack)
    values = {"found": float(caught), "band": float(_BANDS.index(twins.band))}
    note = None if caught else f"{twins.one.text} | {twins.other.text} ({twins.band})"
    return _outcome(_content("planted", twins), twins.kind, values, note)


def _shown(twins: Twins, pack: EvidencePack) -> bool:
    """Whether a disagreement of that kind covers both values."""
    places = {
        (side.passage.id, side.start + value.start, side.start + value.end)
        for side, value in ((twins.one, twins.first), (twins.other, twins.second))
    }
    return any(
        all(
            any(t.passage == id_ and t.start < end and start < t.end for t in one.tellings)
            for id_, start, end in places
        )
        for one in conflicts.find_conflicts(_only(twins, pack))
        if one.kind == twins.kind
    )


def _only(twins: Twins, pack: EvidencePack) -> EvidencePack:
    """The pack with only the passages of the twins."""
    items = {item.key: item for item in (*pack.items, twins.other.item)}
    passages = (twins.one.passage, twins.other.passage)
    return pack.model_copy(update={"items": tuple(items.values()), "passages": passages})


def _outcome(
    content: str, group: str, values: Mapping[str, float | None], note: str | None
) -> Outcome:
    return Outcome(key=content, cluster="", group=group, values=values, note=note)
