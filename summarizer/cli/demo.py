"""Demo command: from sample items to drafted pages."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.files import check_directory, opened
from summarizer.cli.incidents import Format, page_text, watch
from summarizer.cli.items import print_report
from summarizer.cli.output import results, tell
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.app import App
    from summarizer.domain.incidents import IncidentId
    from summarizer.settings import Settings

SUFFIXES = {Format.MARKDOWN: ".md", Format.HTML: ".html", Format.JSON: ".json"}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("demo")(demo)


def demo(
    folder: Annotated[
        Path, typer.Option(help="Folder for the database, the index and the pages.")
    ] = Path("demo-data"),
    replay: Annotated[
        bool, typer.Option("--replay", help="Draft from recorded answers, without a key.")
    ] = False,
) -> None:
    """Ingest the sample items, cluster them, draft each incident, and print one page.

    The samples are invented. Noise and state are those at the time of the newest sample item, so
    that the output does not depend on the date. A second run drafts only changed incidents.

    With --replay a server on this machine answers as a model would, from recordings of careful
    answers. Checks, judge and gate work as with a model, and the pages say that they are replayed.
    """
    from summarizer.rendering import render_terminal

    pages = folder / "pages"
    check_directory(pages)
    pages.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        app = stack.enter_context(open_app(stack.enter_context(_settings(folder, replay))))
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
        written = write_pages(app, ids, pages, at)
        fullest = min(incidents, key=lambda row: (-len(row.items), row.id))
        render_terminal(app.pages.of(fullest.id, at), pipeline.specs, results())
    if replay:
        tell("The answers were recorded once and replayed: no model was asked.")
    elif pipeline.drafter.model is None:
        tell("No key is set, so no model was used. Set ANTHROPIC_API_KEY to draft with Claude.")
    out = results()
    out.print(f"\nAll {len(written)} incidents, each as Markdown, HTML and JSON:")
    for path, title in written:
        out.print(f"  {path.with_suffix('')}.{{md,html,json}}  {title}", soft_wrap=True)
    tell(f"To open them on the editors' desk: {desk_command(folder)}")


@contextmanager
def _settings(folder: Path, replay: bool) -> Iterator[Settings]:
    """Settings of the demo; with ``replay`` those of a server that answers from recordings."""
    from summarizer.settings import load

    if not replay:
        yield load(data_dir=folder)
        return
    from evals.mock_server import MessagesServer
    from evals.recordings import Player, read_all

    settings = load(data_dir=folder, drafter="extractive", judge="off")  # whatever the user set
    with MessagesServer(Player(read_all(examples() / "recordings"))) as server:
        yield replaying(settings, server.url)


def replaying(settings: Settings, url: str) -> Settings:
    """Settings under which a server of recorded answers drafts and judges; no key is sent."""
    from summarizer.domain.drafts import RECORDED

    return settings.model_copy(
        update={
            "drafter": "anthropic",
            "judge": "model",
            "model": RECORDED,
            "judge_model": None,
            "effort": None,
            "plan": "single",
            "anthropic_base_url": url,
            "anthropic_api_key": None,
        }
    )


def desk_command(folder: Path) -> str:
    """Command that serves the data of a folder, as a shell in the working directory runs it."""
    program = "summarizer"
    if shutil.which(program) is None:  # its environment is not activated
        program = os.path.relpath(Path(sys.executable).parent / program)
    return f"SUMMARIZER_DATA_DIR={shlex.quote(str(folder))} {shlex.quote(program)} serve"


def samples() -> list[Path]:
    """The sample files.

    Raises:
        InputError: there are none.
    """
    folder = examples()
    found = sorted(folder.glob("items/*.jsonl")) + sorted(folder.glob("feeds/*.xml"))
    if not found:
        raise InputError(f"The sample items are missing: {folder} has none.")
    return found


def examples() -> Path:
    """Folder of the samples: packaged with the product, else in the repository."""
    here = Path(__file__).resolve().parent.parent
    packaged = here / "_examples"
    return packaged if packaged.is_dir() else here.parent / "examples"


def write_pages(
    app: App, ids: Iterable[IncidentId], folder: Path, at: dt.datetime
) -> list[tuple[Path, str]]:
    """Write the incidents' pages in every format; return the HTML files with their titles."""
    written = []
    for id_ in ids:
        page = app.pages.of(id_, at)
        for form, suffix in SUFFIXES.items():
            (folder / f"{id_}{suffix}").write_text(page_text(app, page, form), encoding="utf-8")
        written.append((folder / f"{id_}.html", page.title))
    return written
