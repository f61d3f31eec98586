"""Every try of a delivery in the place of the last one alone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

LAST = """
UPDATE deliveries SET tries = json_array(json_object(
    'at', replace(answered_at, ' ', 'T') || 'Z',
    'ms', NULL, 'status', answer_status, 'text', answer))
WHERE answered_at IS NOT NULL
"""


def upgrade() -> None:
    """Make the last try the first that is kept; how long it took was not noted."""
    op.add_column("deliveries", sa.Column("tries", sa.JSON(), nullable=False, server_default="[]"))
    op.execute(LAST)
    op.drop_column("deliveries", "answer_status")
    op.drop_column("deliveries", "answer")
