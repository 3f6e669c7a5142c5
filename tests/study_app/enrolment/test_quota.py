"""Balance and coverage on PostgreSQL with eight workers, though many leave or fail the gate."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from stimuli.study import Outcome, Phase
from study_app import create_app
from study_app.active_study import ActiveStudy, active_study
from study_app.answer_models import Trial
from study_app.dashboard.coverage import coverage
from study_app.database import db, now, writing
from study_app.enrolment.allocation import replay
from study_app.enums import Wave
from study_app.models import Draw, Participant
from study_app.simulation import server
from study_app.simulation.behaviour import planted
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.rehearsal import Rehearsal, simulate
from study_app.simulation.server import serving

CONDITIONS = ("confidence", "heatmap", "neighbours")
MIX = {"calibrated": 0.6, "quitting": 0.3, "failing": 0.1}
# 24 pictures: 12 right, 10 wrong, 2 perturbed ones. 8 people see each right one twice, and so on.
TRIALS = {"right": 3, "wrong": 2, "adversarial": 1}
QUOTA = 10
DOORS, AT_EACH = 4, 4  # people press Start in four places at once
ROUNDS = 30


@pytest.fixture
def app(tmp_path, monkeypatch, tools, postgres) -> Iterator[Flask]:
    """A study with hardly a trial to spare, on a real PostgreSQL."""
    monkeypatch.setenv("DATABASE_URL", postgres)
    monkeypatch.setattr(server, "WORKERS", 8)
    text = tools.study_text(practice=1, validation=2, live=True)
    lines = [f"{name} = {value}" for name, value in (TRIALS | {"quota": QUOTA}).items()]
    text += "\n".join(["[assignment]", *lines, ""])
    bundle = tools.build_bundle(tmp_path / "bundle", text, per_cell=4)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, bundle.path)
    yield app
    tools.close(app)


def come(app: Flask, url: str, seed: int) -> None:
    """A few people come by one of the doors, and answer side by side."""
    rehearsal = Rehearsal(participants=AT_EACH, mix=MIX, side_by_side=AT_EACH, url=url)
    with app.app_context():
        model = DecisionModel(behaviours=planted(CONDITIONS, []), seed=seed)
        for _ in simulate(active_study(), model, rehearsal):
            pass
        db.session.remove()


def hour_passes(app: Flask) -> None:
    """Nothing is heard any more of those who left without a word."""
    with app.app_context(), writing():
        silent = update(Participant).where(Participant.outcome.is_(None))
        db.session.execute(silent.values(seen_at=now() - timedelta(hours=1)))


def qualified(app: Flask) -> Counter[str]:
    """People whose data count, by condition."""
    with app.app_context():
        query = select(Participant.condition).where(Participant.qualified)
        return Counter(db.session.scalars(query))


@pytest.mark.slow
def test_the_quota_brings_balance_and_two_views_of_every_picture(app):
    seeds = iter(range(ROUNDS * DOORS))
    with serving(app) as url, ThreadPoolExecutor(DOORS) as doors:
        for _ in range(ROUNDS):
            list(doors.map(lambda _: come(app, url, next(seeds)), range(DOORS)))
            hour_passes(app)
            if qualified(app) == dict.fromkeys(CONDITIONS, QUOTA):
                break
        come(app, url, next(seeds))
    assert qualified(app) == dict.fromkeys(CONDITIONS, QUOTA)
    with app.app_context():
        active = active_study()
        check_people(active)
        check_views(active)
        repeated, others = replay(active)
    assert others == []
    assert repeated > len(CONDITIONS) * QUOTA


def check_people(active: ActiveStudy) -> None:
    """Many left or failed, the last found no place, and no place was ever given twice."""
    outcomes = Counter(db.session.scalars(select(Participant.outcome)))
    assert outcomes[None] >= 5
    assert outcomes[Outcome.FAILED_VALIDATION] >= 2
    assert outcomes[Outcome.QUOTA_FULL] >= AT_EACH
    draws = list(db.session.scalars(select(Draw)))
    assert len({draw.number for draw in draws}) == len(draws)
    assert all(min(draw.places.values()) < QUOTA for draw in draws)


def check_views(active: ActiveStudy) -> None:
    """Every picture has its two qualified views in each condition; bins are even per person."""
    for row in coverage(active, Wave.MAIN, simulated=True):
        assert row.qualified == QUOTA
        assert row.stimuli[:2] == (0, 0), row
    trials_of: dict[int, list[str]] = {}
    query = select(Trial.participant, Trial.stimulus_id).where(Trial.phase == Phase.TEST)
    for participant, stimulus_id in db.session.execute(query):
        trials_of.setdefault(participant, []).append(stimulus_id)
    for trials in trials_of.values():
        assert len(set(trials)) == sum(TRIALS.values())
        for group in active.groups:
            counts = [len(set(trials) & set(cell)) for cell in group.cells]
            assert sum(counts) == group.trials
            assert max(counts) - min(counts) <= 1
