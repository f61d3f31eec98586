"""Commands for ingesting and clustering items, and for listing fetches."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer import factories
from summarizer.app import open_app
from summarizer.cli.files import STDIN, check_readable, opened
from summarizer.cli.output import data, errors, line, results, say, tell
from summarizer.errors import BrokenInputError, IndexHeldError

if TYPE_CHECKING:
    from summarizer.app import App
    from summarizer.ingestion.ingest import IngestReport, Outcome
    from summarizer.ingestion.parse import Row
    from summarizer.ingestion.validate import Rejected, ValidRow
    from summarizer.pipeline.settle import Settled


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("ingest")(ingest)
    app.command("cluster")(cluster)
    app.command("fetches")(show_fetches)


def ingest(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…", help="JSON, JSON Lines, RSS or Atom file, - for stdin, or a URL."
        ),
    ],
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="Take the rows that can be read of a file whose JSON is broken."
        ),
    ] = False,
) -> None:
    """Add source items, index their passages and assign them to incidents.

    A row is an object with `text` or `title`, and optionally `id`, `published_at`, `url`,
    `platform`, `outlet`, `author`, `engagement` {…}, `reach`, `incident`. Duplicates are skipped.
    An unusable row is rejected with its line and reason; the others are stored, and the command
    exits with 1. A file whose JSON is cut off or broken is refused before anything of any file is
    stored, and the command exits with 2; with `--partial` the rows that can be read are stored.
    An address or a date that cannot be read is left out with a note: a date is read only if it has
    one reading, in 1990 or later and not in the future. A text has at most 1,000,000 characters,
    any other field 2,000. A URL may also be that of an article: its text and metadata are
    extracted. `fetches` lists the requests. Beside a running service the command stores the items,
    and the service puts them into incidents.
    """
    rejected = 0
    with ExitStack() as stack:
        places = {file: Path(file) for file in files if not _is_url(file)}
        for file, place in places.items():
            check_readable(place)
            if not partial:
                places[file] = _checked(place, stack)
        app = stack.enter_context(open_app())
        for file in files:
            with _ingested(app, file, places.get(file)) as outcomes:
                rejected += len(print_report(outcomes, file).rejected)
        try:
            done = app.pipeline.settle()
        except IndexHeldError:
            app.settling.ask()
            done = None
    if done is None:
        tell(
            "The items are stored. Another process holds the index: the service, if it runs, puts "
            "them into incidents now; else the next command does."
        )
    else:
        _tell_settled(done)
    if rejected:
        raise typer.Exit(1)


def _tell_settled(done: Settled) -> None:
    if done.waits:
        tell(f"The items are stored, and wait for the index. {done.waits}")
    results().print(
        f"Indexed {done.indexed} passages and headings; "
        f"put {done.assigned} items into incidents, {done.opened} of them new."
    )


def show_fetches(
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="Maximum number of fetches.")] = 20,
) -> None:
    """List fetches from the web, newest first, with outcome, status, size and error."""
    with open_app() as app:
        found = app.store.fetches.newest(limit)
    for record in found:
        size = f", {record.size:,} bytes" if record.size else ""
        say(
            f"{record.at:%Y-%m-%d %H:%M:%S} UTC  {record.purpose.value}  {record.url}  "
            f"{record.outcome.value.replace('_', ' ')} ({record.status or 'no answer'}{size}, "
            f"{record.ms} ms){f': {record.error}' if record.error else ''}"
        )
    if not found:
        tell("Nothing was fetched yet.")


def _is_url(file: str) -> bool:
    return file.lower().startswith(("http://", "https://"))


def _checked(file: Path, stack: ExitStack) -> Path:
    """The file, once its JSON is known to be whole; a copy of one that can be read only once.

    Raises:
        InputError: the file is broken, or none of rows.
    """
    from summarizer.ingestion.parse import parse_rows, unbroken

    name = file
    if not file.is_file():
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "rows"
        with opened(name) as stream, file.open("wb") as copy:
            shutil.copyfileobj(stream, copy)
    with opened(file) as stream:
        try:
            deque(unbroken(parse_rows(stream, factories.parse_feed)), maxlen=0)
        except BrokenInputError as error:
            advice = "Nothing was stored. Mend the file, or take what can be read with --partial."
            raise BrokenInputError(f"{name}: {error} {advice}", field=error.field) from error
    return file


@contextmanager
def _ingested(app: App, file: str, place: Path | None) -> Iterator[Iterator[Outcome]]:
    """Ingestion of a file, of standard input, or of a URL's feed or article."""
    if place is not None:
        with opened(place) as stream:
            yield app.pipeline.ingest(stream)
        return
    found = app.importer.source(file)
    if isinstance(found, bytes):
        yield app.pipeline.ingest(io.BytesIO(found))
    else:
        yield app.pipeline.ingest_rows([found])


def print_report(outcomes: Iterable[Outcome], name: str) -> IngestReport:
    """Run an ingestion to its end and print the rejections, notes and counts."""
    from summarizer.ingestion.ingest import report

    found = report(outcomes)
    for row in found.rejected:
        field = f"{row.field}: " if row.field else ""
        words = line(f"{name}:{row.line}: rejected: {field}{row.reason}")
        errors().print(words, soft_wrap=True)
    for number, note in ((row.line, note) for row in found.accepted for note in row.notes):
        errors().print(line(f"{name}:{number}: note: {note}"), soft_wrap=True)
    tell(
        f"{name}: {len(found.accepted)} accepted ({len(found.copies)} copies of others), "
        f"{len(found.duplicates)} duplicates, {len(found.rejected)} rejected"
    )
    return found


def cluster(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="JSON Lines file; default: standard input.")
    ] = STDIN,
) -> None:
    """Cluster items into incidents, storing nothing; prints `{"id", "incident"}` in input order.

    Items are clustered one by one in order of publication, as by `ingest`. An unusable row is
    printed with `"incident": null` and an `error`, and the command exits with 1. `notes` say what
    of a row could not be read and was left out.
    """
    from summarizer import stateless
    from summarizer.ingestion.parse import parse_rows
    from summarizer.ingestion.validate import Rejected

    with opened(file) as stream:
        rows = [_row(row) for row in parse_rows(stream, factories.parse_feed)]
    usable = {n: row.item for n, (_, row) in enumerate(rows) if not isinstance(row, Rejected)}
    incidents = dict(zip(usable, stateless.cluster(usable.values()), strict=True))
    for n, (given, row) in enumerate(rows):
        answer: dict[str, object] = {"id": given, "incident": incidents.get(n)}
        if isinstance(row, Rejected):
            answer["error"] = f"line {row.line}: {row.field or 'row'}: {row.reason}"
        elif row.notes:
            answer["notes"] = row.notes
        data(answer)
    if len(incidents) < len(rows):
        raise typer.Exit(1)


def _row(row: Row | Rejected) -> tuple[object, ValidRow | Rejected]:
    """The given id of a row, and its item with notes or its rejection."""
    from summarizer.ingestion.validate import Rejected, parse_row

    if isinstance(row, Rejected):
        return None, row
    given = row.value.get("id") if isinstance(row.value, dict) else None
    return given, parse_row(row.value, line=row.line, html_to_text=factories.html_to_text)
