"""Do the scores of explanations agree with people? Score against share of right decisions.

Nguyen et al. 2021, section 3.5 and Figure 4. As in the authors' analysis, only natural stimuli
on which the AI is right count, and only those that two or more people of the condition saw.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.statistics.correlation import MIN_PAIRS, pearson, spearman, varies
from analysis.statistics.measures import stimulus_answers

MIN_PEOPLE = 2  # who saw a stimulus (cell A#12 of the authors' analysis)
KEYS = ["condition", "explainer", "metric"]

FEW = f"fewer than {MIN_PAIRS} stimuli"
NO_VALUES = "the score has no values"
FLAT_SCORE = "the score does not vary"
FLAT_PEOPLE = "the answers do not vary"


def right_shares(trials: pd.DataFrame) -> pd.DataFrame:
    """How many people of each condition were right about each stimulus.

    Args:
        trials: as `accuracy.test_trials` returns them.

    Returns:
        As `stimulus_answers.right_shares`: natural stimuli on which the AI is right, seen by at
        least `MIN_PEOPLE`.
    """
    answers = trials[(trials["kind"] == "natural") & trials["ai_right"].astype(bool)]
    shares = stimulus_answers.right_shares(answers)
    return shares[shares["n_people"] >= MIN_PEOPLE].reset_index(drop=True)


def shown_scores(
    explanations: pd.DataFrame,
    panels: Mapping[str, Sequence[str]],
    classifier_of: Mapping[str, str],
) -> pd.DataFrame:
    """The scores of what each condition shows, for the classifier that it judges.

    Args:
        explanations: as in the export.
        panels: the explainers that each condition shows, in order.
        classifier_of: the classifier of each condition.

    Returns:
        condition, explainer, metric, stimulus_id, value: by condition and panel, metrics in the
        order of the export. A condition that shows nothing with scores has no row.
    """
    layout = [
        (condition, explainer, classifier_of[condition])
        for condition, explainers in panels.items()
        for explainer in dict.fromkeys(explainers)
    ]
    rows = pd.DataFrame(layout, columns=["condition", "explainer", "classifier"], dtype="str")
    scores = rows.merge(explanations, on=["explainer", "classifier"])
    return scores[[*KEYS, "stimulus_id", "value"]]


def points(scores: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """What is correlated: a row for each condition, explainer, metric and stimulus.

    Args:
        scores: as `shown_scores` returns them.
        shares: as `right_shares` returns them.

    Returns:
        The columns of both; stimuli without a value of the metric are left out.
    """
    defined: pd.DataFrame = scores[np.isfinite(scores["value"].to_numpy(dtype="float64"))]
    return defined.merge(shares, on=["condition", "stimulus_id"])


def correlations(scores: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Each metric against people, over the stimuli of a condition.

    Args:
        scores: as `shown_scores` returns them.
        shares: as `right_shares` returns them.

    Returns:
        condition, explainer, metric, n_stimuli, r, r_low, r_high (Pearson, `correlation.pearson`),
        rho, rho_low, rho_high (`correlation.spearman`), reason (why they are missing, or empty).
    """
    pairs = points(scores, shares)
    rows = []
    for key in scores[KEYS].drop_duplicates().itertuples(index=False, name=None):
        dots = _of(pairs, key)
        x, y = (dots[c].to_numpy(dtype="float64") for c in ("value", "right_percent"))
        if _of(scores, key)["value"].isna().all():
            reason = NO_VALUES
        elif len(dots) < MIN_PAIRS:
            reason = FEW
        elif not varies(x):
            reason = FLAT_SCORE
        else:
            reason = "" if varies(y) else FLAT_PEOPLE
        estimates = (math.nan,) * 6 if reason else (*pearson(x, y), *spearman(x, y))
        rows.append((*key, len(dots), *estimates, reason))
    numbers = ["r", "r_low", "r_high", "rho", "rho_low", "rho_high"]
    return pd.DataFrame(rows, columns=[*KEYS, "n_stimuli", *numbers, "reason"])


def _of(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    return rows[(rows[KEYS] == list(key)).all(axis="columns")]
