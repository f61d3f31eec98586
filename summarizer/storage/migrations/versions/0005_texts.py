"""Full text of all items, of those that are there already too."""

from alembic import op

revision = "0005"
down_revision = "0004"

COLUMNS = "title, text, outlet, author"


def upgrade() -> None:
    """Create the index and the triggers that keep it, and fill it."""
    op.execute(
        f"CREATE VIRTUAL TABLE item_texts USING fts5({COLUMNS}, content='items', "
        "content_rowid='number', tokenize='porter unicode61 remove_diacritics 2')"
    )
    old = ", ".join(f"old.{name}" for name in COLUMNS.split(", "))
    new = ", ".join(f"new.{name}" for name in COLUMNS.split(", "))
    forget = (
        f"INSERT INTO item_texts (item_texts, rowid, {COLUMNS}) "
        f"VALUES ('delete', old.number, {old});"
    )
    add = f"INSERT INTO item_texts (rowid, {COLUMNS}) VALUES (new.number, {new});"
    for name, when, what in (
        ("added", "INSERT", add),
        ("forgotten", "DELETE", forget),
        ("changed", f"UPDATE OF {COLUMNS}", forget + add),
    ):
        op.execute(f"CREATE TRIGGER item_texts_{name} AFTER {when} ON items BEGIN {what} END")
    op.execute("INSERT INTO item_texts (item_texts) VALUES ('rebuild')")
