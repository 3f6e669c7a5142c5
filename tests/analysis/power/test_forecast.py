from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from statsmodels.stats.power import TTestIndPower

from analysis.power.assumptions import Assumptions
from analysis.power.forecast import (
    MOST_PEOPLE,
    STEP_POINTS,
    Curve,
    Effects,
    Question,
    first_whole,
    world_of,
)
from analysis.power.simulated_studies import answered, luck_of, studies_of
from analysis.statistics.differences import PEOPLE, STIMULI
from tests.analysis.power.trial_tables import SIX_BINS, design_of

DESIGN = design_of(dict.fromkeys(SIX_BINS, 8), (30,))
SMALL = world_of(DESIGN, [Assumptions()], n_studies=400, seed=1)
ALIKE = Assumptions(person_sd=0.5, acceptance_sd=0.0, stimulus_sd=0.0, leaning_sd=0.0)


def sd_of_people(assumed: Assumptions) -> float:
    """In points, of one person's accuracy, where stimuli do not differ."""
    luck = luck_of(DESIGN, 2, np.random.default_rng(1))
    still = replace(luck, scatter=np.zeros_like(luck.scatter))
    seen = answered(studies_of(DESIGN, still, assumed, (0.0, 0.0)), 10**6)
    return float(100 * np.sqrt(seen.scatter(np.full(len(DESIGN.cell), 1 / DESIGN.trials))[0, 0]))


def tost(sd: float, n: int, margin: float) -> float:
    """Power of two one-sided tests where nothing differs (Phillips 1990, over the variance)."""
    df, error = 2 * n - 2, sd * np.sqrt(2 / n)

    def integrand(s: float) -> float:
        most = margin / error - stats.t.ppf(0.95, df) * s
        return 0.0 if most <= 0 else (2 * stats.norm.cdf(most) - 1) * density(s)

    def density(s: float) -> float:
        return float(stats.chi2.pdf(df * s**2, df) * 2 * df * s)

    return float(integrate.quad(integrand, 0, 3)[0])


@pytest.mark.parametrize(("n", "points", "alternative"), [(25, 6, "two-sided"), (60, 4, "greater")])
def test_where_stimuli_do_not_differ_power_is_that_of_a_t_test(
    n: int, points: float, alternative: str
) -> None:
    world = world_of(replace(DESIGN, alternative=alternative), [ALIKE], n_studies=8_000, seed=1)
    power = Curve(world=world, question=Question(name="difference", points=points)).power(PEOPLE, n)
    sided = {"greater": "larger"}.get(alternative, alternative)
    exact = TTestIndPower().power(points / sd_of_people(ALIKE), n, 0.05, alternative=sided)
    assert power == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize(("n", "margin"), [(40, 6.0), (80, 5.0)])
def test_where_stimuli_do_not_differ_equivalence_is_found_as_two_t_tests_do(
    n: int, margin: float
) -> None:
    world = world_of(replace(DESIGN, margin=margin), [ALIKE], n_studies=8_000, seed=1)
    power = Curve(world=world, question=Question(name="equivalence")).power(PEOPLE, n)
    assert power == pytest.approx(tost(sd_of_people(ALIKE), n, margin), abs=0.02)


@settings(max_examples=5, deadline=None)
@given(st.integers(30, 120), st.sampled_from([STIMULI, PEOPLE]))
def test_the_least_effect_and_the_number_of_people_undo_each_other(n: int, claim: str) -> None:
    points = Effects(world=SMALL, n_people=n).least(claim, 0.8)
    assert points is not None
    found = Curve(world=SMALL, question=Question(name="difference", points=points))
    assert found.needed(claim, 0.8) <= n
    missed = Question(name="difference", points=points - STEP_POINTS)
    assert Curve(world=SMALL, question=missed).power(claim, n) < 0.8


def test_power_rises_with_people_and_with_the_effect() -> None:
    curve = Curve(world=SMALL, question=Question(name="difference", points=6.0))
    by_people = [curve.power(STIMULI, n) for n in (20, 40, 80, 160, 320)]
    assert by_people == sorted(by_people)
    steps = Effects(world=SMALL, n_people=50)
    by_effect = [steps.power(STIMULI, points) for points in (20, 40, 80, 120)]
    assert by_effect == sorted(by_effect)


def test_without_an_effect_one_study_in_twenty_finds_one() -> None:
    world = world_of(DESIGN, [Assumptions()], n_studies=4_000, seed=1)
    curve = Curve(world=world, question=Question(name="difference", points=0.0))
    assert 0.03 < curve.power(STIMULI, 60) < 0.06
    # These stimuli do differ, as conditions suit some of them.
    assert curve.power(PEOPLE, 60) > curve.power(STIMULI, 60)


def test_other_stimuli_cannot_be_spoken_of_with_few_people_or_few_stimuli() -> None:
    curve = Curve(world=SMALL, question=Question(name="difference", points=30.0))
    assert curve.power(STIMULI, 19) == 0
    assert curve.needed(STIMULI, 0.8) == 20
    few = world_of(
        design_of(dict.fromkeys(SIX_BINS, 4), (12,)), [Assumptions()], n_studies=100, seed=1
    )
    assert few.claim == PEOPLE
    assert few.claims(Question(name="interaction", points=5.0)) == ()


def test_what_no_number_of_people_finds_is_out_of_reach() -> None:
    leaning = world_of(DESIGN, [Assumptions(leaning_sd=1.0)], n_studies=200, seed=1)
    curve = Curve(world=leaning, question=Question(name="difference", points=2.0))
    assert curve.needed(STIMULI, 0.8) is None
    assert curve.power(STIMULI, MOST_PEOPLE) < 0.8


def test_an_effect_beyond_all_shares_is_not_possible() -> None:
    assert SMALL.is_possible(Question(name="difference", points=28.0))
    assert not SMALL.is_possible(Question(name="difference", points=30.0))


@given(st.integers(1, 3_000), st.integers(0, 50))
def test_the_first_number_that_is_enough_is_found(first: int, low: int) -> None:
    found = first_whole(lambda n: n >= first, low, 2_000)
    assert found == (max(first, low + 1) if first <= 2_000 else None)
