"""Count the changes of all standings, which tells whether a list is out of date."""

import sqlalchemy as sa
from alembic import op

revision = "0010_standings_changes"
down_revision = "0009_decisions"


def upgrade() -> None:
    """Add the counter."""
    counter = op.create_table(
        "standings_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standings_changes"),
    )
    op.bulk_insert(counter, [{"id": 1, "changes": 0}])
