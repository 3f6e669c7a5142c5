import math

import pandas as pd
import pytest

from analysis.statistics.sample.in_view import least, share_in_view


def test_the_least_of_several_numbers_counts_28():
    assert least(pd.Series(["1.0 0.5 0.75", "0.25", None, "0.25"])).tolist() == pytest.approx(
        [0.5, 0.25, math.nan, 0.25], nan_ok=True
    )
    assert math.isnan(least(pd.Series([None]))[0])


def test_the_evidence_is_in_view_as_far_as_what_was_least():
    trials = pd.DataFrame(
        {"photo_seen": [1.0, 0.4, 0.8, None], "panels_seen": ["1.0 0.5", "1.0", None, None]},
        index=[7, 3, 5, 9],
    )
    shares = share_in_view(trials)
    assert shares.tolist() == pytest.approx([0.5, 0.4, 0.8, math.nan], nan_ok=True)
    assert list(shares.index) == [7, 3, 5, 9]


def test_an_export_of_before_does_not_tell():
    assert share_in_view(pd.DataFrame({"photo": [1]})).isna().all()
