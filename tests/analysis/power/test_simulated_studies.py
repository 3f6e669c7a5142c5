from dataclasses import replace

import numpy as np
import pytest

from analysis.power.assumptions import Assumptions
from analysis.power.simulated_studies import answered, luck_of, studies_of, with_more_stimuli
from tests.analysis.power.trial_tables import SIX_BINS, design_of

NONE = Assumptions(person_sd=0.0, acceptance_sd=0.0, stimulus_sd=0.0, leaning_sd=0.0)
DESIGN = design_of(dict.fromkeys(SIX_BINS, 8), (30,))
N = 40


def simulated(assumed: Assumptions, effect: tuple[float, float] = (0.0, 0.0)):
    luck = luck_of(DESIGN, 2_000, np.random.default_rng(1))
    return studies_of(DESIGN, luck, assumed, effect)


def test_where_nothing_differs_a_mean_varies_as_a_share_of_independent_answers() -> None:
    seen = answered(simulated(NONE), N)
    means = seen.shares @ DESIGN.seen / DESIGN.trials
    expected = 0.7 * 0.3 / (N * DESIGN.trials)
    assert means.var() == pytest.approx(expected, rel=0.08)
    scatter = seen.scatter(np.full(len(DESIGN.cell), 1 / DESIGN.trials)) / N
    assert scatter.mean() == pytest.approx(expected, rel=0.02)


def test_the_scatter_of_people_varies_as_chi_squared_says() -> None:
    scatter = answered(simulated(NONE), N).scatter(np.full(len(DESIGN.cell), 1 / DESIGN.trials))
    relative = scatter.std() / scatter.mean()
    assert relative == pytest.approx(np.sqrt(2 / (N - 1)), rel=0.06)


def test_an_effect_is_as_large_as_it_was_planned() -> None:
    assumed = Assumptions(right=0.8, wrong=0.6)
    shares = simulated(assumed, (0.05, -0.1)).shares.mean(axis=0)
    by_sort = [[row[DESIGN.sort == sort].mean() for sort in (0, 1)] for row in shares]
    assert by_sort[1] == pytest.approx([0.8, 0.6], abs=0.005)
    assert by_sort[0] == pytest.approx([0.85, 0.5], abs=0.005)


def test_leanings_move_stimuli_of_one_condition_apart_from_the_other() -> None:
    common = simulated(replace(NONE, stimulus_sd=1.0)).shares
    assert common[:, 0] == pytest.approx(common[:, 1])
    leaning = simulated(replace(NONE, leaning_sd=1.0)).shares
    assert abs(np.corrcoef(leaning[:, 0].ravel(), leaning[:, 1].ravel())[0, 1]) < 0.02


def test_who_meets_a_stimulus_moves_no_mean() -> None:
    studies = simulated(replace(NONE, person_sd=1.0))
    still = replace(studies.luck, viewers=np.zeros_like(studies.luck.viewers))
    pair = [answered(replace(studies, luck=luck), N).shares for luck in (studies.luck, still)]
    assert np.abs(pair[0] - pair[1]).max() > 0.01
    assert pair[0] @ DESIGN.seen == pytest.approx(pair[1] @ DESIGN.seen)


def test_more_stimuli_take_the_same_trials() -> None:
    more = with_more_stimuli(DESIGN, 3)
    assert len(more.cell) == 3 * len(DESIGN.cell)
    assert more.trials == DESIGN.trials


def test_people_without_the_ai_differ_in_nothing_that_follows_it_and_are_right_as_often_32() -> (
    None
):
    design = replace(DESIGN, unadvised=frozenset({DESIGN.conditions[0]}))
    luck = luck_of(design, 2_000, np.random.default_rng(1))
    studies = studies_of(design, luck, replace(NONE, acceptance_sd=1.0, stimulus_sd=0.5), (0, 0))
    without, advised = studies.covariance
    assert without == pytest.approx(0, abs=1e-9)
    assert advised[0, 1] == pytest.approx(-advised[0, 0], rel=0.1)
    assert studies.shares.mean(axis=(0, 2)) == pytest.approx([0.7, 0.7], abs=0.005)
    alike = studies_of(design, luck, replace(NONE, person_sd=0.7), (0, 0))
    assert alike.covariance[0] == pytest.approx(alike.covariance[1])
