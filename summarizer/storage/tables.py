"""Tables of the store.  A change here needs a revision under ``migrations/versions``; a test
compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times in, aware UTC times out; stored as UTC without a zone, so that text sorts."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, which name no moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

incidents = Table(
    "incidents",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("label", Text, unique=True),
    Column("merged_into", ForeignKey("incidents.number")),
    Column("deleted_at", UtcDateTime),
    CheckConstraint("merged_into <> number", name="not_into_itself"),
    sqlite_autoincrement=True,
)

items = Table(
    "items",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("origin", ForeignKey("items.number")),
    Column("incident", ForeignKey("incidents.number"), index=True),
    Column("ingested_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("source_id", Text, index=True),
    Column("platform", Text, nullable=False),
    Column("outlet", Text),
    Column("url", Text),
    Column("author", Text),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("engagement", JSON, nullable=False),
    Column("reach", BigInteger),
    Column("label", Text),
    Column("extra", JSON, nullable=False),
    Column("url_key", Text, index=True),
    Column("text_key", String(32), nullable=False, index=True),
    sqlite_autoincrement=True,
)
"""``origin`` is null for an item that is no copy; ``label`` is ``NewItem.incident``."""

passages = Table(
    "passages",
    metadata,
    Column("item", ForeignKey("items.number"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Spans only: the text of a passage is cut from its item, so that it cannot be another one."""

bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("item", ForeignKey("items.number"), primary_key=True),
    sqlite_with_rowid=False,
)

drafts = Table(
    "drafts",
    metadata,
    Column("incident", ForeignKey("incidents.number"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("drafter", Text, nullable=False),
    Column("model", Text),
    Column("evidence_hash", Text, nullable=False),
    Column("body", Text, nullable=False),
)

llm_calls = Table(
    "llm_calls",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("request_hash", Text, nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("request", Text, nullable=False),
    Column("response", Text),
    Column("calls", Integer, nullable=False),
    Column("cached_calls", Integer, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cache_write_tokens", Integer, nullable=False),
    Column("cache_read_tokens", Integer, nullable=False),
    Column("latency_ms", Integer, nullable=False),
    Column("error", Text),
    Column("batched", Boolean, nullable=False, server_default=false()),
)
"""Every call is a row, those that failed too: the table is the audit log and the cost account."""

Index(
    "ix_llm_calls_spent",
    *(
        llm_calls.c[name]
        for name in (
            *("created_at", "model", "calls", "input_tokens", "output_tokens"),
            *("cache_write_tokens", "cache_read_tokens", "batched"),
        )
    ),
)
"""Covers the sums of spending: rows themselves hold whole requests."""

Index(
    "ix_items_label",
    items.c.label,
    items.c.number,
    sqlite_where=items.c.label.is_not(None),
    postgresql_where=items.c.label.is_not(None),
)

Index(
    "ix_incidents_merged_into",
    incidents.c.merged_into,
    sqlite_where=incidents.c.merged_into.is_not(None),
    postgresql_where=incidents.c.merged_into.is_not(None),
)

Index(
    "ix_items_without_incident",
    items.c.number,
    sqlite_where=items.c.incident.is_(None),
    postgresql_where=items.c.incident.is_(None),
)

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("incident", ForeignKey("incidents.number")),
    Column("actor", Text, nullable=False),
    Column("revision", Integer),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)
"""The history: who did what to which incident.  Rows are only ever added; reviews are derived from
them.  Events without an incident concern all."""

epochs = Table(
    "epochs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(12), nullable=False),
    Column("first", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""Lives of the log: the first begins with the installation, the others each with a restored backup.
``first`` is the number of its first event; numbers may have been given out before."""

deletions = Table(
    "deletions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("incident", ForeignKey("incidents.number")),
    Column("finished_at", UtcDateTime),
    sqlite_autoincrement=True,
)
"""What was to be deleted, who asked for it, and why; ``incident`` where a whole one goes."""

deleted_items = Table(
    "deleted_items",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("deletion", ForeignKey("deletions.number"), nullable=False, index=True),
    Column("passages", Integer, nullable=False),
    Column("url_hash", String(64), index=True),
    Column("text_hash", String(64), index=True),
    Column("erased_at", UtcDateTime),
    Column("unindexed_at", UtcDateTime),
)
"""Items that go or have gone.  The hashes are those of rows that are refused from then on."""

_WAITING = deleted_items.c.unindexed_at.is_(None)
Index(
    "ix_deleted_items_waiting",
    deleted_items.c.item,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)

last_seen = Table(
    "last_seen",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("incident", ForeignKey("incidents.number"), primary_key=True),
    Column("event", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The last event of an incident that an editor has seen."""

holds = Table(
    "holds",
    metadata,
    Column("incident", ForeignKey("incidents.number"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    sqlite_with_rowid=False,
)
"""What keeps the page of an incident from readers, or an approval from editors, until it is lifted;
the history keeps those of before."""

also_in = Table(
    "also_in",
    metadata,
    Column("item", ForeignKey("items.number"), primary_key=True),
    Column("incident", ForeignKey("incidents.number"), primary_key=True, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Further incidents that show an item, beside the one where it is at home (``items.incident``).
When an incident is merged, its rows stay with it and count for the one that it went into."""

presence = Table(
    "presence",
    metadata,
    Column("incident", ForeignKey("incidents.number"), primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
"""Who has the page of an incident open; rows are removed when they are old."""

reports = Table(
    "reports",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("incident", ForeignKey("incidents.number"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("outcome", Text),
    Column("answered_by", Text),
    Column("answered_at", UtcDateTime),
    Column("note", Text),
    sqlite_autoincrement=True,
)
"""What readers report of published pages, in their words, with the answers of editors."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("incident", ForeignKey("incidents.number"), nullable=False, index=True),
    Column("status", Text, nullable=False, index=True),
    Column("asked_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("evidence_hash", Text, nullable=False),
    Column("section", Text),
    Column("instruction", Text),
    Column("attempts", Integer, nullable=False),
    Column("revision", Integer),
    Column("error", Text),
    Column("blameless", Boolean, nullable=False, server_default=false()),
    Column("holder", String(32)),
    Column("number", Integer, index=True),
)
"""Drafts that were asked for; ``section`` and ``instruction`` where one section is drafted anew.
``number`` is the order in which they were."""

Index("ix_jobs_asked_by", jobs.c.asked_by, jobs.c.finished_at)

_RUNNING_WHOLE = (jobs.c.status == "running") & jobs.c.section.is_(None)
Index(
    "uq_jobs_running_whole",
    jobs.c.incident,
    unique=True,
    sqlite_where=_RUNNING_WHOLE,
    postgresql_where=_RUNNING_WHOLE,
)
"""One whole draft of an incident at a time, whichever process makes it."""

job_events = Table(
    "job_events",
    metadata,
    Column("job", ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("stage", Text, nullable=False),
    Column("section", Text),
    Column("detail", Text, nullable=False),
    Column("body", JSON),
    sqlite_with_rowid=False,
)

tasks = Table(
    "tasks",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("lock", Text, index=True),
    Column("queueing_lock", Text, index=True),
    Column("priority", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("holder", String(32), index=True),
    Column("lease_until", UtcDateTime),
    sqlite_autoincrement=True,
)
"""The embedded queue: tasks that wait, and those that a run holds until its lease ends."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("key", ForeignKey("api_keys.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
"""Browsers that signed in with a key."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("url", Text, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("paused_at", UtcDateTime),
    Column("paused_because", Text),
)
"""Subscriptions; secrets as they are, since they have to sign."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("subscription", ForeignKey("webhooks.id"), primary_key=True),
    Column("event", ForeignKey("events.number"), primary_key=True),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("answer_status", Integer),
    Column("answer", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Deliveries, a row for each event and subscription, with the last answer."""

Index("ix_deliveries_status_next_at", deliveries.c.status, deliveries.c.next_at)

assignments = Table(
    "assignments",
    metadata,
    Column("item", ForeignKey("items.number"), primary_key=True),
    Column("body", JSON, nullable=False),
)
"""Why each item was put where it was, as JSON of the model: it is read whole or not at all."""

rulings = Table(
    "rulings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("item", ForeignKey("items.number"), nullable=False, index=True),
    Column("incident", ForeignKey("incidents.number"), nullable=False, index=True),
    Column("belongs", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Rulings of editors on items and incidents.  Rows are only ever added; the newest counts."""

forecasts = Table(
    "forecasts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("incident", ForeignKey("incidents.number"), nullable=False),
    Column("section", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("probability", Float),
    Column("due", Date, nullable=False),
    Column("criterion", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("resolution", JSON(none_as_null=True)),
    Column("due_announced_at", UtcDateTime),
    UniqueConstraint("incident", "text", "due"),
)
"""Predictions as they first stood on a page; the first probability is the one that counts."""

message_batches = Table(
    "message_batches",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("server", Text, nullable=False),
    Column("holder", String(32), nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("batch_id", Text),
    Column("canceled_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    sqlite_autoincrement=True,
)
"""``holder`` is the run that works with the open ones, until its lease ends."""

batch_requests = Table(
    "batch_requests",
    metadata,
    Column("batch", ForeignKey("message_batches.number"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("incident", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("request", Text),
    Column("outcome", Text),
    Column("most_sent", Integer, nullable=False),
    Column("most_written", Integer, nullable=False),
)
"""``request`` until there is an outcome: then the call holds it.  ``most_sent`` and
``most_written`` are the tokens set aside for it, estimated."""

Index("ix_events_incident", events.c.incident, events.c.number)
Index("ix_events_kind", events.c.kind, events.c.number)

fetches = Table(
    "fetches",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("url", Text, nullable=False),
    Column("final_url", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("size", Integer, nullable=False),
    Column("ms", Integer, nullable=False),
    Column("error", Text),
    sqlite_autoincrement=True,
)
"""Every attempt to fetch a URL; rows are only ever added."""

feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("polled_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("holder", String(32)),
    Column("lease_until", UtcDateTime),
    sqlite_with_rowid=False,
)
"""How far the polling of each feed has got, and who polls it now."""

installation = Table("installation", metadata, Column("id", String(32), primary_key=True))
"""One row, made when it is first needed: the id under which this database keeps its vectors."""

index_marks = Table(
    "index_marks",
    metadata,
    Column("collection", String(64), primary_key=True),
    Column("item", Integer, nullable=False),
)
"""How far each collection of vectors is filled: every item up to this number is in it."""

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("item", ForeignKey("items.number"), primary_key=True),
    Column("version", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("heading_in", String(64)),
)
"""Features of items for clustering; ``version`` is of their code and of the embedding model, and
``heading_in`` the collection of vectors that holds the item's heading."""

corpus = Table(
    "corpus",
    metadata,
    Column("version", Text, primary_key=True),
    Column("upto", Integer, nullable=False),
    Column("blocks", Integer, nullable=False),
    Column("texts", Integer, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
)
"""One row: what clustering has learned of all items up to ``upto``, in blocks of items."""

word_counts = Table(
    "word_counts",
    metadata,
    Column("upto", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
"""In how many of the items up to ``upto`` each word is, by hash, in parts."""

postings = Table(
    "postings",
    metadata,
    Column("word", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("numbers", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Numbers of the items of a block that have a word, by the word's hash."""

standings = Table(
    "standings",
    metadata,
    Column("incident", ForeignKey("incidents.number"), primary_key=True),
    Column("changes", Integer, nullable=False, server_default="1"),
    Column("items_changed", Integer, nullable=False, server_default="1"),
    Column("seen", Integer, nullable=False, server_default="0"),
    Column("highest", BigInteger, nullable=False, server_default="0"),
    Column("newest_at", UtcDateTime),
    Column("score", Float),
    Column("fades_from", UtcDateTime),
    Column("fade", Float),
    Column("closes_at", UtcDateTime),
    Column("major_from", UtcDateTime),
    Column("major_until", UtcDateTime),
    Column("growing_until", UtcDateTime),
    Column("debated", Boolean),
    Column("review", Text),
    Column("attention", Boolean),
    Column("due_at", UtcDateTime),
    Column("rules", String(16)),
    Column("body", Text),
    Column("decided", Text),
    Column("stage", Text),
)
"""What lists and plans need to know of each incident that was not merged away.  ``changes`` counts
its changes, ``items_changed`` is the last of them that concerned items, and ``seen`` the last that
the rest of the row knows of.  At ``due_at`` the planner looks at it again, by the ``rules`` with
that hash; ``decided`` is its last reason, if it has looked since the last change."""

standings_changes = Table(
    "standings_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("changes", BigInteger, nullable=False),
)
"""One row: how many changes all standings have had, also those that are gone."""

_CHANGED = standings.c.changes != standings.c.seen
Index(
    "ix_standings_changed",
    standings.c.incident,
    sqlite_where=_CHANGED,
    postgresql_where=_CHANGED,
)
for _name in ("newest_at", "fade", "fades_from", "due_at"):
    Index(f"ix_standings_{_name}", standings.c[_name], standings.c.incident)
Index("ix_standings_decided", standings.c.decided, standings.c.fade)
for _name in ("fade", "closes_at"):
    Index(
        f"ix_standings_stage_{_name}", standings.c.stage, standings.c[_name], standings.c.incident
    )
Index(
    "ix_standings_counted",
    *(
        standings.c[name]
        for name in (
            *("highest", "incident", "seen", "changes", "newest_at", "score", "fades_from", "fade"),
            *("closes_at", "major_from", "major_until", "growing_until", "debated"),
            *("review", "attention"),
        )
    ),
)
"""Covers all conditions of lists, so that counting reads no ``body``."""
