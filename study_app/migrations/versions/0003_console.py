"""Recruiting can be paused and has a quota and a wave; attempts are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("loaded_study") as batch_op:
        batch_op.add_column(
            sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("quota", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("wave", sa.String(length=20), nullable=False, server_default="main")
        )
    op.create_table(
        "attempts",
        sa.Column("limit", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("limit", "source", "window", name=op.f("pk_attempts")),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("attempts")
    with op.batch_alter_table("loaded_study") as batch_op:
        for column in ("wave", "quota", "paused"):
            batch_op.drop_column(column)
