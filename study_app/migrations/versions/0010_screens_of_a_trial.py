"""Which screens a trial has, what was in view at its decision, and the pause half-way."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PLANS = ("seen_asked", "card_shown")
VIEWING: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("card_opened_count", sa.Integer()),
    ("card_opened_ms", sa.Double()),
    ("enlarged_count", sa.Integer()),
    ("enlarged_ms", sa.Double()),
    ("photo_seen", sa.Double()),
    ("photo_seen_ms", sa.Double()),
    ("panels_seen", sa.JSON()),
    ("panels_seen_ms", sa.JSON()),
    ("window_w", sa.Integer()),
    ("window_h", sa.Integer()),
    ("zoom", sa.Double()),
)


def upgrade() -> None:
    """Make the change: until then every trial but those of the practice had every screen."""
    for name in PLANS:
        op.add_column(
            "trial", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true())
        )
    practised = sa.table("trial", *map(sa.column, ("phase", *PLANS)))
    op.execute(
        sa.update(practised)
        .where(practised.c.phase == "practice")
        .values(dict.fromkeys(PLANS, False))
    )
    for name, kind in VIEWING:
        op.add_column("trial", sa.Column(name, kind, nullable=True))
    op.add_column("participant", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Undo the change."""
    op.drop_column("participant", "paused_at")
    for name in (*PLANS, *(name for name, _ in VIEWING)):
        op.drop_column("trial", name)
