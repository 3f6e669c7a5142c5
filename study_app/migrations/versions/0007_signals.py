"""What may tell that a program answers in a participant's stead."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "signals",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column("webdriver", sa.Boolean(), nullable=False),
        sa.Column("scripted_answers", sa.Integer(), nullable=False),
        sa.Column("still_clicks", sa.Integer(), nullable=False),
        sa.Column("pasted_chars", sa.Integer(), nullable=False),
        sa.Column("unkeyed_chars", sa.Integer(), nullable=False),
        sa.Column("trap", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_signals_participant")
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_signals")),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("signals")
