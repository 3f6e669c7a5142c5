"""Initial tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""

    op.create_table(
        "loaded_study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_path", sa.Text(), nullable=False),
        sa.Column("bundle_digest", sa.String(), nullable=False),
        sa.Column("study_text", sa.Text(), nullable=False),
        sa.Column("study_digest", sa.String(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loaded_study")),
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("start_key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instructed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "completed",
                "declined",
                "incompatible",
                "failed_validation",
                "failed_attention",
                "timed_out",
                "returned",
                "withdrawn",
                "duplicate",
                "quota_full",
                "error",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_participant_participant_id")),
        sa.UniqueConstraint("start_key", name=op.f("uq_participant_start_key")),
        sa.UniqueConstraint("token", name=op.f("uq_participant_token")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_participant_simulated_condition"),
            ["simulated", "condition"],
            unique=False,
        )

    op.create_table(
        "identity",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column("prolific_pid", sa.String(), nullable=False),
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_identity_participant")
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_identity")),
        sa.UniqueConstraint(
            "session_id", "prolific_pid", name=op.f("uq_identity_session_id_prolific_pid")
        ),
    )
    op.create_table(
        "trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "consent",
                "instructions",
                "practice",
                "validation",
                "test",
                "debrief",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("trial_index", sa.Integer(), nullable=False),
        sa.Column("stimulus_id", sa.String(), nullable=False),
        sa.Column("image_sha256", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_before", sa.Boolean(), nullable=True),
        sa.Column("seen_rt_ms", sa.Double(), nullable=True),
        sa.Column("card_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_rt_ms", sa.Double(), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "accept",
                "reject",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("decision_rt_ms", sa.Double(), nullable=True),
        sa.Column(
            "input",
            sa.Enum(
                "mouse",
                "touch",
                "keyboard",
                name="input",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_trial_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial")),
        sa.UniqueConstraint("key", name=op.f("uq_trial_key")),
        sa.UniqueConstraint(
            "participant",
            "phase",
            "trial_index",
            name=op.f("uq_trial_participant_phase_trial_index"),
        ),
    )


def downgrade() -> None:
    """Undo the change."""

    op.drop_table("trial")
    op.drop_table("identity")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_simulated_condition"))

    op.drop_table("participant")
    op.drop_table("loaded_study")
