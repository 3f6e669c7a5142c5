"""Devices, time away from the page, signs of life, and which page may answer."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS: tuple[tuple[str, str, sa.types.TypeEngine[Any]], ...] = (
    ("participant", "view", sa.String()),
    ("participant", "checked_at", sa.DateTime(timezone=True)),
    ("trial", "away_ms", sa.Double()),
    ("trial", "away_count", sa.Integer()),
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "device",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column("screen_w", sa.Integer(), nullable=True),
        sa.Column("screen_h", sa.Integer(), nullable=True),
        sa.Column("viewport_w", sa.Integer(), nullable=True),
        sa.Column("viewport_h", sa.Integer(), nullable=True),
        sa.Column("pixel_ratio", sa.Double(), nullable=True),
        sa.Column("refresh_hz", sa.Double(), nullable=True),
        sa.Column("browser", sa.String(), nullable=True),
        sa.Column("browser_version", sa.Integer(), nullable=True),
        sa.Column("os", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_device_participant")
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_device")),
    )
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Undo the change."""
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
    op.drop_table("device")
