"""Versions of the study file, and which of them each participant meets."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WAVE = sa.Enum(
    *("pilot", "main", "invited", "preview", "test"),
    name="wave",
    native_enum=False,
    length=20,
    create_constraint=True,
)
TEXTS = ("study_text", "study_digest")
FIRST = (
    "INSERT INTO study_version (number, study_text, study_digest, since, wave) "
    "SELECT 1, study_text, study_digest, loaded_at, wave FROM loaded_study"
)


def upgrade() -> None:
    """Make the change: what is in force is version 1, which everybody met."""
    op.create_table(
        "study_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("study_text", sa.Text(), nullable=False),
        sa.Column("study_digest", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wave", WAVE, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_study_version")),
    )
    op.execute(FIRST)
    for name in ("loaded_study", "participant"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("version", sa.Integer(), nullable=True))
        op.execute(f"UPDATE {name} SET version = 1")
        with op.batch_alter_table(name) as table:
            table.alter_column("version", nullable=False, existing_type=sa.Integer())
            table.create_foreign_key(f"fk_{name}_version", "study_version", ["version"], ["number"])
    with op.batch_alter_table("loaded_study") as table:
        for column in TEXTS:
            table.drop_column(column)


def downgrade() -> None:
    """Undo the change. Of several versions, the one that is in force is everybody's again."""
    with op.batch_alter_table("loaded_study") as table:
        table.add_column(sa.Column("study_text", sa.Text(), nullable=True))
        table.add_column(sa.Column("study_digest", sa.String(), nullable=True))
    for column in TEXTS:
        op.execute(
            f"UPDATE loaded_study SET {column} = "
            f"(SELECT {column} FROM study_version WHERE number = loaded_study.version)"
        )
    with op.batch_alter_table("loaded_study") as table:
        table.alter_column("study_text", nullable=False, existing_type=sa.Text())
        table.alter_column("study_digest", nullable=False, existing_type=sa.String())
    for name in ("participant", "loaded_study"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"fk_{name}_version", type_="foreignkey")
            table.drop_column("version")
    op.drop_table("study_version")
