"""Simulated studies of known truth, and whether what the report says of one is true.

Two conditions; a person judges 30 of the same 48 stimuli, the AI being right on half of them. The
log odds of a right decision are a mean, plus what a person brings, plus what a stimulus brings,
plus the effect of a; people and stimuli are new in every study. Where a population leans, a
condition also suits single stimuli more than others.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.statistics import regression, shares
from analysis.statistics.differences import differences
from analysis.statistics.measures import compared

STIMULI, TRIALS = 48, 30
MEAN = 0.8  # log odds: 65 to 69 % right
PAIR = [("a", "b")]
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
WEIGHTS = WEIGHTS / WEIGHTS.sum()

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Population:
    """Where studies come from.

    Attributes:
        sd_person: log odds.
        sd_stimulus: log odds.
        n_people: of each condition.
        effect: log odds that a adds.
        sd_leaning: log odds.
    """

    sd_person: float
    sd_stimulus: float
    n_people: int
    effect: float = 0.0
    sd_leaning: float = 0.0

    def share(self, effect: float) -> float:
        """Of right decisions, over all people and all stimuli."""
        stimuli = np.hypot(self.sd_stimulus, self.sd_leaning) * NODES
        return float(WEIGHTS @ self.shares_of(effect + stimuli))

    def shares_of(self, stimuli: Numbers) -> Numbers:
        """Of right decisions on single stimuli, over all people."""
        return np.asarray(expit(MEAN + stimuli[:, None] + self.sd_person * NODES) @ WEIGHTS)


def study(
    rng: np.random.Generator, population: Population
) -> tuple[pd.DataFrame, dict[str, float]]:
    """The trials of a study, and the true share of each condition on its stimuli."""
    common = rng.normal(0, population.sd_stimulus, STIMULI)
    parts, truths = [], {}
    for name, effect in (("a", population.effect), ("b", 0.0)):
        stimuli = common + effect + rng.normal(0, population.sd_leaning, STIMULI)
        truths[name] = float(population.shares_of(stimuli).mean())
        n = population.n_people
        shown = np.argsort(rng.random((n, STIMULI)), axis=1)[:, :TRIALS]
        odds = MEAN + stimuli[shown] + rng.normal(0, population.sd_person, (n, 1))
        right = (rng.random(shown.shape) < expit(odds)).ravel()
        parts.append(trials_of(name, shown.ravel(), right))
    return pd.concat(parts, ignore_index=True), truths


def trials_of(condition: str, shown: NDArray[np.int64], right: NDArray[np.bool_]) -> pd.DataFrame:
    """Answers as the report reads them; the AI is right on stimuli of even number."""
    person = np.arange(len(shown)) // TRIALS
    ai_right = shown % 2 == 0
    return pd.DataFrame(
        {
            "condition": condition,
            "participant_id": person + (1000 if condition == "a" else 0),
            "stimulus_id": shown,
            "kind": "natural",
            "team_right": right,
            "ai_right": ai_right,
            "decision": np.where(right == ai_right, "accept", "reject"),
        }
    )


def measured(rng: np.random.Generator, population: Population) -> dict[str, float]:
    """Whether each interval of one study holds its truth, and whether each test rejects."""
    trials, truths = study(rng, population)
    true = {"a": population.share(population.effect), "b": population.share(0.0)}
    margin = 100 * (true["a"] - true["b"])
    pooled = shares.over_people(trials, ["condition"], "team_right").set_index("condition")
    wide = shares.over_people_and_stimuli(trials, ["condition"], "team_right")
    wide = wide.set_index("condition")
    values = compared.MEASURES["accuracy"].values(trials)
    settings = {"alternative": "two-sided", "margin": margin or None}
    pair = differences(values, PAIR, **settings).iloc[0]
    odds = regression.odds_ratios(trials, PAIR, alternative="two-sided").iloc[0]
    apart = regression.interactions(trials, PAIR).iloc[0]
    ratio = float(np.exp(logit(true["a"]) - logit(true["b"])))
    here = 100 * (truths["a"] - truths["b"])
    facts = {
        "share, these stimuli": np.mean([_in(pooled.loc[n], 100 * truths[n]) for n in "ab"]),
        "share, other stimuli": np.mean([_in(wide.loc[n], 100 * true[n]) for n in "ab"]),
        "difference, these stimuli": pair["people_low"] <= here <= pair["people_high"],
        "difference, other stimuli": pair["low"] <= margin <= pair["high"],
        "odds ratio": odds["low"] <= ratio <= odds["high"],
        "rejects: these stimuli": pair["people_p"] < 0.05,
        "rejects: other stimuli": pair["p"] < 0.05,
        "rejects: odds ratio": odds["p"] < 0.05,
        "rejects: interaction": apart["p"] < 0.05,
        "rejects: equivalence": pair["p_equivalent"] < 0.05,
    }
    return {name: float(fact) for name, fact in facts.items()}


def _in(row: pd.Series, truth: float) -> bool:
    return bool(row["low_percent"] <= truth <= row["high_percent"])
