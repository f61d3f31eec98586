"""The tables of the first release, with the full text of the items.

Names of constraints come from the naming convention of the tables' metadata.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001_initial"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    _incidents()
    _full_text()
    _drafts()
    _work()
    _access()
    _web()


def _incidents() -> None:
    """Incidents, the items they are made of, and what was read off these."""
    op.create_table(
        "incidents",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("label", sa.Text, unique=True),
        sa.Column("merged_into", sa.Integer, sa.ForeignKey("incidents.number")),
        sa.CheckConstraint("merged_into <> number", name="not_into_itself"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "items",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("origin", sa.Integer, sa.ForeignKey("items.number")),
        sa.Column("incident", sa.Integer, sa.ForeignKey("incidents.number"), index=True),
        sa.Column("ingested_at", sa.DateTime, nullable=False),
        sa.Column("published_at", sa.DateTime),
        sa.Column("source_id", sa.Text),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("outlet", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("engagement", sa.JSON, nullable=False),
        sa.Column("reach", sa.BigInteger),
        sa.Column("label", sa.Text),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("url_key", sa.Text, index=True),
        sa.Column("text_key", sa.String(32), nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    no_incident = sa.text("incident IS NULL")
    op.create_index(
        "ix_items_without_incident",
        "items",
        ["number"],
        sqlite_where=no_incident,
        postgresql_where=no_incident,
    )
    op.create_table(
        "passages",
        sa.Column("item", sa.Integer, sa.ForeignKey("items.number"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("item", sa.Integer, sa.ForeignKey("items.number"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fingerprints",
        sa.Column("item", sa.Integer, sa.ForeignKey("items.number"), primary_key=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "assignments",
        sa.Column("item", sa.Integer, sa.ForeignKey("items.number"), primary_key=True),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "rulings",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("items.number"), nullable=False, index=True),
        sa.Column("incident", sa.Integer, sa.ForeignKey("incidents.number"), nullable=False),
        sa.Column("belongs", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def _full_text() -> None:
    """Full text of the items, which triggers keep with them in SQLite, and the store elsewhere."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE item_texts (item INTEGER PRIMARY KEY REFERENCES items (number), "
            "words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_item_texts_words ON item_texts USING gin (words)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE item_texts USING fts5(title, text, outlet, author, "
        "content='items', content_rowid='number', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    add = (
        "INSERT INTO item_texts (rowid, title, text, outlet, author) "
        "VALUES (new.number, new.title, new.text, new.outlet, new.author);"
    )
    remove = (
        "INSERT INTO item_texts (item_texts, rowid, title, text, outlet, author) "
        "VALUES ('delete', old.number, old.title, old.text, old.outlet, old.author);"
    )
    for name, event, statements in (
        ("added", "INSERT", add),
        ("removed", "DELETE", remove),
        ("changed", "UPDATE OF title, text, outlet, author", remove + add),
    ):
        op.execute(
            f"CREATE TRIGGER item_texts_{name} AFTER {event} ON items BEGIN {statements} END"
        )


def _drafts() -> None:
    """Drafts, their history, and the forecasts in them."""
    op.create_table(
        "drafts",
        sa.Column("incident", sa.Integer, sa.ForeignKey("incidents.number"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("drafter", sa.Text, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("evidence_hash", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "forecasts",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("incident", sa.Integer, sa.ForeignKey("incidents.number"), nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("criterion", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("resolution", sa.JSON(none_as_null=True)),
        sa.Column("due_announced_at", sa.DateTime),
        sa.UniqueConstraint("incident", "text", "due"),
    )
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("incident", sa.Integer, sa.ForeignKey("incidents.number")),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer),
        sa.Column("detail", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_incident", "events", ["incident", "number"])
    op.create_table(
        "last_seen",
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("incident", sa.Integer, sa.ForeignKey("incidents.number"), primary_key=True),
        sa.Column("event", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _work() -> None:
    """Drafts that were asked for, and calls to models."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "incident", sa.Integer, sa.ForeignKey("incidents.number"), nullable=False, index=True
        ),
        sa.Column("status", sa.Text, nullable=False, index=True),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("started_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("evidence_hash", sa.Text, nullable=False),
        sa.Column("section", sa.Text),
        sa.Column("instruction", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("blameless", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("holder", sa.String(32)),
        sa.Column("lease_until", sa.DateTime),
    )
    running_whole = sa.text("status = 'running' AND section IS NULL")
    op.create_index(
        "uq_jobs_running_whole",
        "jobs",
        ["incident"],
        unique=True,
        sqlite_where=running_whole,
        postgresql_where=running_whole,
    )
    op.create_table(
        "job_events",
        sa.Column("job", sa.String(40), sa.ForeignKey("jobs.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("section", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("body", sa.JSON),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "llm_calls",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("request_hash", sa.Text, nullable=False, index=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("response", sa.Text),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("cached_calls", sa.Integer, nullable=False),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("cache_write_tokens", sa.Integer, nullable=False),
        sa.Column("cache_read_tokens", sa.Integer, nullable=False),
        sa.Column("latency_ms", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("batched", sa.Boolean, nullable=False, server_default=sa.false()),
    )
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
            "batched",
        ],
    )
    op.create_table(
        "message_batches",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("server", sa.Text, nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("lease_until", sa.DateTime, nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("batch_id", sa.Text),
        sa.Column("canceled_at", sa.DateTime),
        sa.Column("closed_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "batch_requests",
        sa.Column("batch", sa.Integer, sa.ForeignKey("message_batches.number"), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("request", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("most_sent", sa.Integer, nullable=False),
        sa.Column("most_written", sa.Integer, nullable=False),
    )


def _access() -> None:
    """Who may use the service."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("last_used_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(40), sa.ForeignKey("api_keys.id"), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )


def _web() -> None:
    """What comes from the web, and what goes there."""
    op.create_table(
        "fetches",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("final_url", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("ms", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feeds",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("polled_at", sa.DateTime, nullable=False),
        sa.Column("next_at", sa.DateTime, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("holder", sa.String(32)),
        sa.Column("lease_until", sa.DateTime),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("paused_at", sa.DateTime),
        sa.Column("paused_because", sa.Text),
    )
    op.create_table(
        "deliveries",
        sa.Column("subscription", sa.String(40), sa.ForeignKey("webhooks.id"), primary_key=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("events.number"), primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("answer_status", sa.Integer),
        sa.Column("answer", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deliveries_status_next_at", "deliveries", ["status", "next_at"])
