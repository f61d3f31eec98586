"""Items that further incidents show."""

import sqlalchemy as sa
from alembic import op

revision = "0016_also_in"
down_revision = "0015_reports"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "also_in",
        sa.Column("item", sa.Integer, primary_key=True),
        sa.Column("incident", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_also_in_item"),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_also_in_incident"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_also_in_incident", "also_in", ["incident"])
