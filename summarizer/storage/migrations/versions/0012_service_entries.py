"""Entries of the history that speak of no incident."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Let the incident be missing.

    SQLite has no statement for it.  Its documentation names this way for a constraint that is
    dropped (lang_altertable, "Making Other Kinds Of Table Schema Changes"); the other, a new table
    in the place of the old one, would delete what refers to it.
    """
    connection = op.get_bind()
    table = {"name": "entries"}
    was = connection.scalar(sa.text("SELECT sql FROM sqlite_schema WHERE name = :name"), table)
    shall = str(was).replace("incident INTEGER NOT NULL", "incident INTEGER")
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    change = sa.text("UPDATE sqlite_schema SET sql = :sql WHERE name = :name")
    connection.execute(change, table | {"sql": shall})
    connection.execute(sa.text(f"PRAGMA schema_version = {int(version or 0) + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))
