"""Deletions of source items, and the epochs of the log."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0011_erasure"
down_revision = "0010_standings_changes"


def upgrade() -> None:
    """Add the tables; a log that has begun is of one epoch."""
    epochs = op.create_table(
        "epochs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "deletions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("incident", sa.Integer),
        sa.Column("finished_at", sa.DateTime),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_deletions_incident"),
        sqlite_autoincrement=True,
    )
    deleted = op.create_table(
        "deleted_items",
        sa.Column("item", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("deletion", sa.Integer, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("url_hash", sa.String(64)),
        sa.Column("text_hash", sa.String(64)),
        sa.Column("erased_at", sa.DateTime),
        sa.Column("unindexed_at", sa.DateTime),
        sa.ForeignKeyConstraint(
            ["deletion"], ["deletions.number"], name="fk_deleted_items_deletion"
        ),
    )
    for name in ("deletion", "url_hash", "text_hash"):
        op.create_index(f"ix_deleted_items_{name}", "deleted_items", [name])
    waiting = deleted.c.unindexed_at.is_(None)
    op.create_index(
        "ix_deleted_items_waiting",
        "deleted_items",
        ["item"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.add_column("incidents", sa.Column("deleted_at", sa.DateTime))
    events = sa.table("events", sa.column("number", sa.Integer))
    if op.get_bind().scalar(sa.select(events.c.number).limit(1)) is not None:
        op.bulk_insert(epochs, [{"id": uuid4().hex[:12], "first": 1}])
