import numpy as np
import pytest

from analysis.report.figures.score_intervals import beside_each_other
from analysis.statistics.measures.score_correlations import correlations
from tests.analysis.statistics.measures.test_score_correlations import RISING, N, scored


def test_each_score_has_a_row_with_both_correlations_and_agreement_lies_to_the_right():
    metrics = {("cam", "iou"): RISING, ("cam", "deletion"): RISING, ("cam", "flat"): [1.0] * N}
    table = correlations([scored(metrics)], rng=np.random.default_rng(1))
    (axes,) = beside_each_other(table, ["a"]).axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["a: cam", "iou", "deletion, turned"]
    places = {row: {} for row in (1, 2)}
    for line in axes.lines:
        x, y = line.get_data()
        if len(x) == 1:
            places[y[0]][line.get_markerfacecolor()] = x[0]
    first = table.iloc[0]
    assert places[1]["white"] == pytest.approx(first["r"]) == -places[2]["white"]
    assert sorted(places[1].values()) == pytest.approx(sorted([first["r"], first["r_within"]]))


def test_a_score_whose_correlation_within_bins_is_missing_has_no_interval():
    by_bin = [0.0] * 6 + [1.0] * 6
    table = correlations([scored({("a", "iou"): by_bin})], rng=np.random.default_rng(1))
    (axes,) = beside_each_other(table, ["a"]).axes
    assert [len(line.get_xdata()) for line in axes.lines] == [2, 1]  # the axis at 0, and r
    assert [text.get_text() for text in axes.texts] == ["p, adjusted", "–"]
