"""Commands that take approved pages to readers, and the day to the newsroom."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import document, json_text, results, tell
from summarizer.errors import InputError


class DigestFormat(StrEnum):
    """Format of a digest."""

    TEXT = "text"
    JSON = "json"
    SLACK = "slack"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("publish")(publish)
    app.command("digest")(digest)


def publish(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the site; made if it is not there.")
    ],
    base_url: Annotated[
        str | None,
        typer.Option(
            help="URL at which the folder is shown, for feeds and sitemap; default: "
            "SUMMARIZER_PUBLIC_URL."
        ),
    ] = None,
) -> None:
    """Write the approved pages as a static site: index, pages, feeds, corrections, method.

    It works from a disk and below any path, without a script and without another server. A page
    that was withdrawn is replaced by a note, one that was merged by a link; what is unchanged is
    not written. Drafts, withheld sentences and editors' notes never appear. Exits with 7 while
    another run writes the folder.
    """
    from summarizer.settings import load

    chosen = load()
    base = base_url or chosen.public_url
    check_url(base_url)
    with open_app(chosen) as app:
        changes = app.public_site.write(folder, base)
    results().print(
        f"{folder}: {changes.written} written, {changes.removed} removed, "
        f"{changes.unchanged} unchanged.",
        soft_wrap=True,
    )
    if base is None:
        tell("Feeds have relative links, and there is no sitemap: give --base-url for both.")


def digest(
    day: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day in UTC, such as 2026-05-31; default: yesterday."),
    ] = None,
    form: Annotated[
        DigestFormat,
        typer.Option("--format", "-f", help="Format; slack is what its incoming webhooks take."),
    ] = DigestFormat.TEXT,
) -> None:
    """Print what happened on a day, and what waits for an editor now, to be sent on by cron.

    Links are absolute with SUMMARIZER_SERVICE_URL. It is for the newsroom: it has titles
    of drafts that nobody approved. What an embargo or a legal hold withholds is left out.
    """
    from summarizer.incidents.digest import as_text, for_slack, of_day

    with open_app() as app:
        chosen = _day(day) or app.clock.now().date() - dt.timedelta(days=1)
        base = app.settings.service_url or app.settings.root_path
        found = of_day(app.store, app.incidents, app.withholding.ids(), chosen, base)
    if form is DigestFormat.TEXT:
        document(as_text(found))
    elif form is DigestFormat.SLACK:
        json_text(for_slack(found))
    else:
        json_text(found.model_dump_json(indent=1))


def _day(text: str | None) -> dt.date | None:
    try:
        day = None if text is None else dt.date.fromisoformat(text)
        if day == dt.date.max:
            raise ValueError("it has no end")
    except ValueError:
        raise InputError(f"{text!r} is no day: write 2026-05-31.", field="day") from None
    return day


def check_url(url: str | None) -> None:
    """Raises ``InputError`` for what pages cannot be linked below."""
    import re

    from summarizer.settings import BASE_URL

    if url is not None and not re.fullmatch(BASE_URL, url):
        raise InputError(
            f"{url!r} is no URL of a folder: write https://host/path, without a name, a password, "
            "'?' or '#'.",
            field="base_url",
        )
