import math

import numpy as np
import pandas as pd
import pytest

from analysis.export.facts import Analysis
from analysis.report.figures import measure
from analysis.statistics.looks import this_look
from analysis.statistics.measures import reliance
from analysis.statistics.measures.compared import MEASURES, of_people, primary, secondary

PAIR = [("a", "b")]


def trials_of(*, n_people=20, n_stimuli=40, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        (name, f"{name}{who}", f"s{what}", what % 2 == 0, rng.random() < 0.7, 1000 * (1 + what % 3))
        for name in "ab"
        for who in range(n_people)
        for what in range(n_stimuli)
    ]
    columns = ["condition", "participant_id", "stimulus_id", "ai_right", "team_right"]
    trials = pd.DataFrame(rows, columns=[*columns, "decision_rt_ms"]).assign(kind="natural")
    agrees = trials["team_right"] == trials["ai_right"]
    return trials.assign(decision=np.where(agrees, "accept", "reject"))


def test_every_measure_has_one_value_for_a_trial_that_it_counts():
    trials = trials_of(n_people=2)
    sizes = {name: len(measure.values(trials)) for name, measure in MEASURES.items()}
    assert sizes == {
        "accuracy": 160,
        "over_reliance": 80,
        "under_reliance": 80,
        "d_prime": 4,
        "criterion": 4,
        "time": 160,
    }


def test_over_and_under_reliance_are_what_was_accepted_wrongly_and_rejected_wrongly():
    trials = trials_of()
    wrong, right = trials[~trials["ai_right"]], trials[trials["ai_right"]]
    means = {name: MEASURES[name].values(trials)["value"].mean() for name in MEASURES}
    assert means["over_reliance"] == pytest.approx(100 * (wrong["decision"] == "accept").mean())
    assert means["under_reliance"] == pytest.approx(100 * (right["decision"] == "reject").mean())


def test_adversarial_trials_count_for_accuracy_and_not_for_reliance():
    trials = trials_of(n_people=1).assign(kind="adversarial")
    assert len(MEASURES["accuracy"].values(trials)) == 80
    assert MEASURES["over_reliance"].values(trials).empty


def test_measures_of_whole_people_speak_of_these_stimuli():
    row = primary(trials_of(), PAIR, Analysis(measure="d_prime")).iloc[0]
    users = reliance.per_user(trials_of()).groupby("condition")["d_prime"].mean()
    assert row["difference"] == pytest.approx(users["a"] - users["b"])
    assert row["missing_because"] == "it has one value for each person"
    assert math.isnan(row["low"])
    assert not math.isnan(row["people_p"])


def test_times_are_read_in_seconds_and_their_differences_in_per_cent():
    trials = trials_of()
    slower = trials["condition"] == "a"
    trials["decision_rt_ms"] = trials["decision_rt_ms"].where(
        ~slower, 1.5 * trials["decision_rt_ms"]
    )
    row = primary(trials, PAIR, Analysis(measure="time")).iloc[0]
    geometric = math.exp(np.log(trials.loc[~slower, "decision_rt_ms"] / 1000).mean())
    assert row["mean_b"] == pytest.approx(geometric)
    assert row["mean_a"] == pytest.approx(1.5 * geometric)
    assert row["difference"] == pytest.approx(50)


@pytest.mark.parametrize("name", ["accuracy", "d_prime"])
def test_at_the_only_look_the_interval_over_looks_is_the_widest_of_the_table(name):
    look = this_look((1.0,), 1.0)
    row = primary(trials_of(), PAIR, Analysis(measure=name), look=look).iloc[0]
    ends = ["people_low", "people_high"] if name == "d_prime" else ["low", "high"]
    assert row[["looks_low", "looks_high"]].tolist() == pytest.approx(row[ends].tolist())


def test_intervals_over_looks_are_read_in_per_cent_too():
    trials = trials_of()
    rng = np.random.default_rng(2)
    trials["decision_rt_ms"] *= rng.lognormal(0, 0.4, len(trials))
    row = primary(trials, PAIR, Analysis(measure="time"), look=this_look((1.0,), 1.0)).iloc[0]
    assert row[["looks_low", "looks_high"]].tolist() == pytest.approx(row[["low", "high"]].tolist())
    assert row["looks_low"] < row["difference"] < row["looks_high"]


def test_secondary_measures_are_one_family():
    settings = Analysis(secondary=("over_reliance", "under_reliance", "time"))
    table = secondary(trials_of(), PAIR, settings)
    assert table["measure"].tolist() == ["over_reliance", "under_reliance", "time"]
    known = table["p"].dropna()
    smallest = known.idxmin()
    assert table.loc[smallest, "p_holm"] == pytest.approx(min(1, len(known) * known[smallest]))
    assert secondary(trials_of(), PAIR, Analysis()).empty


def test_the_people_of_a_measure_are_drawn_as_they_are_read():
    people = of_people(trials_of(n_people=3), "time")
    assert len(people) == 6
    assert people["value"].tolist() == pytest.approx([people["value"].iloc[0]] * 6)
    figure = measure.of_people(people, ["a", "b"], axis="Decision time, s")
    (axes,) = figure.axes
    assert axes.get_xlabel() == "Decision time, s"
    dots = [x for line in axes.lines if line.get_marker() in "os" for x in line.get_xdata()]
    assert dots == pytest.approx(people["value"].tolist())
