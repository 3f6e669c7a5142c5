"""Each test over arrays is that of the report, on trial tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.power.forecast import Question
from analysis.power.tested import Estimates, Parts, clustered, holm, welch
from analysis.statistics import comparisons, differences
from analysis.statistics.estimate import Estimate
from analysis.statistics.measures import compared
from tests.analysis.power.trial_tables import SIX_BINS, Corner, design_of, trials_of

PAIR = np.array([[0], [1]])


@pytest.fixture(scope="module")
def sums() -> list[differences.Sums]:
    """Of the two conditions of a simulated study."""
    corner = Corner(
        design=design_of(dict.fromkeys(SIX_BINS, 6), (30,)),
        groups=(30,),
        question=Question(name="difference", points=10.0),
        n_people=20,
    )
    values = compared.MEASURES["accuracy"].values(trials_of(corner, np.random.default_rng(1)))
    return [differences.sums_of(values[values["condition"] == name]) for name in "ab"]


@pytest.fixture(scope="module")
def parts(sums: list[differences.Sums]) -> Parts:
    """The same as arrays, of one study."""
    stimuli = pd.concat([own.stimuli for own in sums], axis=1).fillna(0).to_numpy().T
    return Parts(
        values=np.array([[own.people.mean() for own in sums]]),
        people=np.array([[own.over_people for own in sums]]),
        meetings=np.array([[own.over_meetings for own in sums]]),
        moved=stimuli[None],
    )


def test_welchs_comparison_is_that_of_the_report(
    sums: list[differences.Sums], parts: Parts
) -> None:
    ours, theirs = welch(parts, 20, PAIR), differences.welch(sums[0].people, sums[1].people)
    assert [x.item() for x in (ours.value, ours.error, ours.df)] == pytest.approx(
        [theirs.value, theirs.error, theirs.df]
    )


def test_the_clustered_comparison_is_that_of_the_report(
    sums: list[differences.Sums], parts: Parts
) -> None:
    n_stimuli = parts.moved.shape[-1]
    ours = clustered(parts, PAIR, sizes=(2 * 20 - 1, n_stimuli))
    theirs = differences.over_people_and_stimuli(*sums)
    assert [x.item() for x in (ours.value, ours.error, ours.df)] == pytest.approx(
        [theirs.value, theirs.error, theirs.df]
    )


@given(st.floats(-20, 20), st.floats(0.1, 10), st.floats(1, 200))
def test_p_values_are_those_of_an_estimate(value: float, error: float, df: float) -> None:
    ours = Estimates(value=np.array([[value]]), error=np.array([[error]]), df=np.array([[df]]))
    theirs = Estimate(value=value, error=error, df=df)
    for alternative in ("two-sided", "greater", "less"):
        assert ours.p(alternative).item() == pytest.approx(theirs.p(alternative), abs=1e-9)
    assert ours.p_within(5.0).item() == pytest.approx(theirs.p_within(5.0), abs=1e-9)


@given(arrays(float, (3, 5), elements=st.floats(0, 1)))
def test_holms_adjustment_is_that_of_the_report(p: np.ndarray) -> None:
    for ours, row in zip(holm(p), p, strict=True):
        assert ours == pytest.approx(comparisons.holm(pd.Series(row)).to_numpy())
