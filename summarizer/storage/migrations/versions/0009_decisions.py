"""What auto-drafting decided of each incident, its last drafts by an index, no more claims."""

import sqlalchemy as sa
from alembic import op

revision = "0009_decisions"
down_revision = "0008_corpus"


def upgrade() -> None:
    """Add the decisions, for which every incident is looked at anew, and drop the claims."""
    op.add_column("standings", sa.Column("decided", sa.Text))
    op.create_index("ix_standings_decided", "standings", ["decided", "fade"])
    op.execute("UPDATE standings SET rules = NULL")
    op.create_index("ix_jobs_asked_by", "jobs", ["asked_by", "finished_at"])
    op.drop_column("deliveries", "claimed_until")
