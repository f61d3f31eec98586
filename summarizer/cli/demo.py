"""Demo command: from sample items to drafted pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.files import opened
from summarizer.cli.incidents import Format, page_text, watch
from summarizer.cli.items import print_report
from summarizer.cli.output import results, tell
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.app import App
    from summarizer.domain.incidents import IncidentId

SUFFIXES = {Format.MARKDOWN: ".md", Format.HTML: ".html", Format.JSON: ".json"}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("demo")(demo)


def demo(
    folder: Annotated[
        Path, typer.Option(help="Folder for the database, the index and the pages.")
    ] = Path("demo-data"),
) -> None:
    """Ingest the sample items, cluster them, draft each incident, and print one page.

    The samples are invented. Noise and state are those at the time of the newest sample item, so
    that the output does not depend on the date. A second run drafts only changed incidents.
    """
    from summarizer.rendering import render_terminal
    from summarizer.settings import load

    with open_app(load(data_dir=folder)) as app:
        pipeline = app.pipeline
        for file in samples():
            with opened(file) as stream:
                print_report(pipeline.ingest(stream), file.name)
        done = pipeline.settle()
        tell(f"{done.assigned} items put into incidents, {done.opened} of them new")
        for due in pipeline.due():
            tell(f"{due}:")
            pipeline.draft(due, watch)
        incidents = app.incidents.page().incidents
        at = max(row.newest_at for row in incidents)
        ids = sorted(row.id for row in incidents)
        written = write_pages(app, ids, folder / "pages", at)
        fullest = min(incidents, key=lambda row: (-len(row.items), row.id))
        render_terminal(app.pages.of(fullest.id, at), pipeline.specs, results())
    if pipeline.drafter.model is None:
        tell("No key is set, so no model was used. Set ANTHROPIC_API_KEY to draft with Claude.")
    out = results()
    out.print(f"\nAll {len(written)} incidents, each as Markdown, HTML and JSON:")
    for path, title in written:
        out.print(
            f"  {path.with_suffix('')}.{{md,html,json}}  {title}", markup=False, soft_wrap=True
        )


def samples() -> list[Path]:
    """The sample files: packaged with the product, else in the repository.

    Raises:
        InputError: there are none.
    """
    here = Path(__file__).resolve().parent.parent
    packaged = here / "_examples"
    folder = packaged if packaged.is_dir() else here.parent / "examples"
    found = sorted(folder.glob("items/*.jsonl")) + sorted(folder.glob("feeds/*.xml"))
    if not found:
        raise InputError(f"The sample items are missing: {folder} has none.")
    return found


def write_pages(
    app: App, ids: Iterable[IncidentId], folder: Path, at: dt.datetime
) -> list[tuple[Path, str]]:
    """Write the incidents' pages in every format; return the HTML files with their titles."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for id_ in ids:
        page = app.pages.of(id_, at)
        for form, suffix in SUFFIXES.items():
            (folder / f"{id_}{suffix}").write_text(page_text(app, page, form), encoding="utf-8")
        written.append((folder / f"{id_}.html", page.title))
    return written
