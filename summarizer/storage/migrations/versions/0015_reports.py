"""Readers' reports of an inaccuracy."""

import sqlalchemy as sa
from alembic import op

revision = "0015_reports"
down_revision = "0014_holds"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "reports",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("incident", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("note", sa.Text),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_reports_incident"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_incident", "reports", ["incident"])
