"""Standings of incidents, so that lists and plans read no text."""

import sqlalchemy as sa
from alembic import op

revision = "0006_standings"
down_revision = "0005_index_marks"


def upgrade() -> None:
    """Make the table, with a row to be filled for each incident."""
    made = op.create_table(
        "standings",
        sa.Column("incident", sa.Integer, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False, server_default="1"),
        sa.Column("items_changed", sa.Integer, nullable=False, server_default="1"),
        sa.Column("seen", sa.Integer, nullable=False, server_default="0"),
        sa.Column("highest", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("newest_at", sa.DateTime),
        sa.Column("score", sa.Float),
        sa.Column("fades_from", sa.DateTime),
        sa.Column("fade", sa.Float),
        sa.Column("closes_at", sa.DateTime),
        sa.Column("major_from", sa.DateTime),
        sa.Column("major_until", sa.DateTime),
        sa.Column("growing_until", sa.DateTime),
        sa.Column("debated", sa.Boolean),
        sa.Column("review", sa.Text),
        sa.Column("attention", sa.Boolean),
        sa.Column("due_at", sa.DateTime),
        sa.Column("rules", sa.String(16)),
        sa.Column("body", sa.Text),
        sa.PrimaryKeyConstraint("incident", name="pk_standings"),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_standings_incident"),
    )
    changed = made.c.changes != made.c.seen
    op.create_index(
        "ix_standings_changed",
        "standings",
        ["incident"],
        sqlite_where=changed,
        postgresql_where=changed,
    )
    for name in ("newest_at", "fade", "fades_from", "due_at"):
        op.create_index(f"ix_standings_{name}", "standings", [name, "incident"])
    counted = [
        *("highest", "incident", "seen", "changes", "newest_at", "score", "fades_from", "fade"),
        *("closes_at", "major_from", "major_until", "growing_until", "debated"),
        *("review", "attention"),
    ]
    op.create_index("ix_standings_counted", "standings", counted)
    op.create_index("ix_events_kind", "events", ["kind", "number"])
    incidents = sa.table(
        "incidents", sa.column("number", sa.Integer), sa.column("merged_into", sa.Integer)
    )
    lasting = sa.select(incidents.c.number).where(incidents.c.merged_into.is_(None))
    op.execute(sa.insert(made).from_select(["incident"], lasting))
