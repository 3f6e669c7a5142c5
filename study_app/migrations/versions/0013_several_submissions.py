"""People may have several submissions, of which one is paid."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change: each submission of before is its person's only one."""
    with op.batch_alter_table("submission") as table:
        table.drop_constraint("uq_submission_participant", type_="unique")
        table.add_column(sa.Column("instead", sa.String(), nullable=True))
        table.create_index("ix_submission_participant", ["participant"])


def downgrade() -> None:
    """Undo the change. Of several submissions of a person, the one that is paid stays theirs."""
    op.execute("UPDATE submission SET participant = NULL WHERE instead IS NOT NULL")
    with op.batch_alter_table("submission") as table:
        table.drop_index("ix_submission_participant")
        table.drop_column("instead")
        table.create_unique_constraint("uq_submission_participant", ["participant"])
