"""How many people have judged each stimulus."""

import pytest
from sqlalchemy import update

from study_app.active_study import active_study
from study_app.answer_models import Trial
from study_app.dashboard.coverage import coverage
from study_app.database import db, now, writing
from study_app.enums import Wave
from study_app.models import Participant
from tests.study_app.dashboard.console import expert


@pytest.mark.slow
def test_coverage_counts_the_views_of_qualified_people_only(app, bundle, another_visitor, tools):
    """Six test trials out of twelve pictures: who is at the gate counts, who is below does not."""
    for _ in range(3):
        another_visitor().start().walk(choose=expert(bundle))
    another_visitor().start().walk()  # accepts everything: half of the first questions right
    another_visitor().start().walk(until="debrief", choose=lambda page: page.form.choices[-1])
    with app.app_context():
        active = active_study()
        coverages = {one.condition: one for one in coverage(active, Wave.MAIN, simulated=False)}
        assert coverage(active, Wave.MAIN, simulated=True)[0].stimuli == (12, 0, 0, 0)
    assert [one.qualified for one in coverages.values()] == [1, 1, 1]
    assert {one.stimuli for one in coverages.values()} == {(6, 6, 0, 0)}


def test_more_than_two_views_are_told_together(empty_app, tools, tmp_path):
    text = tools.study_text(practice=1, validation=1, test=6).replace(
        "min_correct = 1", "min_correct = 0"
    )
    tools.load(empty_app, tools.build_bundle(tmp_path / "small", text, per_cell=1).path)
    for _ in range(9):
        tools.visitor(empty_app.test_client()).start()
    with empty_app.app_context(), writing():
        db.session.execute(update(Trial).values(decision="accept", answered_at=now()))
        db.session.execute(update(Participant).values(outcome="completed", qualified=True))
    with empty_app.app_context():
        coverages = coverage(active_study(), Wave.MAIN, simulated=False)
    assert [one.stimuli for one in coverages] == [(0, 0, 0, 6)] * 3
