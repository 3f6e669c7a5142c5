"""Conditions and trials, as a database holds them."""

from collections import Counter

import pytest
from sqlalchemy import select

from stimuli.study import Outcome, Phase
from study_app.active_study import active_study
from study_app.answer_models import Trial
from study_app.database import db, writing
from study_app.enrolment.allocation import replay
from tests.study_app.enrolment.changes import end


def shown_in_test(app, participant):
    """The test stimuli of a person, in order."""
    query = select(Trial.stimulus_id).where(
        Trial.participant == participant.id, Trial.phase == Phase.TEST
    )
    with app.app_context():
        return list(db.session.scalars(query.order_by(Trial.trial_index)))


def test_conditions_fill_evenly(app, another_visitor, tools):
    for _ in range(7):
        another_visitor().start()
    counts = Counter(participant.condition for participant in tools.participants(app))
    assert sorted(counts.values()) == [2, 2, 3]


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.COMPLETED])
def test_views_of_people_who_leave_or_fail_the_gate_are_queued_again(
    app, another_visitor, outcome, tools
):
    for _ in range(6):
        another_visitor().start()
    leaver, *others = tools.participants(app)
    end(app, leaver, outcome)
    another_visitor().start()
    newcomer = tools.participants(app)[-1]
    assert newcomer.condition == leaver.condition
    seen = {s for p in others if p.condition == leaver.condition for s in shown_in_test(app, p)}
    unseen = set(shown_in_test(app, leaver)) - seen
    assert len(unseen) >= 4
    assert unseen <= set(shown_in_test(app, newcomer))


def test_practice_and_validation_are_the_same_for_everyone(app, visitor, another_visitor, tools):
    visitor.start()
    another_visitor().start()
    trials = [t for t in tools.trials(app) if t.phase is not Phase.TEST]
    first, second = ([t.stimulus_id for t in trials if t.participant == p] for p in (1, 2))
    assert first == second


def test_every_assignment_can_be_drawn_again_from_the_database(app, another_visitor, tools):
    for _ in range(7):
        another_visitor().start()
    end(app, tools.participants(app)[1], Outcome.RETURNED)
    for _ in range(3):
        another_visitor().start()
    with app.app_context():
        assert replay(active_study()) == (10, [])
        swapped = db.session.scalars(select(Trial).where(Trial.phase == Phase.TEST)).all()
        other = next(t for t in swapped if t.stimulus_id != swapped[0].stimulus_id)
        with writing():
            swapped[0].stimulus_id = other.stimulus_id
        assert replay(active_study()) == (10, [tools.participants(app)[0].participant_id])
