"""Fill the figures of README.md, docs/method.md and the public site from committed runs.

    python scripts/figures.py                 # fill the blocks; also: make figures
    python scripts/figures.py keep RUN NAME   # keep the figures of a run as evals/figures/NAME.json

A block stands between ``<!-- figures: NAME -->`` and ``<!-- end -->`` and is rendered from the
template ``evals/figures/NAME.md.j2``.  A template names runs: ``verifier`` is
``evals/figures/verifier.json``, ``baselines/mutation`` the accepted baseline of that suite.  A kept
run has no outcomes, notes or plots, so it holds nothing of the texts and labels that it was made
from; of the parts it has the figures over all groups, as the terminal shows them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import jinja2

from evals.framework import baselines, runner
from evals.framework.results import ALL, Measurement, Run
from evals.framework.tables import format_figure

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "evals" / "figures"
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "docs" / "method.md",
    ROOT / "summarizer" / "rendering" / "templates" / "site" / "figures.html.j2",
)
BLOCK = re.compile(r"(<!-- figures: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def main(arguments: list[str]) -> None:
    """Keep a run, or fill the documents.

    Raises:
        InputError: the run cannot be read.
    """
    if arguments[:1] == ["keep"]:
        run, name = arguments[1:]
        print(f"Written: {keep(runner.load(Path(run)), FIGURES / f'{name}.json')}")
        return
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        runner.write_atomically(document, filled(text))


def keep(run: Run, path: Path) -> Path:
    """Write the figures of a run without its outcomes; return the file."""
    measured = tuple(one for one in run.measured if one.group == ALL or not one.part)
    bare = run.model_copy(update={"outcomes": (), "measured": measured})
    runner.write_atomically(path, baselines.as_json(bare))
    return path


def filled(text: str) -> str:
    """A document with each block as its template makes it today."""
    return BLOCK.sub(lambda block: f"{block[1]}{rendered(block[2])}\n{block[4]}", text)


def rendered(name: str) -> str:
    """Markdown of a block.

    Raises:
        jinja2.UndefinedError: the template uses a figure or name that is not there.
    """
    loader = jinja2.FileSystemLoader(FIGURES)
    env = jinja2.Environment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # Markdown of our own, not HTML of others
    )
    return env.get_template(f"{name}.md.j2").render(WORDS).strip()


# --- What a template may say -------------------------------------------------------------------


def run_of(name: str) -> Run:
    """A committed run by the name that templates give it."""
    folder = baselines.BASELINES.parent if name.startswith("baselines/") else FIGURES
    return runner.load(folder / f"{name}.json")


def measured(run: Run, name: str, group: str = ALL) -> float | None:
    """Value of a figure; ``None`` if the group cannot have it."""
    one = measurement(run, name, group)
    return None if one is None else one.value


def figure(run: Run, name: str, group: str = ALL) -> str:
    """``0.722 [0.66, 0.77]``; a dash if the group cannot have it."""
    return format_figure(measurement(run, name, group))


def percent(run: Run, name: str, group: str = ALL) -> str:
    """``72% [66, 77]``, of a share; a dash if the group cannot have it."""
    one = measurement(run, name, group)
    if one is None or one.value is None:
        return "–"
    known = one.low is not None and one.high is not None
    ends = f" [{100 * one.low:.0f}, {100 * one.high:.0f}]" if known else ""
    return _percents(one.value) + ends


def measurement(run: Run, name: str, group: str) -> Measurement | None:
    """A figure of a group; ``None`` if it was undefined there, so that it was not kept.

    Raises:
        KeyError: no group has the figure.
    """
    by_group = {one.group: one for one in run.measured if one.name == name}
    if not by_group:
        raise KeyError(f"{run.suite} has no figure {name!r}")
    return by_group.get(group)


def rows(run: Run, group: str = ALL) -> str:
    """Number of outcomes of a group, with thousands apart."""
    return f"{next(m.n for m in run.measured if m.group == group):,}"


def groups(run: Run) -> list[str]:
    """Groups in the order of the run, without the one of all."""
    return [group for group in dict.fromkeys(m.group for m in run.measured) if group != ALL]


def names(run: Run) -> list[str]:
    """Figures over all groups, without those of parts and the speed."""
    names = (m.name for m in run.measured if m.group == ALL and not m.part)
    return [name for name in names if name != runner.SPEED]


def made(run: Run) -> str:
    """Command, day, and what made a run."""
    parts = (
        "verifier code",
        "drafter code",
        "clustering code",
        "detection code",
        "weights",
        "drafter",
        "judge",
    )
    by = ", ".join(f"{part} {run.version[part]}" for part in parts if part in run.version)
    files = "" if run.suite == "injection" else " FILE…"
    return f"`summarizer eval {run.suite}{files}`, {run.created_at:%Y-%m-%d}, {by}"


def files(run: Run) -> str:
    """Inputs of a run, each with its number of rows."""
    return ", ".join(f"`{file.name}` ({file.rows:,})" for file in run.inputs)


def _percents(share: float) -> str:
    return f"{share:.0%}" if 0.1 <= share <= 0.99 or share in (0, 1) else f"{share:.1%}"


WORDS: Mapping[str, Callable[..., object]] = {
    "run": run_of,
    "figure": figure,
    "percent": percent,
    "rows": rows,
    "groups": groups,
    "names": names,
    "measured": measured,
    "made": made,
    "files": files,
}

if __name__ == "__main__":
    main(sys.argv[1:])
