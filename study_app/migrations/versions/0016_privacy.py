"""An invitation of somebody who was erased names nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("invitation") as table:
        table.alter_column("label", nullable=True, existing_type=sa.String())


def downgrade() -> None:
    """Undo the change: who was erased is called by the secret of the link, which opens nothing."""
    op.execute("UPDATE invitation SET label = 'erased ' || token WHERE label IS NULL")
    with op.batch_alter_table("invitation") as table:
        table.alter_column("label", nullable=False, existing_type=sa.String())
