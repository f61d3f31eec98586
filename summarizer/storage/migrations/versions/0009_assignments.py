"""Why items are where they are, and what editors ruled about it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "assignments",
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_assignments_item"),
        sa.PrimaryKeyConstraint("item", name="pk_assignments"),
    )
    op.create_table(
        "rulings",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("belongs", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_rulings_item"),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_rulings_incident"),
        sa.PrimaryKeyConstraint("number", name="pk_rulings"),
    )
    op.create_index("ix_rulings_item", "rulings", ["item"], unique=False)
