"""What is counted of each draft, of those that are there already too."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BODY = "CASE WHEN json_valid(body) THEN body ELSE '{}' END"
"""A draft that cannot be read is counted without what stands in it."""

TOKENS = ("input", "output", "cache_write", "cache_read")


def upgrade() -> None:
    """Create the table and fill it."""
    op.create_table(
        "tallies",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident", "revision"],
            ["drafts.incident", "drafts.revision"],
            name="fk_tallies_incident",
        ),
        sa.PrimaryKeyConstraint("incident", "revision", "kind", "name", name="pk_tallies"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO tallies SELECT incident, revision, 'drafter', drafter, 1 FROM drafts")
    labels = " UNION ALL ".join(
        "SELECT incident, revision, json_extract(claim.value, '$.verdict.label') AS label "
        f"FROM drafts, json_each({BODY}, '$.sections') AS section, "
        f"json_each(section.value, '$.{part}') AS claim"
        for part in ("shown", "withheld")
    )
    op.execute(
        "INSERT INTO tallies SELECT incident, revision, 'verdict', label, count(*) "
        f"FROM ({labels}) GROUP BY incident, revision, label"
    )
    for kind in TOKENS:
        op.execute(
            f"INSERT INTO tallies SELECT incident, revision, 'tokens', '{kind}', tokens FROM "
            f"(SELECT *, json_extract({BODY}, '$.usage.{kind}_tokens') AS tokens FROM drafts) "
            "WHERE tokens > 0"
        )
