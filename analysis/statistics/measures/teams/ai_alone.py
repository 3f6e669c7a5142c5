"""The AI without people: as it doubts itself, and as it is where everything is accepted.

AI-only accepts its own answer where confidence >= T* (Nguyen et al. 2021, section 2.3 and A6). T*
is read from the export; nothing is chosen here. Whoever accepts everything is right as often as
the AI is, without a threshold; where AI-only is not above that, T* gains nothing.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.export.facts import AiOnly
from analysis.statistics.measures.teams.natural_weights import percent

STIMULI_SHOWN = "stimuli shown"
SIX_BINS = "six bins"
WHOLE_POOL = "whole pool"
ADVERSARIAL = "adversarial stimuli"
BASES = (STIMULI_SHOWN, SIX_BINS, WHOLE_POOL, ADVERSARIAL)
# Condition names are lower-case and hold no blank, so neither can be one.
AI_ONLY = "AI-only"
ACCEPT_ALL = "accept everything"


def accepts_rightly(answers: pd.DataFrame, threshold: float) -> pd.Series:
    """Whether accepting where confidence >= threshold is the right decision, for each answer.

    Args:
        answers: with confidence and ai_right.
        threshold: T*.
    """
    return (answers["confidence"] >= threshold) == answers["ai_right"].astype(bool)


def stimuli_shown(trials: pd.DataFrame, classifier: str, kind: str = "natural") -> pd.DataFrame:
    """The first trial of each distinct stimulus of a kind that people saw with a classifier."""
    rows = trials[(trials["classifier"] == classifier) & (trials["kind"] == kind)]
    return rows.drop_duplicates("stimulus_id")


def ai_only(trials: pd.DataFrame, pool: pd.DataFrame, settings: Sequence[AiOnly]) -> pd.DataFrame:
    """The accuracy of the AI alone at T*, on every basis.

    Args:
        trials: as `accuracy.test_trials` returns them.
        pool: as in the export.
        settings: the thresholds of the classifiers that are reported.

    Returns:
        classifier, threshold, chosen_on, basis, n_images and accuracy_percent. The bases:
        "stimuli shown", each distinct natural test stimulus of known confidence once; "six bins",
        the images of the pool that lie in a bin, which gives each bin its natural weight; "whole
        pool"; and "adversarial stimuli", each distinct one shown of known confidence, if there
        are any. The paper takes AI-only to be wrong on all of those (Figure 2c); it is right
        wherever it doubts what deceived it.
    """
    rows = []
    for ai in settings:
        for basis, answers in _answers(trials, pool, ai.classifier).items():
            known = answers.dropna(subset=["confidence"])
            right = int(accepts_rightly(known, ai.threshold).sum())
            if len(known) or basis != ADVERSARIAL:
                row = (ai.classifier, ai.threshold, ai.chosen_on, basis, len(known))
                rows.append((*row, percent(right, len(known))))
    columns = ["classifier", "threshold", "chosen_on", "basis", "n_images", "accuracy_percent"]
    return pd.DataFrame(rows, columns=columns)


def accept_everything(
    trials: pd.DataFrame, pool: pd.DataFrame, weights: pd.DataFrame
) -> pd.DataFrame:
    """How often accepting everything is right, on every basis: the share of right AI answers.

    Args:
        trials: as `accuracy.test_trials` returns them.
        pool: as in the export.
        weights: as `natural_weights` returns them; the classifiers in its order. Where it has no
            images, but given weights, the share on six bins follows from these.

    Returns:
        classifier, basis, n_images (missing where there are none) and accuracy_percent; the bases
        as in `ai_only`, also with stimuli of unknown confidence.
    """
    rows = []
    for classifier, own in weights.groupby("classifier", sort=False):
        for basis, answers in _answers(trials, pool, str(classifier)).items():
            n, share = len(answers), percent(int(answers["ai_right"].sum()), len(answers))
            if basis == SIX_BINS and not n:
                share = float(own.loc[own["ai_right"], "weight_percent"].sum(min_count=1))
            if n or basis != ADVERSARIAL:
                rows.append((classifier, basis, n or pd.NA, share))
    table = pd.DataFrame(rows, columns=["classifier", "basis", "n_images", "accuracy_percent"])
    return table.astype({"n_images": "Int64"})


def _answers(
    trials: pd.DataFrame, pool: pd.DataFrame, classifier: str
) -> Mapping[str, pd.DataFrame]:
    """A classifier's answers on each basis, each picture once."""
    images = pool[(pool["classifier"] == classifier) & (pool["split"] == "test")]
    return {
        STIMULI_SHOWN: stimuli_shown(trials, classifier),
        SIX_BINS: images[images["bin"].notna()],
        WHOLE_POOL: images,
        ADVERSARIAL: stimuli_shown(trials, classifier, "adversarial"),
    }
