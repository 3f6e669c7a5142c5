"""Scores of explanations beside the people who saw them, stimulus by stimulus.

Nguyen et al. 2021, section 3.5 and Figure 4. As in the authors' analysis, only natural stimuli
on which the AI is right count, and only those that two or more people of the condition saw.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.export.columns import BINS
from analysis.statistics.measures import stimulus_answers
from analysis.statistics.within_bins.correlations import Codes, Values

MIN_PEOPLE = 2  # who saw a stimulus (cell A#12 of the authors' analysis)
KEYS = ["condition", "explainer", "metric"]
NO_BIN = ""  # of stimuli between the bands, which are taken as a bin of their own
BIN_CODES = {name: code for code, name in enumerate((*BINS, NO_BIN))}

LARGE, SMALL, UNKNOWN = "large", "small", ""
NEARNESS = "nearness"  # of neighbours: all other families are of heat maps
# What each metric is about, and which of its values its authors call good (docs/scores.md has the
# sources).
FAMILIES = {
    "localisation": dict.fromkeys(("pointing", "energy", "iou", "wsl", "dice"), LARGE),
    "faithfulness": {
        "deletion": SMALL,
        "insertion": LARGE,
        "faithfulness_correlation": LARGE,
        "monotonicity": LARGE,
        "infidelity": SMALL,
    },
    "robustness": {"max_sensitivity": SMALL, "lipschitz": SMALL},
    "complexity": {"sparseness": LARGE, "entropy": SMALL},
    "randomisation": {"randomisation": SMALL},
    NEARNESS: {"distance": SMALL},
}
GOOD = {metric: good for family in FAMILIES.values() for metric, good in family.items()}


@dataclass(frozen=True, kw_only=True)
class ScoredStimuli:
    """The stimuli of a condition that its people judged, with every score of what it shows.

    Attributes:
        condition: its name.
        scores: a column for each explainer and metric, a row for each stimulus that has any
            score; NaN where a score is not defined. The index is the id.
        n_right: how many people were right about each, of shape (stimuli,).
        n_people: how many judged it, likewise.
        bins: `BIN_CODES`, likewise.
    """

    condition: str
    scores: pd.DataFrame
    n_right: Codes
    n_people: Codes
    bins: Codes

    @property
    def names(self) -> list[tuple[str, str]]:
        """Explainer and metric of each column of the scores."""
        return [(str(name[0]), str(name[1])) for name in self.scores.columns.to_list()]

    @property
    def right_percent(self) -> Values:
        """The share of people who were right, of shape (stimuli,)."""
        return np.asarray(100 * self.n_right / self.n_people)


def good_values(metric: str) -> str:
    """Which values of a metric are good: large, small, or empty where nobody knows.

    Several of one sort are told apart by a number behind the name, as `distance_2`.
    """
    return GOOD.get(plain_name(metric), UNKNOWN)


def family_of(metric: str) -> str:
    """What a metric is about: a key of `FAMILIES`, or empty where nobody knows."""
    name = plain_name(metric)
    return next((family for family, metrics in FAMILIES.items() if name in metrics), UNKNOWN)


def plain_name(metric: str) -> str:
    """The name of a metric in `FAMILIES`, without the number of one of several."""
    return metric.casefold().rstrip("0123456789").removesuffix("_")


def right_shares(trials: pd.DataFrame) -> pd.DataFrame:
    """How many people of each condition were right about each stimulus.

    Args:
        trials: as `accuracy.test_trials` returns them.

    Returns:
        As `stimulus_answers.right_shares`, and bin (`NO_BIN` where it has none): natural stimuli
        on which the AI is right, seen by at least `MIN_PEOPLE`.
    """
    answers = trials[(trials["kind"] == "natural") & trials["ai_right"].astype(bool)]
    shares = stimulus_answers.right_shares(answers)
    bins = answers[[*stimulus_answers.PAIR, "bin"]].drop_duplicates(stimulus_answers.PAIR)
    seen = shares[shares["n_people"] >= MIN_PEOPLE].merge(bins, on=stimulus_answers.PAIR)
    return seen.fillna({"bin": NO_BIN})


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


def scored_stimuli(scores: pd.DataFrame, shares: pd.DataFrame) -> Iterator[ScoredStimuli]:
    """The stimuli of each condition that has scores, in the order of these.

    Args:
        scores: as `shown_scores` returns them.
        shares: as `right_shares` returns them.
    """
    for condition, own in scores.groupby("condition", sort=False):
        columns = pd.MultiIndex.from_frame(own[KEYS[1:]].drop_duplicates())
        table = own.pivot(index="stimulus_id", columns=KEYS[1:], values="value")[columns]
        table = table.dropna(how="all")
        seen = shares[shares["condition"] == condition].set_index("stimulus_id")
        judged = seen.loc[seen.index.isin(table.index)].sort_index()
        yield ScoredStimuli(
            condition=str(condition),
            scores=table.loc[judged.index].astype("float64"),
            n_right=judged["n_right"].to_numpy(dtype="int64"),
            n_people=judged["n_people"].to_numpy(dtype="int64"),
            bins=np.array([BIN_CODES[name] for name in judged["bin"]], dtype="int64"),
        )
