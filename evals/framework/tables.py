"""Tables of runs and comparisons, for a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from rich.table import Table

from evals.framework import versions
from evals.framework.compare import Difference
from evals.framework.gate import Finding
from evals.framework.results import ALL, Measurement, Run, by_part

WIDTH = 100
"""Default width of a table, in characters."""

JUDGE = "judge"
"""In the name of each part that a judge decides."""

CELL = len("0.700 [0.66, 0.74]")
GAP = 3
"""Between columns: the space on both sides and the line."""

Lookup = Callable[[str, str], Measurement | None]


def terminal(run: Run, width: int = WIDTH) -> Iterator[Table]:
    """Tables of a run for a terminal: figures by group, then figures by part over all groups.

    Groups become columns, or rows if that needs fewer tables.  A run with a single group shows only
    ``all``.  Where a judge was asked, its parts stand first, beside the figures without it.
    """
    whole = {m.name: m for m in run.measured if m.group == ALL and not m.part}
    groups = list(dict.fromkeys(m.group for m in run.measured))
    tables = by_part(m for m in run.measured if m.group == ALL)
    judged = {part: found for table in tables for part, found in table.items() if JUDGE in part}
    if judged:
        yield from _upright(judged | {"without the judge": whole}, width)
    if len(groups) > 2:
        yield from _by_group(run, groups, width, "Without the judge" if judged else None)
    elif not judged:
        yield from _by_group(run, [ALL], width, None)
    for parts in tables:
        if not parts.keys() & judged.keys():
            for chunk in _chunks(list(parts), list(next(iter(parts.values()))), width):
                yield _table("part", list(parts), chunk, _lookup(parts))


def _upright(parts: Mapping[str, Mapping[str, Measurement]], width: int) -> Iterator[Table]:
    """A column for each part, which need not have the same figures."""
    names = list(dict.fromkeys(name for figures in parts.values() for name in figures))
    for chunk in _chunks(names, list(parts), width):
        known = [name for name in names if any(name in parts[part] for part in chunk)]
        yield _table("measure", known, chunk, lambda name, part: parts[part].get(name))


def _by_group(run: Run, groups: Sequence[str], width: int, title: str | None) -> Iterator[Table]:
    cells = {(m.group, m.name): m for m in run.measured}
    names = list(dict.fromkeys(m.name for m in run.measured if not m.part))
    upright, turned = _chunks(names, groups, width), _chunks(groups, names, width)
    if len(upright) <= len(turned):
        for chunk in upright:
            yield _table(
                "measure", names, chunk, lambda name, group: cells.get((group, name)), title
            )
    else:
        for chunk in turned:
            yield _table(
                "group", groups, chunk, lambda group, name: cells.get((group, name)), title
            )


def _lookup(parts: Mapping[str, Mapping[str, Measurement]]) -> Lookup:
    return lambda part, figure: parts[part].get(figure)


def _chunks(rows: Sequence[str], columns: Sequence[str], most: int) -> list[list[str]]:
    """Columns in lots that fit the width."""
    left = max(map(len, rows), default=0)
    found: list[list[str]] = []
    width = most
    for column in columns:
        needed = max(CELL, len(column)) + GAP
        if not found or width + needed > most:
            found.append([])
            width = left + GAP + 1
        found[-1].append(column)
        width += needed
    return found


def _table(
    first: str, rows: Sequence[str], columns: Sequence[str], cell: Lookup, title: str | None = None
) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, overflow="fold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(row, *(format_figure(cell(row, column)) for column in columns))
    return table


def markdown(run: Run, names: Sequence[str] = ()) -> str:
    """Markdown of a run: a row for each group, a column for each figure, then tables by part.

    Args:
        run: run to print.
        names: figures to show, in order, without parts; all if empty.
    """
    cells = {(m.group, m.name): m for m in run.measured}
    columns = list(names) or list(dict.fromkeys(m.name for m in run.measured if not m.part))
    lines = [f"| group | n | {' | '.join(columns)} |", "|---" * (len(columns) + 2) + "|"]
    counts = {m.group: m.n for m in run.measured}
    for group, n in counts.items():
        row = " | ".join(format_figure(cells.get((group, name))) for name in columns)
        lines.append(f"| {group.replace('|', '/')} | {n} | {row} |")
    for group in counts if not names else ():
        for parts in by_part(m for m in run.measured if m.group == group):
            lines += ["", *_parts(group.replace("|", "/"), parts)]
    if run.incomplete:
        lines = [f"Incomplete: {run.incomplete}.", "", *lines]
    return "\n".join(lines) + "\n"


def _parts(group: str, parts: Mapping[str, Mapping[str, Measurement]]) -> Iterator[str]:
    figures = list(next(iter(parts.values())))
    yield f"| {group}: part | {' | '.join(figures)} |"
    yield "|---" * (len(figures) + 1) + "|"
    for part, found in parts.items():
        yield f"| {part} | {' | '.join(format_figure(found[figure]) for figure in figures)} |"


def once(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """The differences without a single group's, which repeat those of all."""
    several = len({d.group for d in differences}) > 2
    return tuple(d for d in differences if several or d.group == ALL)


def telling(differences: Sequence[Difference], gated: Collection[str]) -> tuple[Difference, ...]:
    """The gated differences over all groups, then those that are no chance."""
    first = [d for d in differences if d.group == ALL and d.name in gated]
    return (*first, *(d for d in differences if d.direction and d not in first))


def comparison(differences: Sequence[Difference], letter: str = "B", left_out: int = 0) -> Table:
    """Table of a comparison with A, a row for each figure; the caption counts unpaired outcomes.

    Args:
        differences: its rows.
        letter: name of the second run.
        left_out: differences that it does not show, for the caption.
    """
    more = f"{left_out} figures that did not change for certain: --all." if left_out else ""
    caption = " ".join(text for text in (unpaired(differences, letter), more) if text)
    table = Table(caption=caption or None)
    for name in ("group", "measure", "A", letter, f"{letter} - A", ""):
        table.add_column(name, overflow="fold", no_wrap=name not in ("group", "measure"))
    for d in differences:
        change = "–" if d.difference is None else f"{d.difference:+.3f}"
        if d.low is not None and d.high is not None:
            change += f" [{d.low:+.3f}, {d.high:+.3f}]"
        table.add_row(d.group, d.name, _number(d.a), _number(d.b), change, d.direction)
    return table


def version_differences(runs: Mapping[str, Run]) -> Table | None:
    """Table of the parts whose version differs between runs; ``None`` if none does."""
    differ = versions.differences({letter: run.version for letter, run in runs.items()})
    if not differ:
        return None
    table = Table()
    for name in ("what differs", *runs):
        table.add_column(name, overflow="fold")
    for part, by_run in differ.items():
        table.add_row(part, *by_run.values())
    return table


def gate(findings: Sequence[Finding], first: str = "baseline", second: str = "run") -> Table:
    """Table of what the gate says of each gated figure, with the value of the first run first."""
    table = Table()
    for name in ("gated", first, second, "loss", "margin", ""):
        table.add_column(name, overflow="fold", no_wrap=name != "gated")
    for one in findings:
        loss = "–" if one.loss is None else f"{one.loss:+.3f}"
        if one.least is not None and one.most is not None:
            loss += f" [{one.least:+.3f}, {one.most:+.3f}]"
        d = one.difference
        table.add_row(d.name, _number(d.a), _number(d.b), loss, f"{one.margin:g}", one.verdict)
    return table


def unpaired(differences: Sequence[Difference], letter: str = "B") -> str:
    """Sentence that counts the outcomes of one run alone; empty if there are none."""
    whole = next((d for d in differences if d.group == ALL), None)
    if whole is None or not (whole.only_a or whole.only_b):
        return ""
    return (
        f"Compared on the {whole.n} outcomes that both have; left out: {whole.only_a} that only A "
        f"has, {whole.only_b} that only {letter} has."
    )


def format_figure(figure: Measurement | None) -> str:
    """``0.700 [0.66, 0.74]``; a dash if undefined."""
    if figure is None or figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return _number(figure.value)
    digits = 2 if abs(figure.value) < 10 else 0
    return f"{_number(figure.value)} [{figure.low:.{digits}f}, {figure.high:.{digits}f}]"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"
