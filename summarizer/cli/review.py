"""Commands of editors: edit and lock sections, review drafts, compare, merge, split."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from summarizer.app import open_app
from summarizer.cli.files import STDIN, opened
from summarizer.cli.incidents import IncidentArgument
from summarizer.cli.items import told
from summarizer.cli.output import results, tell
from summarizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.domain.claims import CheckedClaim
    from summarizer.domain.drafts import Draft, Section
    from summarizer.domain.items import ItemKey
    from summarizer.domain.reviews import Decision
    from summarizer.review.edits import Edit

SectionArgument = Annotated[str, typer.Argument(metavar="SECTION", help="Such as key_points.")]
By = Annotated[str, typer.Option(help="Your name, as it stands in the history.")]
Note = Annotated[str | None, typer.Option(help="What others should know.")]
Revision = Annotated[int, typer.Option(min=1, help="The revision that you read.")]

MARKS = {"same": " ", "changed": "~", "added": "+", "removed": "-"}

review = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Edit, lock, compare and approve drafts. Every change is the next revision.",
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(review, name="review")
    app.command("merge")(merge)
    app.command("split")(split)
    app.command("move")(move)


@review.command("section")
def show_section(incident: IncidentArgument, section: SectionArgument) -> None:
    """Print a section as the JSON that `review edit` takes: change it and hand it back.

    A claim with `withheld` is not shown, for these reasons; give it a `restore` with a reason of
    your own to show it all the same.
    """
    with open_app() as app:
        found = _section(app.reviews.newest(incident), section)
    rows = [_row(claim) for claim in found.shown]
    rows += [_row(claim) | {"withheld": _reasons(claim)} for claim in found.withheld]
    typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))


@review.command("edit")
def edit_section(
    incident: IncidentArgument,
    section: SectionArgument,
    file: Annotated[Path, typer.Argument(help="JSON as `review section` prints it; - reads it.")],
    by: By,
) -> None:
    """Make a section what the file says, in its order; changed sentences are verified again.

    A shown sentence that the file leaves out is removed. One that fails is withheld with its
    reasons and is not lost.
    """
    edits = _edits(file)
    with open_app() as app:
        draft = app.reviews.edit(incident, section, edits, by)
    _told(draft, section)


@review.command("lock")
def lock_section(
    incident: IncidentArgument,
    section: SectionArgument,
    by: By,
    unlock: Annotated[bool, typer.Option("--unlock", help="Unlock it instead.")] = False,
) -> None:
    """Keep a section as it is: new drafts wait beside it, other editors are refused."""
    with open_app() as app:
        draft = app.reviews.lock(incident, section, by, locked=not unlock)
    _told(draft, section)


@review.command("suggestion")
def answer_suggestion(
    incident: IncidentArgument,
    section: SectionArgument,
    by: By,
    accept: Annotated[bool, typer.Option("--accept/--refuse", help="Put it in place or drop it.")],
) -> None:
    """Answer what a new draft suggests for a section that an editor holds."""
    with open_app() as app:
        draft = app.reviews.answer(incident, section, by, accept=accept)
    _told(draft, section)


@review.command("approve")
def approve(
    incident: IncidentArgument,
    revision: Revision,
    by: By,
    note: Note = None,
    override: Annotated[
        str | None, typer.Option(help="Why to approve although something stands against it.")
    ] = None,
) -> None:
    """Take responsibility for a revision; refused while something stands against it."""
    _decide(incident, "approve", revision, by, note, override)


@review.command("request-changes")
def request_changes(
    incident: IncidentArgument, revision: Revision, by: By, note: Note = None
) -> None:
    """Send a revision back; the note says what is wrong."""
    _decide(incident, "request_changes", revision, by, note)


@review.command("reject")
def reject(incident: IncidentArgument, revision: Revision, by: By, note: Note = None) -> None:
    """Reject a revision; the note says why."""
    _decide(incident, "reject", revision, by, note)


@review.command("withdraw")
def withdraw(incident: IncidentArgument, revision: Revision, by: By, note: Note = None) -> None:
    """Take an approval back; the note says why."""
    _decide(incident, "withdraw", revision, by, note)


@review.command("add-item")
def add_item(
    incident: IncidentArgument,
    by: By,
    url: Annotated[str | None, typer.Option(help="Of a page; its article is fetched.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="Items as `ingest` takes them; - reads them.")
    ] = None,
) -> None:
    """Add a source that is missing to an incident, by its URL or from a file.

    An item that is stored already is moved here.
    """
    if (url is None) == (file is None):
        raise InputError("Name a --url or a --file, and not both.")
    from summarizer.feeds.collect import PATIENT

    with open_app() as app:
        found = app.store.incident(incident).id
        if url is not None:
            row = app.importer.article(url, tries=PATIENT)
            report = app.curation.add_items(found, app.pipeline.ingest_rows([row]), by, url)
        else:
            with opened(file or STDIN) as stream:
                report = app.curation.add_items(found, app.pipeline.ingest(stream), by)
    told([*report.accepted, *report.duplicates, *report.rejected], url or str(file))
    if report.rejected:
        raise typer.Exit(1)


@review.command("history")
def show_history(incident: IncidentArgument) -> None:
    """List who did what to an incident, oldest first."""
    with open_app() as app:
        entries = app.reviews.history(incident)
    for entry in entries:
        revision = f" revision {entry.revision}" if entry.revision else ""
        more = "; ".join(f"{name}: {_words(value)}" for name, value in entry.detail.items())
        typer.echo(
            f"{entry.at:%Y-%m-%d %H:%M} UTC  {entry.actor}: {entry.kind.value.replace('_', ' ')}"
            f"{revision}{f' ({more})' if more else ''}"
        )


@review.command("status")
def show_status(incident: IncidentArgument) -> None:
    """Say where the review stands, what stands against approval and what needs attention."""
    from summarizer.monitoring.attention import obstacles

    with open_app() as app:
        draft, reviewed = app.reviews.newest(incident), app.decisions.newest(incident)
        standing = app.reviews.standing(draft)
        attention = app.reviews.attention(draft, standing)
    state = reviewed.of(draft.revision).value.replace("_", " ")
    said = [f"Revision {draft.revision} of {draft.incident_id}: {state}."]
    said += [f"against: {reason}" for reason in obstacles(draft)]
    said += [f"{f.effect.value}: {f.section}: {f.claim} ({f.reason})" for f in standing]
    said += [f"attention: {reason}" for reason in attention]
    for line in said:
        typer.echo(line)


@review.command("diff")
def show_difference(
    incident: IncidentArgument,
    before: Annotated[int, typer.Argument(min=1, help="The older revision.")],
    after: Annotated[int, typer.Argument(min=1, help="The newer revision.")],
) -> None:
    """Compare two revisions sentence by sentence: `+` added, `-` removed, `~` changed."""
    from summarizer.review.diff import Change

    with open_app() as app:
        found = app.reviews.difference(incident, before, after)
        done = app.reviews.findings(incident, before, after)
    changed = [section for section in found if not section.is_same]
    for section in changed:
        typer.echo(f"{section.key}:")
        for row in section.rows:
            if row.change is Change.CHANGED and row.before:
                typer.echo(f"  {MARKS[row.change]} {row.before.claim.text}")
                typer.echo(f"  → {_text(row.after)}")
            else:
                typer.echo(f"  {MARKS[row.change]} {_text(row.after or row.before)}")
    for finding in done:
        typer.echo(f"{finding.effect.value}: {finding.claim} ({finding.reason})")
    if not changed:
        tell("The reader gets the same in both.")


def merge(
    source: Annotated[str, typer.Argument(help="The incident that goes away.")],
    target: Annotated[str, typer.Argument(help="The incident that it goes into.")],
    by: By,
) -> None:
    """Move everything of one incident into another; the old id leads there from then on."""
    with open_app() as app:
        merged = app.curation.merge(source, target, by)
    results().print(f"{source} is now part of {merged.id}: {len(merged.item_keys)} items.")


def split(
    incident: IncidentArgument,
    items: Annotated[list[str], typer.Argument(metavar="ITEM…", help="Keys such as a3.")],
    by: By,
) -> None:
    """Move some items of an incident into a new one."""
    with open_app() as app:
        new = app.curation.split(incident, cast("list[ItemKey]", items), by)
    results().print(f"{new.id} was opened with {len(new.item_keys)} item(s) of {incident}.")


def move(
    incident: IncidentArgument,
    items: Annotated[list[str], typer.Argument(metavar="ITEM…", help="Keys such as a3.")],
    into: Annotated[str, typer.Option(help="The incident that they go into.")],
    by: By,
) -> None:
    """Move some items of an incident into another one, where they and their copies stay."""
    with open_app() as app:
        other = app.curation.move(incident, cast("list[ItemKey]", items), into, by)
    results().print(f"{other.id} now holds {len(other.item_keys)} items.")


def _decide(
    incident: str,
    decision: Decision,
    revision: int,
    by: str,
    note: str | None,
    override: str | None = None,
) -> None:
    with open_app() as app:
        done = app.decisions.decide(
            incident, decision, by, revision=revision, note=note, override=override
        )
    results().print(f"Revision {done.revision}: {done.state.value.replace('_', ' ')} by {done.by}.")


def _edits(file: Path) -> Sequence[Edit]:
    from pydantic import TypeAdapter, ValidationError

    from summarizer.review.edits import Edit

    class Row(Edit):
        """An edit as ``review section`` prints it: with why the claim is withheld."""

        withheld: str | None = None

    with opened(file) as stream:
        text = stream.read()
    try:
        return TypeAdapter(list[Row]).validate_json(text)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise InputError(f"{file} holds no edits: {faults}.") from error


def _section(draft: Draft, key: str) -> Section:
    try:
        return draft.section(key)
    except KeyError:
        there = ", ".join(section.key for section in draft.sections)
        raise InputError(f"There is no section {key!r}; there are {there}.") from None


def _told(draft: Draft, key: str) -> None:
    section = draft.section(key)
    locked = f", locked by {section.locked_by}" if section.locked_by else ""
    results().print(
        f"Revision {draft.revision}: {key} shows {len(section.shown)} sentence(s) and withholds "
        f"{len(section.withheld)}{locked}."
    )
    for claim in section.withheld:
        tell(f"  withheld: {claim.claim.text} ({_reasons(claim)})")


def _row(claim: CheckedClaim) -> dict[str, Any]:
    return {"id": claim.id, "claim": claim.claim.model_dump(mode="json", exclude={"id"})}


def _reasons(claim: CheckedClaim) -> str:
    return " ".join(failure.reason for failure in claim.verdict.failures)


def _text(claim: CheckedClaim | None) -> str:
    return claim.claim.text if claim else ""


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(of)}" for name, of in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
