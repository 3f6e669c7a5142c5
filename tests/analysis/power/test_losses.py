import pytest

from analysis.power.assumptions import Assumptions
from analysis.power.forecast import Curve, Question, world_of
from analysis.power.losses import losses_table
from analysis.statistics.differences import PEOPLE
from tests.analysis.power.trial_tables import SIX_BINS, design_of

DESIGN = design_of(dict.fromkeys(SIX_BINS, 8), (30,))
QUESTION = Question(name="difference", points=8.0)
NOBODY = Assumptions(leaning_sd=0.0, dropout=0.0, below_gate=0.0)


def test_where_nobody_is_lost_the_bounds_find_what_the_test_finds() -> None:
    table = losses_table(DESIGN, NOBODY, QUESTION, 40, n_studies=50, seed=1)
    world = world_of(DESIGN, [NOBODY], n_studies=4_000, seed=1)
    power = 100 * Curve(world=world, question=QUESTION).power(PEOPLE, 40)
    first = table.iloc[0]
    assert (first["n_assigned"], first["n_analysed"]) == (40, 40)
    assert first["low_percent"] <= power <= first["high_percent"]


def test_losses_widen_the_bounds() -> None:
    lost = Assumptions(leaning_sd=0.0, dropout=0.2, below_gate=0.2)
    some, nobody = (
        losses_table(DESIGN, own, QUESTION, 40, n_studies=30, seed=1)["bounded_percent"]
        for own in (lost, NOBODY)
    )
    assert some.max() < nobody[0]


def test_who_is_lost_is_assigned_in_addition() -> None:
    lost = Assumptions(dropout=0.1, below_gate=0.2)
    table = losses_table(DESIGN, lost, QUESTION, 72, n_studies=2, seed=1)
    assert table["n_assigned"].tolist() == [100, 100]
    assert table["n_analysed"].tolist() == [72, pytest.approx(68)]
