"""How far each team is above the AI without people, with intervals.

People and pictures both count as drawn: an interval holds for other people and other pictures, in
the same mix of cells (bin and whether the AI is right). How often bins occur in practice, and what
the AI does on the pool, are taken as known. (The pigeonhole bootstrap of Owen 2007, which resamples
people and pictures, gives about the same errors; here they have a closed form.)
"""

from collections.abc import Hashable, Iterable, Mapping
from itertools import product

import numpy as np
import pandas as pd

from analysis.statistics.estimate import Estimate
from analysis.statistics.measures.teams.ai_alone import (
    ACCEPT_ALL,
    ADVERSARIAL,
    AI_ONLY,
    SIX_BINS,
    STIMULI_SHOWN,
    accepts_rightly,
    stimuli_shown,
)
from analysis.statistics.measures.teams.natural_weights import cells_of
from analysis.statistics.strata import interval_of_share, weighted_mean

KINDS = {STIMULI_SHOWN: "natural", SIX_BINS: "natural", ADVERSARIAL: "adversarial"}  # by basis
NAMES = {"who": "condition", "who_alone": "against", "accuracy_percent_alone": "alone_percent"}


def gains(
    trials: pd.DataFrame,
    weights: pd.DataFrame,
    thresholds: Mapping[str, float],
    against: pd.DataFrame,
) -> pd.DataFrame:
    """Every team less AI-only, and less accepting everything, on every basis that has a team.

    Args:
        trials: as `accuracy.test_trials` returns them, of the pooled kinds.
        weights: as `natural_weights` returns them.
        thresholds: T* of the classifiers that have one.
        against: as `team.against_ai` returns it.

    Returns:
        basis, condition, classifier, against ("AI-only" or "accept everything"), team_percent,
        alone_percent, gain_points, low_points and high_points (95 %) and missing_because (why
        there is no interval, or empty).
    """
    pairs = _pairs(against)
    teams, alone = _teams_and_machines(trials, pairs["classifier"].unique())
    of_bins = weights.assign(cell=cells_of)
    rows = []
    for _, pair in pairs.iterrows():
        own = teams[pair["condition"], KINDS[pair["basis"]]]
        if pair["basis"] == SIX_BINS:
            team, reason = _team_in_practice(own, of_bins, pair)
            numbers = np.array([team.value, *interval_of_share(team)]) - pair["alone_percent"] / 100
        else:
            machine = alone[pair["classifier"], KINDS[pair["basis"]]]
            gain, reason = _gain_on_stimuli(own, machine, thresholds, pair)
            numbers = np.array([gain.value, *gain.interval()])
        rows.append([*100 * numbers, reason])
    ends = ["gain_points", "low_points", "high_points", "missing_because"]
    facts = pairs[["basis", "condition", "classifier", "against", "team_percent", "alone_percent"]]
    return pd.concat([facts, pd.DataFrame(rows, columns=ends)], axis="columns")


def _teams_and_machines(
    trials: pd.DataFrame, classifiers: Iterable[str]
) -> tuple[dict[tuple[Hashable, ...], pd.DataFrame], dict[tuple[str, str], pd.DataFrame]]:
    """Each condition's trials, and each classifier's first ones, with each kind of stimuli."""
    coded = trials.assign(
        cell=cells_of(trials),
        value=trials["team_right"].astype("float64"),
        **{name: pd.factorize(trials[name])[0] for name in ("participant_id", "stimulus_id")},
    )
    moving = coded[["participant_id", "stimulus_id", "cell", "value"]]
    teams = dict(iter(moving.groupby([coded["condition"], coded["kind"]], observed=True)))
    kinds = product(classifiers, KINDS.values())
    return teams, {(name, kind): stimuli_shown(coded, name, kind) for name, kind in kinds}


def _pairs(against: pd.DataFrame) -> pd.DataFrame:
    """A row for each team and each way of doing without people, on the same basis."""
    known = against.dropna(subset=["accuracy_percent"])
    is_alone = known["who"].isin((AI_ONLY, ACCEPT_ALL))
    teams, machines = known[~is_alone], known[is_alone]
    pairs = teams.merge(machines, on=["basis", "classifier"], suffixes=("", "_alone"))
    return pairs.rename(columns=NAMES | {"accuracy_percent": "team_percent"})


def _gain_on_stimuli(
    own: pd.DataFrame, alone: pd.DataFrame, thresholds: Mapping[str, float], pair: pd.Series
) -> tuple[Estimate, str]:
    """On the stimuli that were shown: a stimulus moves the team and the AI alone."""
    if pair["against"] == ACCEPT_ALL:
        alone = alone.assign(value=alone["ai_right"].astype("float64"))
    else:
        alone = alone.dropna(subset=["confidence"])
        right = accepts_rightly(alone, thresholds[pair["classifier"]])
        alone = alone.assign(value=right.astype("float64"))
    return weighted_mean(own, own["cell"].value_counts(), fixed=alone)


def _team_in_practice(
    own: pd.DataFrame, weights: pd.DataFrame, pair: pd.Series
) -> tuple[Estimate, str]:
    """The team's share on the six bins with natural weights; what the AI does there is known."""
    of_classifier = weights[weights["classifier"] == pair["classifier"]]
    weight = of_classifier.set_index("cell")["weight_percent"]
    own = own[own["cell"].isin(weight.index[weight > 0])]
    return weighted_mean(own, weight[weight.index.isin(own["cell"])])
