from dataclasses import replace

import numpy as np
import pytest

from analysis.power.assumptions import Assumptions
from analysis.power.forecast import Curve, Question, world_of
from analysis.power.simulated_studies import luck_of
from analysis.power.tables import (
    TARGETS,
    Asked,
    curve_rows,
    frame,
    needed_rows,
    power_of,
    questions_of,
    sensitivity_row,
    sensitivity_worlds,
)
from analysis.statistics.differences import PEOPLE, STIMULI
from stimuli.study import parse_study
from tests.analysis.power.trial_tables import SIX_BINS, design_of
from tests.study_app.invented import study_text

DESIGN = design_of(dict.fromkeys(SIX_BINS, 8), (30,))
WORLD = world_of(DESIGN, [Assumptions()], n_studies=400, seed=1)


@pytest.fixture(scope="module")
def asked() -> Asked:
    return Asked(
        study=parse_study(study_text(), subject="here"),
        world=WORLD,
        questions=questions_of(WORLD, (5.0, 7.0)),
        people=(30,),
        seed=1,
    )


def test_without_a_margin_nobody_asks_for_equivalence() -> None:
    names = [question.name for question in questions_of(WORLD, (5.0,))]
    assert names == ["difference", "interaction"]
    margin = replace(WORLD, design=replace(DESIGN, margin=5.0))
    names = [question.name for question in questions_of(margin, (5.0, 2.0))]
    assert names == ["difference"] * 2 + ["equivalence"] + ["interaction"] * 2


def test_the_curve_reaches_the_target_where_the_people_needed_are(asked: Asked) -> None:
    curve = Curve(world=WORLD, question=asked.questions[0])
    needed = frame(list(needed_rows(asked, curve)))
    assert needed["target"].tolist() == [*TARGETS, *TARGETS]
    rows = frame(list(curve_rows(asked, curve)))
    for _, row in needed.iterrows():
        own = rows[rows["claim"] == row["claim"]]
        enough = own["n_per_condition"] >= row["n_per_condition"]
        assert (own.loc[enough, "power"] >= row["target"] - 0.02).all()
        assert (own.loc[~enough, "power"] < row["target"] + 0.02).all()
    assert rows.loc[rows["claim"] == STIMULI, "n_per_condition"].min() == 20
    assert rows.loc[rows["claim"] == PEOPLE, "n_per_condition"].min() == 10
    assert set(rows.loc[rows["in_sentence"], "claim"]) == {STIMULI}


def test_more_that_differs_takes_more_people_and_more_stimuli_fewer(asked: Asked) -> None:
    rows = frame([sensitivity_row(asked, *change) for change in sensitivity_worlds(asked)])
    n = rows["n_per_condition"].astype("float64")
    assert rows["change"].iloc[0] == "as assumed"
    assert rows["change"].iloc[-1] == "96 stimuli, twice as many, in as many trials"
    assert rows["value"].tolist()[1:-1] == pytest.approx([0.75, 0.75, 1.5, 0.45])
    as_assumed, able, _, _, leaning, stimuli = n
    assert stimuli < as_assumed < min(able, leaning)


def test_the_interval_of_a_pilot_is_the_range_over_what_is_as_likely() -> None:
    rng = np.random.default_rng(1)
    several = [Assumptions(person_sd=sd) for sd in (0.3, 0.9)]
    blocks = tuple((own, luck_of(DESIGN, 100, rng)) for own in several)
    found = np.repeat([True, False], 100)
    assert power_of(replace(WORLD, blocks=blocks), found) == pytest.approx(
        {"power": 0.5, "low": 0.05, "high": 0.95}
    )
    known = power_of(WORLD, np.repeat([True, False], 200))
    assert known == pytest.approx({"power": 0.5, "low": 0.4512, "high": 0.5488}, abs=1e-4)


def test_the_focus_is_the_middle_difference(asked: Asked) -> None:
    assert asked.focus == Question(name="difference", points=7.0)
