"""Measures how much of what sources tell differently is found, and what is found where they don't.

No set of others has this labelled, so that it is planted: of two sentences of independent origins
that tell one fact (``pairs``) one gets another figure, day or name, and the product is asked as
for a page. **recall** is the share of these that it shows with both values. **false alarms** are
disagreements shown of stories and of reworded sentences as they are: of stories each is to be
read, since some sources do differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

from evals.datasets import Story, gathered, read_files
from evals.framework.confidence import bars, column
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.conflicts.pairs import BANDS, KINDS, Twins, found_in, planted, reworded
from summarizer import __version__, settings
from summarizer.app import open_app
from summarizer.domain.evidence import EvidencePack
from summarizer.monitoring import conflicts

VERSION = "1"
"""Of twins and what is planted in them; raised when either changes."""

LONGEST = 200_000
"""Tokens of a story; of a longer one the product selects."""

UNTOUCHED = "untouched"
_BANDS = (*(name for name, _ in BANDS), "reworded")


class DisagreementsSuite:
    """Stories asked for their disagreements as they are and with planted ones; meets ``Suite``.

    Args:
        files: of stories, as ``evals.datasets`` reads them; of one origin alone are passed over.
        seed: of what is drawn and planted.

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

    def __init__(self, files: Sequence[Path], *, seed: int = 0) -> None:
        self._seed = seed
        stories, self.inputs = read_files(files)
        self._stories = [(key, story) for key, story in stories if len(story.items) > 1]

    @property
    def version(self) -> Mapping[str, str]:
        """Of the product, the planting and the seed."""
        return {"summarizer": __version__, "planted": VERSION, "seed": str(self._seed)}

    def tasks(self) -> Iterator[Task]:
        """One task a story."""
        for key, story in self._stories:
            yield Task(key=key, judge=partial(self.judge, key, story))

    def judge(self, key: str, story: Story) -> list[Outcome]:
        """The outcomes of one story; none where all its items have one origin.

        Raises:
            InputError: an item is no usable source item.
        """
        pack = pack_of(story)
        if len({item.origin for item in pack.items}) < 2:
            return []
        return judge_pack(pack, key, self._seed)

    def measure(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        """Recall of all, and by how alike the twins are; what is found where nothing is planted."""
        return measure_disagreements(outcomes)

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """Recall by kind."""
        title = "Share of planted disagreements that are shown"
        return (Figure(title=title, bars=bars(outcomes, _by_kind)),)


def pack_of(story: Story) -> EvidencePack:
    """All passages of a story, up to a length that no page of ours reaches.

    Raises:
        InputError: an item is no usable source item.
    """
    chosen = settings.load(drafter="extractive", evidence_tokens=LONGEST)
    with open_app(chosen, in_memory=True) as app:
        pipeline = app.pipeline
        return pipeline.pack(gathered(pipeline, story))


def judge_pack(pack: EvidencePack, key: str, seed: int = 0) -> list[Outcome]:
    """What is found in a pack as it is, and in its twins with and without another value.

    Args:
        pack: evidence of two origins at least.
        key: of the story; the cluster of its outcomes.
        seed: the same seed plants the same values.
    """
    rng = Random(f"{seed}/{key}")
    outcomes = [_untouched(pack, key)]
    twins = [*found_in(pack, rng), *reworded(pack, rng)]
    for n, pair in enumerate(twins):
        if pair.way:
            alarms = conflicts.find_conflicts(_only(pair, pack))
            values = {"alarm": float(bool(alarms)), "reworded": 1.0}
            note = f"{pair.one.text} | {pair.other.text} ({pair.way})" if alarms else None
            outcomes.append(_outcome(key, f"{n}/control", UNTOUCHED, values, note))
        if (different := planted(pair, pack, rng)) is not None:
            outcomes.append(_planted(different, pack, f"{n}", key))
    return outcomes


def _untouched(pack: EvidencePack, key: str) -> Outcome:
    found = conflicts.find_conflicts(pack)
    told = [" | ".join(f"{t.value}: {t.text}" for t in one.tellings) for one in found]
    values = {"alarm": float(bool(found)), "reworded": 0.0}
    return _outcome(key, "as it is", UNTOUCHED, values, " || ".join(told) or None)


def _planted(twins: Twins, pack: EvidencePack, place: str, key: str) -> Outcome:
    caught = _shown(twins, pack)
    values = {"found": float(caught), "band": float(_BANDS.index(twins.band))}
    note = None if caught else f"{twins.one.text} | {twins.other.text} ({twins.band})"
    return _outcome(key, place, twins.kind, values, note)


def _shown(twins: Twins, pack: EvidencePack) -> bool:
    """Whether a disagreement of that kind stands where both values do."""
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
    """The pack with the passages of two twins alone."""
    items = {item.key: item for item in (*pack.items, twins.other.item)}
    passages = (twins.one.passage, twins.other.passage)
    return pack.model_copy(update={"items": tuple(items.values()), "passages": passages})


def _outcome(
    key: str, place: str, group: str, values: Mapping[str, float | None], note: str | None
) -> Outcome:
    return Outcome(key=f"{key}/{place}", cluster=key, group=group, values=values, note=note)


# --- Figures -----------------------------------------------------------------------------------


def measure_disagreements(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares of outcomes, ``nan`` of none."""
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
