"""Commands that ask people for labels and take them: sheets for annotators, edits of editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.app import open_app
from summarizer.cli.files import check_apart, check_writable
from summarizer.cli.output import plain_table, results, say, tell
from summarizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evals.labels.annotators import Labelling
    from evals.labels.rows import CitedClaim
    from evals.labels.sheet import Filled
    from summarizer.domain.drafts import Draft
    from summarizer.storage.store import Store

MOST_SHEETS = 3

Seed = Annotated[int, typer.Option(help="Seed of the order of the rows.")]


def register(commands: typer.Typer) -> None:
    """Add the commands of this module to those of ``eval``."""
    commands.command("sheet")(sheet)
    commands.command("labels")(labels)


def sheet(
    out: Annotated[Path, typer.Option(metavar="SHEET.csv", help="CSV file to write.")],
    incidents: Annotated[
        list[str] | None,
        typer.Argument(metavar="INCIDENT…", help="Incidents; default: all with a draft."),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(help="Run of `eval drafting` to take the drafts from, in place of the store."),
    ] = None,
    seed: Seed = 0,
) -> None:
    """Write the drafted claims to a sheet, for people to label.

    A row has a claim of the newest draft with the passages that it cites, and empty cells for
    `label` (supported or unsupported) and `note`. Rows are shuffled and bear no verdict, so the
    first hundred are a sample. Give each annotator a copy, and read them with `eval labels`.
    """
    from evals.labels.rows import drafted
    from evals.labels.sheet import fits, write

    check_writable(out)
    if run is not None and incidents:
        raise InputError("Name incidents of the store, or a run with --run.")
    if run is not None:
        claims, uncited = drafted(_drafts_of_run(run))
    else:
        with open_app() as app:
            claims, uncited = drafted(_drafts(app.store, incidents or ()))
    kept = [claim for claim in claims if fits(claim)]
    if not kept:
        raise InputError("There is nothing to label: no draft has a claim with its passages.")
    write(out, kept, seed)
    tell(f"Written: {out}, {len(kept)} claims of {len({c.incident for c in kept})} incident(s).")
    if uncited:
        tell(f"Left out: {uncited} claim(s) that cite nothing.")
    if len(kept) < len(claims):
        tell(f"Left out: {len(claims) - len(kept)} claim(s) that no spreadsheet would keep whole.")


def labels(
    sheets: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="SHEET…",
            help="Filled sheets: of one annotator, of two, and of a third who decides where they "
            "differ.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="ROWS.jsonl", help="File of labelled rows to write.")
    ] = None,
    disputed: Annotated[
        Path | None,
        typer.Option(
            metavar="SHEET.csv",
            help="Sheet to write for the third: the claims on which two differ, with their labels.",
        ),
    ] = None,
    from_edits: Annotated[
        bool,
        typer.Option("--from-edits", help="Take the labels from what editors changed and why."),
    ] = False,
    seed: Seed = 0,
) -> None:
    """Make labelled rows for `eval verifier` of filled sheets, or of editors' edits.

    Two sheets: prints Cohen's κ with its interval, both annotators' labels and every claim on which
    they differ. Rows that both label alike are written; of the others only what a third decides.
    """
    from evals.labels import annotators, edits

    given = sheets or []
    _check(given, out, disputed, from_edits)
    if from_edits:
        with open_app() as app:
            rows = edits.from_store(app.store)
    else:
        found = annotators.together([_filled(path) for path in given])
        rows = [claim.labelled(label) for claim, label in found.labels]
        if len(given) > 1:
            _print_agreement(found)
        if disputed is not None:
            _write_disputed(found, disputed, seed)
    if out is not None:
        _write_rows(rows, out)
    supported = sum(row["label"] for row in rows)
    tell(f"{len(rows)} labelled: {supported} supported, {len(rows) - supported} unsupported.")


def _check(
    sheets: Sequence[Path], out: Path | None, disputed: Path | None, from_edits: bool
) -> None:
    if from_edits == bool(sheets):
        raise InputError("Name filled sheets, or give --from-edits.")
    if len(sheets) > MOST_SHEETS:
        raise InputError(
            "Name at most three sheets: of two annotators, and of a third who decides."
        )
    if disputed is not None and len(sheets) < 2:
        raise InputError("--disputed needs the sheets of two annotators.")
    for path in (out, disputed):
        if path is not None:
            check_writable(path)
            check_apart(path, sheets)
    if out is not None and disputed is not None and out.resolve() == disputed.resolve():
        raise InputError("--out and --disputed name one file. Name two.")


def _filled(path: Path) -> list[Filled]:
    """The rows of a sheet.

    Raises:
        InputError: it cannot be read, or nobody has labelled a row of it.
    """
    from evals.labels import sheet as label_sheet

    rows = label_sheet.read(path)
    if all(row.label is None for row in rows):
        raise InputError(f"{path} has no label: fill its column 'label' first.")
    return rows


def _drafts(store: Store, incidents: Sequence[str]) -> Iterator[Draft]:
    """The newest draft of each incident that has one; of all incidents if none is named."""
    for id_ in incidents or _all(store):
        draft = store.newest_draft(id_)
        if draft is not None:
            yield draft


def _drafts_of_run(run: Path) -> Iterator[Draft]:
    """The drafts of a run, each under the key of its story: all are the first incident of a store
    of their own.

    Raises:
        InputError: there is no run.
    """
    from evals.framework import records, runner

    runner.load(run)
    for record in records.read(run):
        if record.draft is not None:
            yield record.draft.model_copy(update={"incident_id": record.key})


def _all(store: Store) -> Iterator[str]:
    page = 100
    offset = 0
    while found := store.incidents(page, offset):
        yield from (incident.id for incident in found)
        offset += page


def _print_agreement(found: Labelling) -> None:
    from evals.framework.formats import known, number
    from evals.labels import annotators

    for one in annotators.agreement(found):
        ends = f"[{number(one.low)}, {number(one.high)}]" if known(one.low) else "no interval"
        say(f"{one.name}: {number(one.value)} {ends}, {one.n} claims labelled by both")
    table = plain_table("first \\ second", *annotators.WORDS)
    for word, counts in zip(annotators.WORDS, annotators.confusion(found), strict=True):
        table.add_row(word, *map(str, counts))
    results().print(table)
    for differ in found.disagreements:
        first, second = (annotators.WORDS[row.label or 0] for row in (differ.first, differ.second))
        notes = " | ".join(row.note for row in (differ.first, differ.second) if row.note)
        decided = "" if differ.decided is None else f"; decided: {annotators.WORDS[differ.decided]}"
        say(
            f"{differ.first.claim.id}: {first}, {second}{decided}: {differ.first.claim.claim}"
            f"{f' ({notes})' if notes else ''}"
        )
    if found.alone:
        tell(f"Left out: {found.alone} claim(s) that only one of both labelled.")
    if open_ := sum(differ.decided is None for differ in found.disagreements):
        tell(f"Left out: {open_} claim(s) on which both differ and nobody has decided.")


def _write_disputed(found: Labelling, path: Path, seed: int) -> None:
    from evals.labels import annotators
    from evals.labels.sheet import write

    claims: list[CitedClaim] = []
    more: dict[str, dict[str, str]] = {}
    for differ in found.disagreements:
        claims.append(differ.first.claim)
        more[differ.first.claim.id] = {
            f"{name} {what}": said
            for name, row in (("first", differ.first), ("second", differ.second))
            for what, said in (("label", annotators.WORDS[row.label or 0]), ("note", row.note))
        }
    write(path, claims, seed, more)
    tell(f"Written: {path}, {len(claims)} claims to decide.")


def _write_rows(rows: Sequence[dict[str, Any]], path: Path) -> None:
    from evals.framework.runner import write_atomically

    write_atomically(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    tell(f"Written: {path}")
