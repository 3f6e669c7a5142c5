"""Waves, quotas, leases, what assignments were drawn from, and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAVE = sa.Enum(
    *("pilot", "main", "invited", "preview", "test"),
    name="wave",
    native_enum=False,
    length=20,
    create_constraint=True,
)


def upgrade() -> None:
    """Make the change. Who came before is of the main wave; the gate is not judged anew."""
    with op.batch_alter_table("loaded_study") as table:
        table.add_column(sa.Column("wave", WAVE, nullable=False, server_default="main"))
        table.add_column(sa.Column("paused", sa.Boolean(), nullable=False, server_default="0"))
        table.add_column(sa.Column("quota", sa.Integer(), nullable=True))
    with op.batch_alter_table("participant") as table:
        table.drop_index("ix_participant_simulated_condition")
        table.drop_column("number")
        table.add_column(sa.Column("wave", WAVE, nullable=False, server_default="main"))
        table.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("qualified", sa.Boolean(), nullable=True))
    op.execute("UPDATE participant SET seen_at = coalesce(finished_at, started_at)")
    op.execute("UPDATE participant SET qualified = (outcome = 'completed') WHERE outcome <> ''")
    with op.batch_alter_table("participant") as table:
        table.alter_column("seen_at", nullable=False, existing_type=sa.DateTime(timezone=True))
        table.create_index(
            "ix_participant_wave_simulated_condition", ["wave", "simulated", "condition"]
        )
    op.create_table(
        "draw",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("views", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_draw_participant_participant")
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_draw")),
    )
    op.create_table(
        "invitation",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("participant", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_invitation_participant_participant")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_invitation")),
        sa.UniqueConstraint("label", name=op.f("uq_invitation_label")),
        sa.UniqueConstraint("participant", name=op.f("uq_invitation_participant")),
    )


def downgrade() -> None:
    """Undo the change. Everyone counts as the first on a list: the numbers are gone."""
    op.drop_table("invitation")
    op.drop_table("draw")
    with op.batch_alter_table("participant") as table:
        table.drop_index("ix_participant_wave_simulated_condition")
        for column in ("qualified", "seen_at", "wave"):
            table.drop_column(column)
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        table.create_index("ix_participant_simulated_condition", ["simulated", "condition"])
    with op.batch_alter_table("loaded_study") as table:
        for column in ("quota", "paused", "wave"):
            table.drop_column(column)
