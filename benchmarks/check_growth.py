"""Growth of the time of each check, reader and drafter with the length of hostile texts.

    python benchmarks/check_growth.py [--only numbers,dates]

Every text repeats a few characters or words.  A row has a check's worst text: CPU time at 2,000
and at 8,000 characters, and the exponent of growth between them, where 1 is linear and 2 quadratic.
A check has two rows: the claim has that length, or the source; the other has 250 characters
of the same.  The longer text is not tried (``inf``) where
the shorter one takes longer than ``ENDLESS_S``.
"""

from __future__ import annotations

import argparse
import math
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.adversarial import SENTENCES, Pumped
from tests.support.growth import FLOOR_S, cpu_s
from tests.support.readers import READERS, Reader

SHORT, LONG = 2_000, 8_000
ENDLESS_S = 0.6


def main() -> None:
    """Measure every reader, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="names of readers, separated by commas")
    only = parser.parse_args().only.split(",")
    print("| reader | ms at 2,000 | ms at 8,000 | exponent | text |\n|---|---|---|---|---|")
    for name, reader in READERS.items():
        if any(word in name for word in only):
            print(row(name, reader), flush=True)


def row(name: str, reader: Reader) -> str:
    """The table's row of a reader, for the text with the steepest growth above the floor."""
    found = [(*measured(reader, text), text) for text in SENTENCES]
    steep = [one for one in found if one[1] >= FLOOR_S]
    short, long, text = max(steep or found, key=lambda one: (growth(one[0], one[1]), one[0]))
    shown = f"{text.head}{text.part}{text.end}".replace("\n", "\\n").replace("|", "\\|")
    return (
        f"| {name} | {1e3 * short:.1f} | {1e3 * long:.1f} | {growth(short, long):.1f} | `{shown}` |"
    )


def measured(reader: Reader, text: Pumped) -> tuple[float, float]:
    """CPU seconds at both lengths; infinite where the shorter text already takes too long."""
    if cpu_s(partial(reader, text.of(500))) > ENDLESS_S / 4:
        return math.inf, math.inf
    short = cpu_s(partial(reader, text.of(SHORT)))
    if short > ENDLESS_S:
        return short, math.inf
    if short * (LONG / SHORT) ** 2 < FLOOR_S:
        return short, short * LONG / SHORT
    return short, cpu_s(partial(reader, text.of(LONG)))


def growth(short: float, long: float) -> float:
    """Exponent by which time grows between the two lengths."""
    if math.isinf(long):
        return math.inf
    return math.log(max(long, 1e-6) / max(short, 1e-6)) / math.log(LONG / SHORT)


if __name__ == "__main__":
    main()
