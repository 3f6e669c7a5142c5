"""Practice and validation items: from the val split, so none of them is ever a test trial."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from stimuli.cache import digest
from stimuli.datasets.base import Split
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.problems import ProblemsError
from stimuli.study import Study
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

# Of five practice items the paper has three with a right answer and two with a wrong one.
PRACTICE_RIGHT_SHARE = 0.6
VALIDATION_RIGHT_SHARE = 0.5


class ItemsError(ProblemsError):
    """Practice and validation items that cannot be had."""


ItemPhase = Literal[Phase.PRACTICE, Phase.VALIDATION, Phase.TEST]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A row of the val split and the phase that shows it.

    Attributes:
        rationale: written by hand; empty where one is made.
    """

    row: int
    phase: ItemPhase
    rationale: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """How many items of a phase have a right and a wrong answer of the AI."""

    right: int
    wrong: int


def wanted_items(study: Study) -> dict[ItemPhase, Wanted]:
    """What each item phase of the study needs; nothing of a phase that it does not have."""
    numbers: tuple[tuple[ItemPhase, int, float], ...] = (
        (Phase.PRACTICE, study.practice.items, PRACTICE_RIGHT_SHARE),
        (Phase.VALIDATION, study.validation.items, VALIDATION_RIGHT_SHARE),
    )
    rights = {phase: (n, round(n * share)) for phase, n, share in numbers if study.has_phase(phase)}
    return {phase: Wanted(right=right, wrong=n - right) for phase, (n, right) in rights.items()}


def fit_for_items(eligible: np.ndarray, crops: Mapping[Split, Sequence[Crop]]) -> np.ndarray:
    """(n,) which val views may be items: eligible, and no exact copy of a picture of the pool.

    Args:
        eligible: (n,) which views of the val split the study can show.
    """
    pool = {digest(crop.jpeg) for crop in crops[Split.TEST]}
    fresh = [digest(crop.jpeg) not in pool for crop in crops[Split.VAL]]
    return np.asarray(eligible & np.array(fresh, dtype=bool))


def choose_items(
    said: Predictions,
    fit: np.ndarray,
    study: Study,
    *,
    vetoed: Collection[int] = (),
    rng: np.random.Generator,
) -> list[Item]:
    """Choose items that an attentive person gets right.

    Right answers are drawn from the confident ones. Wrong answers are those in which the
    classifier gives the least probability to the true class: the picture then looks like nothing
    that it considered, so the mistake can be seen. With `validation.confident_wrong` so many of
    the validation items are chosen among the confident wrong answers, and all others among the
    rest. The next candidate takes the place of a vetoed one; all others keep theirs.

    Args:
        said: of the val split, by the first classifier.
        fit: as `fit_for_items` returns it.
        vetoed: rows that a reviewer does not want.

    Raises:
        ItemsError: if there are too few, with what is missing.
    """
    wanted, sure = wanted_items(study), said.confidences >= study.bins.high_from
    n_confident = study.validation.confident_wrong if Phase.VALIDATION in wanted else None
    right = [phase for phase, n in wanted.items() for _ in range(n.right)]
    wrong = [phase for phase, n in wanted.items() for _ in range(n.wrong)]
    wrong = [wrong[i] for i in rng.permutation(len(wrong))]
    order = rng.permutation(len(fit))
    plain = np.argsort(said.doubts, kind="stable")
    groups = [_group("right and confident", order, fit & said.right & sure, right)]
    if n_confident is None:
        groups.append(_group("wrong", plain, fit & ~said.right, wrong))
    else:
        confident: list[ItemPhase] = [Phase.VALIDATION] * n_confident
        rest = _without(wrong, Phase.VALIDATION, n_confident)
        groups.append(_group("wrong and confident", plain, fit & ~said.right & sure, confident))
        groups.append(_group("wrong and not confident", plain, fit & ~said.right & ~sure, rest))
    _require(groups, int(fit.sum()), vetoed)
    for group in groups:
        log.info("items: %d %s, of %d", len(group.phases), group.what, len(group.ranking))
    return [item for group in groups for item in _items_of(group, vetoed)]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Candidates of one sort.

    Attributes:
        ranking: their rows, best first.
        phases: of the items that they are needed for.
    """

    what: str
    ranking: Sequence[int]
    phases: Sequence[ItemPhase]


def _group(what: str, order: np.ndarray, mask: np.ndarray, phases: Sequence[ItemPhase]) -> Group:
    return Group(what=what, ranking=[int(row) for row in order if mask[row]], phases=phases)


def _items_of(group: Group, vetoed: Collection[int]) -> list[Item]:
    """The first candidates, each vetoed one replaced where it stood."""
    n = len(group.phases)
    spare = (row for row in group.ranking[n:] if row not in vetoed)
    rows = (next(spare) if row in vetoed else row for row in group.ranking[:n])
    return [Item(row=row, phase=phase) for row, phase in zip(rows, group.phases, strict=True)]


def _without(phases: Iterable[ItemPhase], phase: ItemPhase, n: int) -> list[ItemPhase]:
    """The phases less the first n times that one of them stands there."""
    rest = list(phases)
    for _ in range(n):
        rest.remove(phase)
    return rest


def _require(groups: Sequence[Group], n_fit: int, vetoed: Collection[int]) -> None:
    problems = []
    for group in groups:
        n_vetoed = sum(row in vetoed for row in group.ranking)
        found, needed = len(group.ranking) - n_vetoed, len(group.phases)
        if found < needed:
            problems.append(
                f"{needed} items need an answer of the AI that is {group.what}: of {n_fit} images "
                f"that can be items, {found} have one"
                + (f", besides {n_vetoed} vetoed" if n_vetoed else "")
                + "; enlarge the val split, or lower practice.items, validation.items, "
                "validation.confident_wrong or bins.high_from"
            )
    if problems:
        raise ItemsError("practice and validation, from the val split", problems)
