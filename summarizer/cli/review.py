"""Commands for editors: edit, lock, review and compare drafts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.app import open_app
from summarizer.cli import holds, reports
from summarizer.cli.files import MOST, STDIN, opened
from summarizer.cli.incidents import IncidentArgument
from summarizer.cli.items import print_report
from summarizer.cli.output import data, results, say, tell
from summarizer.domain.corrections import ApprovedChange
from summarizer.domain.reviews import ChangeReason
from summarizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.domain.claims import CheckedClaim
    from summarizer.domain.drafts import Draft, Section
    from summarizer.domain.reviews import Decision
    from summarizer.review.edits import Edit

SectionArgument = Annotated[str, typer.Argument(metavar="SECTION", help="Such as key_points.")]
By = Annotated[str, typer.Option(help="Your name, for the history.")]
Note = Annotated[str | None, typer.Option(help="Note for other editors.")]
Revision = Annotated[int, typer.Option(min=1, max=MOST, help="The revision that you read.")]

Reason = Annotated[
    ChangeReason | None, typer.Option(help="Reason, from a short list, for labelled rows.")
]
Sentences = Annotated[
    list[str] | None,
    typer.Option(
        "--sentence", metavar="ID", help="Id of a sentence that the reason is about; repeat it."
    ),
]

MARKS = {"same": " ", "changed": "~", "added": "+", "removed": "-"}

review = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Edit, lock, compare and approve drafts. Every change makes a new revision.",
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    holds.register(review)
    reports.register(review)
    app.add_typer(review, name="review")


@review.command("section")
def show_section(incident: IncidentArgument, section: SectionArgument) -> None:
    """Print a section as JSON for `review edit`.

    `withheld` gives the reasons why a claim is not shown; add `restore` with yours to show it.
    """
    with open_app() as app:
        found = _section(app.reviews.newest(incident), section)
    rows = [_row(claim) for claim in found.shown]
    rows += [_row(claim) | {"withheld": _reasons(claim)} for claim in found.withheld]
    data(rows, indent=2)


@review.command("edit")
def edit_section(
    incident: IncidentArgument,
    section: SectionArgument,
    file: Annotated[Path, typer.Argument(help="JSON from `review section`; - for stdin.")],
    by: By,
) -> None:
    """Replace the sentences of a section by those of the file; changed ones are verified.

    Shown sentences that are not in the file are removed. Failing sentences are withheld with
    reasons. `"reason"` says why a sentence is changed, or removed by `{"id", "remove": true}`:
    unsupported, wrong_source, style or not_news.
    """
    edits = _edits(file)
    with open_app() as app:
        draft = app.reviews.edit(incident, section, edits, by)
    _print_section(draft, section)


@review.command("lock")
def lock_section(
    incident: IncidentArgument,
    section: SectionArgument,
    by: By,
    unlock: Annotated[bool, typer.Option("--unlock", help="Unlock it instead.")] = False,
) -> None:
    """Lock a section: new drafts become suggestions, and other editors are refused."""
    with open_app() as app:
        draft = app.reviews.lock(incident, section, by, locked=not unlock)
    _print_section(draft, section)


@review.command("suggestion")
def answer_suggestion(
    incident: IncidentArgument,
    section: SectionArgument,
    by: By,
    accept: Annotated[bool, typer.Option("--accept/--refuse", help="Accept or delete it.")],
) -> None:
    """Accept or refuse the suggestion of a new draft for an edited or locked section."""
    with open_app() as app:
        draft = app.reviews.answer(incident, section, by, accept=accept)
    _print_section(draft, section)


@review.command("approve")
def approve(
    incident: IncidentArgument,
    revision: Revision,
    by: By,
    note: Note = None,
    override: Annotated[
        str | None, typer.Option(help="Reason for an approval despite obstacles.")
    ] = None,
    read: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Id, from `review status`, of a sentence that you read beside its passages and "
            "confirm; repeat it for each.",
        ),
    ] = None,
    senior: holds.Senior = False,
    why: Annotated[
        str | None, typer.Option(help="Why an approved page changes; required where it does.")
    ] = None,
    corrects: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Id, from `review status`, of a changed sentence that readers are told of as "
            "corrected; repeat it for each.",
        ),
    ] = None,
) -> None:
    """Approve a revision; refused while there are obstacles, unless `--override` is given."""
    if corrects and why is None:
        raise InputError("A correction needs --why, which readers are told.", field="why")
    change = None if why is None else ApprovedChange(why=why, corrects=tuple(corrects or ()))
    more = {"override": override, "read": read or (), "senior": senior, "change": change}
    _decide(incident, "approve", revision, by, note, **more)


@review.command("request-changes")
def request_changes(
    incident: IncidentArgument,
    revision: Revision,
    by: By,
    note: Note = None,
    reason: Reason = None,
    sentence: Sentences = None,
) -> None:
    """Request changes of a revision; the note says which."""
    refused = {"reason": reason, "sentences": sentence or ()}
    _decide(incident, "request_changes", revision, by, note, **refused)


@review.command("reject")
def reject(
    incident: IncidentArgument,
    revision: Revision,
    by: By,
    note: Note = None,
    reason: Reason = None,
    sentence: Sentences = None,
) -> None:
    """Reject a revision; the note says why."""
    refused = {"reason": reason, "sentences": sentence or ()}
    _decide(incident, "reject", revision, by, note, **refused)


@review.command("withdraw")
def withdraw(incident: IncidentArgument, revision: Revision, by: By, note: Note = None) -> None:
    """Withdraw an approval; the note says why."""
    _decide(incident, "withdraw", revision, by, note)


@review.command("add-item")
def add_item(
    incident: IncidentArgument,
    by: By,
    url: Annotated[str | None, typer.Option(help="URL of an article to fetch.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="File of items as for `ingest`; - for stdin.")
    ] = None,
) -> None:
    """Add a source to an incident, by its URL or from a file.

    An item that is already stored is moved to the incident.
    """
    if (url is None) == (file is None):
        raise InputError("Give either --url or --file, not both.")
    from summarizer.feeds.collect import PATIENT

    with open_app() as app:
        found = app.store.incident(incident).id
        if url is not None:
            row = app.importer.article(url, tries=PATIENT)
            report = app.curation.add_items(found, app.pipeline.ingest_rows([row]), by, url)
        else:
            with opened(file or STDIN) as stream:
                report = app.curation.add_items(found, app.pipeline.ingest(stream), by)
        app.pipeline.settle()
    print_report([*report.accepted, *report.duplicates, *report.rejected], url or str(file))
    if report.rejected:
        raise typer.Exit(1)


@review.command("history")
def show_history(incident: IncidentArgument) -> None:
    """List the events of an incident, oldest first."""
    with open_app() as app:
        entries = app.reviews.history(incident)
    for entry in entries:
        revision = f" revision {entry.revision}" if entry.revision else ""
        more = "; ".join(f"{name}: {_words(value)}" for name, value in entry.detail.items())
        say(
            f"{entry.at:%Y-%m-%d %H:%M} UTC  {entry.actor}: {entry.kind.value.replace('_', ' ')}"
            f"{revision}{f' ({more})' if more else ''}"
        )


@review.command("status")
def show_status(incident: IncidentArgument) -> None:
    """Show the review state, obstacles to an approval, findings and reasons for attention."""
    with open_app() as app:
        draft, reviewed = app.reviews.newest(incident), app.decisions.newest(incident)
        standing, obstacles = app.reviews.standing(draft), app.reviews.obstacles(draft)
        attention = app.reviews.attention(draft, standing)
        held = app.holds.of(incident)
        changed = app.corrections.since_approval(draft)
    state = reviewed.of(draft.revision).value.replace("_", " ")
    lines = [f"Revision {draft.revision} of {draft.incident_id}: {state}."]
    lines += [f"hold: {holds.words(hold)}" for hold in held]
    lines += [f"against: {reason}" for reason in obstacles]
    lines += [
        f"changed since it was approved: {one.id} ({one.section}): {one.before or 'nothing'} → "
        f"{one.after or 'nothing'}"
        for one in changed
    ]
    if state != "approved":
        lines += [
            f"to read: {claim.id} ({key}): {claim.claim.text}" for key, claim in draft.to_read()
        ]
    lines += [f"{f.effect.value}: {f.section}: {f.claim} ({f.reason})" for f in standing]
    lines += [f"attention: {reason}" for reason in attention]
    for line in lines:
        say(line)


@review.command("diff")
def show_difference(
    incident: IncidentArgument,
    before: Annotated[int, typer.Argument(min=1, max=MOST, help="The older revision.")],
    after: Annotated[int, typer.Argument(min=1, max=MOST, help="The newer revision.")],
) -> None:
    """Compare two revisions sentence by sentence: `+` added, `-` removed, `~` changed."""
    from summarizer.review.diff import Change

    with open_app() as app:
        found = app.reviews.difference(incident, before, after)
        done = app.reviews.findings(incident, before, after)
    changed = [section for section in found if not section.is_same]
    for section in changed:
        say(f"{section.key}:")
        for row in section.rows:
            if row.change is Change.CHANGED and row.before:
                say(f"  {MARKS[row.change]} {row.before.claim.text}")
                say(f"  → {_text(row.after)}")
            else:
                say(f"  {MARKS[row.change]} {_text(row.after or row.before)}")
    for finding in done:
        say(f"{finding.effect.value}: {finding.claim} ({finding.reason})")
    if not changed:
        tell("Both revisions show the same sentences.")


def _decide(
    incident: str,
    decision: Decision,
    revision: int,
    by: str,
    note: str | None,
    **more: Any,
) -> None:
    with open_app() as app:
        done = app.decisions.decide(incident, decision, by, revision=revision, note=note, **more)
    results().print(f"Revision {done.revision}: {done.state.value.replace('_', ' ')} by {done.by}.")


def _edits(file: Path) -> Sequence[Edit]:
    from pydantic import TypeAdapter, ValidationError

    from summarizer.review.edits import Edit
    from summarizer.text import strict_json

    class Row(Edit):
        """An edit with the ``withheld`` reasons that ``review section`` prints."""

        withheld: str | None = None

    with opened(file) as stream:
        text = stream.read()
    try:
        return TypeAdapter(list[Row]).validate_python(strict_json.loads(text))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise InputError(f"{file} has no valid edits: {faults}.") from error
    except ValueError as error:
        raise InputError(f"{file} has no valid edits: {strict_json.why(error)}.") from error


def _section(draft: Draft, key: str) -> Section:
    try:
        return draft.section(key)
    except KeyError:
        there = ", ".join(section.key for section in draft.sections)
        raise InputError(f"There is no section {key!r}; there are {there}.") from None


def _print_section(draft: Draft, key: str) -> None:
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
        told = ((name, of) for name, of in value.items() if of is not None)
        return ", ".join(f"{name} {_words(of)}" for name, of in told)
    return ", ".join(map(_words, value)) if isinstance(value, list) else str(value)
