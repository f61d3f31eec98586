"""The first schema: items, passages, bands, incidents, drafts and calls to models."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "incidents",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.CheckConstraint("merged_into <> number", name="ck_incidents_not_into_itself"),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["incidents.number"], name="fk_incidents_merged_into"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_incidents"),
        sa.UniqueConstraint("id", name="uq_incidents_id"),
        sa.UniqueConstraint("label", name="uq_incidents_label"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "llm_calls",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("cached_calls", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cache_write_tokens", sa.Integer(), nullable=False),
        sa.Column("cache_read_tokens", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_llm_calls"),
    )
    op.create_index("ix_llm_calls_request_hash", "llm_calls", ["request_hash"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("drafter", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("evidence_hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_drafts_incident"),
        sa.PrimaryKeyConstraint("incident", "revision", name="pk_drafts"),
    )
    op.create_table(
        "items",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Integer(), nullable=True),
        sa.Column("incident", sa.Integer(), nullable=True),
        sa.Column("ingested_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("engagement", sa.JSON(), nullable=False),
        sa.Column("reach", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=True),
        sa.Column("text_key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_items_incident"),
        sa.ForeignKeyConstraint(["origin"], ["items.number"], name="fk_items_origin"),
        sa.PrimaryKeyConstraint("number", name="pk_items"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_items_incident", "items", ["incident"], unique=False)
    op.create_index("ix_items_text_key", "items", ["text_key"], unique=False)
    op.create_index("ix_items_url_key", "items", ["url_key"], unique=False)
    op.create_index(
        "ix_items_without_incident",
        "items",
        ["number"],
        unique=False,
        sqlite_where=sa.text("incident IS NULL"),
    )
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_bands_item"),
        sa.PrimaryKeyConstraint("band", "item", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "passages",
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_passages_item"),
        sa.PrimaryKeyConstraint("item", "n", name="pk_passages"),
        sqlite_with_rowid=False,
    )
