import numpy as np
import pytest

from analysis.report.figures.scores import SPREAD, against_people, limits, sideways
from analysis.statistics.measures.score_correlations import correlations
from tests.analysis.statistics.measures.test_score_correlations import BINS, RIGHT, RISING, scored


def test_dots_that_share_a_score_are_spread_and_others_stay():
    x = np.array([1.0, 0.0, 1.0, 1.0, 2.0])
    offsets = sideways(x, np.array([50.0, 50, 50, 100, 0]))
    assert offsets[[1, 4]].tolist() == [0, 0]
    assert len(set(offsets[[0, 2, 3]].round(6))) == 3
    assert np.abs(sideways(np.zeros(400), np.arange(400.0))).max() <= SPREAD / 2


def test_the_axis_has_room_beside_all_values_even_beside_one():
    assert limits(np.array([np.nan])) == (0, 1)
    assert limits(np.array([0.0])) == pytest.approx((-0.12, 0.12))
    low, high = limits(np.array([2.0, 4.0]))
    assert (low, high) == pytest.approx((1.76, 4.24))


def test_the_lines_are_those_of_least_squares_over_all_and_within_bins_in_parallel():
    stimuli = scored({("cam", "iou"): RISING})
    table = correlations([stimuli], rng=np.random.default_rng(1))
    (axes,) = against_people(table, [stimuli], ["a"]).axes
    lines = [line.get_data() for line in axes.lines if line.get_linestyle() == "-"]
    assert len(lines) == 3
    x, y = np.array(RISING), 25 * np.array(RIGHT)
    slope, intercept = np.polyfit(x, y, 1)
    assert lines[-1][1] == pytest.approx(intercept + slope * lines[-1][0])
    # A regression on the score and an indicator of each bin.
    indicators = np.array(BINS)[:, None] == [0, 1]
    slope, *levels = np.linalg.lstsq(np.column_stack([x, indicators]), y, rcond=None)[0]
    for line, level in zip(lines, levels, strict=False):
        assert line[1] == pytest.approx(level + slope * np.array(line[0]))
