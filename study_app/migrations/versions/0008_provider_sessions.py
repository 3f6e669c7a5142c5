"""Every session id of a participant, who is signed in, and where people come from who read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "provider_session",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_provider_session_participant")
        ),
        sa.PrimaryKeyConstraint("participant", "session_id", name=op.f("pk_provider_session")),
    )
    op.execute(
        "INSERT INTO provider_session (participant, session_id, study_id, came_at) "
        "SELECT identity.participant, identity.session_id, identity.study_id, "
        "participant.started_at FROM identity "
        "JOIN participant ON participant.id = identity.participant"
    )
    op.create_table(
        "experimenter_session",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_experimenter_session")),
    )
    op.create_table(
        "opening",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_opening_participant")
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_source"), "opening", ["source"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index(op.f("ix_opening_source"), table_name="opening")
    op.drop_table("opening")
    op.drop_table("experimenter_session")
    op.drop_table("provider_session")
