import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa as of_statsmodels

from analysis.statistics.measures.agreement import fleiss_kappa, per_condition


def kappa(people, right):
    return fleiss_kappa(pd.Series(people), pd.Series(right))


def test_people_who_all_agree_have_a_kappa_of_one():
    assert kappa([4, 4, 3], [4, 0, 3]) == pytest.approx(1)


def test_by_hand():
    # Pairs that agree: 1 of 1, 0 of 1; right in 3 of 4, so by chance 9/16 + 1/16.
    assert kappa([2, 2], [2, 1]) == pytest.approx((1 / 2 - 10 / 16) / (1 - 10 / 16))


@given(
    st.integers(2, 9).flatmap(
        lambda n: st.lists(st.integers(0, n), min_size=2).map(lambda k: (n, k))
    )
)
def test_with_as_many_people_everywhere_it_is_that_of_statsmodels(study):
    n, right = study
    ours = kappa([n] * len(right), right)
    if 0 < sum(right) < n * len(right):
        assert ours == pytest.approx(of_statsmodels([[k, n - k] for k in right]))
    else:
        assert math.isnan(ours)


def test_stimuli_of_a_single_person_say_nothing_of_agreement():
    rows = [("a", "s1", 2, 2), ("a", "s2", 2, 0), ("a", "s3", 1, 0)]
    shares = pd.DataFrame(rows, columns=["condition", "stimulus_id", "n_people", "n_right"])
    table = per_condition(shares, ["a", "b"])
    assert table["n_stimuli"].tolist() == [2, 0]
    assert table["kappa"].iloc[0] == pytest.approx(1)
    assert math.isnan(table["kappa"].iloc[1])
