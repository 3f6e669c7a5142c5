"""Invented people of Prolific, and the list of submissions that Prolific would have of them.

A rehearsal writes such a list, so that `study reconcile` and `study payments` are rehearsed too.
"""

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from stimuli.study import Provider
from study_app.enums import SubmissionStatus
from study_app.errors import RefusalError

# As in the demographic data of 2024 and later.
COLUMNS = (
    *("Submission id", "Participant id", "Status", "Custom study tncs accepted at", "Started at"),
    *("Completed at", "Reviewed at", "Archived at", "Time taken", "Completion code"),
    *("Total approvals", "Fluent languages", "Age", "Sex", "Ethnicity simplified"),
    *("Country of birth", "Country of residence", "Nationality", "Language", "Student status"),
    "Employment status",
)
DEMOGRAPHICS = {
    "Fluent languages": ("English", "English, Welsh", "Czech, English", "English, German"),
    "Sex": ("Female", "Male"),
    "Ethnicity simplified": ("Asian", "Black", "Mixed", "Other", "White"),
    "Country of birth": ("United Kingdom", "Ireland", "Poland", "South Africa"),
    "Country of residence": ("United Kingdom", "Ireland"),
    "Nationality": ("United Kingdom", "Ireland", "Poland", "South Africa"),
    "Language": ("English", "Polish"),
    "Student status": ("Yes", "No", "DATA_EXPIRED"),
    "Employment status": ("Full-Time", "Part-Time", "Not in paid work", "DATA_EXPIRED"),
}
NO_CODE = "NOCODE"
FORGETS = 0.05  # share of those with a code who do not enter it
TOO_LATE = 0.05  # share of those with a code whose time was over before
GIVES_BACK = 0.5  # share of those who left that return the submission; the others time out
REVOKES = 0.03  # share that took back the consent to share demographics


@dataclass(frozen=True, kw_only=True)
class InventedId:
    """The ids in the link of a person from Prolific, each 24 hexadecimal digits."""

    prolific_pid: str
    study_id: str
    session_id: str

    def query(self, parameters: Iterable[str]) -> str:
        """What Prolific adds to the study's address, by the names of person, study, session."""
        ids = (self.prolific_pid, self.study_id, self.session_id)
        return f"?{urlencode(dict(zip(parameters, ids, strict=True)))}"


def invented_id(seed: int, number: int) -> InventedId:
    """The ids of a person of a rehearsal."""
    return InventedId(
        prolific_pid=_hex(f"{seed}:{number}:person"),
        study_id=_hex(f"{seed}:study"),
        session_id=_hex(f"{seed}:{number}:submission"),
    )


def _hex(what: str) -> str:
    return f"{random.Random(what).getrandbits(96):024x}"


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A person's visit.

    Attributes:
        code: what the last page handed to Prolific; None if the person never saw it.
    """

    id: InventedId
    began: datetime
    ended: datetime
    code: str | None


def check_invented(path: Path, provider: Provider) -> None:
    """Refuse a list that would replace a file, or that Prolific would never have.

    Raises:
        RefusalError: in that case.
    """
    if path.exists():
        raise RefusalError(str(path), ["is there already; name a file that is not"])
    if not provider.is_prolific:
        raise RefusalError("--prolific", [f"people of this study come from {provider.name}"])


def write_submissions(path: Path, stays: Iterable[Stay], *, seed: int) -> int:
    """Write a new list of submissions; how many."""
    rows = [_row(stay, random.Random(f"{seed}:{stay.id.session_id}")) for stay in stays]
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _row(stay: Stay, rng: random.Random) -> dict[str, str]:
    if stay.code is None:
        returns = rng.random() < GIVES_BACK
        status = SubmissionStatus.RETURNED if returns else SubmissionStatus.TIMED_OUT
    else:
        is_late = rng.random() < TOO_LATE
        status = SubmissionStatus.TIMED_OUT if is_late else SubmissionStatus.AWAITING_REVIEW
    row = {
        "Submission id": stay.id.session_id,
        "Participant id": stay.id.prolific_pid,
        "Status": status,
        "Started at": _moment(stay.began),
        "Completion code": NO_CODE,
        "Total approvals": str(rng.randrange(2000)),
    }
    demographics = {name: rng.choice(values) for name, values in DEMOGRAPHICS.items()}
    demographics["Age"] = str(rng.randint(18, 75))
    is_revoked = rng.random() < REVOKES
    row |= dict.fromkeys(demographics, "CONSENT_REVOKED") if is_revoked else demographics
    if status is SubmissionStatus.AWAITING_REVIEW:
        row["Completed at"] = _moment(stay.ended)
        row["Time taken"] = f"{(stay.ended - stay.began).total_seconds():.0f}"
        row["Completion code"] = NO_CODE if rng.random() < FORGETS else stay.code or NO_CODE
    return row


def _moment(moment: datetime) -> str:
    """As Prolific writes it: UTC, with microseconds and a Z."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
