"""Who was turned away has no condition: the first one stood for none."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TURNED_AWAY = (
    "outcome IN ('quota_full', 'duplicate') AND consented_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM trial WHERE trial.participant = participant.id)"
)


def upgrade() -> None:
    """Make the change. Tallies stay: assignments were drawn by the numbers that they gave."""
    with op.batch_alter_table("participant") as table:
        table.alter_column("condition", nullable=True, existing_type=sa.String())
    op.execute(f"UPDATE participant SET condition = NULL WHERE {TURNED_AWAY}")


def downgrade() -> None:
    """Undo the change: any condition of the wave stands for none again."""
    op.execute(
        "UPDATE participant SET condition = coalesce((SELECT min(tally.condition) FROM "
        "condition_tally AS tally WHERE tally.wave = participant.wave), '') "
        "WHERE condition IS NULL"
    )
    with op.batch_alter_table("participant") as table:
        table.alter_column("condition", nullable=False, existing_type=sa.String())
