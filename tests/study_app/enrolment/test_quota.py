"""Kept counts are what counting gives; balance and coverage, though many leave or fail the gate."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import and_, func, or_, select

from stimuli.study import Outcome, Phase
from study_app import create_app
from study_app.active_study import ActiveStudy, active_study
from study_app.answer_models import Trial
from study_app.dashboard.coverage import coverage
from study_app.database import db, now, writing
from study_app.enrolment.allocation import replay
from study_app.enrolment.quota import taken_places, tallies
from study_app.enrolment.recruiting import hold_study
from study_app.enums import Wave
from study_app.models import Draw, Participant
from study_app.simulation import server
from study_app.simulation.behaviour import planted
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.rehearsal import Rehearsal, simulate
from study_app.simulation.server import serving
from tests.study_app.enrolment.changes import HOUR, time_passes
from tests.study_app.visiting import Visitor, participants

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


def qualified(app: Flask) -> Counter[str]:
    """People whose data count, by condition."""
    with app.app_context():
        query = select(Participant.condition).where(Participant.qualified)
        return Counter(db.session.scalars(query))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def either_app(request, tmp_path, monkeypatch, tools) -> Iterator[Flask]:
    """A study with a gate and two places in each condition, on either database."""
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres_address"))
    text = tools.study_text(practice=1, validation=2, test=12, live=True)
    text = text.replace("min_correct = 2", "min_correct = 1")
    text += "[assignment]\nquota = 2\nviews = 1\n"
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, tools.build_bundle(tmp_path / "bundle", text).path)
    yield app
    tools.close(app)


def counted(active: ActiveStudy) -> tuple[int, Counter[str], Counter[tuple[str, str]]]:
    """People who started, places, and views of a condition's stimuli, counted row by row."""
    lease, reading = timedelta(minutes=15), timedelta(minutes=1)
    has_agreed = Participant.consented_at.is_not(None)
    live = and_(
        Participant.outcome.is_(None),
        Participant.seen_at > now() - lease,
        or_(has_agreed, Participant.started_at > now() - reading),
    )
    holders = select(Participant).where(or_(Participant.qualified, live))
    condition_of = {one.id: one.condition for one in db.session.scalars(holders)}
    query = select(Trial).where(Trial.participant.in_(condition_of), Trial.phase == Phase.TEST)
    views = Counter(
        (condition_of[trial.participant], trial.stimulus_id) for trial in db.session.scalars(query)
    )
    has_condition = Participant.condition.is_not(None)
    started = db.session.scalars(select(func.count()).where(has_condition)).one()
    return started, Counter(condition_of.values()), views


def kept(active: ActiveStudy) -> tuple[int, Counter[str], Counter[tuple[str, str]]]:
    """The same from the tallies."""
    with writing():
        hold_study(active)
        tally_of = tallies(active, Wave.MAIN, simulated=False)
    return (
        sum(tally.started for tally in tally_of.values()),
        +Counter({name: tally.places for name, tally in tally_of.items()}),
        Counter({(name, s): n for name, tally in tally_of.items() for s, n in tally.views.items()}),
    )


def something_happens(app: Flask, new: Callable[[], Visitor], here: list[Visitor], rng) -> None:
    """Somebody comes, answers, goes to the end, withdraws, or says nothing for a while."""
    act = rng.choice(["come", "answer", "answer", "answer", "end", "withdraw", "wait", "clear"])
    someone = rng.choice(here) if here else None
    if act == "come" or someone is None:
        here.append(new().start())
    elif act == "wait":
        everybody = [None, *participants(app)]
        time_passes(app, timedelta(minutes=rng.choice([1, 16])), participant=rng.choice(everybody))
    elif act == "withdraw" and len(here) > 6:
        someone.open(f"/p/{someone.token}/withdraw")
        if someone.page.forms:
            someone.press(rng.choice(["keep", "erase"]))
    elif act == "answer" and someone.screen != "debrief":
        someone.answer(rng.choice([*someone.page.form.choices, someone.page.form.choices[0]]))
    elif act == "end":
        someone.walk(choose=lambda page: rng.choice([page.form.choices[0], *page.form.choices]))


def test_kept_counts_are_those_of_counting_whatever_happens_27_10(either_app, tools):
    rng, here = random.Random(27), []
    for _ in range(120):
        something_happens(either_app, lambda: Visitor(either_app.test_client()), here, rng)
        with either_app.app_context():
            active = active_study()
            truth = counted(active)
            taken = taken_places(active, Wave.MAIN, simulated=False)
            assert +Counter(taken) == truth[1]
            if rng.random() < 0.3:
                assert kept(active) == truth
    with either_app.app_context():
        assert replay(active_study())[1] == []
        db.session.remove()
        downgrade(revision="0008")
        upgrade()
        started, *others = kept(active)
        assert others == [*counted(active)][1:]
        assert started >= counted(active)[0]  # people turned away counted in tallies of before
    outcomes = {one.outcome for one in participants(either_app)}
    assert outcomes > {None, Outcome.COMPLETED, Outcome.QUOTA_FULL, Outcome.WITHDRAWN}


@pytest.mark.slow
def test_the_quota_brings_balance_and_two_views_of_every_picture(app):
    seeds = iter(range(ROUNDS * DOORS))
    with serving(app) as url, ThreadPoolExecutor(DOORS) as doors:
        for _ in range(ROUNDS):
            list(doors.map(lambda _: come(app, url, next(seeds)), range(DOORS)))
            time_passes(app, HOUR)
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
        for group in active.groups["confidence"]:
            counts = [len(set(trials) & set(cell)) for cell in group.cells]
            assert sum(counts) == group.trials
            assert max(counts) - min(counts) <= 1
