"""How answers of a pilot go together: the variances of shares over people and over stimuli.

Two answers of one person go together by what the person brings; two answers to one stimulus by what
the stimulus brings, in the same condition with its leaning, in two conditions without. So products
of answers' distances from the mean of their cell, averaged over all such pairs, estimate the
variances of shares (the method of moments; statsmodels' `BinomialBayesMixedGLM` is no substitute,
see `analysis.statistics.regression`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.power.latent import Numbers

N_DRAWS = 40
EDGE = 0.02  # shares of right decisions nearer to 0 or 1 are taken for this


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Answers by person and stimulus; a stimulus of which AIs differ counts once for each.

    Attributes:
        right: 1 or 0, and 0 where the person did not meet the stimulus, of shape (people, stimuli).
        met: of the same shape.
        condition: of each person, of shape (people,).
        sort: 0 where the AI is right and 1 where it is wrong, of shape (stimuli,).
    """

    right: Numbers
    met: NDArray[np.bool_]
    condition: NDArray[np.int64]
    sort: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Shares of right decisions, and how they vary.

    Attributes:
        rates: where the AI is right and where it is wrong.
        people: covariance over people of their shares in the two, of shape (2, 2).
        stimuli: variance over stimuli within a condition.
        common: their covariance over two conditions; NaN where no stimulus was met in two.
    """

    rates: tuple[float, float]
    people: Numbers
    stimuli: float
    common: float


def answers_of(trials: pd.DataFrame) -> Answers:
    """Answers from trials, as `accuracy.test_trials` returns them."""
    wrong = (~trials["ai_right"].astype(bool)).astype("int64")
    person, people = pd.factorize(trials["participant_id"])
    # A stimulus of which one AI is right and another wrong counts once for each.
    stimulus, keys = pd.factorize(2 * pd.factorize(trials["stimulus_id"])[0] + wrong)
    right, met = np.zeros((len(people), len(keys))), np.zeros((len(people), len(keys)), dtype=bool)
    right[person, stimulus] = trials["team_right"].astype("float64")
    met[person, stimulus] = True
    condition = np.empty(len(people), dtype="int64")
    condition[person] = pd.factorize(trials["condition"])[0]
    return Answers(right=right, met=met, condition=condition, sort=np.asarray(keys) % 2)


def evenly_weighted(answers: Answers) -> tuple[Numbers, Numbers]:
    """Every person and every stimulus once: the weights of the pilot as it is."""
    return np.ones(answers.met.shape[0]), np.ones(answers.met.shape[1])


def weights(answers: Answers, rng: np.random.Generator) -> Iterator[tuple[Numbers, Numbers]]:
    """How often each person and each stimulus is drawn, `N_DRAWS` times; people by condition."""
    people, stimuli = answers.met.shape
    for _ in range(N_DRAWS):
        of_people = np.zeros(people)
        for code in np.unique(answers.condition):
            own = np.flatnonzero(answers.condition == code)
            of_people += np.bincount(rng.choice(own, len(own)), minlength=people)
        drawn = np.bincount(rng.integers(0, stimuli, stimuli), minlength=stimuli)
        yield of_people, drawn.astype("float64")


def moments(answers: Answers, people: Numbers, stimuli: Numbers) -> Moments:
    """The moments of answers, with a weight for each person and each stimulus.

    A person drawn twice is no pair of two people, and a stimulus likewise.
    """
    sorts = np.eye(2)[answers.sort]
    groups = np.eye(int(answers.condition.max()) + 1)[answers.condition]
    met = answers.met.astype("float64")
    counts = groups.T @ (people[:, None] * met * stimuli) @ sorts
    sums = groups.T @ (people[:, None] * answers.right * stimuli) @ sorts
    means = sums / np.maximum(counts, 1)
    left = (answers.right - means[answers.condition][:, answers.sort]) * met
    of_people = _over_people(left, people, stimuli, sorts) / np.maximum(
        _over_people(met, people, stimuli, sorts), 1e-9
    )
    within, across = (
        a / b if b > 0 else np.nan
        for a, b in zip(
            _over_stimuli(left, people, stimuli, groups),
            _over_stimuli(met, people, stimuli, groups),
            strict=True,
        )
    )
    rates = np.clip(sums.sum(0) / np.maximum(counts.sum(0), 1), EDGE, 1 - EDGE)
    raw = Moments(
        rates=(float(rates[0]), float(rates[1])),
        people=of_people,
        stimuli=float(np.nan_to_num(within)),  # nobody met the same: no sign that stimuli differ
        common=across,
    )
    n_people, n_stimuli = answers.met.shape
    sizes = (n_people / groups.shape[1], n_stimuli / 2, float(counts.mean()))
    return _without_bias(raw, sizes)


def _over_people(values: Numbers, people: Numbers, stimuli: Numbers, sorts: Numbers) -> Numbers:
    """Sums over people of products of the values of two of their stimuli, by sort, (2, 2)."""
    sums = (values * stimuli) @ sorts
    same = np.diag(people @ (values**2 * stimuli**2) @ sorts)
    return np.asarray((people[:, None] * sums).T @ sums - same)


def _over_stimuli(
    values: Numbers, people: Numbers, stimuli: Numbers, groups: Numbers
) -> tuple[float, float]:
    """Sums over stimuli of products of two people's values: of one condition, and of two."""
    sums = groups.T @ (people[:, None] * values)
    same = groups.T @ (people[:, None] ** 2 * values**2)
    within = (sums**2).sum(0)
    return float((within - same.sum(0)) @ stimuli), float((sums.sum(0) ** 2 - within) @ stimuli)


def _without_bias(raw: Moments, sizes: tuple[float, float, float]) -> Moments:
    """Distances from an estimated mean are too small; by how much hangs on the other variances.

    The mean of a cell varies by A / n over its n people, by B / J over its J stimuli and by the
    rest of an answer's variance over its answers, and that much is missing from each product (but
    for products over two means).

    Args:
        raw: as they were averaged.
        sizes: people, stimuli and answers of a cell, on average.
    """
    n, j, n_answers = (max(size, 2) for size in sizes)
    p = np.array(raw.rates)
    own, within, common = raw.people, raw.stimuli, raw.common
    for _ in range(3):
        rest = np.maximum(p * (1 - p) - own.diagonal() - within, 0) / n_answers
        diagonal = (raw.people.diagonal() + within / j + rest) * n / (n - 1)
        own = np.array([[diagonal[0], raw.people[0, 1]], [raw.people[1, 0], diagonal[1]]])
        own[[0, 1], [1, 0]] *= n / (n - 1)
        within = (raw.stimuli + own.diagonal().mean() / n + rest.mean()) * j / (j - 1)
        common = raw.common * j / (j - 1)
    return replace(raw, people=own, stimuli=within, common=common)
