"""Questions on the instructions, and the end of whoever does not answer them rightly."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = (
    *("completed", "declined", "incompatible", "failed_validation", "failed_attention"),
    *("timed_out", "returned", "withdrawn", "duplicate", "quota_full", "error"),
)
FAILED = "failed_comprehension"


def upgrade() -> None:
    """Make the change: nobody was asked before."""
    with op.batch_alter_table("participant") as table:
        table.add_column(
            sa.Column("n_comprehension", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        table.add_column(sa.Column("understood_at", sa.DateTime(timezone=True), nullable=True))
    _allow_outcomes(*BEFORE, FAILED)
    op.create_table(
        "comprehension_answer",
        sa.Column("participant", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"],
            ["participant.id"],
            name=op.f("fk_comprehension_answer_participant_participant"),
        ),
        sa.PrimaryKeyConstraint(
            "participant", "chance", "name", name=op.f("pk_comprehension_answer")
        ),
    )


def downgrade() -> None:
    """Undo the change: who failed has withdrawn, as far as versions of before can say."""
    op.drop_table("comprehension_answer")
    op.execute(f"UPDATE participant SET outcome = 'withdrawn' WHERE outcome = '{FAILED}'")
    _allow_outcomes(*BEFORE)
    with op.batch_alter_table("participant") as table:
        table.drop_column("understood_at")
        table.drop_column("n_comprehension")


def _allow_outcomes(*outcomes: str) -> None:
    name, listed = op.f("ck_participant_outcome"), ", ".join(map(repr, outcomes))
    with op.batch_alter_table("participant") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, sa.text(f"outcome IN ({listed})"))
