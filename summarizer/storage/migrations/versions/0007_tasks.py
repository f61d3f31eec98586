"""Tasks of the embedded queue, which hold the leases that jobs had."""

import sqlalchemy as sa
from alembic import op

revision = "0007_tasks"
down_revision = "0006_standings"


def upgrade() -> None:
    """Add the tasks; waiting and running jobs get theirs from the first process that starts."""
    op.create_table(
        "tasks",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("lock", sa.Text),
        sa.Column("queueing_lock", sa.Text),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("holder", sa.String(32)),
        sa.Column("lease_until", sa.DateTime),
        sqlite_autoincrement=True,
    )
    for name in ("lock", "queueing_lock", "holder"):
        op.create_index(f"ix_tasks_{name}", "tasks", [name])
    op.drop_column("jobs", "lease_until")
