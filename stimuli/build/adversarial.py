"""Adversarial stimuli: attacked, stored as JPEG, judged again, and drawn by bin if still wrong."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stimuli.build.attacks import attacked_crops
from stimuli.build.bins import CELLS, bin_of, sample_bins
from stimuli.build.contents import Chosen
from stimuli.build.evaluated import EvaluatedClassifier, asked_more, eligibility
from stimuli.build.overrides import vetoed_rows
from stimuli.bundle import AdversarialFacts, Kind
from stimuli.bundle.ids import opaque_id
from stimuli.datasets.base import Split
from stimuli.pictures.crops import Crop
from stimuli.study import Study
from stimuli.study.offline import AdversarialSettings
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

WRONG_CELLS = tuple(cell for cell in CELLS if not cell[1])

Crops = Mapping[Split, Sequence[Crop]]


@dataclass(frozen=True, kw_only=True)
class Extended:
    """Everything chosen, with the adversarial views at the end of the test split.

    Attributes:
        facts: None where the study asks for none.
        short: whether a bin of theirs held too few.
    """

    chosen: Sequence[Chosen]
    evaluations: Sequence[EvaluatedClassifier]
    crops: Crops
    facts: AdversarialFacts | None = None
    short: bool = False


def with_adversarial(
    chosen: Sequence[Chosen],
    evaluations: Sequence[EvaluatedClassifier],
    crops: Crops,
    mask: np.ndarray,
    study: Study,
    *,
    labels: Collection[int],
    vetoed: Collection[str] = (),
    rng: np.random.Generator,
) -> Extended:
    """Add the adversarial stimuli that `[adversarial]` asks for; they deceive the first classifier.

    Which images are attacked, and how, does not depend on what was chosen or vetoed: those whose
    photograph people see are passed over only when stimuli are drawn. So a veto leaves every other
    adversarial stimulus as it was.

    Args:
        mask: (n,) which views of the test split every condition can show.
        labels: classes of which the data set has images, as `judges.eligibility` takes them.
        vetoed: ids of stimuli that a reviewer does not want. A vetoed photograph is not shown as
            an adversarial stimulus either.

    Raises:
        ShortBinsError: if a bin holds too few and the study does not allow it.
    """
    if not study.adversarial:
        return Extended(chosen=chosen, evaluations=evaluations, crops=crops)
    fine = mask & evaluations[0].predictions[Split.TEST].right
    rows = [row for row in rng.permutation(len(mask)).tolist() if fine[row]]
    sources = [crops[Split.TEST][row] for row in rows[: study.adversarial.attacked]]
    log.info("adversarial: %d may be attacked, %d are", len(rows), len(sources))
    attacked = attacked_crops(evaluations[0], sources, study.adversarial, seed=study.study.seed)
    if attacked:
        evaluations = [asked_more(evaluated, attacked) for evaluated in evaluations]
        crops = dict(crops) | {Split.TEST: [*crops[Split.TEST], *attacked]}
    showable = eligibility(evaluations, Split.TEST, study, labels).mask
    seen = _seen(chosen, crops, sources, vetoed, study)
    return _drawn(chosen, evaluations, crops, showable, seen, vetoed, study, study.adversarial)


def _seen(
    chosen: Sequence[Chosen],
    crops: Crops,
    sources: Sequence[Crop],
    vetoed: Collection[str],
    study: Study,
) -> np.ndarray:
    """(attacked,) whether a source is a chosen picture, an exact copy of one, or vetoed as one."""
    taken = {bytes(crops[c.split][c.row].jpeg) for c in chosen}
    return np.array(
        [
            bytes(crop.jpeg) in taken
            or opaque_id(crop.example.source, Kind.NATURAL, study.study) in vetoed
            for crop in sources
        ],
        dtype=bool,
    )


def _drawn(
    chosen: Sequence[Chosen],
    evaluations: Sequence[EvaluatedClassifier],
    crops: Crops,
    showable: np.ndarray,
    seen: np.ndarray,
    vetoed: Collection[str],
    study: Study,
    settings: AdversarialSettings,
) -> Extended:
    """Draw from the bins of what still deceives; the attacked views are the last rows."""
    said, n = evaluations[0].predictions[Split.TEST], len(seen)
    natural = np.zeros(len(said.labels) - n, dtype=bool)
    wrong = np.concatenate([natural, ~said.right[len(natural) :]])
    twins = wrong & np.concatenate([natural, seen])
    fit = wrong & ~twins & showable
    log.info(
        "adversarial: %d deceive as JPEG files; of %d people see the photo, %d cannot be shown",
        *(wrong.sum(), twins.sum(), (wrong & ~twins & ~showable).sum()),
    )
    sample = sample_bins(
        {int(r): bin_of(said.confidences[r], False, study.bins) for r in np.flatnonzero(fit)},
        said.right.tolist(),
        study.bins.model_copy(update={"per_bin": settings.per_bin}),
        # They were attacked in random order.
        order=range(len(natural), len(said.labels)),
        vetoed=vetoed_rows(crops[Split.TEST], vetoed, study),
        cells=WRONG_CELLS,
        table="adversarial",
    )
    facts = AdversarialFacts(
        attacked=n,
        deceived=int(wrong.sum()),
        twins=int(twins.sum()),
        excluded=int((wrong & ~twins & ~showable).sum()),
        bins=sample.counts,
    )
    more = [Chosen(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]
    return Extended(
        chosen=[*chosen, *more],
        evaluations=evaluations,
        crops=crops,
        facts=facts,
        short=sample.short,
    )
