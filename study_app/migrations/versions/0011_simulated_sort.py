"""Which sort of simulated people somebody was sent as."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change: of people who were simulated before it is not known."""
    op.add_column("participant", sa.Column("simulated_sort", sa.String(), nullable=True))


def downgrade() -> None:
    """Undo the change."""
    op.drop_column("participant", "simulated_sort")
