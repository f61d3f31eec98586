"""Secrets of webhooks that others took the place of, which sign for a while longer."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column; nothing was rotated before."""
    op.add_column("webhooks", sa.Column("former", sa.JSON(), nullable=False, server_default="[]"))
