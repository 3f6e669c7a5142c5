"""A run: label some images, train, look at the test split, label more, until all are labelled."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stimuli.sal.data.images import Images
from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.data.masks import mask_dice, unpacked
from stimuli.sal.data.oracle import Oracle
from stimuli.sal.learning.context import Bench
from stimuli.sal.learning.fit import Fit
from stimuli.sal.learning.roles import Models
from stimuli.sal.runs.scenarios import SCENARIOS, Query
from stimuli.seeds import generator


@dataclass(frozen=True, kw_only=True)
class Round:
    """One training of the accuracy model.

    Attributes:
        labelled: what it learnt from.
        model: ready to be asked.
        row: its line of the curve, by column.
    """

    labelled: Labelled
    model: Fit
    row: dict[str, float]


def rounds(bench: Bench) -> Iterator[Round]:
    """All rounds of a run in order. What was done before is read, not done again."""
    train, settings = bench.data.train, bench.experiment.rounds
    sizes, change = settings.sizes(len(train)), settings.change_size(len(train))
    oracle = Oracle(train.labels, train.masks, max_masks=_max_masks(bench, change))
    labelled, rows = _none(train), initial_rows(train.labels, sizes[0], bench.experiment.run.seed)
    models = Models(bench)
    model = models.fit(labelled, "accuracy")
    for size, following in zip(sizes, (*sizes[1:], None), strict=True):
        answered = _answered(models, oracle, model, labelled, rows, drawn_by_people=size <= change)
        drawn = _quality(answered, train)
        labelled = labelled.joined(answered)
        model = models.fit(labelled, "accuracy")
        counts = {"labelled_share": size / len(train), "n_labels": oracle.n_labels}
        row = counts | {"n_human_masks": oracle.n_masks} | drawn | model.scores()
        if following is not None:
            rows = _picked(bench, model, labelled, following - len(labelled))
        yield Round(labelled=labelled, model=model, row=row)


def initial_rows(labels: np.ndarray, n: int, seed: int) -> np.ndarray:
    """(n,) rows to begin with: one of each class at random, then any; the same in each scenario.

    Raises:
        ValueError: if there are more classes than rows asked for.
    """
    order = generator(seed, "initial").permutation(len(labels))
    _, first = np.unique(labels[order], return_index=True)
    if len(first) > n:
        raise ValueError(f"{n} images cannot show each of {len(first)} classes")
    rest = np.delete(np.arange(len(order)), first)[: n - len(first)]
    return np.asarray(order[np.concatenate([np.sort(first), rest])])


def _picked(bench: Bench, model: Fit, labelled: Labelled, n: int) -> np.ndarray:
    """(n,) rows of the training set that the criterion wants labelled next."""
    unlabelled = np.setdiff1d(np.arange(len(bench.data.train)), labelled.rows)
    return model.picks(bench.experiment.run.criterion, unlabelled, n)


def _none(train: Images) -> Labelled:
    return Labelled(
        rows=np.zeros(0, dtype=np.int64),
        labels=np.zeros(0, dtype=np.int64),
        masks=np.zeros((0, train.masks.shape[1]), dtype=np.uint8),
        origins=np.zeros(0, dtype=np.int8),
    )


def _max_masks(bench: Bench, change: int) -> int:
    """With people after the change point too, as in B2, they draw all of them."""
    scenario = SCENARIOS[bench.experiment.run.scenario]
    return len(bench.data.train) if scenario.after is scenario.before else change


def _answered(
    models: Models,
    oracle: Oracle,
    model: Fit,
    labelled: Labelled,
    rows: np.ndarray,
    *,
    drawn_by_people: bool,
) -> Labelled:
    """What the scenario's people and models make of the rows."""
    oracle.query(rows)
    labels = oracle.labels(rows)
    query = Query(
        rows=rows, labels=labels, labelled=labelled, accuracy=model, oracle=oracle, models=models
    )
    scenario = SCENARIOS[models.bench.experiment.run.scenario]
    masks, origin = (scenario.before if drawn_by_people else scenario.after)(query)
    origins = np.where(masks.any(axis=1), origin, Origin.NOBODY).astype(np.int8)
    return Labelled(rows=rows, labels=labels, masks=masks, origins=origins)


def _quality(answered: Labelled, train: Images) -> dict[str, float]:
    """How well a model or a file drew what people would have drawn: for the record, not to learn.

    Returns:
        `ai_mask_dice`, and `ai_mask_area`, the mean ratio of its area to people's.
    """
    chosen = (answered.origins > Origin.HUMAN) & train.has_mask[answered.rows]
    if not chosen.any():
        return {"ai_mask_dice": np.nan, "ai_mask_area": np.nan}
    drawn, true = unpacked(answered.masks[chosen]), unpacked(train.masks[answered.rows[chosen]])
    areas = drawn.mean((1, 2)) / np.maximum(true.mean((1, 2)), 1 / true[0].size)
    found = mask_dice(drawn, true)
    return {"ai_mask_dice": float(np.nanmean(found)), "ai_mask_area": float(areas.mean())}
