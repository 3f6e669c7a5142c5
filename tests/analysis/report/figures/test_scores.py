import numpy as np
import pandas as pd
import pytest

from analysis.report.figures.scores import SPREAD, against_people, limits, sideways


def test_dots_that_share_a_score_are_spread_and_others_stay():
    x = np.array([1.0, 0.0, 1.0, 1.0, 2.0])
    offsets = sideways(x, np.array([50.0, 50, 50, 100, 0]))
    assert offsets[[1, 4]].tolist() == [0, 0]
    assert len(set(offsets[[0, 2, 3]].round(6))) == 3
    assert np.abs(sideways(np.zeros(400), np.arange(400.0))).max() <= SPREAD / 2


def test_the_axis_has_room_beside_all_values_even_beside_one():
    assert limits(np.array([])) == (0, 1)
    assert limits(np.array([0.0])) == pytest.approx((-0.12, 0.12))
    low, high = limits(np.array([2.0, 4.0]))
    assert (low, high) == pytest.approx((1.76, 4.24))


def test_the_line_is_that_of_least_squares():
    row = ("a", "cam", "iou", 0.8, -0.7, 1.0, "")
    columns = ["condition", "explainer", "metric", "r", "r_low", "r_high", "reason"]
    table = pd.DataFrame([row], columns=columns)
    points = pd.DataFrame(
        {
            "condition": "a",
            "explainer": "cam",
            "metric": "iou",
            "value": [1.0, 2, 3, 4],
            "right_percent": [25.0, 75, 50, 100],
        }
    )
    (axes,) = against_people(table, points, ["a"]).axes
    x, y = axes.lines[-1].get_data()
    slope, intercept = np.polyfit([1, 2, 3, 4], [25, 75, 50, 100], 1)
    assert y == pytest.approx(intercept + slope * np.array(x))
