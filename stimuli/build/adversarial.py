"""Adversarial stimuli: attacked, stored as JPEG, asked about again, drawn by bin if still wrong."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stimuli.build.attacks import attacked_crops
from stimuli.build.bins import CELLS, bin_of, sample_bins
from stimuli.build.chosen_image import ChosenImage
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import eligibility
from stimuli.build.evaluated import with_more_tests
from stimuli.build.overrides import vetoed_rows
from stimuli.bundle import AdversarialFacts, Kind
from stimuli.bundle.ids import opaque_id
from stimuli.datasets.base import Split
from stimuli.seeds import generator
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

WRONG_CELLS = tuple(cell for cell in CELLS if not cell[1])


@dataclass(frozen=True, kw_only=True)
class AdversarialStimuli:
    """The adversarial stimuli of a study.

    Attributes:
        context: of the build, with the attacked crops at the end of the test split.
        facts: None where the study asks for none.
        short: whether a bin of theirs held too few.
    """

    choices: Sequence[ChosenImage] = ()
    context: BuildContext
    facts: AdversarialFacts | None = None
    short: bool = False


def adversarial_stimuli(
    natural: Sequence[ChosenImage], mask: np.ndarray, context: BuildContext, vetoed: Collection[str]
) -> AdversarialStimuli:
    """The stimuli that `[adversarial]` asks for; they deceive the first classifier.

    Which images are attacked, and how, does not depend on what was chosen or vetoed: those whose
    photograph people see are passed over only when stimuli are drawn. So a veto leaves every other
    adversarial stimulus as it was.

    Args:
        natural: everything else that the study shows.
        mask: (n,) which crops of the test split every condition can show.
        vetoed: ids of stimuli that a reviewer does not want. A vetoed photograph is not shown as
            an adversarial stimulus either.

    Raises:
        ShortBinsError: if a bin holds too few and the study does not allow it.
    """
    study, crops = context.study, context.crops
    if not study.adversarial:
        return AdversarialStimuli(context=context)
    rng = generator(study.study.seed, "adversarial")
    fine = mask & context.evaluations[0].predictions[Split.TEST].right
    rows = [row for row in rng.permutation(len(mask)).tolist() if fine[row]]
    sources = [crops[Split.TEST][row] for row in rows[: study.adversarial.attacked]]
    log.info("adversarial: %d may be attacked, %d are", len(rows), len(sources))
    attacked = attacked_crops(sources, study.adversarial, context)
    if attacked:
        more_tests = dict(crops) | {Split.TEST: [*crops[Split.TEST], *attacked]}
        evaluations = [with_more_tests(evaluated, attacked) for evaluated in context.evaluations]
        context = replace(context, crops=more_tests, evaluations=evaluations)
    jpegs = {bytes(crops[choice.split][choice.row].jpeg) for choice in natural}
    ids = [opaque_id(crop.example.source, Kind.NATURAL, study.study) for crop in sources]
    seen = [bytes(c.jpeg) in jpegs or i in vetoed for c, i in zip(sources, ids, strict=True)]
    return _draw_by_bin(np.array(seen, dtype=bool), context, vetoed)


def _draw_by_bin(
    seen: np.ndarray, context: BuildContext, vetoed: Collection[str]
) -> AdversarialStimuli:
    """Draw from the bins of what still deceives.

    Args:
        seen: (attacked,) whether the picture that was attacked is a chosen one, an exact copy of
            one, or vetoed as one. The attacked crops are the last rows.
    """
    study, answers = context.study, context.evaluations[0].predictions[Split.TEST]
    natural = np.zeros(len(answers.labels) - len(seen), dtype=bool)
    wrong = np.concatenate([natural, ~answers.right[len(natural) :]])
    twins = wrong & np.concatenate([natural, seen])
    showable = eligibility(Split.TEST, context).mask
    fit, excluded = wrong & ~twins & showable, wrong & ~twins & ~showable
    log.info(
        "adversarial: %d deceive as JPEG files; of %d people see the photo, %d cannot be shown",
        *(wrong.sum(), twins.sum(), excluded.sum()),
    )
    per_bin = study.adversarial.per_bin if study.adversarial else 0
    sample = sample_bins(
        {int(r): bin_of(answers.confidences[r], False, study.bins) for r in np.flatnonzero(fit)},
        answers.right.tolist(),
        study.bins.model_copy(update={"per_bin": per_bin}),
        # They were attacked in random order.
        order=range(len(natural), len(answers.labels)),
        vetoed=vetoed_rows(context.crops[Split.TEST], vetoed, study),
        cells=WRONG_CELLS,
        table="adversarial",
    )
    facts = AdversarialFacts(
        attacked=len(seen),
        deceived=int(wrong.sum()),
        twins=int(twins.sum()),
        excluded=int(excluded.sum()),
        bins=sample.counts,
    )
    choices = [ChosenImage(split=Split.TEST, row=row, phase=Phase.TEST) for row in sample.rows]
    return AdversarialStimuli(choices=choices, context=context, facts=facts, short=sample.short)
