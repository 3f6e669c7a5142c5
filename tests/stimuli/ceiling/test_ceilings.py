"""Planted information is found: no more, no less."""

from dataclasses import replace

import numpy as np
import pytest

from stimuli.bundle import Bundle
from stimuli.ceiling.ceilings import Ceilings, ceilings
from stimuli.ceiling.findings import on_two_classifiers, verdict, whole
from stimuli.ceiling.population import SHOWN, populations
from stimuli.ceiling.readers import MEAN
from stimuli.ceiling.readings import read
from stimuli.ceiling.shown import CONFIDENCE, PANELS, shown_by
from tests.stimuli.ceiling.planted import LIKE, MARKED

PLANTED = {
    ("map-marking", PANELS): MARKED,
    ("neighbours", PANELS): LIKE,
    ("map-silent", PANELS): 0.5,
    ("confidence", CONFIDENCE): 0.5,
}
"""Areas, and shares judged rightly: a sign that is right in a share of both sorts has both."""


@pytest.mark.parametrize(
    ("condition", "shows"),
    [
        ("map-marking", PANELS),
        ("map-silent", PANELS),
        pytest.param("neighbours", PANELS, marks=pytest.mark.slow),
        pytest.param("confidence", CONFIDENCE, marks=pytest.mark.slow),
    ],
)
def test_the_planted_area_is_in_the_interval(planted: Bundle, condition: str, shows: str) -> None:
    (setting,) = (c for c in planted.study.conditions if c.name == condition)
    shown = shown_by(planted, setting)
    population, _ = populations(planted, shown.classifier, shown.stimuli)
    found = read(shown, population, shows, 1, {})
    low, high = found.whole.interval
    assert low <= PLANTED[condition, shows] <= high
    assert found.whole.value == pytest.approx(PLANTED[condition, shows], abs=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("population", ["shown", "natural"])
@pytest.mark.parametrize("measure", ["auc", "accuracy"])
def test_everything_planted_is_in_its_interval_in_both_populations(
    found: Ceilings, population: str, measure: str
) -> None:
    rows = whole(found, measure).set_index(["condition", "shows", "population"])
    expected = dict(PLANTED)
    if population == "natural":  # three confidences: 60 of 70 are right, 10 of 15, 5 of 10
        right, wrong = np.array([60, 10, 5]) / 75, np.array([10, 5, 5]) / 20
        above = np.outer(right, wrong)
        by_confidence = np.triu(above, 1).sum() + np.trace(above) / 2
        guess = {"auc": by_confidence, "accuracy": 75 / 95}[measure]
        expected["confidence", CONFIDENCE] = guess
        if measure == "accuracy":
            expected["map-silent", PANELS] = 75 / 95
    for (condition, shows), truth in expected.items():
        row = rows.loc[(condition, shows, population)]
        assert row["low"] <= truth <= row["high"], (condition, shows)


@pytest.mark.slow
def test_the_map_that_tells_more_is_said_to(found: Ceilings) -> None:
    rows = whole(found, "auc_difference").set_index(["condition", "less", "population"])
    row = rows.loc[("map-marking", "map-silent", SHOWN)]
    assert verdict(row) == "more"
    assert row["low"] <= MARKED - 0.5 <= row["high"]
    (sentence,) = on_two_classifiers(found)
    question = "Can the panels of map-marking tell more than those of map-silent? "
    assert sentence.startswith(f"{question}As shown they can (")


@pytest.mark.slow
def test_with_permuted_truth_every_condition_gives_one_half(found: Ceilings) -> None:
    rows = found.rows[found.rows["measure"].str.startswith("permuted")]
    assert len(rows) == 8  # four conditions, over everything and within bins
    assert rows["value"].mean() == pytest.approx(0.5, abs=0.04)


@pytest.mark.slow
def test_a_condition_is_told_of_by_kind_and_by_bin_with_its_numbers(found: Ceilings) -> None:
    rows = found.rows[(found.rows["reader"] == "mean") & (found.rows["shows"] == PANELS)]
    parts = rows[(rows["bin"] != "all") & (rows["condition"] == "map-marking")]
    assert set(parts["bin"]) == {"easy", "medium", "hard"}
    assert set(parts["n"]) == {20}
    assert (parts["low"].le(MARKED) & parts["high"].ge(MARKED)).all()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_guesses_and_another_other_folds(planted: Bundle) -> None:
    shown = shown_by(planted, planted.study.conditions[0])
    population, _ = populations(planted, shown.classifier, shown.stimuli)
    one, same, other = (read(shown, population, CONFIDENCE, seed, {}) for seed in (1, 1, 2))
    assert (one.guesses[MEAN] == same.guesses[MEAN]).all()
    assert (one.folds == same.folds).all()
    assert (one.folds != other.folds).any()


def test_conditions_that_do_not_show_all_of_the_ai_are_left_out_32(planted: Bundle) -> None:
    groups = [
        condition.model_copy(update={"panels": (), "shows_ai": shows})
        for condition, shows in zip(planted.study.conditions, (False, "answer"), strict=False)
    ]
    study = planted.study.model_copy(update={"conditions": tuple(groups)})
    assert ceilings(replace(planted, study=study), permutations=0, seed=1).features == {}
