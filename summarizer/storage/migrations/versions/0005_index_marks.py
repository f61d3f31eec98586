"""How far the index is filled, so that no start need read it whole."""

import sqlalchemy as sa
from alembic import op

revision = "0005_index_marks"
down_revision = "0004_job_numbers"


def upgrade() -> None:
    """Mark nothing: the next start compares index and store once more, and then marks them."""
    op.create_table(
        "index_marks",
        sa.Column("collection", sa.String(64), primary_key=True),
        sa.Column("item", sa.Integer, nullable=False),
    )
    op.add_column("fingerprints", sa.Column("heading_in", sa.String(64)))
