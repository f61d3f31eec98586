"""Commands that run eval suites, compare runs and accept a run as the baseline.

To add a suite, write a factory like ``_verifier`` and add a row to ``SUITES``.
"""

from __future__ import annotations

import importlib
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from summarizer import factories
from summarizer.cli.output import errors, results, tell
from summarizer.errors import BelowBarError, InputError

if TYPE_CHECKING:
    from evals.framework.confidence import Measure
    from evals.framework.results import Run, Suite

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="JSON Lines, gzipped or not.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Folder for the run: run.json, table.md, report.html and its journal."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Continue an interrupted run in --out.")]
Jobs = Annotated[int, typer.Option(min=1, help="Number of concurrent tasks.")]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE[@GROUP]",
        help="Exit with 1 if this metric is worse: below the value, or above it if lower is "
        "better. Can be given several times.",
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(help="Run to compare with; default: the accepted baseline of the suite."),
]
Attacks = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help="Run only this attack. Can be given several times."),
]
LETTERS = string.ascii_uppercase
"""Names of compared runs, in order."""

NoBaseline = Annotated[bool, typer.Option("--no-baseline", help="Do not compare with a baseline.")]


@dataclass(frozen=True)
class Wanted:
    """Options that all suites share."""

    out: Path | None
    resume: bool
    jobs: int
    fail_under: list[str] | None
    baseline: Path | None
    no_baseline: bool


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    commands = typer.Typer(
        no_args_is_help=True, help="Run an eval suite on labelled data, and compare runs."
    )
    for name, (command, _) in SUITES.items():
        commands.command(name)(command)
    commands.command("compare")(compare)
    commands.command("accept")(accept)
    app.add_typer(commands, name="eval")


# --- Suites ------------------------------------------------------------------------------------


def _verifier(files: list[Path]) -> Suite:
    from evals.suites.verifier.suite import VerifierSuite
    from summarizer.settings import load

    judge = factories.claim_judge(load())
    return VerifierSuite(files, factories.entailment(), factories.entailment_parts(), judge)


def _clustering(files: list[Path]) -> Suite:
    from evals.suites.clustering.suite import ClusteringSuite

    return ClusteringSuite(files, factories.embedder())


def _mutation(files: list[Path]) -> Suite:
    from evals.suites.mutation import MutationSuite

    return MutationSuite(files, factories.entailment())


def _disagreements(files: list[Path]) -> Suite:
    from evals.suites.conflicts.suite import DisagreementsSuite

    return DisagreementsSuite(files)


def _drafting(files: list[Path]) -> Suite:
    from evals.suites.drafting import DraftingSuite
    from summarizer.settings import load

    return DraftingSuite(files, load())


def _retrieval(files: list[Path]) -> Suite:
    from evals.suites.retrieval import RetrievalSuite
    from summarizer.settings import load

    return RetrievalSuite(files, factories.embedder(), load())


def _over_files(build: Callable[[list[Path]], Suite], about: str) -> Callable[..., None]:
    """Build the command of a suite that reads files."""

    def command(
        files: Files,
        out: Out = None,
        resume: Resume = False,
        jobs: Jobs = 1,
        fail_under: FailUnder = None,
        baseline: Baseline = None,
        no_baseline: NoBaseline = False,
    ) -> None:
        evaluate(build(files), Wanted(out, resume, jobs, fail_under, baseline, no_baseline))

    command.__doc__ = about
    return command


def injection(
    attack: Attacks = None,
    out: Out = None,
    resume: Resume = False,
    jobs: Jobs = 1,
    fail_under: FailUnder = None,
    baseline: Baseline = None,
    no_baseline: NoBaseline = False,
) -> None:
    """Measure the gate against hostile source items and a model that obeys them.

    The model is a scripted server on loopback; no file and no key is needed.
    """
    from evals.suites.injection import InjectionSuite

    evaluate(
        InjectionSuite(only=attack or ()),
        Wanted(out, resume, jobs, fail_under, baseline, no_baseline),
    )


SUITES: Mapping[str, tuple[Callable[..., None], str]] = {
    "verifier": (
        _over_files(
            _verifier,
            "Measure the verifier on labelled claims.\n\n"
            "A row is one of `verify` with a `label`: 1 supported, 0 not. With "
            "SUMMARIZER_JUDGE=model the model judges every claim too, which costs money.",
        ),
        "evals.suites.verifier.suite:measure_verifier",
    ),
    "clustering": (
        _over_files(
            _clustering,
            "Measure the clustering of items into incidents on labelled items.\n\n"
            "A row is one of `ingest` with a `gold_cluster`. Every file is clustered with the "
            "product's settings, item by item in order of publication. Files without any "
            "`gold_cluster` are clustered together, each as one gold cluster.",
        ),
        "evals.suites.clustering.suite:measure_clustering",
    ),
    "mutation": (
        _over_files(
            _mutation,
            "Plant one fault at a time in drafts, and measure the share that the gate catches.\n\n"
            "A file holds source items of one story, or of several that `items`, `story_id`, "
            "`story`, `incident` or `gold_cluster` distinguish.",
        ),
        "evals.suites.mutation:MutationSuite.measure",
    ),
    "disagreements": (
        _over_files(
            _disagreements,
            "Plant another number, day or name where two sources state the same fact, and measure "
            "the share that the page shows.\n\nA file is one of `eval mutation`; stories of one "
            "origin are skipped. Disagreements in unchanged stories are listed for reading.",
        ),
        "evals.suites.conflicts.suite:measure_disagreements",
    ),
    "drafting": (
        _over_files(
            _drafting,
            "Draft stories and measure the drafts: faithfulness, citations, sides, dates, "
            "tokens.\n\nThe settings choose the drafter; a file is one of `eval mutation`.",
        ),
        "evals.suites.drafting:measure_drafting",
    ),
    "retrieval": (
        _over_files(
            _retrieval,
            "Measure the recall of supporting passages in small evidence packs."
            "\n\nA file holds claims with labelled supporting sentences, or stories as for "
            "`eval mutation`.",
        ),
        "evals.suites.retrieval:measure_retrieval",
    ),
    "injection": (injection, "evals.suites.injection:InjectionSuite.measure"),
}
"""Command and measure of each suite; the measure is imported only to compare runs."""


# --- Runs --------------------------------------------------------------------------------------


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
) -> None:
    """Compare runs of a suite on the same data, outcome by outcome.

    Differences have 95% bootstrap intervals over documents. Outcomes that only one of the runs has
    are excluded and counted.
    """
    from evals.framework import runner, tables
    from evals.framework.compare import compare as compare_runs

    a, *rest = runs = [runner.load(path) for path in (run_a, run_b, *(others or ()))]
    for letter, run in zip(LETTERS[1:], rest, strict=False):
        differences = compare_runs(a, run, _measure(a.suite))
        results().print(tables.comparison(differences, letter))
    for line in tables.version_differences(dict(zip(LETTERS, runs, strict=False))):
        tell(line)
    if report is not None:
        _write_compared(runs, report)


def _write_compared(runs: list[Run], path: Path) -> None:
    from evals.framework import baselines, report, runner
    from evals.suites.drafting import DraftingSuite, cost

    first, last = runs[0], runs[-1]
    if last.suite == DraftingSuite.name:
        lettered = zip(LETTERS, runs, strict=False)
        named = {f"{letter} {cost.writer(run)}": run for letter, run in lettered}
        last = last.model_copy(update={"figures": (*cost.figures(named), *last.figures)})
    # Metrics on other data are not comparable.
    beside = first if baselines.same_inputs(first.inputs, last.inputs) else None
    runner.write_atomically(path, report.html(last, beside))
    tell(f"Written: {path}")


def accept(
    run: Annotated[Path, typer.Argument(help="run.json of a run, or its folder.")],
    directory: Annotated[
        Path | None,
        typer.Option("--directory", help="Folder of baselines; default: the product's own."),
    ] = None,
) -> None:
    """Accept a run as the baseline of its suite."""
    from evals.framework import baselines, runner

    path = baselines.accept(runner.load(run), directory or baselines.BASELINES)
    tell(f"Accepted as the baseline: {path}")


def _measure(suite: str) -> Measure:
    if suite not in SUITES:
        raise InputError(f"There is no suite {suite!r}. There are: {', '.join(SUITES)}.")
    module, name = SUITES[suite][1].split(":")
    return cast("Measure", attrgetter(name)(importlib.import_module(module)))


def evaluate(suite: Suite, wanted: Wanted) -> None:
    """Run a suite, print and write its results, and check thresholds and baseline.

    Raises:
        InputError: an option is invalid; thresholds and baselines are checked before the run.
        BelowBarError: the run misses a threshold or regresses from the baseline.
    """
    from evals.framework import baselines, runner, tables, thresholds
    from summarizer.adapters.clock import SystemClock

    if wanted.resume and wanted.out is None:
        raise InputError("--resume needs --out: the folder of the run that was cut off.")
    bars = [thresholds.parse_threshold(text, suite.better) for text in wanted.fail_under or ()]
    baseline = _baseline(suite, wanted)
    with _progress(suite.name) as on_progress:
        run = runner.run(
            suite,
            out=wanted.out,
            jobs=wanted.jobs,
            resume=wanted.resume,
            on_progress=on_progress,
            now=SystemClock().now(),
        )
    for table in tables.terminal(run, results().width):
        results().print(table)
    if wanted.out is not None:
        _write(run, baseline, wanted.out)
    failures = list(thresholds.missed_thresholds(run, bars))
    if baseline is not None:
        failures += [f"regressed: {one}" for one in baselines.regressions(run, baseline)]
    if failures:
        raise BelowBarError("\n".join(failures))


def _baseline(suite: Suite, wanted: Wanted) -> Run | None:
    """The run given as the baseline, else the accepted one if it is comparable.

    Raises:
        InputError: the given baseline is of other data.
    """
    from evals.framework import baselines, runner

    accepted = baselines.BASELINES / f"{suite.name}.json"
    if wanted.no_baseline or (wanted.baseline is None and not accepted.exists()):
        return None
    baseline = runner.load(wanted.baseline or accepted)
    if baselines.is_comparable(baseline, suite):
        return baseline
    same = baselines.same_inputs(suite.inputs, baseline.inputs) and baseline.suite == suite.name
    if wanted.baseline is None:
        what = "by another drafter or model" if same else "of other data"
        tell(f"The accepted baseline is {what}, so this run is not held against it: {accepted}")
        return None
    if not same:
        raise InputError(
            f"{wanted.baseline} is of {baseline.suite!r} on other data than this run: "
            f"{', '.join(file.name for file in baseline.inputs)}. Name the same files, or leave "
            "--baseline out."
        )
    return baseline


def _write(run: Run, baseline: Run | None, out: Path) -> None:
    from evals.framework import report, runner, tables

    runner.write_atomically(out / "table.md", tables.markdown(run))
    runner.write_atomically(out / "report.html", report.html(run, baseline))
    tell(f"Written: {out / runner.RUN}, table.md and report.html beside it")


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, if that is a terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = errors()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
