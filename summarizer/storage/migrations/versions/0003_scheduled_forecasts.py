"""Forecasts without a probability: steps that a source announces for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0003_scheduled_forecasts"
down_revision = "0002_installation"


def upgrade() -> None:
    """Let a forecast have no probability."""
    with op.batch_alter_table("forecasts") as table:
        table.alter_column("probability", existing_type=sa.Float, nullable=True)
