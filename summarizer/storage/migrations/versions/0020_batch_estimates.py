"""What a question in a message batch can take at most, for budgets."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the columns; nothing is set aside for what is under way already."""
    for name in ("most_sent", "most_written"):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("batch_questions", column)
