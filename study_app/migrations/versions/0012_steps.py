"""Trials as steps: the screens of each, how many are left, and answers to a study's own steps."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# The screens of a trial of before: in which trials it has one, and where it was answered.
SCREENS = {
    "seen": ("seen_asked", "seen_before IS NOT NULL"),
    "card": ("card_shown", "card_read_at IS NOT NULL"),
    "judge": ("phase IS NOT NULL", "decision IS NOT NULL"),
    "feedback": ("phase = 'practice'", "feedback_read_at IS NOT NULL"),
}


def upgrade() -> None:
    """Make the change: sessions that are under way go on where they are."""
    op.add_column("trial", sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "trial", sa.Column("steps_left", sa.Integer(), nullable=False, server_default="0")
    )
    names = " || ".join(
        f"CASE WHEN {comes} THEN ', \"{name}\"' ELSE '' END" for name, (comes, _) in SCREENS.items()
    )
    listed = f"'[' || substr({names}, 3) || ']'"
    if op.get_bind().dialect.name == "postgresql":
        listed = f"CAST({listed} AS JSON)"
    left = " + ".join(
        f"CASE WHEN {comes} AND NOT ({answered}) THEN 1 ELSE 0 END"
        for comes, answered in SCREENS.values()
    )
    op.execute(sa.text(f"UPDATE trial SET steps = {listed}, steps_left = {left}"))
    op.create_table(
        "step_answer",
        sa.Column("trial", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("carried", sa.Text(), nullable=True),
        sa.Column("revealed", sa.String(), nullable=True),
        sa.Column("rt_ms", sa.Double(), nullable=True),
        sa.Column("away_ms", sa.Double(), nullable=True),
        sa.Column(
            "input",
            sa.Enum(
                "mouse",
                "touch",
                "keyboard",
                name="input",
                native_enum=False,
                length=20,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["trial"], ["trial.id"], name="fk_step_answer_trial"),
        sa.PrimaryKeyConstraint("trial", "name", name="pk_step_answer"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("step_answer")
    op.drop_column("trial", "steps_left")
    op.drop_column("trial", "steps")
