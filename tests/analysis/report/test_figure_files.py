"""Figures are drawn by other processes as they are by this one."""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pandas as pd
import pytest

from analysis.report.figure_files import drawers, picture
from analysis.report.figures.users import per_user
from analysis.statistics.measures.accuracy import per_condition

USERS = pd.DataFrame(
    {
        "participant_id": ["a", "b", "c", "d"],
        "condition": ["gradcam", "gradcam", "confidence", "confidence"],
        "n_trials": 10,
        "n_right": [5, 6, 7, 8],
        "accuracy_percent": [50.0, 60.0, 70.0, 80.0],
    }
)
FIGURE = partial(per_user, USERS, per_condition(USERS, ("confidence", "gradcam")))


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_figure_is_the_same_whoever_draws_it(monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    with drawers() as executor:
        elsewhere = executor.submit(picture, "users", FIGURE).result()
    assert elsewhere == picture("users", FIGURE)
    assert isinstance(executor, ThreadPoolExecutor) == (platform != "linux")


def test_what_goes_wrong_in_a_figure_is_raised_here():
    with drawers() as executor:
        failed = executor.submit(picture, "users", partial(per_user, USERS.head(0), USERS))
        with pytest.raises(KeyError):
            failed.result()
