"""How simulated people differ around what was planted."""

import math
import random
from itertools import product
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study_app.simulation.behaviour import logit, planted
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.profiles import PROFILES


def test_people_and_pictures_differ_around_what_was_planted(bundle):
    behaviours = planted(["a"], ["a=0.9,0.2"])
    wrong = next(p for p in bundle.predictions if not p.right)
    chances = []
    for seed in range(400):
        model = DecisionModel(behaviours=behaviours, seed=seed, person_sd=0.8, image_sd=0.6)
        rng = random.Random(seed)
        leanings = [model.leaning(rng) for _ in range(20)]
        chances += [model.chance(PROFILES["calibrated"], "a", x, wrong) for x in leanings]
    assert fmean(chances) == pytest.approx(0.2, abs=0.01)
    spread = sorted(chances)
    assert spread[len(spread) // 20] < 0.1 < 0.4 < spread[-len(spread) // 20]


def test_trust_moves_acceptance_and_certainty_stays(bundle):
    model = DecisionModel(behaviours=planted(["a", "b"], ["a=0.7,0.3", "b=1,0"]), seed=1)
    for prediction in bundle.predictions:
        over, usual, under = (
            model.chance(PROFILES[name], "a", 0.0, prediction)
            for name in ("over-reliant", "calibrated", "under-reliant")
        )
        assert over > usual > under
        assert model.chance(PROFILES["under-reliant"], "b", -1.0, prediction) == float(
            prediction.right
        )


def test_who_knows_labels_judges_by_them_in_the_test_and_before_whatever_was_planted(bundle):
    behaviours = planted(["a"], ["a=0.2,0.8"])
    model = DecisionModel(behaviours=behaviours, seed=1, agent_accuracy=0.75)
    for prediction in bundle.predictions:
        right = 0.75 if prediction.right else 0.25
        for name in ("agent", "pasting"):
            assert model.chance(PROFILES[name], "a", 2.0, prediction) == right
            assert model.chance_outside_test(PROFILES[name], prediction) == right


@given(
    share=st.floats(min_value=0, max_value=1),
    person_sd=st.floats(min_value=0, max_value=1),
    image_sd=st.floats(min_value=0, max_value=1),
)
def test_whatever_is_planted_is_nearly_the_average_of_people_and_pictures_32(
    share, person_sd, image_sd
):
    """By quadrature; 0 and 1 exactly."""
    model = DecisionModel(behaviours={}, seed=1, person_sd=person_sd, image_sd=image_sd)
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    weights = weights / weights.sum()
    average = math.fsum(
        a * b * model.scattered(logit(share), person=person_sd * x, picture=image_sd * y)
        for (x, a), (y, b) in product(zip(nodes, weights, strict=True), repeat=2)
    )
    assert average == pytest.approx(share, abs=1e-12 if share in (0, 1) else 0.012)
