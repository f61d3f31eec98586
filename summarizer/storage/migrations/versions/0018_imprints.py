"""What was read off items for clustering.

The table starts empty: a reading is made when it is first needed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "imprints",
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_imprints_item"),
        sa.PrimaryKeyConstraint("item", name="pk_imprints"),
    )
