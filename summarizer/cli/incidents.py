"""Commands for listing, drafting and showing incidents, and for reindexing."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from summarizer import factories
from summarizer.app import open_app
from summarizer.cli.batches import draft_in_batches
from summarizer.cli.files import MOST, check_output, check_readable, opened
from summarizer.cli.items import print_report
from summarizer.cli.output import document, errors, json_text, line, plain_table, results, tell
from summarizer.domain.incidents import State
from summarizer.domain.reviews import ReviewState
from summarizer.errors import InputError, ModelError

if TYPE_CHECKING:
    from summarizer.app import App
    from summarizer.domain.page import Page
    from summarizer.domain.progress import DraftProgress
    from summarizer.settings import Settings
    from summarizer.stateless import PageFormat

IncidentArgument = Annotated[str, typer.Argument(metavar="ID", help="Such as INC-000042.")]
NO_INCIDENTS = "No incidents yet. Add items with: summarizer ingest FILE"
AsOf = Annotated[
    str | None,
    typer.Option(help="Noise and state as of this time (ISO 8601, by default in UTC)."),
]


class Format(StrEnum):
    """Format of a page."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="Format of the page.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("incidents")(list_incidents)
    app.command("draft")(draft)
    app.command("show")(show)
    app.command("noise")(show_noise)


def list_incidents(
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Maximum number of incidents.")] = 50,
    as_of: AsOf = None,
    words: Annotated[
        str, typer.Option("--words", "-q", help="Words that its items contain, or its id.")
    ] = "",
    state: Annotated[State | None, typer.Option(help="Only in this state.")] = None,
    min_noise: Annotated[int, typer.Option(min=0, max=100, help="Minimum noise.")] = 0,
    platform: Annotated[str, typer.Option(help="Only with an item on this platform.")] = "",
    review: Annotated[
        ReviewState | None, typer.Option(help="Review state of the newest revision.")
    ] = None,
    attention: Annotated[
        bool, typer.Option("--attention", help="Only incidents that need attention.")
    ] = False,
    loudest: Annotated[
        bool, typer.Option("--loudest", help="Sort by noise instead of newest item.")
    ] = False,
) -> None:
    """List incidents, newest item first, with noise, state, items and the newest draft."""
    from rich.text import Text

    from summarizer.incidents.listing import Filters
    from summarizer.rendering.phrases import newsroom_state

    filters = Filters(
        q=words,
        state=state,
        min_noise=min_noise,
        platform=platform,
        review=review,
        attention=attention,
    )
    at = moment(as_of)
    with open_app() as app:
        found = app.incidents.page(
            filters, "noise" if loudest else "recent", limit=limit, as_of=at, held=True
        )
        headings = ("id", "noise", "state", "items", "platforms", "draft", "title")
        table = plain_table(*headings, wraps="title")
        for row in found.incidents:
            table.add_row(
                row.id,
                str(row.noise.score),
                newsroom_state(row.noise.state, row.newest_at, bool(row.attention)),
                str(len(row.items)),
                str(len(row.platforms)),
                str(row.revision) if row.revision else "none",
                Text(row.title),
            )
    if table.row_count:
        results().print(table)
        if found.next:
            tell(f"{found.total} match; these are the first {limit}.")
    elif filters != Filters():
        tell("No incident matches.")
    else:
        tell(NO_INCIDENTS)


def draft(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Such as INC-000042.")
    ] = None,
    items: Annotated[
        Path | None,
        typer.Option(
            help="Draft one incident from this file of items (- for stdin), storing nothing."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Draft every incident whose evidence has changed.")
    ] = False,
    batch: Annotated[
        bool,
        typer.Option(
            "--batch",
            help="Draft changed incidents through message batches, at half the price, within "
            "minutes to a day.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Draft anew even if nothing is new.")
    ] = False,
    as_of: AsOf = None,
    form: FormatOption = Format.TERMINAL,
    output: OutputOption = None,
) -> None:
    """Draft an incident and show the page; if nothing is new since its newest draft, that one.

    A model writes the draft if a key (`ANTHROPIC_API_KEY`) or a server of the Messages API
    (`ANTHROPIC_BASE_URL`) is set; otherwise the page is assembled from source sentences and says
    so. Every sentence is verified in both cases.
    """
    from summarizer.settings import load

    wanted = ids or []
    _check(wanted, items, every, batch, form, output)
    at, chosen = moment(as_of), load()
    if batch:
        draft_in_batches(chosen, None if every else wanted)
        return
    if items is not None:
        with open_app(chosen, in_memory=True) as app:
            pipeline = app.pipeline
            with opened(items) as stream:
                report = print_report(pipeline.ingest(stream), str(items))
            if not report.keys:
                raise InputError(f"{items} holds no item that can be used: nothing to draft.")
            incident = pipeline.gather(report.keys).id
            pipeline.draft(incident, watch)
            write(app, app.pages.of(incident, at), form, output)
        return
    if every:
        _draft_due(chosen, at)
        return
    with open_app(chosen) as app:
        pipeline = app.pipeline
        for id_ in wanted:
            app.store.incident(id_)  # all are known before the first is paid for
        pipeline.finish()
        for id_ in wanted:
            if len(wanted) > 1:
                tell(f"{id_}:")
            if force or pipeline.is_due(id_):
                pipeline.draft(id_, watch)
            else:
                tell("Nothing is new since the newest draft. To draft anew: --force.")
            if len(wanted) > 1:
                results().print(f"{id_}  {app.pages.of(id_, at, held=True).title}")
            else:
                write(app, app.pages.of(id_, at, held=True), form, output)


def _check(
    wanted: list[str],
    items: Path | None,
    every: bool,
    batch: bool,
    form: Format,
    output: Path | None,
) -> None:
    """Check the arguments of ``draft`` before anything is paid for.

    Raises:
        InputError: they contradict each other, or a file cannot be read or written.
    """
    if sum((bool(wanted), items is not None, every)) != 1:
        raise InputError("Give one of: an incident's ID, --items FILE, or --all.")
    if batch and items is not None:
        raise InputError("--batch drafts stored incidents: ingest the file first.")
    if output is not None or form is not Format.TERMINAL:
        if every or batch or len(wanted) > 1:
            raise InputError("--format and --output write one page: give one ID, without --batch.")
        check_output(form, output)
    if items is not None:
        check_readable(items)


def _draft_due(chosen: Settings, at: dt.datetime | None) -> None:
    """Draft incidents with changed evidence as jobs, so that other workers skip them."""
    from functools import partial

    from summarizer.domain.events import SYSTEM_ACTOR
    from summarizer.domain.jobs import JobStatus

    failed = False
    with open_app(chosen) as app:
        pipeline = app.pipeline
        app.jobs.resume()
        app.jobs.drain()  # jobs of an interrupted command
        dues = pipeline.due()
        if not dues:
            _tell_nothing_is_due(app)
        for due in dues:
            tell(f"{due}:")
            evidence, is_due = pipeline.evidence_hash(due), partial(pipeline.is_due, due)
            begun = app.jobs.begin(due, SYSTEM_ACTOR, evidence, is_due, watch=watch)
            job = app.jobs.made(begun.id) if begun else None
            if job is None or job.status is JobStatus.CANCELLED:
                tell("  skipped: another draft of it is under way")
            elif job.blameless:
                raise ModelError(str(job.error))  # the others would fail likewise
            elif job.error is not None:
                tell(f"  not drafted: {job.error}")
                failed = True
            else:
                results().print(f"{due}  {app.pages.of(due, at, held=True).title}")
    if failed:
        raise typer.Exit(1)


def _tell_nothing_is_due(app: App) -> None:
    if app.incidents.page(limit=1, held=True).total:
        tell("Nothing to draft: the evidence of every incident is as in its newest draft.")
    else:
        tell(NO_INCIDENTS)


def show(
    incident: IncidentArgument,
    revision: Annotated[
        int | None, typer.Option(min=1, max=MOST, help="Revision to show; default: the newest.")
    ] = None,
    as_of: AsOf = None,
    form: FormatOption = Format.TERMINAL,
    output: OutputOption = None,
    held: Annotated[
        bool,
        typer.Option("--held", help="Also one under embargo or legal hold, for an editor's eyes."),
    ] = False,
    why: Annotated[
        bool, typer.Option("--why", help="List its items with the reason for each instead.")
    ] = False,
) -> None:
    """Show an incident's page: its newest draft, with noise and state as of now."""
    at = moment(as_of)
    if why:
        if output is not None or form is not Format.TERMINAL:
            raise InputError("--why prints no page: leave out --format and --output.")
        with open_app() as app:
            members = app.curation.members(incident)
        for member in members:
            item = member.item
            results().print(line(f"{item.key} {item.source_name}: {item.heading}"))
            results().print(line(f"  {member.reason}"))
        return
    check_output(form, output)
    with open_app() as app:
        write(app, app.pages.of(incident, at, revision, held=held), form, output)


def show_noise(
    incident: IncidentArgument,
    since: Annotated[str | None, typer.Option(help="Start time; default: the first item.")] = None,
    until: Annotated[str | None, typer.Option(help="End time; default: now.")] = None,
    step: Annotated[
        int | None,
        typer.Option(min=1, max=MOST, help="Seconds between points; default: by the period."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the series as JSON.")] = False,
) -> None:
    """Show noise and state over time, computed from the items."""
    start, end = moment(since), moment(until)
    with open_app() as app:
        found = app.pages.course(incident, end, start, step)
    if as_json:
        json_text(found.model_dump_json(indent=1))
        return
    table = plain_table("state", "from", "until", "noise", "highest")
    for band in found.bands:
        times = (f"{at:%Y-%m-%d %H:%M}" for at in (band.since, band.until))
        table.add_row(band.state.value, *times, str(band.first), str(band.highest))
    results().print(table)
    if found.peak_at:
        tell(f"Peak {found.peak}/100 at {found.peak_at:%Y-%m-%d %H:%M}; all times UTC.")
    for at in found.reopened:
        tell(f"Reopened at {at:%Y-%m-%d %H:%M}.")


def moment(text: str | None) -> dt.datetime | None:
    """Parse a time from the command line; UTC without a zone.

    Raises:
        InputError: the text is not a time.
    """
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is not a time: write 2026-05-01 or 2026-05-01T12:00Z."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def watch(event: DraftProgress) -> None:
    """Print a step of a draft to standard error."""
    tell(f"  {event.detail}")


def page_text(app: App, page: Page, form: Format) -> str:
    """A page in a file format; HTML includes the noise chart."""
    from summarizer.stateless import render

    noise = app.pages.picture(page) if form is Format.HTML else None
    return render(page, cast("PageFormat", form.value), noise=noise)


def write(app: App, page: Page, form: Format, output: Path | None) -> None:
    """Write a page to a file or to standard output, after ``check_output``.

    Raises:
        InputError: the file cannot be written.
    """
    if form is Format.TERMINAL:
        from summarizer.rendering import render_terminal

        render_terminal(page, factories.prompts().specs(), results())
        return
    text = page_text(app, page, form)
    if output is None:
        document(text if text.endswith("\n") else text + "\n")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}.") from error
    errors().print(f"Wrote {output}.", soft_wrap=True)
