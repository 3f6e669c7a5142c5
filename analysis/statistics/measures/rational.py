"""What a rational reader of the AI's confidence alone could reach, and where people lose it.

The payoff is 1 for a right decision (accept a right answer, reject a wrong one) and 0 for a wrong
one. After Guo, Wu, Hartline and Hullman (FAccT 2024, arXiv 2401.15356): the best decision that
knows the prior only, the best one that knows the signal too, and the best one that accepts as often
as people do; what people lose to the second is the sum of what the third loses (mis-reliance) and
of what they lose to the third (discrimination). They let the decision-maker follow the AI or the
own judgement; here nobody judged alone, so the choice is to accept or to reject. People see the
picture too, so they may know more than the signal, and lose less than nothing.

The signal is the band of the confidence, low, medium or high. Finer ones would be fitted: of eight
images in a tenth, the decision that is best in hindsight is right on 64 % where the AI is right on
half. How often the AI is right in a band is fixed by the design or counted in the pool.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.export.facts import ConditionFacts
from analysis.statistics.best_decisions import DECIMALS, Signals
from analysis.statistics.estimate import LEVEL, Estimate
from analysis.statistics.measures.teams.natural_weights import cells_of
from analysis.statistics.strata import interval_of_share, weighted_mean

Values = NDArray[np.float64]

N_RATES = 2_001  # of acceptance that are tried, from 0 to 1
NEARLY_NONE = 1e-9  # a share whose error is told from that of 0
NATURAL_WEIGHTS, OWN_MIX = "natural weights", "the study’s own mix"
LOW, MEDIUM, HIGH = range(3)
# By the number of a cell: easy wrong, easy right, medium wrong, …
BANDS = np.array([LOW, HIGH, MEDIUM, MEDIUM, HIGH, LOW])
PAYOFFS = ("accepted", "prior", "rational", "misreliant", "team", "team_low", "team_high")
DIFFERENCES = ("value", "loss", "misreliance", "misreliance_low", "misreliance_high")
COLUMNS = (
    *(f"{name}_percent" for name in PAYOFFS),
    *(f"{name}_points" for name in (*DIFFERENCES, "discrimination")),
)


def benchmarks(
    trials: pd.DataFrame, weights: pd.DataFrame, conditions: Sequence[ConditionFacts]
) -> pd.DataFrame:
    """The benchmarks and losses of every condition, under both priors.

    Args:
        trials: as `accuracy.test_trials` returns them; natural ones in the bins count.
        weights: as `natural_weights` returns them.
        conditions: with the classifier that each judged.

    Returns:
        prior ("natural weights" or "the study’s own mix"), condition, classifier, n_trials;
        accepted_percent (how often people accept, under this prior), prior_percent,
        rational_percent, misreliant_percent and team_percent with team_low_percent and
        team_high_percent (95 %, over people and pictures); value_points (rational - prior),
        loss_points (rational - team), misreliance_points with its 95 % interval (the least and the
        greatest loss that is not rejected) and discrimination_points (misreliant - team;
        below 0 where people know more than the confidence); missing_because (why there is nothing,
        or no interval). The prior itself is taken as known.
    """
    natural = trials[(trials["kind"] == "natural") & trials["bin"].notna()]
    coded = natural.assign(cell=cells_of(natural), accepted=natural["decision"] == "accept")
    of_bins = weights.assign(cell=cells_of(weights))
    rows = []
    for prior in (NATURAL_WEIGHTS, OWN_MIX):
        for condition in conditions:
            own = coded[coded["condition"] == condition.name]
            of_classifier = of_bins[of_bins["classifier"] == condition.classifier]
            weight = of_classifier.set_index("cell")["weight_percent"]
            if prior == OWN_MIX:
                weight = own["cell"].value_counts().reindex(weight.index, fill_value=0)
            facts = (prior, condition.name, condition.classifier, len(own))
            rows.append((*facts, *_of_condition(own, weight)))
    columns = ["prior", "condition", "classifier", "n_trials", *COLUMNS, "missing_because"]
    return pd.DataFrame(rows, columns=columns)


def _of_condition(trials: pd.DataFrame, weight: pd.Series) -> tuple[object, ...]:
    nothing = (math.nan,) * len(COLUMNS)
    if trials.empty:
        return (*nothing, "no trials in the six bins")
    if not weight.sum() > 0:
        return (*nothing, "how often the bins occur in practice is not known")
    weight = weight[weight > 0]
    own = trials[trials["cell"].isin(weight.index)]
    if not weight.index.isin(own["cell"]).all():
        return (*nothing, "a bin that occurs in practice has no trials")
    signals = signals_of(weight)
    team, reason = weighted_mean(own.assign(value=own["team_right"].astype("float64")), weight)
    accepted, other = weighted_mean(own.assign(value=own["accepted"].astype("float64")), weight)
    loss, by_rate = signals.rational - team.value, float(signals.misreliance(accepted.value))
    numbers = (
        *(accepted.value, signals.prior, signals.rational, signals.rational - by_rate),
        *(team.value, *interval_of_share(team), signals.rational - signals.prior, loss),
        *(by_rate, *interval_of_misreliance(signals, accepted), loss - by_rate),
    )
    return (*(100 * number for number in numbers), reason or other)


def signals_of(weight: pd.Series) -> Signals:
    """The bands that occur, low to high.

    Args:
        weight: of each cell, by its number (`natural_weights.cells_of`), odd where the AI is right.
    """
    cells = weight.index.to_numpy()
    shares = weight / weight.sum()
    table = shares.groupby([BANDS[cells], cells % 2 == 1]).sum().unstack(fill_value=0)
    table = table.reindex(columns=[True, False], fill_value=0.0)
    return Signals(right=table[True].to_numpy("float64"), wrong=table[False].to_numpy("float64"))


def interval_of_misreliance(signals: Signals, accepted: Estimate) -> tuple[float, float]:
    """The least and the greatest mis-reliance loss that is not rejected.

    As much is lost at two rates of acceptance, one on either side of the rational reader's. A loss
    is rejected by how far the estimate is from the nearer of them, t in Wilson's standard errors.
    By chance it is as far from two rates that are d apart with p = F(-t) + F(-d - t), and, where
    the rates between cost less, F(d - t) - F(t) more (F of Student's t, for t < d / 2). (Over the
    interval of the rate alone up to 98 % are held: what is far from one rate is near the other.)
    """
    if math.isnan(accepted.error):
        return math.nan, math.nan
    rates = np.append(np.linspace(0, 1, N_RATES), [signals.best_rate, accepted.value])
    losses = np.unique(signals.misreliance(rates).round(DECIMALS))
    below, above = (errors_from(accepted, side) for side in signals.rates_losing(losses))
    apart, outside = below - above, np.maximum(np.maximum(-below, above), 0)
    is_nothing = losses == 0
    off = np.where(is_nothing, outside, np.minimum(abs(below), abs(above)))
    beyond = stdtr(accepted.df, -off) + stdtr(accepted.df, -apart - off)
    between = stdtr(accepted.df, apart - off) - stdtr(accepted.df, off)
    p = beyond + np.where(is_nothing, 0, np.maximum(between, 0))
    held = losses[p >= 1 - LEVEL]
    return float(held.min()), float(held.max())


def errors_from(share: Estimate, truths: Values) -> Values:
    """How many of Wilson's standard errors a share is above each truth, which may be infinite."""
    effective = share.value * (1 - share.value) / share.error**2
    known = np.clip(truths, NEARLY_NONE, 1 - NEARLY_NONE)
    errors = (share.value - truths) / np.sqrt(known * (1 - known) / effective)
    return np.asarray(errors)
