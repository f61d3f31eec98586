"""Commands that read runs: comparing, scoring again, looking at, and accepting them."""

from __future__ import annotations

import importlib
import string
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from summarizer.cli.eval_runs import (
    Baseline,
    FailUnder,
    Jobs,
    NoBaseline,
    Resume,
    Wanted,
    conclude,
    evaluate,
)
from summarizer.cli.files import check_writable
from summarizer.cli.output import results, say, tell
from summarizer.errors import InconclusiveError, InputError, SettingsError

if TYPE_CHECKING:
    from evals.framework.results import Run, Suite
    from summarizer.settings import Settings

LETTERS = string.ascii_uppercase
"""Names of compared runs, in order."""

SavedRun = Annotated[Path, typer.Argument(metavar="RUN", help="run.json of a run, or its folder.")]


def register(commands: typer.Typer) -> None:
    """Add the commands of this module to those of ``eval``."""
    for command in (compare, score, view, accept, prompts):
        commands.command(command.__name__)(command)


def compare(
    run_a: Annotated[Path, typer.Argument(help="run.json of a run, or its folder.")],
    run_b: Annotated[Path, typer.Argument(help="The run to compare with A.")],
    others: Annotated[
        list[Path] | None, typer.Argument(metavar="RUN…", help="More runs to compare with A.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Write the last run's report to this HTML file, compared with the first run if "
            "both are of the same files; for drafting also with plots of quality against tokens."
        ),
    ] = None,
    fail_on_worse: Annotated[
        bool,
        typer.Option(
            "--fail-on-worse",
            help="Exit with 1 if a run lost more than the suite's margin in a gated figure, and "
            "with 9 if the outcomes are too few to tell. Prints what gates.",
        ),
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Print every figure, the unchanged ones and by part too.")
    ] = False,
) -> None:
    """Compare runs of a suite on the same data, outcome by outcome.

    Differences have 95% intervals over documents. Printed are the gated figures and those that
    changed by more than chance. Outcomes that only one of the runs has are excluded and counted.
    What differs between the runs stands below.
    """
    from evals.framework import gate, runner, tables
    from evals.framework.compare import compare as compare_runs

    if report is not None:
        check_writable(report)
    a, *rest = runs = [runner.load(path) for path in (run_a, run_b, *(others or ()))]
    suite = _suite(a.suite)
    for letter, run in zip(LETTERS[1:], rest, strict=False):
        differences = tables.once(compare_runs(a, run, suite.measure))
        shown = differences if every else tables.telling(differences, suite.margins)
        results().print(tables.comparison(shown, letter, left_out=len(differences) - len(shown)))
    lettered = dict(zip(LETTERS, runs, strict=False))
    if (table := tables.version_differences(lettered)) is not None:
        results().print(table)
    if report is not None:
        _write_compared(runs, report)
    if fail_on_worse:
        found = [gate.findings(a, run, suite.measure, suite.margins) for run in rest]
        for letter, all_ in zip(LETTERS[1:], found, strict=False):
            results().print(tables.gate(all_, "A", letter))
        lettered_findings = zip(LETTERS[1:], found, strict=False)
        conclude([(f"{letter}: ", one) for letter, all_ in lettered_findings for one in all_])


def _write_compared(runs: list[Run], path: Path) -> None:
    from evals.framework import report, runner
    from evals.suites.drafting import DraftingSuite, cost

    first, last = runs[0], runs[-1]
    if last.suite == DraftingSuite.name:
        lettered = zip(LETTERS, runs, strict=False)
        named = {f"{letter} {cost.writer(run)}": run for letter, run in lettered}
        last = last.model_copy(update={"figures": (*cost.figures(named), *last.figures)})
    runner.write_atomically(path, report.html(last, first))
    tell(f"Written: {path}")


def score(
    run: SavedRun,
    out: Annotated[Path, typer.Option(help="Folder for the new run, another than that of RUN.")],
    gate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Policy of the gate, in the form of gate_policy.toml; default: the product's.",
        ),
    ] = None,
    resume: Resume = False,
    jobs: Jobs = 1,
    fail_under: FailUnder = None,
    baseline: Baseline = None,
    no_baseline: NoBaseline = False,
) -> None:
    """Verify what a run holds again, with the present verifier and settings.

    For runs of verifier, paraphrase and drafting, which keep claims, sources, drafts and verdicts.
    No draft is made anew. Outcomes keep their keys, so `eval compare` pairs both runs. The judge's
    verdicts in the run stand; SUMMARIZER_JUDGE=model asks again, which costs money, and off leaves
    them out.
    """
    from evals import rescore
    from evals.framework import baselines
    from summarizer.settings import load

    folder = run if run.is_dir() else run.parent
    if out.resolve() == folder.resolve():
        raise InputError(f"--out {out} is the folder of the run itself. Name another folder.")
    settings = load()
    suite = rescore.suite(run, settings, None if gate is None else _policy(gate, settings))
    if gate is not None and suite.version["judge"] != baselines.NONE:
        tell(
            "The judge's verdicts decide here in place of the policy's thresholds (support). "
            "SUMMARIZER_JUDGE=off leaves them out."
        )
    evaluate(suite, Wanted(out, resume, jobs, fail_under, baseline, no_baseline))


def _policy(file: Path, settings: Settings) -> str:
    """The text of a policy of the gate.

    Raises:
        InputError: the file cannot be read.
        SettingsError: it holds no such policy; the message names file and key.
    """
    from evals import parts

    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} cannot be read: it is not UTF-8.") from error
    try:
        parts.gate_policy(settings, text)
    except SettingsError as error:
        raise SettingsError(f"{file}: {error}") from error
    return text


def view(
    run: SavedRun,
    open_: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = True,
) -> None:
    """Open the report of a run in a browser, and print where it is.

    A report that is missing is made from the run.
    """
    from evals.framework import records, report, runner

    folder = run if run.is_dir() else run.parent
    page = folder / report.REPORT
    if not page.exists():
        made = report.html(runner.load(run), records=records.read(folder))
        check_writable(page)
        runner.write_atomically(page, made)
    say(str(page.resolve()))
    if open_ and not webbrowser.open(page.resolve().as_uri()):
        tell("No browser was found: open the page by hand.")


def accept(
    run: SavedRun,
    directory: Annotated[
        Path | None,
        typer.Option("--directory", help="Folder of baselines; default: the product's own."),
    ] = None,
) -> None:
    """Accept a run as the baseline of its suite."""
    from evals.framework import baselines, runner

    path = baselines.accept(runner.load(run), directory or baselines.BASELINES)
    tell(f"Accepted as the baseline: {path}")


def prompts() -> None:
    """Tell which prompts are gated: an accepted drafting run of a model was made with them.

    Exits with 9 if any is not. Suites without a model read no prompt, so they gate none.
    """
    from evals.framework import baselines, runner, versions

    path = baselines.BASELINES / "drafting.model.json"
    accepted = runner.load(path) if path.exists() else None
    current = versions.of_prompts()
    ungated = baselines.ungated_prompts(current, accepted)
    if accepted is None:
        raise InconclusiveError(
            "No drafting run of a model is accepted: every prompt is ungated. Run `eval drafting` "
            "with a model on stories, read its report, and `eval accept` it."
        )
    model, day = accepted.version["model"], f"{accepted.created_at:%Y-%m-%d}"
    if ungated:
        raise InconclusiveError(
            f"Prompts changed since the accepted run of {model} on {day}: ungated are "
            f"{', '.join(ungated)}. Run `eval drafting` with that model on the same stories."
        )
    tell(f"All {len(current)} prompts are those of the accepted run of {model} on {day}.")


def _suite(name: str) -> Suite:
    """The class of a suite: its measure and margins need no data."""
    from summarizer.cli.eval import SUITES  # which registers this module

    if name not in SUITES:
        raise InputError(f"There is no suite {name!r}. There are: {', '.join(SUITES)}.")
    module, found = SUITES[name][1].split(":")
    return cast("Suite", getattr(importlib.import_module(module), found))
