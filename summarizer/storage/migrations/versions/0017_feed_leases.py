"""Who polls a feed now, and until when nobody else does."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("feeds", sa.Column("holder", sa.String(length=32), nullable=True))
    op.add_column("feeds", sa.Column("lease_until", sa.DateTime(), nullable=True))
