import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics import paper_test

REFERENCE = Path(__file__).parents[2] / "reference" / "nguyen2021"

# Right test trials of all, by condition.
DOGS = {
    row.condition: (row.n_right, row.n_trials)
    for row in pd.read_csv(REFERENCE / "dogs.csv").itertuples()
}
counts = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def trials_of(groups):
    names = [name for name, (_, n) in groups.items() for _ in range(n)]
    right = [number < k for k, n in groups.values() for number in range(n)]
    return pd.DataFrame({"condition": names, "team_right": pd.array(right, dtype="boolean")})


def compared(groups):
    return paper_test.over_trials(trials_of(groups), [tuple(groups)]).iloc[0]


@pytest.mark.parametrize(
    ("a", "b", "half_p"),
    [
        ("conf", "nns", 0.0206),
        ("conf", "ep", 0.0113),
        ("sod", "nns", 0.0241),
        ("sod", "ep", 0.0135),
        ("gradcam", "ep", 0.0457),
    ],
)
def test_the_papers_p_values_for_dogs(a, b, half_p):
    row = compared({a: DOGS[a], b: DOGS[b]})
    assert row["half_p"] == pytest.approx(half_p, abs=5e-5)
    assert (row["n_trials_a"], row["n_trials_b"]) == (DOGS[a][1], DOGS[b][1])


def test_the_four_pairs_that_the_paper_names_are_the_only_ones_below_its_bound():
    pairs = list(itertools.combinations(DOGS, 2))
    table = paper_test.over_trials(trials_of(DOGS), pairs)
    below = {
        tuple(row)
        for row in table.loc[table["half_p"] < 0.0245, ["condition_a", "condition_b"]].to_numpy()
    }
    assert below == {("conf", "ep"), ("conf", "nns"), ("ep", "sod"), ("sod", "nns")}


@given(a=counts, b=counts)
def test_u_and_p_follow_from_the_counts_alone(a, b):
    # Second implementation: only two values, so ranks, ties and variance are closed forms.
    (k, n), (j, m) = a, b
    u = k * (m - j) + 0.5 * (k * j + (n - k) * (m - j))
    right, size = k + j, n + m
    row = compared({"a": a, "b": b})
    assert row["u"] == u
    if right in (0, size):
        assert pd.isna(row["half_p"])
        return
    ties = sum(group**3 - group for group in (right, size - right)) / (size * (size - 1))
    sd = np.sqrt(n * m / 12 * (size + 1 - ties))
    z = max(abs(u - n * m / 2) - 0.5, -0.5) / sd
    assert row["half_p"] == pytest.approx(min(stats.norm.sf(z), 0.5), abs=1e-12)


def test_a_condition_without_trials_is_missing():
    row = compared({"a": (3, 5), "b": (0, 0)})
    assert row[["n_trials_a", "n_trials_b"]].to_list() == [5, 0]
    assert row[["accuracy_b_percent", "u", "half_p"]].isna().all()
