"""What calls to models took since some time, without reading the calls."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_llm_calls_spent",
        "llm_calls",
        [
            "created_at",
            "model",
            "calls",
            "input_tokens",
            "output_tokens",
            "cache_write_tokens",
            "cache_read_tokens",
        ],
        unique=False,
    )
