"""Prompts and models side by side: names, order, limits, prices, tables and the plot."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from evals.framework.results import InputFile, Outcome, Run
from evals.suites.drafting import Choice, DraftingSuite, spending
from evals.suites.drafting.metrics import COST, ERRORS, MODEL_SECONDS, SECONDS, TOKENS, VALUES
from evals.suites.drafting.side_by_side import SideBySide
from evals.suites.drafting.spending import Call, Running
from evals.suites.drafting.variants import (
    Limits,
    VariantsSuite,
    check_drafted,
    check_priced,
)
from summarizer import settings
from summarizer.domain.drafts import Usage
from summarizer.drafting import prompts
from summarizer.errors import InputError, ModelError
from summarizer.jobs.budget import Price
from tests.evals.drafting.drafts import RECALL, TWICE
from tests.evals.drafting.test_suite import a_file
from tests.support.builders import NOON
from tests.support.samples import ROOT

PRICE = Price(input=1, output=10)


def stories(folder: Path, count: int = 4) -> Path:
    rows = [{"items": [{"text": f"{RECALL} {n}"}, {"text": TWICE}]} for n in range(count)]
    return a_file(folder / "lamps.jsonl", rows)


def a_suite(path: Path, **chosen: object) -> DraftingSuite:
    return DraftingSuite([path], settings.load(drafter="extractive"), choice=Choice(**chosen))  # type: ignore[arg-type]


# --- What is drafted ---------------------------------------------------------------------------


def test_epochs_are_drafts_of_one_cluster(tmp_path: Path) -> None:
    suite = a_suite(stories(tmp_path, 2), epochs=2)
    assert [task.key for task in suite.tasks()] == ["lamps:1", "lamps:2", "lamps:1#2", "lamps:2#2"]
    outcomes = [outcome for task in suite.tasks() for outcome in task.judge()]
    assert len({outcome.key for outcome in outcomes}) == 4
    assert outcomes[0].cluster == outcomes[2].cluster != outcomes[1].cluster
    assert suite.version["epochs"] == "2"


def test_a_limit_takes_the_same_stories_whatever_their_order(tmp_path: Path) -> None:
    path = stories(tmp_path)
    taken = {one.key for one in a_suite(path, limit=2).drafts}
    assert len(taken) == 2
    path.write_text("\n".join(reversed(path.read_text().splitlines())))
    assert {one.key for one in a_suite(path, limit=2).drafts} == taken
    assert len(a_suite(path, limit=99).drafts) == 4


def test_a_version_says_which_prompts_stories_and_prices_made_the_run(tmp_path: Path) -> None:
    path = stories(tmp_path, 1)
    own = tmp_path / "own"
    own.mkdir()
    shipped = (ROOT / "prompts" / "_rules.md").read_text(encoding="utf-8")
    (own / "_rules.md").write_text(f"{shipped}\nWrite little.", encoding="utf-8")
    chosen = settings.load(drafter="anthropic", anthropic_base_url="http://127.0.0.1:9", model="m")
    plain = DraftingSuite([path], chosen).version
    other = DraftingSuite(
        [path],
        chosen,
        choice=Choice(prompts=prompts.load_over_shipped(own), limit=1, prices={"m": PRICE}),
    ).version
    differ = {part for part in other if other[part] != plain.get(part)}
    assert {"stories", "prices", "prompt title", "prompt timeline"} <= differ
    assert "prompt judge" not in differ  # one judge for all variants


def test_every_variant_is_first_equally_often(tmp_path: Path) -> None:
    suite = a_suite(stories(tmp_path))
    tasks = [task.key for task in VariantsSuite({"a": suite, "b": suite}).tasks()]
    assert tasks[:4] == ["a/lamps:1", "b/lamps:1", "b/lamps:2", "a/lamps:2"]
    assert len(tasks) == len(set(tasks)) == 8


def test_the_run_of_a_variant_is_as_if_it_had_been_run_alone(tmp_path: Path) -> None:
    suite = a_suite(stories(tmp_path, 2))
    both = VariantsSuite({"a": suite, "b": suite})
    outcomes = tuple(outcome for task in both.tasks() for outcome in task.judge())
    whole = a_run(outcomes).model_copy(update={"suite": both.name})
    alone = [outcome for task in suite.tasks() for outcome in task.judge()]

    for run in both.runs(whole).values():
        assert (run.suite, run.incomplete) == ("drafting", None)
        assert [(o.key, o.group, o.place) for o in run.outcomes] == [
            (o.key, o.group, o.place) for o in alone
        ]
    cut = a_run(outcomes[:3]).model_copy(update={"incomplete": "Stopped"})
    assert both.runs(cut)["a"].incomplete == "1 of 2 drafts. Stopped"


# --- Money, time and limits --------------------------------------------------------------------


def test_calls_are_priced_each_at_its_model() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=100_000)
    calls = [Call("writer", usage, 1.5), Call("judge", usage, 2)]
    assert spending.cost(calls, {"writer": PRICE, "judge": Price(input=3, output=0)}) == 5
    assert spending.cost(calls, {"writer": PRICE}) is None
    assert (spending.tokens(calls), spending.seconds(calls)) == (2_200_000, 3.5)


def test_a_clock_goes_on_from_its_start() -> None:
    ticks = iter([10.0, 12.5])
    clock = Running(NOON, lambda: next(ticks))
    assert clock.now() == NOON + dt.timedelta(seconds=2.5)


@pytest.mark.parametrize(
    ("cost", "minutes", "open_cost", "elapsed", "reason"),
    [
        (None, None, 9, 9_999, None),
        (0.5, None, 0.1, 0, None),
        (0.5, None, 0.2, 0, "Stopped at --max-cost 0.5 with 0.5 spent"),
        (None, 2, 0, 119, None),
        (None, 2, 0, 120, "Stopped at --max-minutes 2"),
    ],
)
def test_limits_count_failed_tries_too(
    cost: float | None, minutes: float | None, open_cost: float, elapsed: float, reason: str | None
) -> None:
    spent = [an_outcome("s", cost=0.3), an_outcome("t", cost=None)]
    limits = Limits(cost, minutes, lambda: open_cost, lambda: elapsed)
    assert limits.reason(spent) == reason


def test_a_model_without_a_price_is_named(tmp_path: Path) -> None:
    chosen = settings.load(
        drafter="anthropic", anthropic_base_url="http://127.0.0.1:9", model="m", judge_model="j"
    )
    suite = DraftingSuite([stories(tmp_path)], chosen, choice=Choice(prices={"m": PRICE}))
    assert "No price for j" in (check_priced({"": suite}, must=False) or "")
    with pytest.raises(InputError, match="--max-cost needs the price"):
        check_priced({"": suite}, must=True)


def test_a_run_without_a_draft_is_refused() -> None:
    failed = an_outcome("s", errors=1.0, note="no draft after 3 tries: busy")
    with pytest.raises(ModelError, match=r"a@m: no story was drafted\. The last: no draft"):
        check_drafted({"a@m": a_run([failed])})
    check_drafted({"a@m": a_run([failed, an_outcome("t")]), "none": a_run([])})


# --- Side by side ------------------------------------------------------------------------------


def an_outcome(key: str, *, note: str | None = None, **values: float | None) -> Outcome:
    known = {"faithfulness": 0.8, TOKENS: 900.0, COST: 0.01, ERRORS: 0.0, SECONDS: 2.0}
    every = dict.fromkeys((*VALUES, MODEL_SECONDS)) | known | values
    return Outcome(key=key, cluster=key.partition("#")[0], group="g", values=every, note=note)


def a_run(outcomes: object) -> Run:
    return Run(
        suite="drafting",
        created_at=NOON,
        version={"model": "m"},
        inputs=(InputFile(name="a", sha256="a", rows=1),),
        outcomes=tuple(outcomes),  # type: ignore[arg-type]
        measured=(),
        seconds=1,
        peak_memory_mib=1,
    )


def many(shift: float = 0.0, count: int = 12, **values: float | None) -> Run:
    """A run on stories of which each differs a little more from the plain one by ``shift``."""
    return a_run(
        an_outcome(f"s{n}", faithfulness=0.5 + n / 100 + shift * (1 + n / 50), **values)
        for n in range(count)
    )


def cell(found: SideBySide, figure: str) -> str:
    grid = found.differences()
    assert grid is not None
    return next(row[1] for row in grid.rows if row[0].startswith(figure))


def test_the_same_twice_shows_no_difference() -> None:
    found = SideBySide.of({"a": many(), "a-2": many()})
    grid = found.differences()
    assert grid is not None
    said = {row[1] for row in grid.rows if row[1] != "–"}
    assert said and all(text.endswith("no difference") for text in said)
    assert cell(found, "faithfulness").startswith("+0.000 [-0.265, +0.265]")


@pytest.mark.parametrize(
    ("other", "figure", "word"),
    [
        (many(0.3), "faithfulness", "better"),
        (many(-0.3), "faithfulness", "worse"),
        (many(errors=1.0), "errors", "worse"),
        (
            a_run(
                an_outcome(f"s{n}", faithfulness=0.5 + n / 100, errors=float(n > 7))
                for n in range(12)
            ),
            "errors",
            "unclear",
        ),
    ],
)
def test_a_difference_says_which_way_it_goes(other: Run, figure: str, word: str) -> None:
    assert cell(SideBySide.of({"a": many(), "b": other}), figure).endswith(f" {word}")


def test_under_five_stories_a_difference_bears_no_word() -> None:
    found = SideBySide.of({"a": many(count=4), "b": many(0.3, count=4)})
    assert cell(found, "faithfulness") == "+0.309"
    grid = found.differences()
    assert grid is not None and "4 stories are too few to tell" in grid.note


def test_variants_are_measured_on_the_drafts_that_all_have() -> None:
    found = SideBySide.of({"a": many(count=12), "b": many(count=10)})
    assert "10 drafts of 10 stories" in found.figures().note
    assert "2 drafts that another variant lacks" in found.figures().note
    with pytest.raises(InputError, match="no story in common"):
        SideBySide.of({"a": many(), "b": a_run([])})


def test_a_model_without_a_price_has_no_cost_and_the_plot_counts_tokens() -> None:
    found = SideBySide.of({"a": many(), "b|x": many(cost=None)})
    (row,) = [row for row in found.figures().rows if row[0].startswith("cost")]
    assert row[1:] == ("0.0100", "no price")
    page = found.page("Stopped at --max-cost 1")
    for said in ("Faithfulness against tokens", "Incomplete: Stopped", 'href="b%7Cx/report.html"'):
        assert said in page
    assert "| figure | a | b\\|x |" in found.markdown(None)
    assert "Faithfulness against cost" in SideBySide.of({"a": many()}).page(None)
