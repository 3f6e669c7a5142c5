"""Adversarial stimuli: attacked, stored as JPEG, asked about again, drawn by bin if still wrong."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from stimuli.build.attacks import Attack, attacked_crops
from stimuli.build.bins import CELLS, Sample, bin_of, sample_bins
from stimuli.build.chosen_image import ChosenImage
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import eligibility
from stimuli.build.evaluated import with_more_tests
from stimuli.build.overrides import vetoed_rows
from stimuli.bundle import AdversarialFacts, FlippedFacts, Kind
from stimuli.bundle.ids import opaque_id
from stimuli.datasets.base import Split
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.seeds import generator
from stimuli.study.online import Phase

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AdversarialStimuli:
    """The adversarial stimuli of a study, and the flipped ones.

    Attributes:
        context: of the build, with the attacked crops at the end of the test split.
        facts: of each attack; none where the study asks for none.
        short: whether a bin of theirs held too few.
    """

    choices: Sequence[ChosenImage] = ()
    context: BuildContext
    facts: tuple[AdversarialFacts, ...] = ()
    short: bool = False


@dataclass(frozen=True, kw_only=True)
class Attacked:
    """The pictures of one attack, as rows of the longer test split.

    Attributes:
        rows: of each kind, in the random order in which they were attacked.
    """

    attack: Attack
    rows: dict[Kind, range]


def adversarial_stimuli(
    natural: Sequence[ChosenImage], mask: np.ndarray, context: BuildContext, vetoed: Collection[str]
) -> AdversarialStimuli:
    """The stimuli that `[adversarial]` asks for.

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
    attacks = attacks_of(context)
    sources = [sources_of(attack, mask, context) for attack in attacks]
    context, attacked = with_attacked(attacks, sources, context)
    jpegs = {bytes(crops[choice.split][choice.row].jpeg) for choice in natural}
    seen = {
        crop.example.source
        for crop in chain(*sources)
        if bytes(crop.jpeg) in jpegs
        or opaque_id(crop.example.source, Kind.NATURAL, study.study) in vetoed
    }
    showable = eligibility(Split.TEST, context).mask if attacks else mask
    unwanted = vetoed_rows(context.crops[Split.TEST], vetoed, study)
    drawn = [draw(one, seen, showable, unwanted, context) for one in attacked]
    return AdversarialStimuli(
        choices=[choice for one in drawn for choice in one.choices],
        context=context,
        facts=tuple(facts for one in drawn for facts in one.facts),
        short=any(one.short for one in drawn),
    )


def attacks_of(context: BuildContext) -> list[Attack]:
    """One on the first classifier, one on each, or one on all together."""
    settings, everybody = context.study.adversarial, context.evaluations
    if not settings:
        return []
    if settings.deceives == "each":
        return [Attack(targets=[e], against=e.name, settings=settings) for e in everybody]
    targets = everybody[:1] if settings.deceives == "first" else everybody
    return [Attack(targets=targets, against="", settings=settings)]


def sources_of(attack: Attack, mask: np.ndarray, context: BuildContext) -> list[Crop]:
    """What is attacked: crops of which every target names the class, in random order."""
    rng = generator(context.study.study.seed, f"adversarial {attack.against}".rstrip())
    right = [target.predictions[Split.TEST].right for target in attack.targets]
    fine = np.logical_and.reduce([mask, *right])
    rows = [row for row in rng.permutation(len(mask)).tolist() if fine[row]]
    sources = [context.crops[Split.TEST][row] for row in rows[: attack.settings.attacked]]
    log.info("adversarial: %d may be attacked, %d are", len(rows), len(sources))
    return sources


def with_attacked(
    attacks: Sequence[Attack], sources: Sequence[Sequence[Crop]], context: BuildContext
) -> tuple[BuildContext, list[Attacked]]:
    """The context with all attacked crops and the answers to them, and where they are."""
    start, places = len(context.crops[Split.TEST]), []
    more: list[Crop] = []
    for attack, of_attack in zip(attacks, sources, strict=True):
        made, rows = attacked_crops(of_attack, attack, context), {}
        for kind, crops in made.items():
            rows[kind] = range(start + len(more), start + len(more) + len(crops))
            more += crops
        places.append(Attacked(attack=attack, rows=rows))
    if not more:
        return context, places
    crops_of = dict(context.crops) | {Split.TEST: [*context.crops[Split.TEST], *more]}
    evaluations = [with_more_tests(evaluated, more) for evaluated in context.evaluations]
    return replace(context, crops=crops_of, evaluations=evaluations), places


def draw(
    attacked: Attacked,
    seen: Collection[str],
    showable: np.ndarray,
    unwanted: Collection[int],
    context: BuildContext,
) -> AdversarialStimuli:
    """Draw from the bins of what still deceives, and then of what was flipped and does not.

    Args:
        seen: sources that people see as photographs, or whose photograph is vetoed.
        showable: (n,) which rows of the longer test split every condition can show.
        unwanted: rows that are vetoed.
    """
    drawn: dict[Kind, Drawn] = {}
    taken = {*seen}
    for kind, rows in attacked.rows.items():
        drawn[kind] = one = draw_kind(
            kind, rows, attacked.attack, taken, showable, unwanted, context
        )
        taken |= {context.crops[Split.TEST][row].example.source for row in one.sample.rows}
    deceiving, flipped = drawn[Kind.ADVERSARIAL], drawn.get(Kind.FLIPPED)
    facts = AdversarialFacts(
        against=tuple(target.name for target in attacked.attack.targets),
        attacked=len(attacked.rows[Kind.ADVERSARIAL]),
        deceived=deceiving.fit,
        twins=deceiving.twins,
        excluded=deceiving.excluded,
        bins=deceiving.sample.counts,
        flipped=flipped and FlippedFacts(right=flipped.fit, bins=flipped.sample.counts),
    )
    chosen = [row for one in drawn.values() for row in one.sample.rows]
    return AdversarialStimuli(
        choices=[ChosenImage(split=Split.TEST, row=row, phase=Phase.TEST) for row in chosen],
        context=context,
        facts=(facts,),
        short=any(one.sample.short for one in drawn.values()),
    )


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What was drawn of the pictures of one kind.

    Attributes:
        fit: how many do to the targets what their kind is to do.
        twins: of those, how many have a photograph that is taken.
        excluded: of the rest, how many a condition cannot show.
    """

    fit: int
    twins: int
    excluded: int
    sample: Sample


def draw_kind(
    kind: Kind,
    rows: Sequence[int],
    attack: Attack,
    taken: Collection[str],
    showable: np.ndarray,
    unwanted: Collection[int],
    context: BuildContext,
) -> Drawn:
    """Draw by the bins of the first target; the arguments are those of `draw`."""
    study, crops = context.study, context.crops[Split.TEST]
    names = [target.name for target in attack.targets]
    answers = [e.predictions[Split.TEST] for e in context.evaluations if e.name in names]
    fit = [row for row in rows if FITS[kind](row, answers)]
    free = [row for row in fit if crops[row].example.source not in taken]
    shown = [row for row in free if showable[row]]
    log.info(
        "%s: %d %s; of %d people see the photo, %d cannot be shown",
        *(kind, len(fit), WORDS[kind], len(fit) - len(free), len(free) - len(shown)),
    )
    right = kind is Kind.FLIPPED
    sample = sample_bins(
        {row: bin_of(answers[0].confidences[row], right, study.bins) for row in shown},
        answers[0].right.tolist(),
        study.bins.model_copy(update={"per_bin": attack.settings.per_bin}),
        order=rows,
        vetoed=unwanted,
        cells=[cell for cell in CELLS if cell[1] is right],
        table="adversarial",
    )
    return Drawn(
        fit=len(fit), twins=len(fit) - len(free), excluded=len(free) - len(shown), sample=sample
    )


def deceives(row: int, answers: Sequence[Predictions]) -> bool:
    """Whether all are wrong, and say the same."""
    return not any(a.right[row] for a in answers) and len({a.labels[row] for a in answers}) == 1


def is_right(row: int, answers: Sequence[Predictions]) -> bool:
    """Whether all are right."""
    return all(a.right[row] for a in answers)


FITS = {Kind.ADVERSARIAL: deceives, Kind.FLIPPED: is_right}
WORDS = {Kind.ADVERSARIAL: "deceive as JPEG files", Kind.FLIPPED: "are named rightly"}
