"""Drafts of incidents."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, func, insert, select

from summarizer.domain.drafts import Draft
from summarizer.domain.reviews import Revision
from summarizer.errors import NotFoundError, StorageError
from summarizer.storage import tables
from summarizer.storage.database import Database
from summarizer.storage.deletions import refuse_deleted
from summarizer.storage.dialects import json_field
from summarizer.storage.incidents import RESOLVED, exact_number, unknown_incident
from summarizer.storage.locks import STORING, drafts_of


class Drafts:
    """Drafts, each a revision of one incident that is never changed."""

    _database: Database

    def save_draft(self, draft: Draft) -> Draft:
        """Store a draft as the next revision of exactly its incident; whatever revision it came
        with is replaced by the one that is returned.

        Raises:
            ConflictError: a source of it was deleted since the evidence was read.
        """
        with self._database.writing(drafts_of(draft.incident_id), STORING) as connection:
            refuse_deleted(connection, [item.key for item in draft.evidence.items])
            number, highest = _newest(connection, tables.incidents.c.number, draft.incident_id)
            saved = draft.model_copy(update={"revision": (highest or 0) + 1})
            row = {
                "incident": number,
                "revision": saved.revision,
                "created_at": saved.created_at,
                "drafter": saved.drafter,
                "model": saved.model,
                "evidence_hash": saved.evidence_hash,
                "body": saved.model_dump_json(),
            }
            connection.execute(insert(tables.drafts).values(row))
        return saved

    def newest_draft(self, incident_id: str) -> Draft | None:
        """The newest revision, ``None`` before the first."""
        query = (
            select(tables.drafts.c.body)
            .select_from(tables.incidents)
            .outerjoin(tables.drafts, tables.drafts.c.incident == RESOLVED)
            .where(tables.incidents.c.id == incident_id)
            .order_by(tables.drafts.c.revision.desc())
        )
        with self._database.reading() as connection:
            row = connection.execute(query.limit(1)).one_or_none()
        if row is None:
            raise unknown_incident(incident_id)
        return None if row.body is None else _draft_of(row.body, incident_id)

    def newest_revision(self, incident_id: str) -> int | None:
        """Number of the newest revision, ``None`` before the first."""
        with self._database.reading() as connection:
            return _newest(connection, RESOLVED, incident_id)[1]

    def draft(self, incident_id: str, revision: int) -> Draft:
        """One revision of exactly that incident, so that a cited revision outlives a merge."""
        with self._database.reading() as connection:
            number = exact_number(connection, incident_id)
            query = select(tables.drafts.c.body).where(tables.drafts.c.incident == number)
            body = connection.scalar(query.where(tables.drafts.c.revision == revision))
        if body is None:
            raise NotFoundError(
                f"Incident {incident_id} has no draft of revision {revision}.", field="revision"
            )
        return _draft_of(body, incident_id)

    def drafts(self, incident_id: str, after: int = 0, limit: int | None = None) -> list[Draft]:
        """Revisions of exactly that incident above a number, oldest first; all without a limit."""
        drafts = tables.drafts.c
        with self._database.reading() as connection:
            number = exact_number(connection, incident_id)
            wanted = (drafts.incident == number) & (drafts.revision > after)
            query = select(drafts.body).where(wanted).order_by(drafts.revision).limit(limit)
            bodies = list(connection.scalars(query))
        return [_draft_of(body, incident_id) for body in bodies]

    def revisions(self, incident_id: str) -> list[Revision]:
        """Revisions of exactly that incident, oldest first, without their sections."""
        drafts = tables.drafts.c
        said = [json_field(drafts.body, name).label(name) for name in ("made_by", "change")]
        with self._database.reading() as connection:
            number = exact_number(connection, incident_id)
            query = select(drafts.revision, drafts.created_at, drafts.drafter, *said)
            rows = connection.execute(
                query.where(drafts.incident == number).order_by(drafts.revision)
            )
            return [Revision.model_validate(dict(row._mapping)) for row in rows]


def _newest(
    connection: Connection, number: ColumnElement[int], incident_id: str
) -> tuple[int, int | None]:
    """A number of the incident with that id, and the newest revision that is stored under it."""
    newest = select(func.max(tables.drafts.c.revision)).where(tables.drafts.c.incident == number)
    query = select(number, newest.scalar_subquery()).where(tables.incidents.c.id == incident_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise unknown_incident(incident_id)
    return row[0], row[1]


def _draft_of(body: str, incident_id: str) -> Draft:
    """A draft from its stored JSON."""
    try:
        return Draft.model_validate_json(body)
    except ValidationError as error:
        raise StorageError(
            f"A stored draft of {incident_id} cannot be read by this version of the program: "
            f"{error}"
        ) from error
