from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import math
import re
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.framework import claim_rows, plots
from evals.framework.formats import duration, number
from evals.framework.measures import change, measures
from evals.framework.records import JudgedClaim, Record
from evals.framework.report import html, notes, unjudged
from evals.framework.results import Bar, Better, Figure, InputFile, Line, Measurement, Outcome, Run
from summarizer.domain.claims import Failure, JudgeVerdict, Verdict, VerdictLabel

SVG = "data:image/svg+xml;base64,"
HOSTILE = (
    '</bdi></li><script src="//evil.example/x.js">alert(1)</script><img src=x onerror="y">&lt;'
)


class Reader(HTMLParser):
    """What a browser finds: elements with attributes, text, and the style sheet apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.style = ""
        self.script = ""
        self.last = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.last = tag

    def handle_endtag(self, tag: str) -> None:
        self.last = ""

    def handle_data(self, data: str) -> None:
        if self.last == "style":
            self.style += data
        elif self.last == "script":
            self.script += data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def a_measure(value: float | None = 0.5, **changes: Any) -> Measurement:
    given: dict[str, Any] = {"group": "all", "name": "AUC", "n": 10, "better": "higher"} | changes
    return Measurement(value=value, **given)


def an_outcome(
    key: str = "1", group: str = "news", note: str | None = None, **values: Any
) -> Outcome:
    return Outcome(key=key, cluster=key, group=group, values=values, note=note)


def a_record(key: str = "1", text: str = "A", **fields: Any) -> Record:
    verdict = Verdict(label=VerdictLabel.UNSUPPORTED, score=0.25)
    given = {"sources": (("1", "A source."),), "verdict": verdict, "accepted": False, **fields}
    return Record(key=key, claim=JudgedClaim(claim=text, **given))


def a_run(**changes: Any) -> Run:
    given: dict[str, Any] = {
        "suite": "verifier",
        "created_at": dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC),
        "version": {"verifier": "ladder 3"},
        "inputs": (InputFile(name="news.jsonl", sha256="ab" * 32, rows=1234),),
        "outcomes": (an_outcome(score=0.5),),
        "measured": (a_measure(0.842, low=0.8, high=0.88),),
        "seconds": 200.0,
        "peak_memory_mib": 412.4,
    }
    return Run(**given | changes)


def test_the_page_says_what_was_judged_on_what_and_at_what_cost() -> None:
    text = Reader(html(a_run())).text
    for words in (
        "Eval report: verifier",
        "March 4, 2026, 05:06 UTC",
        "ladder 3",
        "news.jsonl",
        "1,234",
        "ab" * 32,
        "3 min 20 s",
        "412 MiB",
        "0.842",
        "0.800 – 0.880",
    ):
        assert words in text


def test_the_page_asks_nothing_of_anywhere_and_runs_nothing() -> None:
    page = Reader(html(a_run(figures=(Figure(title="t", bars=(Bar(name="n", value=1),)),))))
    assert page.count("script") == 0
    for _, attributes in page.elements:
        assert not {"srcset", "style", "action"} & set(attributes)
        assert (attributes.get("src") or SVG).startswith(SVG)
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in page.style and "@import" not in page.style


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("records", [[], [a_record()]])
def test_the_policy_admits_exactly_the_style_sheet_and_the_script_of_the_page(
    records: list[Record],
) -> None:
    page = Reader(html(a_run(), records=records))
    (policy,) = (a["content"] for _, a in page.elements if "http-equiv" in a)
    script = f"script-src {digest(page.script)}; " if records else ""
    assert policy == (
        f"default-src 'none'; style-src {digest(page.style)}; {script}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_claims_stand_in_the_page_without_the_script_and_its_controls_are_hidden() -> None:
    records = [a_record(label=1, section="sides"), a_record(text="B", label=0, section="title")]
    page = Reader(html(a_run(), records=records))
    assert "2 claims: 1 false alarm, 1 right. Worst first: errors" in page.text
    assert "Outcomes to read" not in page.text
    (controls,) = (a for _, a in page.elements if a.get("class") == "filters")
    assert "hidden" in controls
    rows = [a for tag, a in page.elements if tag == "tr" and "data-result" in a]
    assert [row["data-section"] for row in rows] == ['["sides"]', '["title"]']
    names = [a.get("name") for tag, a in page.elements if tag == "select"]
    assert names == ["result", "label", "section"]


def test_a_page_of_many_claims_says_how_many_it_shows_and_where_the_others_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(claim_rows.claim_rows, "__defaults__", (5,))
    records = [a_record(text=f"Claim {n}.") for n in range(12)]
    page = Reader(html(a_run(), records=records))
    assert "12 claims: 12 withheld." in page.text
    assert "The first 5 are here; all are in records.jsonl.gz" in page.text
    assert len(re.findall(r"Claim \d+\.", page.text)) == 5


def test_notes_on_drafts_stay_beside_their_claims() -> None:
    run = a_run(outcomes=(an_outcome(note="unheard: Petra Vance"),))
    page = Reader(html(run, records=[a_record()]))
    assert "unheard: Petra Vance" in page.text and "1 claim: 1 withheld" in page.text


def test_hostile_claims_stay_text() -> None:
    failure = Failure(check=HOSTILE, reason=HOSTILE)
    verdict = Verdict(label=VerdictLabel.PARTLY, score=0.5, failures=(failure,))
    judge = JudgeVerdict(label=VerdictLabel.PARTLY, reason=HOSTILE)
    text = dict.fromkeys(("text", "section", "kind"), HOSTILE)
    record = a_record(**text, sources=((HOSTILE, HOSTILE),), verdict=verdict, judge=judge, label=1)
    other = a_record(text="B", section="x")
    page = Reader(html(a_run(outcomes=(an_outcome(group=HOSTILE),)), records=[record, other]))
    assert page.count("script") == 1
    assert page.script == "\n" + Path("evals/framework/templates/report.js").read_text()
    assert page.count("img") == 0
    assert page.text.count(HOSTILE) >= 6
    (row, _) = (a for tag, a in page.elements if tag == "tr" and "data-check" in a)
    assert json.loads(row["data-check"] or "") == json.loads(row["data-section"] or "") == [HOSTILE]


def test_hostile_text_stays_text_wherever_it_stands() -> None:
    line = Line(name=HOSTILE, points=((0, 0), (1, 1)))
    figure = Figure(
        title=HOSTILE,
        x_label=HOSTILE,
        y_label=HOSTILE,
        lines=(line,),
        bars=(Bar(name=HOSTILE, value=0.5),),
    )
    run = a_run(
        suite=HOSTILE,
        version={HOSTILE: HOSTILE},
        inputs=(InputFile(name=HOSTILE, sha256=HOSTILE, rows=1),),
        outcomes=(
            Outcome(key=HOSTILE, cluster="c", group=HOSTILE, values={HOSTILE: None}, note=HOSTILE),
        ),
        measured=(a_measure(group=HOSTILE, name=HOSTILE),),
        figures=(figure,),
    )
    page = Reader(html(run, a_run(measured=(a_measure(group="gone", name=HOSTILE),))))
    assert page.count("script") == 0
    assert [a["class"] for tag, a in page.elements if tag == "img"] == ["plot"]
    assert page.text.count(HOSTILE) >= 15


def test_control_characters_and_reordering_marks_are_not_shown() -> None:
    page = html(a_run(outcomes=(an_outcome(note="one\x1b[31m \u202etwo\x00"),)))
    assert "one two" in page
    assert not re.search("[\x00\x1b\u202e]", page)


@pytest.mark.parametrize(
    ("now", "before", "better", "seen"),
    [
        (0.52, 0.5, "higher", ("▲", "+0.020", "better")),
        (0.48, 0.5, "higher", ("▼", "−0.020", "worse")),
        (0.52, 0.5, "lower", ("▲", "+0.020", "worse")),
        (0.48, 0.5, "lower", ("▼", "−0.020", "better")),
        (0.48, 0.5, None, ("▼", "−0.020", "")),
        (0.1 + 0.2, 0.3, "lower", ("=", "0.000", "same")),
        (0.5, None, "higher", ("", "", "new")),
        (0.5, math.nan, "higher", ("", "", "new")),
        (None, 0.5, "higher", ("", "", "gone")),
        (None, None, "higher", ("", "", "")),
    ],
)
def test_a_difference_is_better_or_worse_by_the_measure(
    now: float | None, before: float | None, better: Better | None, seen: tuple[str, str, str]
) -> None:
    found = change(a_measure(now, better=better), before)
    assert (found.arrow, found.amount, found.word) == seen


def test_differences_stand_in_the_page_only_with_a_baseline() -> None:
    run = a_run()
    assert "baseline" not in Reader(html(run)).text
    text = Reader(html(run, a_run(measured=(a_measure(0.8), a_measure(0.7, group="old"))))).text
    assert "▲ +0.042 better" in text
    assert "not measured here: old · AUC (0.700)." in text


def test_a_single_group_is_not_shown_twice() -> None:
    found = measures([a_measure(group=group) for group in ("all", "wire")])
    assert [group.name for group in found] == ["all"]


def test_the_group_of_all_comes_first_and_the_others_keep_their_order() -> None:
    found = measures([a_measure(group=group) for group in ("wire", "all", "blogs", "wire")])
    assert [(group.name, len(group.rows)) for group in found] == [
        ("all", 1),
        ("wire", 2),
        ("blogs", 1),
    ]


def test_bars_of_a_measure_beyond_1_share_one_scale_over_the_groups() -> None:
    slow, fast = a_measure(50, group="slow"), a_measure(100, group="fast")
    page = Reader(html(a_run(measured=(slow, fast))))
    bars = [(a["min"], a["max"], a["value"]) for tag, a in page.elements if tag == "meter"]
    assert bars == [("0.0", "100.0", "50.0"), ("0.0", "100.0", "100.0")]


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf])
def test_a_measure_of_nothing_is_a_dash(nothing: float | None) -> None:
    page = html(a_run(measured=(a_measure(nothing),)))
    assert re.search(r'class="figure value">—<', page)
    assert "nan" not in Reader(page).text


def test_an_empty_run_still_makes_a_page() -> None:
    text = Reader(html(a_run(outcomes=(), measured=(), inputs=(), version={}))).text
    for words in ("Nothing was measured.", "No outcome carries a note.", "0 outcomes"):
        assert words in text


def test_what_could_not_be_judged_is_counted_by_group_and_value() -> None:
    outcomes = [
        an_outcome("1", score=None, flagged=1.0),
        an_outcome("2", score=math.nan, flagged=0.0),
        an_outcome("3", score=0.4),
        an_outcome("4", "wire", score=None),
    ]
    assert [(u.group, u.value, u.missing, u.of) for u in unjudged(outcomes)] == [
        ("news", "score", 2, 3),
        ("wire", "score", 1, 1),
    ]
    assert "3 values could not be judged" in Reader(html(a_run(outcomes=tuple(outcomes)))).text


def noted(sizes: Sequence[int]) -> list[Outcome]:
    return [
        an_outcome(f"{group}-{n}", f"group {group}", note=f"note {group}-{n}.")
        for group, size in enumerate(sizes)
        for n in range(size)
    ]


def test_at_most_200_notes_are_shown_and_the_rest_is_counted() -> None:
    text = Reader(html(a_run(outcomes=tuple(noted([1500, 3, 400]))))).text
    assert len(re.findall(r"note \d-\d+\.", text)) == 200
    assert "1,703 left out" in text
    assert "98 of 1,500" in text or "99 of 1,500" in text


@given(st.lists(st.integers(1, 60), max_size=8), st.integers(0, 100))
def test_notes_are_shared_evenly_and_no_place_is_wasted(sizes: list[int], most: int) -> None:
    found = notes(noted(sizes), most)
    shown = [len(group.shown) for group in found]
    assert sum(shown) == min(most, sum(sizes))
    assert [group.total for group in found] == sizes
    cut = [many for many, size in zip(shown, sizes, strict=True) if many < size]
    assert all(max(shown) - many <= 1 for many in cut)


def test_an_outcome_without_a_note_is_not_listed() -> None:
    assert notes([an_outcome(note=None), an_outcome(note="")]) == ()


def test_every_plot_has_its_numbers_in_a_table() -> None:
    points = tuple((n / 999, n / 999) for n in range(1000))
    figures = (
        Figure(title="ROC", x_label="false alarms", lines=(Line(name="ladder", points=points),)),
        Figure(title="Caught", bars=(Bar(name="wrong unit", value=0.97, low=0.91, high=0.99),)),
        Figure(title="Empty"),
    )
    page = Reader(html(a_run(figures=figures)))
    numbers = [a for tag, a in page.elements if tag == "details" and a.get("class") == "numbers"]
    assert len(numbers) == 2
    assert "960 points between them not listed." in page.text
    assert "wrong unit0.9700.9100.990" in page.text
    assert "Nothing to draw." in page.text
    assert page.count("img") == 2
    idents = [a["id"] for _, a in page.elements if "id" in a]
    assert len(idents) == len(set(idents))


def test_without_matplotlib_the_page_has_the_numbers_and_says_how_to_get_plots(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    bars = (Bar(name="wrong unit", value=0.97),)
    page = Reader(html(a_run(figures=(Figure(title="Caught", bars=bars),))))
    assert page.count("img") == 0
    assert "wrong unit0.970" in page.text
    assert plots.INSTALL in page.text
    assert plots.INSTALL not in Reader(html(a_run())).text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.8421, "0.842"),
        (0, "0.000"),
        (0.00042, "0.00042"),
        (1, "1"),
        (12.5, "12.500"),
        (905.62, "905.6"),
        (1204.4, "1,204"),
        (-0.25, "−0.250"),
        (None, "—"),
        (math.nan, "—"),
    ],
)
def test_figures_are_printed_for_people(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(41.52, "41.5 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_are_printed_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text
