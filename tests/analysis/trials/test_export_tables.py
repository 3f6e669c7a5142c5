import pandas as pd
import pytest

from analysis.trials.export_tables import bins_in
from analysis.trials.map_file import BandSettings


@pytest.mark.parametrize(
    ("confidence", "right", "wrong"),
    [
        (0.299, "hard", "easy"),
        (0.3, None, None),
        (0.4, "medium", "medium"),
        (0.6, "medium", "medium"),
        (0.601, None, None),
        (0.8, "easy", "hard"),
        (None, None, None),
    ],
)
def test_bins_follow_the_papers_bands(confidence, right, wrong):
    sure = pd.Series([confidence, confidence], dtype="float64")
    bins = bins_in(sure, pd.Series([True, False]), BandSettings())
    assert [name if isinstance(name, str) else None for name in bins] == [right, wrong]
