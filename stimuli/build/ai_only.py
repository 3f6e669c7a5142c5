"""The AI alone: it accepts its own answer where it is confident enough. Imports no torch."""

import itertools
from collections.abc import Sequence
from typing import Literal

import numpy as np

from stimuli.bundle import AiOnly, Bin, Kind, PoolImage, Prediction, Stimulus, Tally
from stimuli.study.online import Phase

# The paper sweeps 0 to .95 in steps of .05; 0 accepts everything and is no threshold.
THRESHOLDS = np.arange(1, 20) / 20

Answers = Sequence[PoolImage | Prediction]


def ai_alone(
    classifier: str,
    pool: Sequence[PoolImage],
    stimuli: Sequence[Stimulus],
    predictions: Sequence[Prediction],
    *,
    chosen_on: Literal["val", "pool"],
) -> AiOnly:
    """Choose T* for one classifier, and count how often that T* is right.

    It is counted on the whole pool, on the images of it that lie in one of the six bins, on each
    of these bins, and on the test stimuli of each kind. The paper compares the 84.8 % of the six
    bins of ImageNet (section A6) with people who saw as many stimuli of each bin; compare
    within one of these only.

    Args:
        pool: every eligible image of the pool, and of val where T* is chosen there.
        predictions: of the stimuli.
    """
    mine = [row for row in pool if row.classifier == classifier]
    split = "val" if chosen_on == "val" else "test"
    best = best_threshold(*_arrays([i for i in mine if i.split == split]), chosen_on=chosen_on)
    images = [image for image in mine if image.split == "test"]
    bases: dict[str, Answers] = {"whole pool": images, "six bins": [i for i in images if i.bin]}
    for right, bin in itertools.product((True, False), Bin):
        bases[bin_name(bin, right)] = [i for i in images if (i.bin, i.right) == (bin, right)]
    kinds = {s.stimulus_id: s.kind for s in stimuli if s.phase is Phase.TEST}
    answers = [p for p in predictions if p.classifier == classifier]
    for kind in Kind:
        if of_kind := [p for p in answers if kinds.get(p.stimulus_id) is kind]:
            bases[f"{kind} stimuli"] = of_kind
    tallies = {name: tally(basis, best.threshold) for name, basis in bases.items()}
    return best.model_copy(update={"tallies": tallies})


def best_threshold(
    confidences: np.ndarray, right: np.ndarray, *, chosen_on: Literal["val", "pool"] = "val"
) -> AiOnly:
    """The T of 0.05, 0.10, ... 0.95 at which "accept if confidence >= T" is most often right.

    It accepts a right answer or rejects a wrong one (paper, section A6; the authors' notebook
    has > T, the paper and this function >= T). The lowest of equally good thresholds is taken.

    Args:
        confidences: (n,) of images that are shown to nobody, those of the val split, or of the
            pool where a data set has no others (as in the paper).
        right: (n,) whether the AI is right.
        chosen_on: which of the two.
    """
    accepted = confidences[None, :] >= THRESHOLDS[:, None]
    accuracy = (accepted == right[None, :]).mean(axis=1)
    best = int(accuracy.argmax())
    return AiOnly(
        threshold=float(THRESHOLDS[best]),
        chosen_on=chosen_on,
        accuracy=float(accuracy[best]),
        sweep={f"{t:.2f}": float(a) for t, a in zip(THRESHOLDS, accuracy, strict=True)},
    )


def tally(answers: Answers, threshold: float) -> Tally:
    """How many answers are accepted or rejected rightly."""
    confidences, right = _arrays(answers)
    n_right = int(((confidences >= threshold) == right).sum())
    return Tally(n_images=len(answers), n_right=n_right)


def _arrays(answers: Answers) -> tuple[np.ndarray, np.ndarray]:
    confidences = np.array([answer.confidence for answer in answers], dtype=np.float64)
    return confidences, np.array([answer.right for answer in answers], dtype=bool)


def bin_name(bin: Bin, right: bool) -> str:
    """What the tallies call one of the six bins."""
    return f"{bin}, AI {'right' if right else 'wrong'}"
