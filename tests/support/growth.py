"""How CPU time grows with the length of a text, without any limit in seconds.

A step from one length to a longer one is judged only above a floor under which a clock says
nothing; a busy machine slows down both, and what looks worse than linear is measured again.
"""

from __future__ import annotations

import gc
import itertools
import math
import time
from collections.abc import Callable, Sequence
from functools import partial

LENGTHS = (16, 24, 36, 54, 80, 120, 250, 500, 2_000, 8_000)
"""Characters.  Only the last step tells linear from quadratic; the first ones are near one another,
so that exponential growth is seen while it still takes milliseconds."""
FLOOR_S = 0.002
WORST, WORST_BEFORE = 1.5, 2.6
"""Highest exponents of growth, where 1 is linear and 2 quadratic: of the last step, and of those
before it, in which a bound of some hundreds still looks like growth."""
TRIES = 6
LONG_S = 1.0
"""CPU time of the longer text from which one try says enough: no noise of a clock is so long."""
SURE_TRIES = 3
"""Tries of which none may be the only one that was slow: a clock that stands still for a few
milliseconds, as on a shared machine, is no growth."""
SURELY = 1.0
"""After those, an exponent so far above the highest is no noise; each further try lowers it."""


def cpu_s(work: Callable[[], object], runs: int = 1) -> float:
    """Least CPU time of some runs, in seconds, without the collection of garbage."""
    least, collects = math.inf, gc.isenabled()
    gc.disable()
    try:
        for _ in range(runs):
            start = time.thread_time()
            work()
            least = min(least, time.thread_time() - start)
    finally:
        if collects:
            gc.enable()
    return least


def exponent(
    work: Callable[[str], object],
    text_of: Callable[[int], str],
    lengths: Sequence[int] = LENGTHS,
    floor_s: float = FLOOR_S,
) -> float:
    """The first exponent above the highest by which time grows with length; 0 if there is none.

    Args:
        work: reads a text.
        text_of: a text of about as many characters.
        lengths: lengths to compare, each with the one before.
        floor_s: CPU time of the longer text from which a step is judged.
    """
    for short, long in itertools.pairwise(lengths):
        last = long == lengths[-1]
        worst = WORST if last else WORST_BEFORE
        squared = (long / short) ** 2
        if last and cpu_s(partial(work, text_of(short))) * squared < floor_s:
            return 0.0
        found = _step(work, text_of(short), text_of(long), floor_s, worst)
        if found > worst:
            return found
    return 0.0


def _step(
    work: Callable[[str], object], short: str, long: str, floor_s: float, worst: float
) -> float:
    """Exponent between two texts: the least of some tries, until one says enough."""
    if len(long) <= len(short):  # a text that cannot be pumped
        return 0.0
    least = math.inf
    for runs in range(1, TRIES + 1):
        slow = cpu_s(partial(work, long), runs)
        if slow < floor_s:
            return 0.0
        fast = max(cpu_s(partial(work, short), 2 * runs), 1e-7)
        least = min(least, math.log(slow / fast) / math.log(len(long) / len(short)))
        is_sure = slow >= LONG_S or (runs >= SURE_TRIES and least > worst + SURELY / runs)
        if least <= worst or is_sure:
            return least
    return least
