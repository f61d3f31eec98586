"""What clustering has learned of the items, so that no process reads them all at its start."""

import sqlalchemy as sa
from alembic import op

revision = "0008_corpus"
down_revision = "0007_tasks"


def upgrade() -> None:
    """Make the tables; the first process that clusters fills them."""
    op.create_table(
        "corpus",
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("upto", sa.Integer, nullable=False),
        sa.Column("blocks", sa.Integer, nullable=False),
        sa.Column("texts", sa.Integer, nullable=False),
        sa.Column("vectors", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_corpus"),
    )
    op.create_table(
        "word_counts",
        sa.Column("upto", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("upto", "part", name="pk_word_counts"),
    )
    op.create_table(
        "postings",
        sa.Column("word", sa.Integer, nullable=False),
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("word", "block", name="pk_postings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rulings_incident", "rulings", ["incident"])
    labelled, merged = sa.column("label").is_not(None), sa.column("merged_into").is_not(None)
    op.create_index(
        "ix_items_label",
        "items",
        ["label", "number"],
        sqlite_where=labelled,
        postgresql_where=labelled,
    )
    op.create_index(
        "ix_incidents_merged_into",
        "incidents",
        ["merged_into"],
        sqlite_where=merged,
        postgresql_where=merged,
    )
