"""Questions that wait in batches at a server, and which calls came in one."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

SPENT = (
    *("created_at", "model", "calls", "input_tokens", "output_tokens"),
    *("cache_write_tokens", "cache_read_tokens"),
)


def upgrade() -> None:
    """Create the tables, and mark calls that are charged as part of a batch."""
    op.create_table(
        "message_batches",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=True),
        sa.Column("collected_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_message_batches"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "batch_questions",
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"], ["message_batches.number"], name="fk_batch_questions_batch"
        ),
        sa.PrimaryKeyConstraint("batch", "id", name="pk_batch_questions"),
    )
    op.create_index(
        "ix_batch_questions_waiting",
        "batch_questions",
        ["id"],
        unique=False,
        sqlite_where=sa.text("outcome IS NULL"),
    )
    op.add_column(
        "llm_calls",
        sa.Column("batched", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_index("ix_llm_calls_spent", table_name="llm_calls")
    op.create_index("ix_llm_calls_spent", "llm_calls", [*SPENT, "batched"], unique=False)
