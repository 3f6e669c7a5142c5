"""Which defences marked the people that a rehearsal sent, as the database has them.

A defence marks a person or does not, or cannot tell. The report counts the same, by the same rules,
in an export (`analysis.statistics.sample.defences`).
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist

from sqlalchemy import ColumnElement, Float, Integer, cast, func, select

from stimuli.study import Outcome, Phase
from study_app.active_study import ActiveStudy, in_version
from study_app.answer_models import AttentionAnswer, Signals, Trial
from study_app.dashboard.status import aligned
from study_app.database import db
from study_app.decisions import decision_scores
from study_app.enums import Sort
from study_app.gate import passes
from study_app.models import Participant
from study_app.session.signals import evidence
from study_app.simulation.profiles import HONEST
from study_app.simulation.verification import PART

FAST_BELOW_MS = 500  # a decision
ENOUGH = 0.5  # share of a person's test decisions that were fast, or with the page left
MEASURED = (Outcome.COMPLETED, Outcome.FAILED_ATTENTION, Outcome.FAILED_VALIDATION)
COMPLETED, UNSEEN, ALL_HONEST = "completed", "marked by nothing", "honest"

Marks = Mapping[str, bool | None]  # by defence; None where it cannot tell


def defences_text(active: ActiveStudy, tokens: Sequence[str]) -> str:
    """A table of the people with these links: a row for each defence, a column for each sort.

    A cell says how many it marked, of how many, with Wilson's 95 % interval of the share.
    """
    groups = defaultdict[str, list[Marks]](list)
    for first in range(0, len(tokens), PART):
        theirs = Participant.token.in_(tokens[first : first + PART])
        for sort, own in marks(active, theirs):
            groups[ALL_HONEST if sort in HONEST else sort].append(own)
    names = [name for name in (*Sort, ALL_HONEST) if name in groups]
    rows = [("came", *(str(len(groups[name])) for name in names))]
    for defence in groups[names[0]][0] if names else ():
        flags = [[own[defence] for own in groups[name]] for name in names]
        cells = [share_text(own) for own in flags]
        if any(cells):
            rows.append((defence, *(cell or "-" for cell in cells)))
    title = "How many of each sort a defence marked, with the 95 % interval of their share:"
    return "\n".join([title, *aligned([("", *names), *rows])])


def marks(active: ActiveStudy, theirs: ColumnElement[bool]) -> Iterator[tuple[str, Marks]]:
    """The sort of each of these people, and what marked them."""
    scores = decision_scores(active, Phase.VALIDATION, theirs)
    fast = shares_of_decisions(theirs, Trial.decision_rt_ms < FAST_BELOW_MS)
    away = shares_of_decisions(theirs, Trial.away_count > 0)
    failed = have_failed(active, theirs)
    query = select(Participant, Signals).outerjoin(Signals, Signals.participant == Participant.id)
    for participant, signals in db.session.execute(query.where(theirs).order_by(Participant.id)):
        key = participant.id
        score = scores.get(key) if participant.outcome in MEASURED else None
        own = {
            "gate": not passes(active.study.gate, score.n_right) if score else None,
            "attention checks": failed.get(key),
            "fast answers": fast[key] >= ENOUGH if key in fast else None,
            "page left": away[key] >= ENOUGH if key in away else None,
            "signs of a program": bool(evidence(signals)) if signals else None,
            "pasted text": signals.pasted_chars > 0 if signals else None,
            "text without keys": signals.unkeyed_chars > 0 if signals else None,
            "clicks at rest": signals.still_clicks > 0 if signals else None,
        }
        completed = participant.outcome is Outcome.COMPLETED
        unseen = not any(own.values()) if completed else None
        yield participant.simulated_sort or "", {COMPLETED: completed, **own, UNSEEN: unseen}


def shares_of_decisions(theirs: ColumnElement[bool], flag: ColumnElement[bool]) -> dict[int, float]:
    """By person, the share of the test decisions for which a flag is set, where it is known."""
    query = (
        select(Trial.participant, func.avg(cast(cast(flag, Integer), Float)))
        .join(Participant, Participant.id == Trial.participant)
        .where(theirs, Trial.phase == Phase.TEST, Trial.answered_at.is_not(None), flag.is_not(None))
        .group_by(Trial.participant)
    )
    return dict(db.session.execute(query).all())


def have_failed(active: ActiveStudy, theirs: ColumnElement[bool]) -> dict[int, bool]:
    """By person who answered an attention check, whether one of them failed."""
    query = select(AttentionAnswer, Participant.version).where(theirs)
    query = query.join(Participant, Participant.id == AttentionAnswer.participant)
    failed = defaultdict[int, bool](bool)
    for answer, version in db.session.execute(query):
        check = in_version(active, version).checks[answer.name]
        failed[answer.participant] |= not check.passed_by(answer.value)
    return failed


def share_text(flags: Sequence[bool | None]) -> str:
    """How many are set, of those that can be told; empty where none can."""
    known = [flag for flag in flags if flag is not None]
    if not known:
        return ""
    n, total = sum(known), len(known)
    low, high = wilson(n, total)
    return f"{n}/{total} [{100 * low:.0f}, {100 * high:.0f} %]"


def wilson(n: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share, from 0 to 1 (Wilson 1927, equation 6)."""
    z, share = NormalDist().inv_cdf(0.975), n / total
    centre = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * math.sqrt(share * (1 - share) / total + (z / 2 / total) ** 2)
    return max(0.0, centre - half), min(1.0, centre + half)
