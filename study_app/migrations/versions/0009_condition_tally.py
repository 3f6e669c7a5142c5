"""Places and views are kept in tallies, and a participant's row tells when the place is over."""

import json
import tomllib
from collections import defaultdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LEASE_MINUTES = 15  # where a study file does not say
READING = timedelta(minutes=1)
PLACES = """
SELECT wave, simulated, condition, count(*) AS started,
    sum(CASE WHEN qualified OR outcome IS NULL THEN 1 ELSE 0 END) AS places
FROM participant GROUP BY wave, simulated, condition
"""
VIEWS = """
SELECT wave, simulated, condition, stimulus_id, count(*) AS n
FROM trial JOIN participant ON participant.id = trial.participant
WHERE (qualified OR outcome IS NULL) AND phase = 'test'
GROUP BY wave, simulated, condition, stimulus_id
"""


def upgrade() -> None:
    """Make the change."""
    waves = sa.Enum(
        "main", "pilot", "invited", "preview", "test", name="wave", native_enum=False, length=20
    )
    op.create_table(
        "condition_tally",
        sa.Column("wave", waves, nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("views", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("wave", "simulated", "condition", name=op.f("pk_condition_tally")),
    )
    op.add_column(
        "participant", sa.Column("place_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(op.f("ix_participant_place_until"), "participant", ["place_until"])
    op.create_index(op.f("ix_identity_prolific_pid"), "identity", ["prolific_pid"])
    _note_when_places_are_over()
    _count()


def _note_when_places_are_over() -> None:
    """Of everybody under way; those whose lease ran out already are cleared at the next Start."""
    connection = op.get_bind()
    texts = connection.scalars(sa.text("SELECT study_text FROM loaded_study"))
    minutes = [tomllib.loads(text).get("assignment", {}).get("lease_minutes") for text in texts]
    lease = timedelta(minutes=next(filter(None, minutes), LEASE_MINUTES))
    participant = sa.table(
        "participant",
        *map(sa.column, ("id", "outcome")),
        *(
            sa.column(name, sa.DateTime(timezone=True))
            for name in ("seen_at", "started_at", "consented_at", "place_until")
        ),
    )
    for row in connection.execute(sa.select(participant).where(participant.c.outcome.is_(None))):
        until: datetime = row.seen_at + lease if row.consented_at else row.started_at + READING
        connection.execute(
            sa.update(participant).where(participant.c.id == row.id).values(place_until=until)
        )


def _count() -> None:
    connection = op.get_bind()
    views = defaultdict[tuple[str, bool, str], dict[str, int]](dict)
    for row in connection.execute(sa.text(VIEWS)):
        views[row.wave, row.simulated, row.condition][row.stimulus_id] = row.n
    for row in connection.execute(sa.text(PLACES)).all():
        counts = views[row.wave, row.simulated, row.condition]
        values = {**row._mapping, "simulated": bool(row.simulated), "views": json.dumps(counts)}
        connection.execute(
            sa.text(
                "INSERT INTO condition_tally (wave, simulated, condition, started, places, views) "
                "VALUES (:wave, :simulated, :condition, :started, :places, :views)"
            ),
            values,
        )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index(op.f("ix_identity_prolific_pid"), table_name="identity")
    op.drop_index(op.f("ix_participant_place_until"), table_name="participant")
    op.drop_column("participant", "place_until")
    op.drop_table("condition_tally")
