"""An index of the senders' ids, by which they ask what became of their items."""

from alembic import op

revision = "0012_source_ids"
down_revision = "0011_erasure"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_items_source_id", "items", ["source_id"])
