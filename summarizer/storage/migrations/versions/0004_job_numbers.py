"""The order in which jobs were asked for, which SQLite alone knew of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004_job_numbers"
down_revision = "0003_scheduled_forecasts"


def upgrade() -> None:
    """Number the jobs in the order of insertion."""
    op.add_column("jobs", sa.Column("number", sa.Integer))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("UPDATE jobs SET number = rowid")
    op.create_index("ix_jobs_number", "jobs", ["number"])
