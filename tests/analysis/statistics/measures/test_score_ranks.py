import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.measures.explanation_scores import FAMILIES
from analysis.statistics.measures.score_ranks import agreement, ranked, ranks, tau
from tests.analysis.statistics.measures.test_score_correlations import N, scored

ACCURACY = {"a": 70.0, "b": 80.0, "c": 60.0}


def flat(value):
    """The same score of every stimulus."""
    return [float(value)] * N


def shown(**conditions):
    """Conditions that each show one explainer, with a mean for each metric."""
    return [
        scored({(name, metric): flat(mean) for metric, mean in metrics.items()}, condition=name)
        for name, metrics in conditions.items()
    ]


def metrics_of(conditions):
    """What ranks them."""
    return set(ranks(conditions, ACCURACY)["metric"])


def rank_of(table, metric):
    """The ranks that a metric gives, by condition."""
    own = table[table["metric"] == metric]
    return dict(zip(own["condition"], own["rank"], strict=True))


def test_each_score_ranks_by_its_mean_and_its_direction_and_people_come_last():
    conditions = shown(
        a={"iou": 0.2, "deletion": 0.3, "entropy": 9},
        b={"iou": 0.5, "deletion": 0.1, "entropy": 9},
        c={"iou": 0.4, "deletion": 0.2, "entropy": 8},
    )
    table = ranks(conditions, ACCURACY)
    assert list(table["metric"].drop_duplicates()) == ["iou", "deletion", "entropy", "people"]
    assert list(table["family"].drop_duplicates()) == [
        *("localisation", "faithfulness", "complexity", "people")
    ]
    assert rank_of(table, "iou") == {"a": 3, "b": 1, "c": 2}
    assert rank_of(table, "deletion") == {"a": 3, "b": 1, "c": 2}
    assert rank_of(table, "entropy") == {"a": 2.5, "b": 2.5, "c": 1}
    assert rank_of(table, "people") == {"a": 2, "b": 1, "c": 3}
    assert table["n_stimuli"].isna().sum() == 3


def test_means_are_over_the_stimuli_of_which_every_explanation_has_a_value():
    easy = [0.9] + [math.nan] * (N - 1)
    conditions = [
        scored({("x", "iou"): easy}, condition="a"),
        scored({("x", "iou"): [1.0] + [0.1] * (N - 1)}, condition="b"),
    ]
    table = ranks(conditions, {})
    assert rank_of(table, "iou") == {"a": 2, "b": 1}
    assert table["n_stimuli"].tolist() == [1, 1]


def test_what_cannot_rank_is_left_out():
    nothing = {"of_mine": 0.5, "wsl": math.nan}
    conditions = shown(a={"iou": 0.2, **nothing}, b={"iou": 0.3, "dice": 0.4, **nothing})
    table = ranks(conditions, {"a": math.nan, "b": 80.0})
    assert set(table["metric"]) == {"iou"}  # one dice, no direction, no value, one accuracy
    assert ranks(shown(a={"iou": 0.2, "dice": 0.3}), ACCURACY).empty
    assert ranks([], ACCURACY).empty


def test_every_metric_has_one_family_and_stands_where_the_table_has_it():
    metrics = [metric for family in FAMILIES.values() for metric in family]
    assert len(metrics) == len(set(metrics)) == 16
    values = dict.fromkeys(reversed(metrics), 0.5)
    table = ranks(shown(a=values, b=values), {})
    assert list(table["metric"].drop_duplicates()) == metrics[:-1]


def test_distances_to_neighbours_of_two_classifiers_rank_nothing():
    assert metrics_of(shown(a={"distance_2": 1}, b={"distance_2": 2})) == set()
    both = {"distance_1": 1, "iou": 0.3}
    assert metrics_of(shown(a=both, b=both)) == {"iou", "people"}


def test_families_agree_by_the_mean_of_kendalls_tau_over_pairs():
    conditions = shown(
        a={"iou": 1, "dice": 1, "deletion": 3, "insertion": 1},
        b={"iou": 2, "dice": 3, "deletion": 2, "insertion": 3},
        c={"iou": 3, "dice": 2, "deletion": 1, "insertion": 2},
    )
    table = agreement(ranks(conditions, {"a": 60.0, "b": 70.0, "c": 80.0}))
    found = table.set_index(["family_a", "family_b"])
    assert found.index.tolist() == [
        ("localisation", "localisation"),
        ("localisation", "faithfulness"),
        ("localisation", "people"),
        ("faithfulness", "faithfulness"),
        ("faithfulness", "people"),
    ]
    third = pytest.approx(1 / 3)
    assert found.loc[("localisation", "localisation"), "tau"] == third  # 1 2 3 and 1 3 2
    # iou with deletion 1 and insertion 1/3, dice with them 1/3 and 1.
    both = found.loc[("localisation", "faithfulness")]
    assert both[["n_pairs", "tau", "least", "greatest"]].tolist() == [
        4,
        pytest.approx(2 / 3),
        third,
        1,
    ]
    assert found.loc[("localisation", "people"), "tau"] == pytest.approx(2 / 3)


def test_a_metric_that_puts_all_on_one_place_agrees_with_nothing():
    conditions = shown(a={"iou": 1, "deletion": 1}, b={"iou": 1, "deletion": 2})
    table = ranks(conditions, ACCURACY)
    assert agreement(table)[["family_a", "family_b"]].to_numpy().tolist() == [
        ["faithfulness", "people"]
    ]


@given(st.lists(st.integers(1, 5), min_size=2, max_size=9), st.randoms())
def test_tau_is_that_of_concordant_and_discordant_pairs(one, random):
    """Second implementation: tau-b from counts."""
    other = random.sample(one, len(one))
    pairs = [(i, j) for i in range(len(one)) for j in range(i)]
    signs = [(np.sign(one[i] - one[j]), np.sign(other[i] - other[j])) for i, j in pairs]
    untied = [sum(s[side] != 0 for s in signs) for side in (0, 1)]
    value = tau(pd.Series(one), pd.Series(other))
    if not all(untied):
        assert math.isnan(value)
        return
    expected = sum(a * b for a, b in signs) / math.sqrt(untied[0] * untied[1])
    assert value == pytest.approx(expected)
    assert value == pytest.approx(stats.kendalltau(one, other).statistic)
    assert -1 <= value <= 1  # scipy's may be 1.0000000000000002


def test_means_that_differ_by_rounding_share_a_rank():
    assert ranked(np.array([0.3, 0.1 + 0.2, 0.4]), "large").tolist() == [2.5, 2.5, 1]
    assert ranked(np.array([0.3, 0.300001, 0.4]), "small").tolist() == [1, 2, 3]
