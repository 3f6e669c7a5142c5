"""Practice and validation items: from the val split, so none of them is ever a test trial."""

import logging
from dataclasses import dataclass
from typing import Literal

import numpy as np

from stimuli.predictions import Predictions
from stimuli.problems import ProblemsError
from stimuli.settings import Phase

log = logging.getLogger(__name__)

# Of five practice items the paper has three with a right answer and two with a wrong one.
PRACTICE_RIGHT_SHARE = 0.6
VALIDATION_RIGHT_SHARE = 0.5


class ItemsError(ProblemsError):
    """A val split without enough images for practice and validation."""


ItemPhase = Literal[Phase.PRACTICE, Phase.VALIDATION, Phase.TEST]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A row of the val split and the phase that shows it."""

    row: int
    phase: ItemPhase


def choose_items(
    predictions: Predictions,
    eligible: np.ndarray,
    *,
    n_practice: int,
    n_validation: int,
    sure: float,
    rng: np.random.Generator,
) -> list[Item]:
    """Choose items that an attentive person gets right.

    Right answers are drawn from the confident ones. Wrong answers are those in which the
    classifier gives the least probability to the true class: the picture then looks like nothing
    that it considered, so the mistake can be seen.

    Args:
        eligible: (n,) whether the study can show the image.
        sure: confidence from which a right answer qualifies.

    Raises:
        ItemsError: if there are too few.
    """
    practice_right = round(n_practice * PRACTICE_RIGHT_SHARE)
    validation_right = round(n_validation * VALIDATION_RIGHT_SHARE)
    n_right = practice_right + validation_right
    n_wrong = n_practice + n_validation - n_right
    right = np.flatnonzero(eligible & predictions.right & (predictions.confidences >= sure))
    wrong = np.flatnonzero(eligible & ~predictions.right)
    log.info(
        "practice and validation: %d of %d sure and right answers, %d of %d wrong ones",
        *(n_right, len(right), n_wrong, len(wrong)),
    )
    _require(right=(len(right), n_right), wrong=(len(wrong), n_wrong))
    chosen_right = rng.permutation(right)[:n_right]
    plainest = wrong[np.argsort(predictions.doubts[wrong], kind="stable")][:n_wrong]
    chosen_wrong = rng.permutation(plainest)
    n_practice_wrong = n_practice - practice_right
    practice = [*chosen_right[:practice_right], *chosen_wrong[:n_practice_wrong]]
    validation = [*chosen_right[practice_right:], *chosen_wrong[n_practice_wrong:]]
    return [
        *(Item(row=int(row), phase=Phase.PRACTICE) for row in practice),
        *(Item(row=int(row), phase=Phase.VALIDATION) for row in validation),
    ]


def _require(**found_and_needed: tuple[int, int]) -> None:
    problems = [
        f"{needed} answers of the AI must be {kind}, but only {found} images qualify; "
        "enlarge the val split or lower practice.items or validation.items"
        for kind, (found, needed) in found_and_needed.items()
        if found < needed
    ]
    if problems:
        raise ItemsError("practice and validation, from the val split", problems)
