"""An invitation of somebody who was erased names nobody, and translated pages are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("invitation") as table:
        table.alter_column("label", nullable=True, existing_type=sa.String())
    with op.batch_alter_table("signals") as table:
        table.add_column(sa.Column("translated_answers", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Undo the change: who was erased is called by the secret of the link, which opens nothing."""
    with op.batch_alter_table("signals") as table:
        table.drop_column("translated_answers")
    op.execute("UPDATE invitation SET label = 'erased ' || token WHERE label IS NULL")
    with op.batch_alter_table("invitation") as table:
        table.alter_column("label", nullable=False, existing_type=sa.String())
