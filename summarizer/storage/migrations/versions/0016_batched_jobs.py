"""Which drafts are made by drafting in bulk, and wait for message batches."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column; of what was in a batch before, nothing was reserved."""
    op.add_column(
        "jobs", sa.Column("batched", sa.Boolean(), nullable=False, server_default=sa.false())
    )
