"""`study export --with-ids`: who is who on Prolific, beside an export that does not tell."""

import csv
from pathlib import Path

from sqlalchemy import select

from study_app.database import db
from study_app.export.formulas import quoted
from study_app.export.participations import Selection
from study_app.identity_models import Identity
from study_app.models import Participant

IDENTITIES = "identities.csv"
IDS = (Identity.prolific_pid, Identity.study_id, Identity.session_id)


def write_identities(folder: Path, selection: Selection) -> int:
    """Write a row for everybody who came from Prolific, readable by the owner only; how many."""
    query = (
        select(Participant.participant_id, *IDS)
        .join(Identity, Identity.participant == Participant.id)
        .where(selection.participants)
        .order_by(Participant.id)
    )
    path = folder / IDENTITIES
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["participant_id", *(column.key for column in IDS)])
        rows = (map(quoted, row) for row in db.session.execute(query))
        return sum(1 for row in rows if writer.writerow(row))
