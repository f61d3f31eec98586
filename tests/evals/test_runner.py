import datetime as dt
import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evals.framework import runner, tables
from evals.framework.confidence import column
from evals.framework.journal import JOURNAL, RUN
from evals.framework.results import Better, Figure, InputFile, Outcome, Run, Task
from evals.framework.runner import SPEED
from summarizer.errors import InputError

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


class Counting:
    """A suite whose task ``n`` gives one outcome of value ``n``, and which counts its work."""

    name = "counting"
    better: Mapping[str, Better] = {"mean": "higher"}

    def __init__(self, count: int = 10, *, version: str = "1", sha: str = "a") -> None:
        self.count = count
        self.version: Mapping[str, str] = {"judge": version}
        self.inputs: Sequence[InputFile] = (InputFile(name="rows.jsonl", sha256=sha, rows=count),)
        self.judged: list[int] = []
        self.breaks_at: int | None = None

    def tasks(self) -> list[Task]:
        return [Task(key=f"t{n}", judge=lambda n=n: self.judge(n)) for n in range(self.count)]

    def judge(self, n: int) -> list[Outcome]:
        if n == self.breaks_at:
            raise RuntimeError("the machine went down")
        self.judged.append(n)
        group = "odd" if n % 2 else "even"
        return [Outcome(key=f"o{n}", cluster=f"c{n}", group=group, values={"value": n})]

    def measure(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        values = column(outcomes, "value")
        odd = values[values % 2 == 1]
        return {
            "mean": float(values.mean()),
            "odd": float(odd.mean()) if len(odd) else float("nan"),
        }

    def figures(self, outcomes: Sequence[Outcome]) -> Sequence[Figure]:
        return (Figure(title=f"{len(outcomes)} outcomes"),)


def run(
    suite: Counting, out: Path | None = None, *, resume: bool = False, jobs: int = 1
) -> tuple[Run, list[tuple[int, int]]]:
    seen: list[tuple[int, int]] = []
    made = runner.run(
        suite,
        out=out,
        jobs=jobs,
        resume=resume,
        on_progress=lambda done, total: seen.append((done, total)),
        now=NOW,
    )
    return made, seen


def broken_off(out: Path, at: int = 6) -> None:
    suite = Counting()
    suite.breaks_at = at
    with pytest.raises(RuntimeError, match="went down"):
        run(suite, out)


def test_a_run_has_its_outcomes_in_order_and_measures_each_group() -> None:
    made, seen = run(Counting())
    assert [o.key for o in made.outcomes] == [f"o{n}" for n in range(10)]
    figures = {(m.group, m.name): m for m in made.measured}
    assert figures["all", "mean"].value == 4.5
    assert figures["even", "mean"].value == 4.0
    assert (figures["odd", "odd"].n, figures["odd", "odd"].better) == (5, None)
    assert figures["all", "mean"].better == "higher"
    low, high = figures["all", "mean"].low, figures["all", "mean"].high
    assert low is not None and high is not None and low < 4.5 < high
    assert seen == [(n, 10) for n in range(11)]
    assert (made.created_at, made.figures[0].title) == (NOW, "10 outcomes")
    assert made.peak_memory_mib > 1


def test_what_cannot_be_measured_has_no_value() -> None:
    made, _ = run(Counting())
    (undefined,) = [m for m in made.measured if (m.group, m.name) == ("even", "odd")]
    assert (undefined.value, undefined.low, undefined.high, undefined.n) == (None, None, None, 5)


def test_a_run_that_was_cut_off_does_only_what_is_open(tmp_path: Path) -> None:
    broken_off(tmp_path)
    suite = Counting()
    made, seen = run(suite, tmp_path, resume=True)
    assert suite.judged == [6, 7, 8, 9]
    assert seen[0] == (6, 10)
    assert made.outcomes == run(Counting())[0].outcomes
    assert runner.load(tmp_path) == made


def test_seconds_add_up_over_sittings(tmp_path: Path) -> None:
    broken_off(tmp_path)
    path = tmp_path / JOURNAL
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for entry in lines[1:]:
        entry["seconds"] = 100
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    made, _ = run(Counting(), tmp_path, resume=True)
    assert 600 < made.seconds < 700
    (speed,) = [m for m in made.measured if m.name == SPEED]
    assert speed.value == pytest.approx(10 / made.seconds)


@pytest.mark.parametrize("torn", ['{"task": "t6", "outco', '{"', "\x00\x00"])
def test_a_last_line_that_was_cut_off_is_done_again(tmp_path: Path, torn: str) -> None:
    broken_off(tmp_path)
    with (tmp_path / JOURNAL).open("a") as journal:
        journal.write(torn)
    suite = Counting()
    run(suite, tmp_path, resume=True)
    assert suite.judged == [6, 7, 8, 9]
    again = Counting()
    run(again, tmp_path, resume=True)
    assert again.judged == []


def test_a_journal_whose_header_was_cut_off_starts_anew(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_text('{"suite": "coun')
    suite = Counting()
    run(suite, tmp_path, resume=True)
    assert len(suite.judged) == 10
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 11


@pytest.mark.parametrize(
    ("suite", "says"),
    [
        (Counting(version="2"), "the version of judge was 1 and is 2"),
        (Counting(sha="b"), r"rows\.jsonl has changed"),
    ],
)
def test_a_journal_of_something_else_is_refused(tmp_path: Path, suite: Counting, says: str) -> None:
    broken_off(tmp_path)
    before = (tmp_path / JOURNAL).read_bytes()
    with pytest.raises(InputError, match=rf"{says}.*Delete it"):
        run(suite, tmp_path, resume=True)
    assert (tmp_path / JOURNAL).read_bytes() == before


def test_a_journal_of_other_files_or_another_suite_is_refused(tmp_path: Path) -> None:
    broken_off(tmp_path)
    suite = Counting()
    suite.name = "other"
    suite.inputs = (InputFile(name="more.jsonl", sha256="a", rows=1),)
    with pytest.raises(InputError) as refused:
        run(suite, tmp_path, resume=True)
    for says in ("'counting'", "'other'", "rows.jsonl was read", "more.jsonl was not read"):
        assert says in str(refused.value)


def test_a_damaged_journal_is_named_by_its_line(tmp_path: Path) -> None:
    broken_off(tmp_path)
    lines = (tmp_path / JOURNAL).read_text().splitlines()
    lines[3] = lines[3][:20]
    (tmp_path / JOURNAL).write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match=r"journal\.jsonl:4 is damaged"):
        run(Counting(), tmp_path, resume=True)


def test_an_unfinished_run_is_not_overwritten_unasked(tmp_path: Path) -> None:
    broken_off(tmp_path)
    with pytest.raises(InputError, match=r"6 finished tasks .* --resume"):
        run(Counting(), tmp_path)


def test_a_finished_run_may_be_made_again(tmp_path: Path) -> None:
    run(Counting(), tmp_path)
    suite = Counting(version="2")
    made, _ = run(suite, tmp_path)
    assert len(suite.judged) == 10
    assert runner.load(tmp_path / RUN).version == made.version == {"judge": "2"}


def test_tasks_run_at_once_and_outcomes_keep_their_order(tmp_path: Path) -> None:
    suite, both = Counting(), threading.Barrier(2, timeout=10)
    judge = suite.judge

    def together(n: int) -> list[Outcome]:
        if n < 2:
            both.wait()
        return judge(n)

    suite.judge = together  # type: ignore[method-assign]
    made, seen = run(suite, tmp_path, jobs=2)
    assert [o.key for o in made.outcomes] == [f"o{n}" for n in range(10)]
    assert seen == [(n, 10) for n in range(11)]


def test_what_other_threads_did_before_an_error_is_kept(tmp_path: Path) -> None:
    suite = Counting(50)
    suite.breaks_at = 5
    with pytest.raises(RuntimeError, match="went down"):
        run(suite, tmp_path, jobs=3)
    kept = [json.loads(line) for line in (tmp_path / JOURNAL).read_text().splitlines()[1:]]
    assert {entry["task"] for entry in kept} == {f"t{n}" for n in suite.judged}
    again = Counting(50)
    made, _ = run(again, tmp_path, jobs=3, resume=True)
    assert sorted(suite.judged + again.judged) == list(range(50))
    assert len(made.outcomes) == 50


def test_two_outcomes_of_one_key_are_a_fault_of_the_suite() -> None:
    suite = Counting()
    suite.judge = lambda n: [  # type: ignore[method-assign]
        Outcome(key="same", cluster="c", group="g", values={"value": n})
    ]
    with pytest.raises(ValueError, match="'same'"):
        run(suite)


@pytest.mark.parametrize(
    ("content", "says"), [(None, "cannot be read"), ("{}", "no run of an eval suite")]
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: str | None, says: str) -> None:
    if content is not None:
        (tmp_path / RUN).write_text(content)
    with pytest.raises(InputError, match=says):
        runner.load(tmp_path)


def test_the_tables_of_a_run_fit_the_terminal() -> None:
    from rich.console import Console

    made, _ = run(Counting())
    figure = made.measured[0]
    groups = [f"a_file_with_a_rather_long_name_{n}" for n in range(12)]
    wide = made.model_copy(
        update={"measured": [figure.model_copy(update={"group": g}) for g in groups]}
    )
    console = Console(width=300, record=True)
    for table in tables.terminal(wide, 80):
        console.print(table)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= tables.WIDTH
    assert all(group in text for group in groups)
    assert tables.format_figure(figure) in text


def test_a_markdown_table_has_a_line_a_group_and_a_column_a_measure() -> None:
    lines = tables.markdown(run(Counting())[0], ["odd", "mean"]).splitlines()
    assert lines[0] == "| group | n | odd | mean |"
    assert lines[2].startswith("| all | 10 | 5.000 [")
    assert lines[3].startswith("| even | 5 | – | 4.000 [")
