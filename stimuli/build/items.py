"""Practice and validation items: from the val split, so none of them is ever a test trial."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from stimuli.build.chosen_image import ChosenImage, ShownPhase
from stimuli.cache import digest
from stimuli.datasets.base import Split
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crops
from stimuli.problems import ProblemsError
from stimuli.study import Study
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

# Of five practice items the paper has three with a right answer and two with a wrong one.
PRACTICE_RIGHT_SHARE = 0.6
VALIDATION_RIGHT_SHARE = 0.5


class ItemsError(ProblemsError):
    """Practice and validation items that cannot be had."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemCounts:
    """How many items of a phase have a right and a wrong answer of the AI."""

    right: int
    wrong: int


def item_counts(study: Study) -> dict[ShownPhase, ItemCounts]:
    """What each item phase of the study needs; nothing of a phase that it does not have."""
    numbers: tuple[tuple[ShownPhase, int, float], ...] = (
        (Phase.PRACTICE, study.practice.items, PRACTICE_RIGHT_SHARE),
        (Phase.VALIDATION, study.validation.items, VALIDATION_RIGHT_SHARE),
    )
    rights = {phase: (n, round(n * share)) for phase, n, share in numbers if study.has_phase(phase)}
    return {phase: ItemCounts(right=right, wrong=n - right) for phase, (n, right) in rights.items()}


def fit_for_items(eligible: np.ndarray, crops: Crops) -> np.ndarray:
    """(n,) which val crops may be items: eligible, and no exact copy of a picture of the pool.

    Args:
        eligible: (n,) which crops of the val split the study can show.
    """
    pool = {digest(crop.jpeg) for crop in crops[Split.TEST]}
    fresh = [digest(crop.jpeg) not in pool for crop in crops[Split.VAL]]
    return np.asarray(eligible & np.array(fresh, dtype=bool))


@dataclass(frozen=True, kw_only=True)
class Group:
    """Candidates of one sort.

    Attributes:
        ranking: their rows, best first.
        phases: of the items that they are needed for.
    """

    what: str
    ranking: Sequence[int]
    phases: Sequence[ShownPhase]


def item_groups(
    predictions: Predictions, fit: np.ndarray, study: Study, rng: np.random.Generator
) -> list[Group]:
    """The candidates for items that an attentive participant gets right.

    Right answers are drawn from the confident ones. Wrong answers are those in which the
    classifier gives the least probability to the true class: the picture then looks like nothing
    that it considered, so the mistake can be seen. Where that probability is not known, or the
    same, chance decides. With `validation.confident_wrong` so many of
    the validation items are chosen among the confident wrong answers, and all others among the
    rest.

    Args:
        predictions: of the val split, by the first classifier.
        fit: as `fit_for_items` returns it.
    """
    counts, sure = item_counts(study), predictions.confidences >= study.bins.high_from
    n_confident = study.validation.confident_wrong if Phase.VALIDATION in counts else None
    right = [phase for phase, n in counts.items() for _ in range(n.right)]
    wrong = [phase for phase, n in counts.items() for _ in range(n.wrong)]
    wrong = [wrong[i] for i in rng.permutation(len(wrong))]
    order = rng.permutation(len(fit))
    plainest = order[np.argsort(predictions.truth_probabilities[order], kind="stable")]
    mistakes = fit & ~predictions.right
    groups = [_group("right and confident", order, fit & predictions.right & sure, right)]
    if n_confident is None:
        return [*groups, _group("wrong", plainest, mistakes, wrong)]
    confident: list[ShownPhase] = [Phase.VALIDATION] * n_confident
    for phase in confident:
        wrong.remove(phase)
    return [
        *groups,
        _group("wrong and confident", plainest, mistakes & sure, confident),
        _group("wrong and not confident", plainest, mistakes & ~sure, wrong),
    ]


def _group(what: str, order: np.ndarray, mask: np.ndarray, phases: Sequence[ShownPhase]) -> Group:
    return Group(what=what, ranking=[int(row) for row in order if mask[row]], phases=phases)


def advice_for(group: Group) -> str:
    """Which keys of the study file have more candidates, or need fewer."""
    keys = "practice.items, validation.items"
    if group.what.startswith("right"):
        return f"lower {keys} or bins.high_from, or enlarge the val split"
    if "confident" in group.what:
        keys += ", validation.confident_wrong or bins.high_from"
    return (
        f"lower {keys}, or enlarge the val split; where the AI errs too seldom, lower "
        "images_per_class or epochs in [classifiers.training]"
    )


def choose_items(
    groups: Sequence[Group], n_fit: int, *, vetoed: Collection[int] = ()
) -> list[ChosenImage]:
    """Choose the items of each group; the next candidate takes the place of a vetoed one.

    All others keep theirs.

    Args:
        n_fit: how many images can be items.
        vetoed: rows that a reviewer does not want.

    Raises:
        ItemsError: if there are too few, with what is missing.
    """
    problems = []
    for group in groups:
        needed, n_vetoed = len(group.phases), sum(row in vetoed for row in group.ranking)
        if len(group.ranking) - n_vetoed < needed:
            problems.append(
                f"{needed} items need an answer of the AI that is {group.what}: of {n_fit} images "
                f"that can be items, {len(group.ranking) - n_vetoed} have one"
                + (f", besides {n_vetoed} vetoed" if n_vetoed else "")
                + f"; {advice_for(group)}"
            )
    if problems:
        raise ItemsError("practice and validation, from the val split", problems)
    choices = []
    for group in groups:
        n = len(group.phases)
        log.info("items: %d %s, of %d", n, group.what, len(group.ranking))
        spare = (row for row in group.ranking[n:] if row not in vetoed)
        rows = (next(spare) if row in vetoed else row for row in group.ranking[:n])
        pairs = zip(rows, group.phases, strict=True)
        choices += [ChosenImage(split=Split.VAL, row=row, phase=phase) for row, phase in pairs]
    return choices
