"""When the log told that a forecast is due."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column: of those that are there the log has told nothing."""
    op.add_column("forecasts", sa.Column("due_told_at", sa.DateTime(), nullable=True))
