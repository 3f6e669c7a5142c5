"""Switching, agreement and appropriate reliance: by hand, by loops, by R and by statsmodels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from analysis.export.step_facts import ShowsAi, StepFacts
from analysis.statistics.measures.steps.advice_taking import changes, shares_of_advice
from analysis.statistics.measures.steps.judgements import judgements, paired
from tests.analysis.steps import ADVISED, ALONE, Advised, tables_of
from tests.benchmarks.advice import STEPS as BENCHMARK_STEPS
from tests.benchmarks.advice import Advice, studies

REFERENCE = Path(__file__).parents[4] / "reference" / "advice"
STEPS = tuple(StepFacts.model_validate(step) for step in (ALONE, ADVISED))
PEOPLE = [
    Advised(before="TOOTAO", after="TTOTAA"),
    Advised(before="TTTTTT", after="TTTTAO"),
]


def pairs_of(
    people: list[Advised], steps: tuple[StepFacts, ...] = STEPS, *, shown: ShowsAi = True
) -> pd.DataFrame:
    answers, trials = tables_of(people)
    return paired(judgements(answers, trials, steps), steps, {"gradcam": shown})


def planted(seed: int, n_people: int = 40) -> pd.DataFrame:
    population = Advice(sd_person=1.2, sd_stimulus=1.0, n_people=n_people)
    drawn = studies(np.random.default_rng(seed), population, 1)
    rows = judgements(drawn.answers, drawn.trials, BENCHMARK_STEPS)
    return paired(rows, BENCHMARK_STEPS, drawn.shows_ai)


def counted(table: pd.DataFrame) -> dict[str, tuple[int, int]]:
    numbers = table.set_index("measure")[["n_true", "n_trials"]]
    return {str(name): (row["n_true"], row["n_trials"]) for name, row in numbers.iterrows()}


def test_two_people_counted_by_hand() -> None:
    table = shares_of_advice(pairs_of(PEOPLE), ["gradcam"])
    assert counted(table) == {
        "switched": (4, 12),
        "switched_to_ai": (3, 7),
        "switched_from_ai": (0, 5),
        "wrong_ended": (3, 6),
        "wrong_agreed_already": (1, 6),
        "wrong_moved": (2, 6),
        "right_ended": (5, 6),
        "right_agreed_already": (4, 6),
        "right_moved": (1, 6),
        "rair": (1, 2),
        "rsr": (2, 4),
    }
    assert table["low_percent"].isna().all()  # too few people


def test_people_without_a_case_are_counted_and_do_not_make_a_ratio() -> None:
    table = shares_of_advice(pairs_of(PEOPLE), ["gradcam"]).set_index("measure")
    assert table.loc["rair", ["n_participants", "n_without", "n_stimuli"]].tolist() == [1, 1, 2]
    nobody = shares_of_advice(pairs_of(PEOPLE[1:]), ["gradcam"]).set_index("measure")
    assert nobody.loc["rair", ["n_participants", "n_without", "n_trials"]].tolist() == [0, 1, 0]
    assert np.isnan(nobody.loc["rair", "percent"])


def test_accuracy_before_and_after_by_hand() -> None:
    whole, right, wrong = changes(pairs_of(PEOPLE), ["gradcam"]).to_dict("records")
    for row, before, after in (
        (whole, 8 / 12, 7 / 12),
        (right, 4 / 6, 5 / 6),
        (wrong, 4 / 6, 2 / 6),
    ):
        assert row["before_percent"] == pytest.approx(100 * before)
        assert row["after_percent"] == pytest.approx(100 * after)
        assert row["change_points"] == pytest.approx(100 * (after - before))
        assert np.isnan(row["people_low_points"])


def test_without_advice_in_between_only_switching_is_said() -> None:
    first = StepFacts.model_validate(ALONE | {"shows": ["photo", "answer"]})
    table = shares_of_advice(pairs_of(PEOPLE, (first, STEPS[1])), ["gradcam"])
    assert counted(table) == {"switched": (4, 12)}


def test_nobody_has_empty_tables() -> None:
    nobody = pairs_of(PEOPLE, shown=False)
    assert shares_of_advice(nobody, ["gradcam"]).empty
    assert changes(nobody, ["gradcam"]).empty


def by_loops(trials: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Trial by trial, from the texts alone."""
    found: dict[str, list[int]] = {}

    def add(name: str, *, such: bool, true: bool) -> None:
        counts = found.setdefault(name, [0, 0])
        counts[0] += such and true
        counts[1] += such

    for row in trials.itertuples():
        truth, first, last = "truth", row.value_before, row.value_after
        ai = row.advice
        add("switched", such=True, true=first != last)
        add("switched_to_ai", such=first != ai, true=last == ai)
        add("switched_from_ai", such=first == ai, true=last != ai)
        for name, such in (("wrong", ai != truth), ("right", ai == truth)):
            add(f"{name}_ended", such=such, true=last == ai)
            add(f"{name}_agreed_already", such=such, true=first == ai == last)
            add(f"{name}_moved", such=such, true=first != ai == last)
        add("rair", such=first != truth and ai == truth, true=last == truth)
        add("rsr", such=first == truth and ai != truth, true=last == truth)
    return {name: (true, such) for name, (true, such) in found.items()}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1_000))
def test_the_counts_are_those_of_loops_over_the_answers(seed: int) -> None:
    trials = planted(seed, n_people=4)
    table = shares_of_advice(trials, ["advised0"])
    assert counted(table) == by_loops(trials)
    percent = table.set_index("measure")["percent"]
    for advice in ("wrong", "right"):
        parts = percent[f"{advice}_agreed_already"] + percent[f"{advice}_moved"]
        assert percent[f"{advice}_ended"] == pytest.approx(parts)


def test_ratios_and_the_change_have_the_errors_of_rs_survey() -> None:
    trials = pd.read_csv(REFERENCE / "trials.csv")
    flags = ["advice_right", "right_before", "right_after"]
    trials = trials.astype(dict.fromkeys(flags, bool)).assign(condition="a", advised=True)
    trials = trials.assign(agrees_before=False, agrees_after=False, value_before="", value_after="")
    theirs = pd.read_csv(REFERENCE / "expected.csv").set_index("measure")
    ours = shares_of_advice(trials, ["a"]).set_index("measure")
    for name in ("rair", "rsr"):
        row = ours.loc[name, ["percent", "people_low_percent", "people_high_percent"]]
        assert row.tolist() == pytest.approx(theirs.loc[name, ["value", "low", "high"]].tolist())
        assert ours.loc[name, "n_participants"] == theirs.loc[name, "n_people"]
    change = changes(trials, ["a"]).iloc[0]
    row = change[["change_points", "people_low_points", "people_high_points"]]
    assert row.tolist() == pytest.approx(theirs.loc["change", ["value", "low", "high"]].tolist())


def test_the_change_has_the_two_way_clusters_of_statsmodels() -> None:
    trials = planted(3)
    row = changes(trials, ["advised0"]).iloc[0]
    change = 100.0 * (trials["right_after"].astype(int) - trials["right_before"].astype(int))
    codes = [pd.factorize(trials[name])[0] for name in ("participant_id", "stimulus_id")]
    fit = OLS(change.to_numpy(), np.ones(len(change))).fit()
    both, people, _ = cov_cluster_2groups(fit, *codes)
    assert row["change_points"] == pytest.approx(fit.params[0])
    quantile = stats.t.ppf(0.975, trials["participant_id"].nunique() - 1)
    half = (row["people_high_points"] - row["people_low_points"]) / 2
    assert half == pytest.approx(quantile * people[0, 0] ** 0.5)
    # Satterthwaite's degrees of freedom lie between those of stimuli or people, and normal.
    wide = (row["high_points"] - row["low_points"]) / 2 / both[0, 0] ** 0.5
    assert stats.norm.ppf(0.975) < wide < stats.t.ppf(0.975, 39)
