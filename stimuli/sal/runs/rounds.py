"""A run: label some images, train, look at the test split, label more, until all are labelled."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stimuli.sal.data.images import Images
from stimuli.sal.data.labelled import Labelled, Origin, no_images
from stimuli.sal.data.masks import SOFT, as_soft, mask_dice, unpacked
from stimuli.sal.data.oracle import Oracle
from stimuli.sal.learning.cached_model import CachedModel
from stimuli.sal.learning.context import RunContext
from stimuli.sal.learning.latest_models import LatestModels
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
    model: CachedModel
    row: dict[str, float]


def rounds(context: RunContext) -> Iterator[Round]:
    """All rounds of a run in order. What was done before is read, not done again."""
    run, train, settings = context.experiment.run, context.data.train, context.experiment.rounds
    sizes, change = settings.sizes(len(train)), settings.change_size(len(train))
    scenario = SCENARIOS[run.scenario]
    # With people after the change point too, as in B2, they draw all of them.
    max_masks = change if scenario.changes else len(train)
    oracle = Oracle(train.labels, train.masks, max_masks=max_masks)
    # Masks that a model draws are as soft as people's then, but for their values.
    is_soft = SOFT in (train.masks.dtype, context.file_masks.dtype)
    models = LatestModels(context)
    labelled = no_images(as_soft(train.masks[:1]) if is_soft else train.masks)
    model, rows = models.get(labelled, "accuracy"), initial_rows(train.labels, sizes[0], run.seed)
    for size, next_size in zip(sizes, (*sizes[1:], None), strict=True):
        oracle.query(rows)
        labels = oracle.labels(rows)
        query = Query(
            rows=rows,
            labels=labels,
            labelled=labelled,
            accuracy=model,
            oracle=oracle,
            models=models,
        )
        masks, origin = (scenario.before if size <= change else scenario.after)(query)
        masks = as_soft(masks) if is_soft else masks
        origins = np.where(masks.any(axis=1), origin, Origin.NOBODY).astype(np.int8)
        batch = Labelled(rows=rows, labels=labels, masks=masks, origins=origins)
        labelled = labelled.joined(batch)
        model = models.get(labelled, "accuracy")
        counts = {"labelled_share": size / len(train), "n_labels": oracle.n_labels}
        counts["n_human_masks"] = oracle.n_masks
        row = counts | _mask_quality(batch, train) | model.scores()
        if next_size is not None:
            unlabelled = np.setdiff1d(np.arange(len(train)), labelled.rows)
            rows = model.picks(run.criterion, unlabelled, next_size - len(labelled))
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


def _mask_quality(batch: Labelled, train: Images) -> dict[str, float]:
    """How well a model or a file drew what people would have drawn: for the record, not to learn.

    Returns:
        `ai_mask_dice`, and `ai_mask_area`, the mean ratio of its area to people's.
    """
    by_ai = (batch.origins > Origin.HUMAN) & train.has_mask[batch.rows]
    if not by_ai.any():
        return {"ai_mask_dice": np.nan, "ai_mask_area": np.nan}
    masks, truths = unpacked(batch.masks[by_ai]), unpacked(train.masks[batch.rows[by_ai]])
    areas = masks.mean((1, 2)) / np.maximum(truths.mean((1, 2)), 1 / truths[0].size)
    dices = mask_dice(masks, truths)
    return {"ai_mask_dice": float(np.nanmean(dices)), "ai_mask_area": float(areas.mean())}
