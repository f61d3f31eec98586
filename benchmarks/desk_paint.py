"""Weight and first paint of the desk's pages in Chromium.

    python benchmarks/desk_paint.py [--incidents 2000] [--items 200] [--runs 5] [--keep FOLDER]

A fresh directory gets invented incidents of one item each, the newest of them of today, and one
incident of many items, which is drafted without a model; with `--keep` it is kept and reused.
`serve` runs in a process of its own. Each page is opened once, then in fresh browser contexts, that
is with an empty cache: without throttling, and with the processor of the browser slowed down four
times. Bytes are those of the page and of all that it loads, as they are, and as they are sent.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.desk_load import served
from summarizer import open_app, settings
from tests.support.browser import CHROMIUM, FLAGS

PATIENCE = 300_000
"""Milliseconds that the first load of a page may take."""

SLOWED = 4
"""How many times slower the processor of the browser is in the second row of times."""

PAINTS = "performance.getEntriesByType('paint').map((one) => [one.name, one.startTime])"
BYTES = """performance.getEntriesByType('navigation')
  .concat(performance.getEntriesByType('resource'))
  .map((one) => [one.initiatorType, one.decodedBodySize, one.encodedBodySize])"""
ELEMENTS = "document.querySelectorAll('*').length"
PASSAGES = (
    "The ferry {name} stood still for {n} days. A pump had failed, said Brackwater Lines. "
    "{more} passengers were taken home by bus.",
    "Inspectors found rust in {n} pumps of the {name}. The office ordered inspection {more} "
    "before the summer. Brackwater Lines said that it would pay for it.",
    "The union of the crews asked for {n} new pumps for the {name}. It accused the owner of "
    "hiding report {more} on the rust.",
)


class Weight(NamedTuple):
    """Bytes of a page, and of all that it loads with it; number of its elements."""

    html: int
    html_sent: int
    all: int
    all_sent: int
    elements: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=int, default=2_000)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="folder of the data")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = asked.keep or Path(directory)
        large = prepared(folder / "data", asked.incidents, asked.items)
        with served(folder) as (_, url), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            pages = {
                f"list, {asked.incidents:,} incidents": f"{url}/",
                f"first 50 of {asked.incidents:,}": f"{url}/?sort=recent",
                f"incident, {asked.items} items": f"{url}/incidents/{large}",
                f"its sources, {asked.items} items": f"{url}/incidents/{large}/sources",
            }
            report(browser, pages, asked.runs)
            browser.close()


def prepared(data: Path, incidents: int, items: int) -> str:
    """Fill a directory unless it is filled; the id of the incident of many items."""
    with open_app(settings.load(data_dir=data, drafter="extractive")) as app:
        if (large := app.store.incident_by_label("Large")) is None:
            for rows in (small(incidents), many(items)):
                list(app.pipeline.ingest_rows(rows))
            app.pipeline.settle()
            large = app.store.incident_by_label("Large")
            assert large is not None
            app.pipeline.draft(large.id)
        return large.id


def small(incidents: int) -> Iterator[dict[str, Any]]:
    """One item each, an hour apart."""
    now = dt.datetime.now(dt.UTC)
    for number in range(incidents):
        yield row(f"Vessel{number}", number, now - dt.timedelta(hours=number))


def many(items: int) -> Iterator[dict[str, Any]]:
    """Items of one incident, ten minutes apart."""
    now = dt.datetime.now(dt.UTC)
    for number in range(items):
        yield row("Large", number, now - dt.timedelta(minutes=10 * number))


def row(name: str, number: int, at: dt.datetime) -> dict[str, Any]:
    text = PASSAGES[number % len(PASSAGES)].format(name=name, n=number + 2, more=number + 40)
    return {
        "title": f"Report {number} on the {name}",
        "text": text,
        "incident": name,
        "outlet": f"Paper {number % 60}",
        "platform": "news",
        "published_at": at.isoformat(),
    }


def report(browser: Browser, pages: dict[str, str], runs: int) -> None:
    """Print weight and times of each page."""
    print(
        "| page | HTML KiB | sent | with assets KiB | sent | elements |\n|---|---|---|---|---|---|"
    )
    for name, url in pages.items():
        w = weight(browser, url)
        kib = (f"{n / 1024:.0f}" for n in w[:4])
        print(f"| {name} | {' | '.join(kib)} | {w.elements:,} |")
    print("\n| page | processor | first paint ms | first contentful paint ms |\n|---|---|---|---|")
    for name, url in pages.items():
        for slowed in (1, SLOWED):
            times = [painted(browser, url, slowed) for _ in range(runs)]
            first, full = (statistics.median(one) for one in zip(*times, strict=True))
            print(f"| {name} | {'as it is' if slowed == 1 else f'{slowed} times slower'} "
                  f"| {first:.0f} | {full:.0f} |")  # fmt: skip


def weight(browser: Browser, url: str) -> Weight:
    context = browser.new_context()
    page = context.new_page()
    page.goto(url, wait_until="networkidle", timeout=PATIENCE)
    loaded: Sequence[tuple[str, int, int]] = page.evaluate(BYTES)
    elements = page.evaluate(ELEMENTS)
    context.close()
    _, html, html_sent = next(one for one in loaded if one[0] == "navigation")
    return Weight(html, html_sent, sum(o[1] for o in loaded), sum(o[2] for o in loaded), elements)


def painted(browser: Browser, url: str, slowed: int) -> tuple[float, float]:
    """Milliseconds until the first paint and the first contentful one."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(url, wait_until="load")
    page.wait_for_function("performance.getEntriesByType('paint').length === 2")
    paints = dict(page.evaluate(PAINTS))
    context.close()
    return paints["first-paint"], paints["first-contentful-paint"]


if __name__ == "__main__":
    main()
