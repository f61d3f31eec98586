"""``summarizer eval`` as an evaluator meets it: tables, files, bars, baselines and exit codes."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from evals.framework import baselines, runner
from evals.framework.results import InputFile, Outcome, Run
from evals.mock_server import MessagesServer, Recorded, Reply, message
from evals.suites.drafting.suite import SECONDS, VALUES
from evals.suites.injection import InjectionSuite
from summarizer.cli import eval
from summarizer.cli.app import app
from summarizer.errors import BelowBarError, InputError
from tests.support.builders import NOON


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every command starts in an empty folder, without an accepted baseline."""
    from summarizer.cli import output

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(baselines, "BASELINES", tmp_path / "baselines")
    output.results.cache_clear()
    output.errors.cache_clear()


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, words)])


def claims(name: str = "claims.jsonl", *, honest: bool = True) -> Path:
    """Ten sources with a true claim and a wrong number each; the labels swapped if not honest."""
    rows = []
    for n in range(10):
        source = f"Line {n} cancelled {n + 14} crossings on Thursday. Nobody was hurt."
        for number, label in ((n + 14, 1), (n + 40, 0)):
            claim = f"Line {n} cancelled {number} crossings."
            rows.append({"claim": claim, "label": label if honest else 1 - label})
            rows[-1]["source_text"] = source
    path = Path(name)
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_a_model_that_judges_is_measured_alone_and_with_the_ladder(
    monkeypatch: pytest.MonkeyPatch,
):
    with MessagesServer(_believes_everything) as server:
        monkeypatch.setenv("SUMMARIZER_JUDGE", "model")
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-1")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        found = run("verifier", claims(), "--out", "run")

    assert found.exit_code == 0
    measured = {m.name: m.value for m in runner.load(Path("run")).measured if m.group == "all"}
    assert measured["judge: recall"] == 0
    assert measured["ladder and judge: recall"] == measured["recall"] == 1
    assert measured["judge: unchecked"] == 0 and measured["judge: tokens"] > 0
    assert len(server.requests) == 10  # two claims on one source share a call


def _believes_everything(request: Recorded) -> Reply:
    count = len(re.findall(r'^\{"claim": ', request.turn, re.M))
    said = [{"claim": n + 1, "verdict": "supported"} for n in range(count)]
    return message(json.dumps({"sections": [], "verdicts": said}))


def test_help_names_every_suite_and_what_one_does_with_runs():
    found = run("--help")

    for command in ("verifier", "clustering", "compare", "accept"):
        assert command in found.output


def test_a_run_prints_its_figures_with_intervals_and_writes_them(tmp_path: Path):
    found = run("verifier", claims(), "--out", "run", "--jobs", 2)

    assert found.exit_code == 0
    assert "│ AUC " in found.stdout and "1.000 [1.00, 1.00]" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80
    made = runner.load(tmp_path / "run")
    assert len(made.outcomes) == 20
    assert {figure.group for figure in made.measured} == {"all", "claims"}
    assert "| claims | 20 |" in Path("run/table.md").read_text()
    assert "<h1>Eval report: verifier</h1>" in Path("run/report.html").read_text()


def test_without_a_folder_nothing_is_written(tmp_path: Path):
    file = claims()

    assert run("verifier", file).exit_code == 0
    assert list(tmp_path.iterdir()) == [tmp_path / file]


@pytest.mark.parametrize(
    ("bar", "says"),
    [
        ("AUC=1.1", "AUC of all is 1, below the bar of 1.1"),
        ("recall=1.5@claims", "recall of claims is 1, below"),
        ("false alarms=-0.1", "false alarms of all is 0, above"),
    ],
)
def test_a_run_below_a_bar_is_written_and_exits_with_1(bar: str, says: str):
    found = run("verifier", claims(), "--out", "run", "--fail-under", bar)

    assert isinstance(found.exception, BelowBarError)
    assert found.exception.exit_code == 1
    assert says in str(found.exception)
    assert Path("run/run.json").exists()


def test_a_run_that_reaches_its_bars_exits_with_0():
    bars = ("--fail-under", "AUC=0.9", "--fail-under", "false alarms=0.1@claims")

    assert run("verifier", claims(), *bars).exit_code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--fail-under", "auc=1"], "Name one of: .*AUC"),
        (["--fail-under", "AUC=1@nowhere"], "It has: all, claims"),
        (["--resume"], "needs --out"),
        (["--baseline", "nowhere.json"], "cannot be read"),
    ],
)
def test_an_option_that_cannot_be_used_says_what_could(words: list[str], says: str):
    with pytest.raises(InputError, match=says):
        raise run("verifier", claims(), *words).exception


def test_a_run_goes_on_where_it_was_cut_off():
    file = claims("more.jsonl")
    run("verifier", file, "--out", "run")
    Path("run/run.json").unlink()
    found = run("verifier", file, "--out", "run")
    assert isinstance(found.exception, InputError) and "--resume" in str(found.exception)

    assert run("verifier", file, "--out", "run", "--resume").exit_code == 0
    assert len(runner.load(Path("run")).outcomes) == 20


def test_a_run_that_fell_behind_the_accepted_baseline_exits_with_1():
    file = claims()
    run("verifier", file, "--out", "good")
    assert run("accept", "good").exit_code == 0
    assert run("verifier", file).exit_code == 0

    path = baselines.BASELINES / "verifier.json"
    raised = json.loads(path.read_text())
    for figure in raised["measured"]:
        figure["value"] = figure["value"] + 0.5 if figure["name"] == "AUC" else figure["value"]
    path.write_text(json.dumps(raised))

    found = run("verifier", file)
    assert isinstance(found.exception, BelowBarError)
    assert "regressed: AUC of all: 1.000, baseline 1.500" in str(found.exception)
    assert run("verifier", file, "--no-baseline").exit_code == 0


def test_a_baseline_of_other_data_is_told_and_left_out_unless_it_was_named():
    run("verifier", claims("one.jsonl"), "--out", "one")
    run("accept", "one")
    other = claims("two.jsonl")

    found = run("verifier", other)
    assert found.exit_code == 0
    assert "other data" in found.stderr
    named = run("verifier", other, "--baseline", "one")
    assert isinstance(named.exception, InputError) and "one.jsonl" in str(named.exception)


def test_a_draft_by_a_model_is_not_held_against_one_without():
    by = {}
    for model in ("none", "quill-large"):
        version = {"drafter": "one" if model == "none" else "two", "model": model}
        by[model] = SimpleNamespace(suite="drafting", name="drafting", version=version, inputs=())

    assert baselines.is_comparable(by["none"], by["none"])
    assert not baselines.is_comparable(by["none"], by["quill-large"])


def test_only_the_attacks_that_are_named_are_placed():
    with pytest.raises(InputError, match="no attack 'plain_order-99'"):
        raise run("injection", "--attack", "plain_order-99").exception
    one, two = (InjectionSuite(only=[id_]) for id_ in ("plain_order-1", "link-1"))

    assert [task.key for task in one.tasks()] == ["plain_order-1"]
    assert not baselines.same_inputs(one.inputs, two.inputs)


def test_two_runs_are_compared_outcome_by_outcome():
    run("verifier", claims(), "--out", "a")
    run("verifier", claims(honest=False), "--out", "b")
    found = run("compare", "a", "b")

    assert found.exit_code == 0
    (auc,) = (line for line in found.stdout.splitlines() if "│ all " in line and "│ AUC " in line)
    assert "-1.000 [-1.000, -1.000]" in auc and "worse" in auc


def drafts(name: str, tokens: int, version: str = "1", file: str = "a.jsonl") -> None:
    """A run of the drafting suite as if a model had drafted one story."""
    values = {"faithfulness": 0.9, "coverage": 0.5, "tokens": float(tokens)}
    outcome = Outcome(
        key="s", cluster="s", group="g", values=dict.fromkeys((*VALUES, SECONDS)) | values
    )
    one = Run(
        suite="drafting",
        created_at=NOON,
        version={"drafter": "anthropic", "model": name, "gate": version},
        inputs=(InputFile(name=file, sha256=file, rows=1),),
        outcomes=(outcome,),
        measured=(),
        seconds=1,
        peak_memory_mib=1,
    )
    Path(f"{name}.json").write_text(one.model_dump_json())


def test_a_comparison_says_what_differs_between_the_runs():
    drafts("quill-small", 4_000)
    drafts("quill-large", 9_000, version="2")
    found = run("compare", "quill-small.json", "quill-large.json")

    assert "gate: A 1, B 2" in found.stderr
    assert "drafter" not in found.stderr


def test_runs_of_drafting_stand_in_one_plot_of_quality_against_tokens():
    for name, tokens in (("quill-small", 4_000), ("quill-mid", 6_000), ("quill-large", 9_000)):
        drafts(name, tokens)
    names = [f"quill-{size}.json" for size in ("small", "mid", "large")]
    found = run("compare", *names, "--report", "cost.html")
    page = Path("cost.html").read_text()

    assert found.exit_code == 0
    assert "C - A" in found.stdout
    for part in ("Faithfulness against tokens", "Coverage against tokens"):
        assert part in page
    for part in ("A quill-small", "B quill-mid", "C quill-large", "9,000"):
        assert part in page


@pytest.mark.parametrize(("file", "beside"), [("a.jsonl", True), ("b.jsonl", False)])
def test_a_report_stands_beside_the_first_run_only_where_both_are_of_the_same_files(
    file: str, beside: bool
):
    drafts("quill-small", 4_000)
    drafts("quill-large", 9_000, file=file)
    run("compare", "quill-small.json", "quill-large.json", "--report", "cost.html")

    assert ("Beside the baseline" in Path("cost.html").read_text()) is beside


def test_clusters_that_people_made_are_scored():
    rows = [
        {"title": "Ferry Aurelia runs aground off Port Harrow", "gold_cluster": "ferry"},
        {"title": "Aurelia ferry aground at Port Harrow: all safe", "gold_cluster": "ferry"},
        {"title": "Rye bread from Stannick wins prize", "gold_cluster": "bread"},
    ]
    Path("items.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = run("clustering", "items.jsonl")

    assert found.exit_code == 0
    assert "B-cubed F1" in found.stdout


@pytest.mark.parametrize("suite", eval.SUITES)
def test_every_suite_can_be_compared(suite: str):
    assert callable(eval._measure(suite))
