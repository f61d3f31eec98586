"""Who has an incident open."""

import sqlalchemy as sa
from alembic import op

revision = "0017_presence"
down_revision = "0016_also_in"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "presence",
        sa.Column("incident", sa.Integer, primary_key=True),
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_presence_incident"),
        sqlite_with_rowid=False,
    )
