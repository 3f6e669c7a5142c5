"""Over simulated studies, how often intervals hold the truth and tests reject: `make bench
ONLY=statistics`, a minute and a half on one core.

A study: two conditions, 20 people each, 30 trials each. The log odds of a right decision are a
mean, plus what a person brings, plus what an image brings, plus what the condition adds to a
(nothing in a null study). People are new in every study and belong to one condition; images are
new in every study and shared by both conditions.

What makes the null true is the design: both conditions show each image equally often, as the app
does. Each condition deals its own shuffled deck of the 300 images, 30 to a person and twice
through, so every image has two viewers in a and two in b. People within a condition do not see
the same images, but over a condition the images weigh the same in a as in b, and the conditions
differ by their people alone. Were each condition to show 30 images of its own, the images would
differ too, and rejecting would be no error.

A condition may also suit some images and not others. Where the images are few and everybody sees
all of them, such leanings do not cancel: the conditions then differ on these images, though not
on all possible ones. The primary test, which is about these images, rejects more often than
ALPHA there; the regression, which is about images of the sort, should not.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from analysis.statistics import comparisons, intervals, paper_test, regression
from analysis.statistics.measures import accuracy
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(1_000, quick=3)
PEOPLE = 20  # of each condition
TRIALS = 30  # of each person
IMAGES = 300
FEW_IMAGES = 30  # everybody sees all of them
MEAN = 0.8  # log odds: 65 % right, between the paper's two studies
SD_PERSON = (
    0.5  # log odds: people's accuracies scatter by 12 points, chance included; paper: 6 to 12
)
SD_IMAGE = 1.0  # log odds
SD_LEANING = 0.5  # log odds, of a condition's effect on single images, where it has any
EFFECT = 0.5  # log odds, in a study with a difference: 9 points
ALPHA = 0.05
PAIR = ("a", "b")


@dataclass(frozen=True, kw_only=True)
class Study:
    """A simulated study, and the truth about it.

    Attributes:
        trials: condition, participant_id, stimulus_id, team_right.
        expected_percent: of each condition, the accuracy of all possible people on these images.
    """

    trials: pd.DataFrame
    expected_percent: dict[str, float]


def simulated(
    rng: np.random.Generator, *, effect: float = 0, n_images: int = IMAGES, sd_leaning: float = 0
) -> Study:
    images = rng.normal(0, SD_IMAGE, n_images)
    odds = {
        name: MEAN + shift + images + rng.normal(0, sd_leaning, n_images)
        for name, shift in zip(PAIR, (effect, 0), strict=True)
    }
    return Study(
        trials=pd.concat([answers(rng, *c) for c in odds.items()], ignore_index=True),
        expected_percent={name: expected(own) for name, own in odds.items()},
    )


def answers(rng: np.random.Generator, condition: str, images: NDArray[np.float64]) -> pd.DataFrame:
    """One condition's trials: a shuffled deck of the images, dealt out until it starts again.

    Args:
        rng: draws the deck, the people and their answers.
        condition: its name.
        images: log odds of a right decision on each, by a middling person.
    """
    deck = rng.permutation(len(images))
    shown = np.resize(deck, PEOPLE * TRIALS)
    participants = np.repeat(np.arange(PEOPLE), TRIALS)
    odds = rng.normal(0, SD_PERSON, PEOPLE)[participants] + images[shown]
    return pd.DataFrame(
        {
            "condition": condition,
            "participant_id": [f"{condition}{participant}" for participant in participants],
            "stimulus_id": shown,
            "team_right": pd.array(rng.random(len(odds)) < expit(odds), dtype="boolean"),
        }
    )


def expected(images: NDArray[np.float64]) -> float:
    """Mean accuracy over the images and over everybody (Gauss-Hermite over people), per cent."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    shares = expit(images[:, None] + SD_PERSON * nodes)
    return 100 * float((shares @ (weights / weights.sum())).mean())


def analysed(study: Study) -> dict[str, float]:
    """What the report would say: p of each test, and whether each interval holds the truth."""
    users = accuracy.per_user(study.trials)
    primary = comparisons.mann_whitney(users, [PAIR], alternative="two-sided").iloc[0]
    odds = regression.odds_ratios(study.trials, [PAIR], alternative="two-sided").iloc[0]
    paper = paper_test.over_trials(study.trials, [PAIR]).iloc[0]
    results = {"primary": primary["p"], "regression": odds["p"], "over trials": paper["half_p"]}
    for name, truth in study.expected_percent.items():
        own = users.loc[users["condition"] == name, "accuracy_percent"]
        low, high = intervals.t_interval(own)
        results |= {f"holds {name}": low <= truth <= high}
    return results


def summary(title: str, *, seed: int, **facts: float) -> pd.Series:
    """Per cent of all studies: with p below ALPHA, without an answer, with the truth held.

    The truth is that of a or of b: 2,000 intervals, which leave a standard error of half a point.
    """
    rng = np.random.default_rng(seed)
    results = pd.DataFrame([analysed(simulated(rng, **facts)) for _ in range(STUDIES)])
    tests = results[["primary", "regression", "over trials"]]
    shares = 100 * (tests < ALPHA).mean()
    shares["regression missing"] = 100 * tests["regression"].isna().mean()
    shares["interval holds the truth"] = 100 * results[["holds a", "holds b"]].to_numpy().mean()
    print(f"\n{STUDIES} studies {title}, %\n{shares.round(1).to_string()}", flush=True)  # noqa: T201
    return shares


@pytest.fixture(scope="module")
def null() -> pd.Series:
    return summary("without a difference", seed=1)


@pytest.fixture(scope="module")
def different() -> pd.Series:
    return summary("with a difference", seed=2, effect=EFFECT)


@pytest.fixture(scope="module")
def leaning() -> pd.Series:
    title = "with a difference on the few images shown, not on all possible ones"
    return summary(title, seed=3, n_images=FEW_IMAGES, sd_leaning=SD_LEANING)


def test_t_intervals_hold_the_accuracy_of_all_people_on_these_images(
    null: pd.Series, different: pd.Series
) -> None:
    for shares in (null, different):
        assert QUICK or 93 <= shares["interval holds the truth"] <= 97


def test_the_primary_test_rejects_few_null_studies_and_the_test_over_trials_many(
    null: pd.Series,
) -> None:
    assert QUICK or null["primary"] <= 7
    assert QUICK or null["over trials"] >= 14


def test_the_regression_rejects_few_null_studies_and_always_has_an_answer(null: pd.Series) -> None:
    assert QUICK or null["regression"] <= 8
    assert null["regression missing"] == 0


def test_only_the_regression_allows_for_other_images(leaning: pd.Series) -> None:
    assert QUICK or leaning["regression"] <= 8
    assert QUICK or leaning["primary"] > leaning["regression"]


def test_both_tests_find_a_difference_of_nine_points_more_often_than_not(
    different: pd.Series,
) -> None:
    assert QUICK or (different[["primary", "regression"]] > 50).all()
