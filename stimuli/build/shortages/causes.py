"""Why a study cannot be had of its images: the first filter that leaves too few.

A build stops here, before it attacks or explains anything.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from stimuli.build.bins import bin_of, sample_bins
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import NO_CARD, NOT_GIVEN, SHOWN_SPLITS, filters
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.items import choose_items, fit_for_items, item_groups
from stimuli.build.overrides import ByHand, vetoed_rows
from stimuli.build.shortages.needs import Masks, Need, needs
from stimuli.bundle.verdicts import vetoed_ids
from stimuli.datasets.base import Split
from stimuli.problems import ProblemsError, some_of

# As many classes are described one by one.
DESCRIBED = 20
PLAN = "`python -m stimuli plan` with the same arguments shows what there is, and what would work"


class ShortageError(ProblemsError):
    """Images that are too few for a study, with the first cause of it."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is left once a filter is applied, after all before it.

    Attributes:
        reason: for leaving out the rest; empty before the first filter.
    """

    reason: str
    masks: Masks


def unfiltered(context: BuildContext, vetoed: Collection[str] = ()) -> Masks:
    """What there is before any filter: copies of the pool are no items, and what is vetoed is out.

    Args:
        vetoed: ids of stimuli that a reviewer does not want.
    """
    crops = context.crops
    masks = {split: np.ones(len(crops[split]), dtype=bool) for split in SHOWN_SPLITS}
    masks[Split.VAL] = fit_for_items(masks[Split.VAL], crops)
    for split, mask in masks.items():
        mask[[*vetoed_rows(crops[split], vetoed, context.study)]] = False
    return masks


def stages(context: BuildContext, masks: Masks) -> list[Stage]:
    """What each filter leaves of val and test, in order; the first stage is before all of them.

    Args:
        masks: as `unfiltered` returns them.
    """
    by_split = {split: filters(split, context) for split in SHOWN_SPLITS}
    found = [Stage(reason="", masks=masks)]
    for reason in by_split[Split.VAL]:
        masks = {split: mask & by_split[split][reason] for split, mask in masks.items()}
        found.append(Stage(reason=reason, masks=masks))
    return found


def require_enough(context: BuildContext, by_hand: ByHand) -> None:
    """Stop at the first filter that leaves too few images.

    Raises:
        ShortageError: with what is missing, of each class where classes differ, and the keys of
            the study file that decide it.
        ItemsError, ShortBinsError: if the AI's answers do not suffice before any filter.
    """
    for stage in stages(context, unfiltered(context, vetoed_ids(by_hand.verdicts))):
        found = needs(context, stage.masks, with_items=by_hand.items is None)
        missing = [need for need in found if not need.met]
        if missing and not stage.reason:
            choose_unfiltered(context, by_hand)
        if missing:
            raise ShortageError(*explained(stage, missing, context))


def choose_unfiltered(context: BuildContext, by_hand: ByHand) -> None:
    """Choose as a build would if nothing were left out; errors as of its steps."""
    study, masks, ids = context.study, unfiltered(context), vetoed_ids(by_hand.verdicts)
    vetoed = {split: vetoed_rows(context.crops[split], ids, study) for split in SHOWN_SPLITS}
    answers = {split: context.evaluations[0].predictions[split] for split in SHOWN_SPLITS}
    if by_hand.items is None:
        fit = masks[Split.VAL]
        groups = item_groups(answers[Split.VAL], fit, study, np.random.default_rng(0))
        choose_items(groups, int(fit.sum()), vetoed=vetoed[Split.VAL])
    test = answers[Split.TEST]
    bins = {
        row: bin_of(*pair, study.bins)
        for row, pair in enumerate(zip(test.confidences, test.right, strict=True))
    }
    order, right = range(len(bins)), test.right.tolist()
    sample_bins(bins, right, study.bins, order=order, vetoed=vetoed[Split.TEST])


def explained(
    stage: Stage, missing: Sequence[Need], context: BuildContext
) -> tuple[str, list[str]]:
    """The cause, and the problem lines."""
    short = [f"{need.needed} {need.what} are needed, {need.there} are there" for need in missing]
    if not stage.reason:
        advice = f"lower trials of the phase test, raise bins.per_bin, or add photos; {PLAN}"
        return "the stimuli", [*short, advice]
    (name,) = [e for e in context.evaluations if stage.reason.endswith(f"({e.name})")]
    left = ", ".join(f"{mask.sum()} of {len(mask)} {s}" for s, mask in stage.masks.items())
    lines = [f"{stage.reason}: {left} images are left"]
    if stage.reason.startswith(NO_CARD):
        lines += card_lines(whose_cards(name, context), context)
    elif stage.reason.startswith("fewer than"):
        lines += neighbour_lines(name, context)
    elif stage.reason.startswith(NOT_GIVEN):
        lines.append("give explanations of more images, with --explanations")
    elif "answers otherwise" in stage.reason:
        lines.append("train classifiers that are more alike, or set bins.pairing = 'system'")
    else:
        lines.append("take a classifier of these classes, or add photos of what it names")
    return "the first cause of too few images", [*lines, *short, PLAN]


def whose_cards(evaluated: EvaluatedClassifier, context: BuildContext) -> EvaluatedClassifier:
    """Matched classifiers have the cards of the first."""
    return context.evaluations[0] if context.study.bins.pairing == "matched" else evaluated


def card_lines(evaluated: EvaluatedClassifier, context: BuildContext) -> list[str]:
    """What each class without a card lacks, and the keys that would give it one."""
    settings, p = context.study.cards, evaluated.predictions.get(Split.TRAIN)
    if p is None:
        return ["lower [cards] examples, or add training photos of each class"]
    lines, enough = [], []
    labels = sorted({example.label for example in context.dataset.examples})
    for label in labels:
        of_class = p.truths == label
        surest = np.sort(p.confidences[of_class & p.right])[::-1]
        if len(surest) >= settings.examples > 0:
            enough.append(float(surest[settings.examples - 1]))
        if label not in evaluated.cards:
            sure = int((surest >= settings.min_confidence).sum())
            best = ", ".join(f"{value:.2f}" for value in surest[: settings.examples]) or "none"
            lines.append(
                f"{context.classes[label].name}: of {of_class.sum()} training photos "
                f"{evaluated.name} names {len(surest)} rightly, {sure} of them with "
                f"{settings.min_confidence:g} or more, {settings.examples} are needed; the surest: "
                f"{best}"
            )
    more = [f"and {len(lines) - DESCRIBED} classes more"] if len(lines) > DESCRIBED else []
    return [*lines[:DESCRIBED], *more, card_advice(enough, len(labels), evaluated, context)]


def card_advice(
    enough: Sequence[float], n_classes: int, evaluated: EvaluatedClassifier, context: BuildContext
) -> str:
    """Which keys to change.

    Args:
        enough: of each class that has so many right training photos, the confidence that gives
            it a card.
    """
    advice = []
    lower = [value for value in enough if value < context.study.cards.min_confidence]
    if lower:
        value = np.floor(min(lower) * 20) / 20
        advice.append(
            f"[cards] min_confidence = {value:g} gives {len(enough)} of {n_classes} classes a card"
        )
    if len(enough) < n_classes:
        advice.append("[cards] examples asks for fewer photos, or for words alone with 0")
    (settings,) = [c for c in context.study.classifiers if c.name == evaluated.name]
    if settings.training:
        limit = settings.training.images_per_class
        keys = f"images_per_class (now {limit}) or epochs" if limit else "epochs"
        advice.append(f"higher {keys} in [classifiers.training] make the AI surer")
    return "; ".join([*advice, "smaller val_share and test_share leave more photos to train"])


def neighbour_lines(evaluated: EvaluatedClassifier, context: BuildContext) -> list[str]:
    """How many training photos the classes have that have too few, and the key that asks for k."""
    if evaluated.gallery is None or context.study.explainers.neighbours is None:
        return []
    k, rows = context.study.explainers.neighbours.k, evaluated.gallery.rows
    labels = sorted({example.label for example in context.dataset.examples})
    few = [
        f"{context.classes[label].name} {len(rows.get(label, ()))}"
        for label in labels
        if len(rows.get(label, ())) < k
    ]
    listed = some_of(few, limit=DESCRIBED)
    problem = f"training photos that {evaluated.name} names rightly, of {k}: {listed}"
    return [f"{problem}; lower [explainers.neighbours] k, or add training photos"]
