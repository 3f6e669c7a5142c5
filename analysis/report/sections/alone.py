"""What the section on teams says of a classifier without people: its threshold and its pool."""

from dataclasses import dataclass

import pandas as pd

from analysis.export.facts import AiOnly
from analysis.report.phrasing.words import unbroken
from analysis.statistics.analysed import Analysed
from analysis.statistics.intervals import wilson
from analysis.statistics.measures.teams.ai_alone import accepts_rightly, stimuli_shown

FEW_IMAGES = 200  # on which an accuracy of 75 % is known to ± 6 points


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What is known of one classifier without people.

    Attributes:
        settings: its threshold T*.
        n_chosen_on: images on which T* was chosen; 0 where the export has none of them.
        chosen_low: lower end of the 95 % Wilson interval of the accuracy there, in per cent.
        chosen_high: its upper end; both missing where accuracy or images are not known.
        n_pool: images of the pool.
        n_shown: distinct natural stimuli that were shown.
        n_unsure: those of them whose confidence is not known.
        covered_percent: share of the pool that lies in the six bins.
        given: whether the weights were given with an import, not counted in a pool.
        decided_by_medium: whether AI-only is right on all easy and wrong on all hard stimuli shown.
    """

    settings: AiOnly
    n_chosen_on: int
    chosen_low: float
    chosen_high: float
    n_pool: int
    n_shown: int
    n_unsure: int
    covered_percent: float
    given: bool
    decided_by_medium: bool

    @property
    def on_few_in_words(self) -> str:
        """That T* was chosen on so few images that another may be as good; empty where not."""
        if not 0 < self.n_chosen_on < FEW_IMAGES:
            return ""
        known = f"{self.chosen_low:.0f} to {self.chosen_high:.0f} %"
        where = (
            "" if self.settings.accuracy is None else f", where its accuracy is known to {known}"
        )
        return unbroken(
            f"T* of {self.settings.classifier} was chosen on {self.n_chosen_on} images only"
            f"{where}. Another threshold may be better in practice, so the AI alone may be "
            "stronger than it is here."
        )


def alone(analysed: Analysed, ai: AiOnly, weights: pd.DataFrame) -> Alone:
    """What is known of the classifier of a threshold.

    Args:
        analysed: the sample.
        ai: the threshold.
        weights: as `natural_weights` returns them.
    """
    weights = weights[weights["classifier"] == ai.classifier]
    pool = analysed.export.pool
    split = pool.loc[pool["classifier"] == ai.classifier, "split"]
    n_chosen_on = int((split == ("val" if ai.chosen_on == "val" else "test")).sum())
    n_right = round((ai.accuracy or 0) * n_chosen_on)
    ends = wilson(n_right, n_chosen_on if ai.accuracy is not None else 0)
    stimuli = stimuli_shown(analysed.decided, ai.classifier)
    return Alone(
        settings=ai,
        n_chosen_on=n_chosen_on,
        chosen_low=100 * ends[0],
        chosen_high=100 * ends[1],
        n_pool=int((split == "test").sum()),
        n_shown=len(stimuli),
        n_unsure=int(stimuli["confidence"].isna().sum()),
        covered_percent=float(weights["pool_percent"].sum(min_count=1)),
        given=bool(weights["n_images"].isna().all()),
        decided_by_medium=decided_by_medium(stimuli.dropna(subset=["confidence"]), ai.threshold),
    )


def decided_by_medium(stimuli: pd.DataFrame, threshold: float) -> bool:
    """So it is where bins follow the confidence and T* lies between the low and the high band."""
    right = accepts_rightly(stimuli, threshold)
    easy, hard = right[stimuli["bin"] == "easy"], right[stimuli["bin"] == "hard"]
    return bool(len(easy) + len(hard) > 0 and easy.all() and not hard.any())
