"""Commands that run eval suites.

To add a suite, write a factory like ``_verifier`` and add a row to ``SUITES``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer import factories
from summarizer.cli import eval_drafting, labels, saved_runs
from summarizer.cli.eval_runs import (
    Baseline,
    FailUnder,
    Jobs,
    NoBaseline,
    Out,
    Resume,
    Wanted,
    evaluate,
    tell_whole_files,
)
from summarizer.cli.output import tell

if TYPE_CHECKING:
    from evals.framework.results import Suite

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="JSON Lines, gzipped or not.")]
Labelled = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", help="JSON Lines, CSV or Parquet, gzipped or not."),
]
FieldMap = Annotated[
    str | None,
    typer.Option(
        "--map",
        metavar="WHAT=FIELD,…",
        help="Fields of the files that hold claim, sources and label: "
        "claim=response,sources=contexts,label=faithful.",
    ),
]
Attacks = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help="Run only this attack. Can be given several times."),
]
Prevalence = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        help="Weigh precision, F1, AUPRC, ECE, precision of a flag and of supported, and unchecked "
        "as if this share of the claims were unsupported, above 0 and below 1: 0.05 is 5%. "
        "Default: the share in the data.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    commands = typer.Typer(
        no_args_is_help=True, help="Run an eval suite on labelled data, and compare runs."
    )
    for name, (command, _) in SUITES.items():
        commands.command(name, cls=eval_drafting.Variadic)(command)
    saved_runs.register(commands)
    labels.register(commands)
    app.add_typer(commands, name="eval")


# --- Suites ------------------------------------------------------------------------------------


def verifier(
    files: Labelled,
    fields: FieldMap = None,
    prevalence: Prevalence = None,
    out: Out = None,
    resume: Resume = False,
    jobs: Jobs = 1,
    fail_under: FailUnder = None,
    baseline: Baseline = None,
    no_baseline: NoBaseline = False,
) -> None:
    """Measure the verifier on labelled claims.

    A row is one of `verify` with a `label`: 1 or 0, yes or no, true or false, supported or
    unsupported, faithful or hallucinated, entailment, or contradiction or neutral. Sources are a
    list, a list as JSON text, or one text. With SUMMARIZER_JUDGE=model the model judges every claim
    too, which costs money.
    """
    from evals import parts
    from evals.suites.verifier import labelled
    from evals.suites.verifier.rows import parse_map
    from evals.suites.verifier.suite import VerifierSuite
    from summarizer.settings import load

    names = parse_map(fields)
    settings = load()
    rows = labelled.of_files(files, names)
    suite = VerifierSuite(
        rows,
        factories.entailment(settings.entailment),
        factories.entailment_parts() if settings.entailment is None else {},
        parts.verdicts(settings),
        policy=parts.gate_policy(settings),
        prevalence=prevalence,
    )
    if prevalence is not None:
        tell(
            f"Weighed to {prevalence:.1%} unsupported claims: precision, F1, AUPRC, ECE, precision "
            "of a flag and of supported, unchecked."
        )
    twice, contradict = labelled.repeats(rows.cases)
    if twice or contradict:
        tell(f"{twice} rows stand twice, {contradict} contradict each other: same claim, sources.")
    evaluate(suite, Wanted(out, resume, jobs, fail_under, baseline, no_baseline))


def _clustering(files: list[Path]) -> Suite:
    from evals.suites.clustering.suite import ClusteringSuite

    return ClusteringSuite(files, factories.embedder())


def _mutation(files: list[Path]) -> Suite:
    from evals import parts
    from evals.suites.mutation import MutationSuite
    from summarizer.settings import load

    settings = load()
    entailment = factories.entailment(settings.entailment)
    return MutationSuite(files, entailment, parts.gate_policy(settings))


def _paraphrase(files: list[Path]) -> Suite:
    from evals import parts
    from evals.suites.paraphrase import ParaphraseSuite, cases
    from summarizer.settings import load

    settings = load()
    entailment = factories.entailment(settings.entailment)
    return ParaphraseSuite(cases.of_files(files), entailment, parts.verdicts(settings))


def _disagreements(files: list[Path]) -> Suite:
    from evals.suites.conflicts.suite import DisagreementsSuite

    return DisagreementsSuite(files)


def _retrieval(files: list[Path]) -> Suite:
    from evals.suites.retrieval import RetrievalSuite
    from summarizer.settings import load

    return RetrievalSuite(files, factories.embedder(), load())


def _over_files(
    build: Callable[[list[Path]], Suite], about: str, *, stories: bool = False
) -> Callable[..., None]:
    """Build the command of a suite that reads files, of ``stories`` or of other rows."""

    def command(
        files: Files,
        out: Out = None,
        resume: Resume = False,
        jobs: Jobs = 1,
        fail_under: FailUnder = None,
        baseline: Baseline = None,
        no_baseline: NoBaseline = False,
    ) -> None:
        suite = build(files)
        if stories:
            tell_whole_files(files)
        evaluate(suite, Wanted(out, resume, jobs, fail_under, baseline, no_baseline))

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
    "verifier": (verifier, "evals.suites.verifier.suite:VerifierSuite"),
    "clustering": (
        _over_files(
            _clustering,
            "Measure the clustering of items into incidents on labelled items.\n\n"
            "A row is one of `ingest` with a `gold_cluster`. Every file is clustered with the "
            "product's settings, item by item in order of publication. Files without any "
            "`gold_cluster` are clustered together, each as one gold cluster.",
        ),
        "evals.suites.clustering.suite:ClusteringSuite",
    ),
    "mutation": (
        _over_files(
            _mutation,
            "Plant one fault at a time in drafts, and measure the share that the gate catches.\n\n"
            "A file holds source items of one story, or of several that `items`, `story_id`, "
            "`story`, `incident` or `gold_cluster` distinguish.",
            stories=True,
        ),
        "evals.suites.mutation:MutationSuite",
    ),
    "paraphrase": (
        _over_files(
            _paraphrase,
            "Put clauses of stories under denials, questions and plans, make faults and honest "
            "paraphrases of them, and measure what the verifier finds in each kind.\n\n"
            "A file is one of `eval mutation`. With SUMMARIZER_JUDGE=model the model judges every "
            "claim too, which costs money.",
            stories=True,
        ),
        "evals.suites.paraphrase:ParaphraseSuite",
    ),
    "disagreements": (
        _over_files(
            _disagreements,
            "Plant another number, day or name where two sources state the same fact, and measure "
            "the share that the page shows.\n\nA file is one of `eval mutation`; stories of one "
            "origin are skipped. Disagreements in unchanged stories are listed for reading.",
            stories=True,
        ),
        "evals.suites.conflicts.suite:DisagreementsSuite",
    ),
    "drafting": (
        eval_drafting.drafting,
        "evals.suites.drafting:DraftingSuite",
    ),
    "retrieval": (
        _over_files(
            _retrieval,
            "Measure the recall of supporting passages in small evidence packs."
            "\n\nA file holds claims with labelled supporting sentences, or stories as for "
            "`eval mutation`.",
        ),
        "evals.suites.retrieval:RetrievalSuite",
    ),
    "injection": (injection, "evals.suites.injection:InjectionSuite"),
}
"""Command and class of each suite; the class is imported only to compare runs."""
