"""The team against the better of people alone and the AI alone."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from analysis.export.step_facts import ShowsAi, StepFacts
from analysis.statistics.estimate import Estimate
from analysis.statistics.measures.steps.judgements import judgements, paired
from analysis.statistics.measures.steps.synergy import BEFORE, OPEN_LEVEL, lesser, synergies
from tests.analysis.steps import ADVISED, ALONE, Advised, tables_of
from tests.benchmarks.advice import STEPS as BENCHMARK_STEPS
from tests.benchmarks.advice import Advice, AdviceStudies, studies

STEPS = tuple(StepFacts.model_validate(step) for step in (ALONE, ADVISED))
SHOWS_AI: dict[str, ShowsAi] = {"gradcam": True, "unaided": False}
GROUPS = [("gradcam", "unaided")]
ESTIMATES = st.builds(
    Estimate, value=st.floats(-40, 40), error=st.floats(0.5, 9), df=st.floats(5, 60)
)


def found(people: list[Advised]) -> pd.DataFrame:
    answers, trials = tables_of(people)
    both = paired(judgements(answers, trials, STEPS), STEPS, SHOWS_AI)
    return synergies(trials, both, teams=["gradcam"], groups=GROUPS)


def test_a_team_is_set_against_others_alone_and_against_itself_before() -> None:
    people = [
        Advised(before="TTOOOO", after="TTTTTA"),
        Advised(before="TTTOOO", after="TTTTTA"),
        Advised(before="TTTTOO", condition="unaided"),
    ]
    others, itself = found(people).to_dict("records")
    assert (others["alone"], itself["alone"]) == ("unaided", BEFORE)
    # The team is right in 5 of 6, the AI in 3 of 6, others in 4 of 6, the team before in 5 of 12.
    for row, alone, better in ((others, 400 / 6, "people"), (itself, 500 / 12, "AI")):
        assert row["team_percent"] == pytest.approx(500 / 6)
        assert row["ai_percent"] == pytest.approx(50)
        assert row["alone_percent"] == pytest.approx(alone)
        assert row["better"] == better
        assert row["synergy_points"] == pytest.approx(500 / 6 - max(alone, 50))
        assert math.isnan(row["low_points"])
        assert row["missing_because"].startswith("fewer than 20 people")


def test_only_stimuli_that_both_judged_count() -> None:
    answers, trials = tables_of(
        [Advised(before="TTTTTT", after="TTTOOO"), Advised(before="OOOOOO", condition="unaided")]
    )
    trials = trials[(trials["condition"] == "gradcam") | (trials["trial_index"] >= 2)]
    (row,) = synergies(
        trials,
        paired(judgements(answers, trials, STEPS), STEPS, {"unaided": False}),
        teams=["gradcam"],
        groups=GROUPS,
    ).to_dict("records")
    assert row["n_stimuli"] == 4
    assert row["team_percent"] == pytest.approx(25)
    assert row["ai_percent"] == pytest.approx(25)


def test_accepting_and_rejecting_has_synergy_without_a_single_step() -> None:
    trials = pd.DataFrame(
        [
            (f"{name}{i}", name, f"s{j}", "natural", j < 2, (i + j) % 4 < right)
            for name, right in (("gradcam", 3), ("unaided", 2))
            for i in range(4)
            for j in range(4)
        ],
        columns=["participant_id", "condition", "stimulus_id", "kind", "ai_right", "team_right"],
    )
    nobody = paired(*_no_answers(), {"gradcam": True})
    (row,) = synergies(trials, nobody, teams=["gradcam"], groups=GROUPS).to_dict("records")
    assert [row[f"{who}_percent"] for who in ("team", "alone", "ai")] == [75, 50, 50]
    assert (row["better"], row["synergy_points"]) == ("equal", 25)


def _no_answers() -> tuple[pd.DataFrame, tuple[StepFacts, ...]]:
    answers, trials = tables_of([Advised(before="TTTTTT")])
    return judgements(answers[:0], trials, ()), ()


def test_a_team_without_anybody_alone_has_no_row() -> None:
    answers, trials = tables_of([Advised(before="TTTTTT", after="TTTTTT")])
    nobody = paired(judgements(answers, trials, STEPS), STEPS, {"unaided": False})
    assert synergies(trials, nobody, teams=["gradcam"], groups=GROUPS).empty


def between(first: Estimate, second: Estimate, correlation: float) -> Estimate:
    """The first less the second."""
    variance = first.error**2 + second.error**2 - 2 * correlation * first.error * second.error
    return Estimate(value=first.value - second.value, error=math.sqrt(variance), df=30)


@given(ESTIMATES, ESTIMATES, st.floats(-0.5, 0.9))
def test_the_interval_of_the_lesser_holds_it_and_is_no_wider_than_the_wider(
    first: Estimate, second: Estimate, correlation: float
) -> None:
    value, low, high = lesser(first, second, between(first, second, correlation))
    assert low <= value <= high
    widths = [one.interval(OPEN_LEVEL)[1] - one.interval()[0] for one in (first, second)]
    assert high - low <= max(widths) + 1e-9
    assert (value, low, high) == lesser(second, first, between(second, first, correlation))


def test_where_one_is_far_below_it_has_the_interval_of_that_one() -> None:
    first, second = (Estimate(value=v, error=1.0, df=30) for v in (-20.0, 5.0))
    assert lesser(first, second, between(first, second, 0.5))[1:] == first.interval()


def test_where_it_is_open_which_is_the_lesser_upper_ends_share_what_they_may_miss() -> None:
    first, second = (Estimate(value=v, error=1.0, df=1e9) for v in (0.0, 0.5))
    low, high = lesser(first, second, between(first, second, 0.5))[1:]
    assert (low, high) == pytest.approx((-stats.norm.ppf(0.975), stats.norm.ppf(0.9875)))


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.5, 0.9])
@pytest.mark.parametrize("ahead", [0.0, 0.3, 1.0, 3.0, 9.0])
def test_whatever_the_correlation_it_misses_in_one_of_twenty_at_most(
    correlation: float, ahead: float
) -> None:
    """Of 200,000 pairs of normal differences, the second true one being ahead."""
    rng = np.random.default_rng(8)
    covariance = [[1, correlation], [correlation, 1]]
    first, second = rng.multivariate_normal([0, ahead], covariance, 200_000).T
    z, shared = stats.norm.ppf([0.975, 0.9875])
    is_open = abs(first - second) <= z * math.sqrt(2 - 2 * correlation)
    least = np.minimum(first, second)
    above, below = least + np.where(is_open, shared, z) < 0, least - z > 0
    assert (above | below).mean() <= 0.0515
    assert below.mean() <= 0.026


@pytest.fixture(scope="module")
def drawn() -> AdviceStudies:
    population = Advice(sd_person=1.2, sd_stimulus=1.0)
    return studies(np.random.default_rng(5), population, 1)


def test_both_differences_have_the_errors_of_a_regression_on_the_group(
    drawn: AdviceStudies,
) -> None:
    both = paired(
        judgements(drawn.answers, drawn.trials, BENCHMARK_STEPS), BENCHMARK_STEPS, drawn.shows_ai
    )
    row = synergies(drawn.trials, both, teams=["advised0"], groups=[("advised0", "unaided0")]).iloc[
        0
    ]
    trials = drawn.trials
    is_team = (trials["condition"] == "advised0").to_numpy(dtype="float64")
    right = 100 * trials["team_right"].to_numpy(dtype="float64")
    value, error = regressed(trials, right, is_team)
    assert row["over_people_points"] == pytest.approx(value)
    # The house's factor for few people is that of each group, theirs that of all people.
    half = (row["over_people_high_points"] - row["over_people_low_points"]) / 2
    assert half / error == pytest.approx(stats.t.ppf(0.975, 90), rel=0.03)
    team = trials[is_team > 0]
    ahead = right[is_team > 0] - 100 * team["ai_right"].to_numpy(dtype="float64")
    value, error = regressed(team, ahead, None)
    assert row["over_ai_points"] == pytest.approx(value)
    half = (row["over_ai_high_points"] - row["over_ai_low_points"]) / 2
    assert half / error == pytest.approx(stats.t.ppf(0.975, 90), rel=0.03)


def regressed(
    trials: pd.DataFrame, values: np.ndarray, group: np.ndarray | None
) -> tuple[float, float]:
    """The last coefficient, and its error clustered by person and stimulus, of statsmodels."""
    design = np.ones((len(values), 1)) if group is None else np.column_stack([1 - group, group])
    fit = OLS(values, design).fit()
    codes = [pd.factorize(trials[name])[0] for name in ("participant_id", "stimulus_id")]
    covariance = cov_cluster_2groups(fit, *codes)[0]
    contrast = np.array([1.0]) if group is None else np.array([-1.0, 1.0])
    return float(contrast @ fit.params), float(contrast @ covariance @ contrast) ** 0.5
