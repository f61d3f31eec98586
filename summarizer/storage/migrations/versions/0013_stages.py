"""How far the page of each incident has come, by which the desk groups them."""

import sqlalchemy as sa
from alembic import op

revision = "0013_stages"
down_revision = "0012_source_ids"


def upgrade() -> None:
    """Add the stage, as the stored standings have it."""
    op.add_column("standings", sa.Column("stage", sa.Text))
    for name in ("fade", "closes_at"):
        op.create_index(f"ix_standings_stage_{name}", "standings", ["stage", name, "incident"])
    body = "CAST(body AS json) ->> 'revision'"
    if op.get_bind().dialect.name == "sqlite":
        body = "json_extract(body, '$.revision')"
    op.execute(
        "UPDATE standings SET stage = CASE "
        "WHEN review IN ('changes_requested', 'rejected') THEN 'sent_back' "
        "WHEN attention THEN 'calls' "
        "WHEN review = 'approved' THEN 'approved' "
        f"WHEN review = 'unreviewed' AND {body} IS NOT NULL THEN 'drafted' "
        "ELSE 'open' END WHERE body IS NOT NULL"
    )
