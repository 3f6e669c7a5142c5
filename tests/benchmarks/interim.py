"""Simulated studies that are looked at while people come, without any difference unless told."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.statistics.differences import differences
from analysis.statistics.looks import at_look, this_look
from tests.benchmarks.studies import MEAN, STIMULI, TRIALS

PAIRS = [("a", "b"), ("a", "c"), ("b", "c")]
SD_PERSON, SD_STIMULUS = 0.6, 0.7  # log odds


def study(rng: np.random.Generator, *, n_people: int, effect: float = 0.0) -> pd.DataFrame:
    """Values of `n_people` of each of three conditions, in the order in which they came.

    Args:
        rng: where people, stimuli and answers come from.
        n_people: of each condition.
        effect: log odds that a adds.
    """
    stimuli = rng.normal(0, SD_STIMULUS, STIMULI)
    parts = []
    for condition in "abc":
        shown = np.argsort(rng.random((n_people, STIMULI)), axis=1)[:, :TRIALS]
        odds = MEAN + stimuli[shown] + rng.normal(0, SD_PERSON, (n_people, 1))
        right = rng.random(shown.shape) < expit(odds + effect * (condition == "a"))
        number = np.repeat(np.arange(n_people), TRIALS)
        parts.append(
            pd.DataFrame(
                {
                    "participant_id": [f"{condition}{n}" for n in number],
                    "number": number,
                    "condition": condition,
                    "stimulus_id": shown.ravel(),
                    "value": 100.0 * right.ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def false_findings(
    rng: np.random.Generator, *, shares: Sequence[float], n_studies: int, n_people: int = 60
) -> pd.Series:
    """In how many studies some look finds a difference, where there is none.

    Returns:
        "one pair", "three pairs" (Holm), and "at .05 each time", one pair without any adjustment.
    """
    found = []
    for _ in range(n_studies):
        values = study(rng, n_people=n_people)
        looks = [_look(values, shares, share, n_people) for share in shares]
        found.append(pd.concat(looks, axis=1).any(axis=1))
    return pd.DataFrame(found).sum()


def _look(values: pd.DataFrame, shares: Sequence[float], share: float, n_people: int) -> pd.Series:
    come = values[values["number"] < round(share * n_people)]
    table = differences(come, PAIRS, alternative="two-sided")
    looked = at_look(table, this_look(shares, share), alternative="two-sided")
    facts = {
        "one pair": looked["p_looks"].iloc[0] < 0.05,
        "three pairs": bool((looked["p_holm"] < 0.05).any()),
        "at .05 each time": table["p"].iloc[0] < 0.05,
    }
    return pd.Series(facts)
