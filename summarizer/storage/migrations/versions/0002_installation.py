"""The id of an installation, under which it keeps its vectors on a Chroma server."""

import sqlalchemy as sa
from alembic import op

revision = "0002_installation"
down_revision = "0001_initial"


def upgrade() -> None:
    """Create the table, without a row: the id is made when it is first needed."""
    op.create_table("installation", sa.Column("id", sa.String(32), primary_key=True))
