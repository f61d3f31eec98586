"""``eval drafting``: one drafter on stories, or several prompts and models side by side."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from summarizer.cli.eval_runs import (
    Wanted,
    conclude,
    evaluate,
    make_run,
    tell_whole_files,
    write,
)
from summarizer.cli.output import results, tell
from summarizer.errors import InputError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evals.framework.results import Run
    from evals.suites.drafting import DraftingSuite
    from summarizer.drafting.prompts import PromptSet
    from summarizer.settings import Settings

SHIPPED = "shipped"
"""Name of the product's own prompts."""

MANY = frozenset({"--prompts", "--models"})


class Variadic(TyperCommand):
    """A command whose options in ``MANY`` take every word up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse after repeating the option before each of its words."""
        return super().parse_args(ctx, repeated(args))


def repeated(args: Sequence[str]) -> list[str]:
    """``--prompts A B`` as ``--prompts A --prompts B``, as Click reads it."""
    found: list[str] = []
    option, has_word = "", True
    for word in args:
        if word.startswith("-"):
            found += [] if has_word else [option]
            option, has_word = (word, False) if word in MANY else ("", True)
            found += [] if option else [word]
        else:
            found += [option, word] if option else [word]
            has_word = True
    return found if has_word else [*found, option]


def drafting(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="JSON Lines, gzipped or not.")
    ],
    prompts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FOLDER…",
            help="Draft with the prompts of each folder, which may hold only those that differ "
            "from the shipped ones. `shipped` names these.",
        ),
    ] = None,
    models: Annotated[
        list[str] | None, typer.Option(metavar="MODEL…", help="Draft with each model.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Drafts of each story.")] = 1,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Number of stories, first by the hash of their content."),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(help="TOML file of prices; default: those in the rules of auto-drafting."),
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(min=0, help="Begin no other draft once this money is spent."),
    ] = None,
    max_minutes: Annotated[
        float | None, typer.Option(min=0, help="Begin no other draft after this time.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the run: run.json, table.md, report.html and its journal; with "
            "several prompts or models one more such folder for each."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue an interrupted run in --out.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Number of concurrent tasks.")] = 1,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE[@GROUP]",
            help="Exit with 1 if this metric is worse: below the value, or above it if lower is "
            "better; with 9 if only its interval reaches there. Can be given several times.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Run to compare with; default: the accepted baseline of the suite."),
    ] = None,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Do not compare with a baseline.")
    ] = False,
) -> None:
    """Draft stories and measure the drafts: faithfulness, citations, sides, dates, tokens.

    The settings choose the drafter; a file is one of `eval mutation`. With several prompts or
    models every prompt drafts with every model; they stand side by side in one table, with paired
    differences from the first. Files stand before `--prompts` and `--models`, or after `--`.
    """
    from evals.suites.drafting import Choice, DraftingSuite, variants
    from summarizer.jobs.budget import load_prices
    from summarizer.settings import load

    _check_order(prompts or (), models or ())
    settings = load()
    if (prompts or models) and not settings.drafts_with_model:
        raise SettingsError(
            "No model drafts here, so no prompt is read: set ANTHROPIC_API_KEY, or "
            "ANTHROPIC_BASE_URL for another server of the Messages API."
        )
    priced = load_prices(prices) if prices else None
    suites = {
        name: DraftingSuite(files, chosen, choice=Choice(texts, epochs, limit, priced))
        for name, (chosen, texts) in _variants(settings, prompts, models).items()
    }
    tell_whole_files(files)
    lacking = variants.check_priced(suites, must=max_cost is not None)
    if lacking:
        tell(f"{lacking} Its cost is left out.")
    wanted = Wanted(out, resume, jobs, fail_under, baseline, no_baseline)
    if len(suites) > 1:
        _side_by_side(suites, wanted, max_cost, max_minutes)
        return
    (suite,) = suites.values()
    stops = variants.limits(suite, max_cost, max_minutes)
    variants.check_drafted({"": evaluate(suite, wanted, stops)})


def _check_order(prompts: Sequence[str], models: Sequence[str]) -> None:
    """Refuse a file of stories that was read as a folder or a model."""
    for option, words in (("--prompts", prompts), ("--models", models)):
        if taken := [word for word in words if Path(word).is_file()]:
            raise InputError(
                f"{taken[0]} is a file, and stands after {option}, which takes every word up to "
                "the next option. Name files before it, or after --."
            )


def _variants(
    settings: Settings, prompts: Sequence[str] | None, models: Sequence[str] | None
) -> dict[str, tuple[Settings, PromptSet | None]]:
    """Settings and prompts of each variant, ``PROMPTS@MODEL``, under one judge.

    A prompt or model that is named twice is a variant twice, which shows what chance does.
    """
    from evals.framework.keys import told_apart

    named = [settings.model] if models is None else list(models)
    texts = [_prompt_set(folder) for folder in prompts or (SHIPPED,)]
    if len(named) > 1 and settings.judges_with_model and settings.judge_model is None:
        settings = settings.model_copy(update={"judge_model": named[0]})
        tell(
            f"One judge for all: {named[0]}, the first model. SUMMARIZER_JUDGE_MODEL names another."
        )
    names = told_apart(
        re.sub(r"[^\w.@-]", "-", f"{_name(folder)}@{model}")
        for folder in prompts or (SHIPPED,)
        for model in named
    )
    chosen = (
        (settings.model_copy(update={"model": model}), text) for text in texts for model in named
    )
    return dict(zip(names, chosen, strict=True))


def _name(folder: str) -> str:
    return folder if folder == SHIPPED else Path(folder).resolve().name


def _prompt_set(folder: str) -> PromptSet | None:
    from summarizer.drafting.prompts import load_over_shipped

    return None if folder == SHIPPED else load_over_shipped(Path(folder))


def _side_by_side(
    suites: Mapping[str, DraftingSuite],
    wanted: Wanted,
    max_cost: float | None,
    max_minutes: float | None,
) -> None:
    from evals.framework import thresholds
    from evals.suites.drafting import variants

    if wanted.baseline is not None:
        raise InputError(
            "--baseline is for one prompt and model: several are compared with the first. Hold the "
            "run of one against a baseline with `eval compare --fail-on-worse`."
        )
    suite = variants.VariantsSuite(suites)
    bars = [thresholds.parse_threshold(text, suite.better) for text in wanted.fail_under or ()]
    stops = variants.limits(suite, max_cost, max_minutes)
    whole = make_run(suite, wanted, stops)
    runs = suite.runs(whole)
    _report(runs, whole.incomplete, wanted.out)
    said = [
        (f"{name}: ", one) for name, run in runs.items() for one in thresholds.shortfalls(run, bars)
    ]
    conclude(said, whole.incomplete)
    variants.check_drafted(runs)


def _report(runs: Mapping[str, Run], incomplete: str | None, out: Path | None) -> None:
    """Print the tables, and write them and the run of each variant."""
    from evals.framework import journal, records, runner
    from evals.suites.drafting import variants
    from evals.suites.drafting.side_by_side import SideBySide

    if out is not None:
        for name, run in runs.items():
            folder = out / name
            folder.mkdir(exist_ok=True)
            records.write(folder, variants.records_of(name, records.read(out)))
            runner.write_atomically(folder / journal.RUN, run.model_dump_json(indent=1) + "\n")
            write(run, None, folder)
    try:
        found = SideBySide.of(runs)
    except InputError:
        tell("No draft was tried by every variant, so there is nothing to compare.")
        return
    for grid in (found.figures(), found.differences()):
        if grid is not None:
            results().print(grid.terminal())
    if out is not None:
        runner.write_atomically(out / "table.md", found.markdown(incomplete))
        runner.write_atomically(out / "report.html", found.page(incomplete))
        tell(f"Written: {out / 'table.md'} and report.html, and a run for each in its folder")
