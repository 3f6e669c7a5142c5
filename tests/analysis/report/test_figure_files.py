"""Figures are drawn by other processes as they are by this one."""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pandas as pd
import pytest

from analysis.report.figure_files import Drawn, drawers, picture
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


def test_a_picture_is_waited_for_where_it_is_looked_up_and_what_went_wrong_is_raised_there():
    executor = drawers()
    wrong = partial(per_user, USERS.head(0), USERS)
    futures = {
        name: executor.submit(picture, "users", figure)
        for name, figure in (("right", FIGURE), ("wrong", wrong))
    }
    executor.shutdown(wait=False)
    drawn = Drawn(futures)
    assert list(drawn) == ["right", "wrong"]
    assert len(drawn) == 2
    assert "right" in drawn
    assert "other" not in drawn
    assert drawn["right"] == picture("users", FIGURE)
    with pytest.raises(KeyError, match="low_percent"):
        drawn["wrong"]
