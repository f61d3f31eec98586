"""``summarizer eval`` as an evaluator meets it: tables, files, bars, baselines and exit codes."""

import csv
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from evals.framework import baselines, runner, versions
from evals.framework.compare import other_inputs
from evals.framework.results import InputFile, Outcome, Run
from evals.mock_server import MessagesServer, Recorded, Reply, message
from evals.suites.drafting.metrics import SECONDS, VALUES
from evals.suites.injection import InjectionSuite
from summarizer.cli.app import app
from summarizer.errors import BelowBarError, InconclusiveError, InputError, ModelError
from tests.support.builders import NOON


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every command starts in an empty folder, without an accepted baseline or plots."""
    from summarizer.cli import output

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(baselines, "BASELINES", tmp_path / "baselines")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
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


@pytest.mark.slow
def test_rows_of_others_are_measured_under_their_own_names():
    claims()
    rows = [json.loads(line) for line in Path("claims.jsonl").read_text().splitlines()]
    with Path("theirs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["response", "contexts", "faithful"])
        for row in rows:
            sources = json.dumps([row["source_text"]])
            writer.writerow([row["claim"], sources, "yes" if row["label"] else "no"])

    wrong = run("verifier", "theirs.csv")
    assert isinstance(wrong.exception, InputError)
    assert (
        "theirs.csv:2: there is no field 'claim'. There are: response, contexts, faithful"
        in str(wrong.exception)
    )
    fields = "claim=response,sources=contexts,label=faithful"
    assert run("verifier", "theirs.csv", "--map", fields, "--out", "theirs").exit_code == 0
    assert run("verifier", "claims.jsonl", "--out", "ours").exit_code == 0

    theirs, ours = (runner.load(Path(name)) for name in ("theirs", "ours"))
    assert theirs.version["fields"] == fields and "fields" not in ours.version
    assert [o.values for o in theirs.outcomes] == [o.values for o in ours.outcomes]


@pytest.mark.slow
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
    assert measured["ladder and judge: recall"] == 0 < measured["recall"] == 1
    assert measured["judge: coverage"] == 1 and measured["judge: tokens"] > 0
    assert len(server.requests) == 20  # two claims that are nearly alike are asked apart


def test_a_judge_without_a_usable_verdict_ends_the_run_with_6(monkeypatch: pytest.MonkeyPatch):
    file = Path("one.jsonl")
    file.write_text("\n".join(claims().read_text().splitlines()[:4]))
    said = {"verdicts": [{"claim": 1, "verdict": "banana"}]}
    with MessagesServer(lambda request: message(json.dumps(said))) as server:
        monkeypatch.setenv("SUMMARIZER_JUDGE", "model")
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-1")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        found = run("verifier", file)

    assert isinstance(found.exception, ModelError) and found.exception.exit_code == 6
    assert "no usable verdict on any of 4 claims" in str(found.exception)
    first, rest = found.stdout.split("┘", 1)
    assert "ladder and judge" in first and "without the judge" in rest
    (line,) = [line for line in found.stderr.splitlines() if "not judged" in line]
    assert line.startswith("4 claims of 4 calls were not judged: 'verdicts' needs one entry")
    assert "The form is" not in line


def _believes_everything(request: Recorded) -> Reply:
    count = len(re.findall(r'^\{"claim":', request.turn, re.M))
    said = [{"claim": n + 1, "verdict": "supported"} for n in range(count)]
    return message(json.dumps({"verdicts": said}))


def test_help_names_every_suite_and_what_one_does_with_runs():
    found = run("--help")

    for command in ("verifier", "clustering", "compare", "accept", "prompts"):
        assert command in found.output


def test_a_run_prints_its_figures_with_intervals_and_writes_them(tmp_path: Path):
    found = run("verifier", claims(), "--out", "run", "--jobs", 2)

    assert found.exit_code == 0
    assert "│ AUROC " in found.stdout and "1.000 [0.69, 1.00]" in found.stdout
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
        ("AUROC=1.1", "AUROC of all is 1, below the bar of 1.1"),
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
    bars = ("--fail-under", "recall=0.6", "--fail-under", "false alarms=0@claims")

    assert run("verifier", claims(), *bars).exit_code == 0


def test_a_run_whose_interval_reaches_below_a_bar_exits_with_9():
    found = run("verifier", claims(), "--fail-under", "recall=0.9")

    assert isinstance(found.exception, InconclusiveError) and found.exception.exit_code == 9
    assert "recall of all is 1 and may be 0.69" in str(found.exception)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--fail-under", "auroc=1"], "Did you mean 'AUROC'"),
        (["--fail-under", "recal=1"], "Did you mean 'recall'"),
        (["--fail-under", "x=1"], "Name one of: .*AUROC.* unchecked. Parts .* 'entailment: bal"),
        (["--prevalence", "5"], "5% is 0.05"),
        (["--fail-under", "AUROC=1@nowhere"], "It has: all, claims"),
        (["--resume"], "needs --out"),
        (["--baseline", "nowhere.json"], "cannot be read"),
    ],
)
def test_an_option_that_cannot_be_used_says_what_could(words: list[str], says: str):
    with pytest.raises(InputError, match=says):
        raise run("verifier", claims(), *words).exception


@pytest.mark.slow
def test_a_run_goes_on_where_it_was_cut_off_by_the_same_verifier(monkeypatch: pytest.MonkeyPatch):
    file = claims("more.jsonl")
    run("verifier", file, "--out", "run")
    Path("run/run.json").unlink()
    found = run("verifier", file, "--out", "run")
    assert isinstance(found.exception, InputError) and "--resume" in str(found.exception)

    assert run("verifier", file, "--out", "run", "--resume").exit_code == 0
    assert len(runner.load(Path("run")).outcomes) == 20

    monkeypatch.setattr(versions, "VERIFIER", ("summarizer.verification", "summarizer.domain"))
    found = run("verifier", file, "--out", "run", "--resume")
    assert isinstance(found.exception, InputError)
    assert "the version of verifier code was" in str(found.exception)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("better", "error", "says"),
    [
        (10, BelowBarError, "against the baseline, recall went from 1.000 to 0.000, a loss of"),
        (1, InconclusiveError, "too few to tell: against the baseline, recall went from 0.100"),
        (0, type(None), "None"),
    ],
)
def test_a_run_is_gated_by_its_difference_from_the_accepted_one(
    better: int, error: type[Exception], says: str
):
    """The accepted run flagged the first so many of ten unsupported claims, and this one none."""
    file = claims(honest=False)
    run("verifier", file, "--out", "run")
    assert run("accept", "run").exit_code == 0
    path = baselines.BASELINES / "verifier.json"
    accepted = json.loads(path.read_text())
    verdicts = accepted["outcomes"]["values"]["ladder accepts"]
    verdicts[: 2 * better : 2] = [0] * better
    path.write_text(json.dumps(accepted))

    found = run("verifier", file)
    assert isinstance(found.exception, error)
    assert says in str(found.exception)
    assert "│ recall " in found.stdout
    assert run("verifier", file, "--no-baseline").exit_code == 0


@pytest.mark.slow
def test_a_baseline_of_other_data_is_told_and_left_out_unless_it_was_named():
    run("verifier", claims("one.jsonl"), "--out", "one")
    run("accept", "one")
    other = claims("two.jsonl", honest=False)

    found = run("verifier", other)
    assert found.exit_code == 0
    assert "other data" in found.stderr
    named = run("verifier", other, "--baseline", "one")
    assert isinstance(named.exception, InputError) and "one.jsonl" in str(named.exception)


def test_a_baseline_without_outcomes_is_refused():
    run("verifier", claims(), "--out", "one")
    run("accept", "one")
    path = baselines.BASELINES / "verifier.json"
    bare = json.loads(path.read_text()) | {"outcomes": []}
    path.write_text(json.dumps(bare))

    found = run("verifier", claims())
    assert isinstance(found.exception, InputError) and "accept a run again" in str(found.exception)


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
    assert other_inputs(one.inputs, two.inputs)


def misjudged(run_: Run) -> Run:
    """The run as if its verifier had accepted every claim."""
    accepting = (
        o.model_copy(update={"values": {**o.values, "ladder accepts": 1.0}}) for o in run_.outcomes
    )
    return run_.model_copy(update={"outcomes": tuple(accepting), "version": {"verifier code": "b"}})


@pytest.mark.slow
def test_two_runs_are_compared_outcome_by_outcome():
    run("verifier", claims(), "--out", "a")
    Path("b.json").write_text(misjudged(runner.load(Path("a"))).model_dump_json())
    found = run("compare", "a", "b.json")

    assert found.exit_code == 0
    (line,) = re.findall(r"│ all +│ recall +│.*", found.stdout)
    assert "-1.000" in line and "worse" in line
    assert "what differs" in found.stdout and "verifier code" in found.stdout
    failed = run("compare", "a", "b.json", "--fail-on-worse")
    assert isinstance(failed.exception, BelowBarError)
    assert "B: recall went from 1.000 to 0.000" in str(failed.exception)
    assert run("compare", "b.json", "a", "--fail-on-worse").exit_code == 0
    assert run("compare", "a", "a", "--fail-on-worse").exit_code == 0


@pytest.mark.slow
def test_runs_of_other_files_are_not_compared():
    run("verifier", claims("bump.jsonl"), "--out", "a")
    run("verifier", claims("summedits.jsonl", honest=False), "--out", "b")
    found = run("compare", "a", "b")

    assert isinstance(found.exception, InputError)
    assert "only the second is of summedits.jsonl" in str(found.exception)


def test_prompts_are_ungated_until_a_model_drafted_with_them():
    found = run("prompts")
    assert isinstance(found.exception, InconclusiveError) and found.exception.exit_code == 9
    assert "No drafting run of a model is accepted" in str(found.exception)

    for changed, says in (("title", "ungated are title."), (None, None)):
        drafts("quill-large", 9_000, **versions.of_prompts())
        made = runner.load(Path("quill-large.json"))
        version = {**made.version, **({f"prompt {changed}": "0-0"} if changed else {})}
        Path("run.json").write_text(made.model_copy(update={"version": version}).model_dump_json())
        assert run("accept", "run.json").exit_code == 0
        found = run("prompts")
        assert (found.exit_code == 0) is (says is None)
        assert says is None or says in str(found.exception)
    assert "All 9 prompts are those of the accepted run of quill-large" in found.stderr


def test_a_run_without_a_model_gates_no_prompt():
    Path("story.jsonl").write_text(json.dumps({"text": "A ferry ran aground off Port Harrow."}))
    found = run("drafting", "story.jsonl", "--out", "run")
    run("accept", "run")

    assert "No model read a prompt here" in found.stderr
    assert (baselines.BASELINES / "drafting.json").exists()
    assert isinstance(run("prompts").exception, InconclusiveError)


def drafts(name: str, tokens: int, version: str = "1", file: str = "a.jsonl", **more: str) -> None:
    """A run of the drafting suite as if a model had drafted one story."""
    values = {"faithfulness": 0.9, "coverage": 0.5, "tokens": float(tokens)}
    outcome = Outcome(
        key="s", cluster="s", group="g", values=dict.fromkeys((*VALUES, SECONDS)) | values
    )
    one = Run(
        suite="drafting",
        created_at=NOON,
        version={"drafter": "anthropic", "model": name, "gate": version, **more},
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

    differ = found.stdout.partition("what differs")[2]
    assert re.search("│ model +│ quill-small │ quill-large │", differ)
    assert re.search("│ gate +│ 1 +│ 2 +│", differ)
    assert "drafter" not in differ


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


def test_a_report_of_a_comparison_stands_beside_the_first_run():
    drafts("quill-small", 4_000)
    drafts("quill-large", 9_000)
    run("compare", "quill-small.json", "quill-large.json", "--report", "cost.html")

    assert "Beside the baseline" in Path("cost.html").read_text()


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
