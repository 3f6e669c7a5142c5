"""The consent that was shown, and the answers outside trials."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("participant") as table:
        table.add_column(sa.Column("consent_digest", sa.String(), nullable=True))
        table.add_column(sa.Column("asked_before_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("asked_after_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("commented_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("n_attention", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
    for name in ("questionnaire_answer", "attention_answer"):
        op.create_table(
            name,
            sa.Column("participant", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(), nullable=False),
            sa.Column("value", sa.Text(), nullable=False),
            sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(
                ["participant"], ["participant.id"], name=op.f(f"fk_{name}_participant_participant")
            ),
            sa.PrimaryKeyConstraint("participant", "name", name=op.f(f"pk_{name}")),
        )
    op.create_table(
        "comment",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column(
            "altered_noticed",
            sa.Enum(
                *("yes", "no", "not_sure"),
                name="noticed",
                native_enum=False,
                length=20,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name=op.f("fk_comment_participant_participant")
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_comment")),
    )


def downgrade() -> None:
    """Undo the change."""
    for table in ("comment", "attention_answer", "questionnaire_answer"):
        op.drop_table(table)
    with op.batch_alter_table("participant") as batch:
        for column in (
            *("consent_digest", "asked_before_at", "asked_after_at", "commented_at"),
            "n_attention",
        ):
            batch.drop_column(column)
