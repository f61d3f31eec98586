"""Who makes a draft, and until when nobody else does; whose fault a failure was."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; what ran when the database was last closed is made again."""
    op.add_column(
        "jobs", sa.Column("blameless", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("jobs", sa.Column("holder", sa.String(length=32), nullable=True))
    op.add_column("jobs", sa.Column("lease_until", sa.DateTime(), nullable=True))
    op.execute("UPDATE jobs SET status = 'queued' WHERE status = 'running'")
    op.create_index(
        "uq_jobs_running_whole",
        "jobs",
        ["incident"],
        unique=True,
        sqlite_where=sa.text("status = 'running' AND section IS NULL"),
    )
