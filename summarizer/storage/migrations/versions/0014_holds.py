"""Holds on incidents, and the scope of the senior desk, which keys of admins include."""

import sqlalchemy as sa
from alembic import op

revision = "0014_holds"
down_revision = "0013_stages"


def upgrade() -> None:
    """Add the table; give the scope to those who had all of them."""
    op.create_table(
        "holds",
        sa.Column("incident", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_holds_incident"),
        sqlite_with_rowid=False,
    )
    keys = sa.table("api_keys", sa.column("id", sa.String), sa.column("scopes", sa.JSON))
    connection = op.get_bind()
    for row in connection.execute(sa.select(keys)).all():
        if "admin" in row.scopes and "senior" not in row.scopes:
            scopes = sorted([*row.scopes, "senior"])
            connection.execute(keys.update().where(keys.c.id == row.id).values(scopes=scopes))
