"""What is told of how simulated people answer, besides their answers."""

import random

import pytest

from study_app.simulation.html import Form
from study_app.simulation.profiles import PROFILES
from study_app.simulation.signals import leaving, pasting

FORM = Form(action="/", blanks=["job", "remark"])
WRITTEN = {"job": "beekeeper", "remark": "Hm."}
N = 10_000


@pytest.mark.parametrize(
    ("sort", "pastes", "leaves"),
    [("calibrated", 0.05, 0.03), ("agent", 0, 0), ("pasting", 1, 1)],
)
def test_people_paste_and_leave_as_often_as_is_planted(sort, pastes, leaves):
    rng, profile = random.Random(1), PROFILES[sort]
    pasted = sum(bool(pasting(profile, FORM, WRITTEN, rng=rng)) for _ in range(N))
    left = sum(leaving(profile, 1000, rng=rng)["away_count"] == "1" for _ in range(N))
    assert pasted / N == pytest.approx(pastes, abs=0.01)
    assert left / N == pytest.approx(leaves, abs=0.01)


def test_every_letter_that_was_written_is_pasted_and_nothing_where_nothing_was():
    profile, rng = PROFILES["pasting"], random.Random(1)
    assert pasting(profile, FORM, WRITTEN, rng=rng) == {"pasted_chars": "12"}
    assert pasting(profile, FORM, {"job": ""}, rng=rng) == {}


def test_who_leaves_is_away_for_a_part_of_the_time():
    rng = random.Random(1)
    assert leaving(PROFILES["pasting"], 12_000, rng=rng) == {
        "away_count": "1",
        "away_ms": "9600.0",
    }
    assert leaving(PROFILES["agent"], 12_000, rng=rng) == {"away_count": "0", "away_ms": "0.0"}
