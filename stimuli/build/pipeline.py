"""The offline stage as one page: data set, classifiers, pool, bins, explanations, bundle."""

import logging
from collections import Counter
from pathlib import Path

from explainers.classifier import Checkpoint
from stimuli.build.cards import require_words
from stimuli.build.contents import describe
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import SHOWN_SPLITS, eligibility
from stimuli.build.evaluated import EvaluatedClassifier, evaluate, sharing_cards
from stimuli.build.imported.intake import read_given
from stimuli.build.impossible import dataset_contradictions
from stimuli.build.manifest_facts import manifest, pool_images
from stimuli.build.overrides import ByHand
from stimuli.build.selection import select
from stimuli.build.shortages.causes import require_enough
from stimuli.bundle import Bundle, BundleError, seal, write_partial
from stimuli.bundle.check import check_bundle
from stimuli.bundle.separation import separation_warnings
from stimuli.bundle.verdicts import require_known, with_marks
from stimuli.datasets.base import DataError, Dataset, Split
from stimuli.models.classifiers import Machine, ready_classifier
from stimuli.models.options import require_classes
from stimuli.pictures.crop_cache import cached_crops
from stimuli.pictures.crops import Crop, Crops, LeftOut
from stimuli.pictures.leaks import without_leaks
from stimuli.pictures.mask_coverage import looked_at
from stimuli.seeds import generator
from stimuli.study import Study

log = logging.getLogger(__name__)

AUTOMATIC = ByHand()


def build(
    study: Study,
    study_text: str,
    dataset: Dataset,
    machine: Machine,
    out: Path,
    *,
    by_hand: ByHand = AUTOMATIC,
) -> Bundle:
    """Build the bundle of a study at `out`.

    Args:
        study_text: the study file, which is copied into the bundle.
        by_hand: items and verdicts that people decided on.

    Raises:
        ProblemsError: with everything that is wrong; nothing is then left at `out`.
    """
    context, left_out = _prepare(study, dataset, machine, out, by_hand)
    candidates = {split: eligibility(split, context) for split in SHOWN_SPLITS}
    selection = select(candidates, context, by_hand)
    contents = describe(selection.choices, selection.context)
    for line in separation_warnings(contents.stimuli, contents.predictions):
        log.warning("%s", line)
    pool = pool_images(candidates, context)
    partial = out.with_name(out.name + ".partial")
    write_partial(
        partial,
        manifest=manifest(
            candidates, selection, contents, pool, left_out=left_out, by_hand=by_hand
        ),
        study_text=study_text,
        stimuli=with_marks(contents.stimuli, by_hand.verdicts),
        predictions=contents.predictions,
        explanations=contents.explanations,
        pool=pool,
        images=contents.images,
    )
    check_bundle(partial)
    return seal(partial, out)


def _prepare(
    study: Study, dataset: Dataset, machine: Machine, out: Path, by_hand: ByHand
) -> tuple[BuildContext, dict[str, int]]:
    """As `prepared`; what can be known before a picture is read is refused then.

    Too few images are refused before anything is chosen from them.
    """
    if out.exists():
        raise BundleError(str(out), ["is there already; remove it or choose another --out"])
    require_known(by_hand.verdicts, study)
    if problems := dataset_contradictions(study, dataset):
        raise DataError("the study and its data set", problems)
    context, left_out = prepared(study, dataset, machine)
    require_enough(context, by_hand)
    return context, left_out[Split.TEST]


def prepared(
    study: Study, dataset: Dataset, machine: Machine
) -> tuple[BuildContext, dict[Split, dict[str, int]]]:
    """The study with every classifier's answers, and how many pictures are left out for what.

    Raises:
        ProblemsError: if a split is empty, or a class without words or a classifier missing; what
            can be known before a classifier is trained is refused then.
    """
    require_words(dataset.classes, {example.label for example in dataset.examples}, study.cards)
    require_classes(study, dataset, machine)
    given = read_given(study, dataset, machine.explanations)
    crops, left_out = all_crops(dataset, study, machine)
    # Every split is needed: train for class cards, val for practice, test for stimuli.
    problems = [
        f"the split {split} has no picture (left out: {left_out[split]}); add some, or "
        "change the settings that choose them in [dataset]"
        for split in Split
        if not crops[split]
    ]
    if problems:
        raise DataError("the data set", problems)
    context = BuildContext(
        study=study,
        dataset=dataset,
        machine=machine,
        crops=crops,
        evaluations=evaluated_all(crops, dataset, study, machine),
        given=given,
    )
    return context, left_out


def evaluated_all(
    crops: Crops, dataset: Dataset, study: Study, machine: Machine
) -> list[EvaluatedClassifier]:
    """Every classifier of the study with its answers; matched ones share their cards."""
    evaluations = [
        evaluate(
            name,
            checkpoint,
            crops,
            study,
            cache=machine.cache_of(checkpoint),
            rng=generator(study.study.seed, f"cards {name}"),
        )
        for name, checkpoint in ready_all(crops, dataset, study, machine).items()
    ]
    return sharing_cards(evaluations) if study.bins.pairing == "matched" else evaluations


def all_crops(
    dataset: Dataset, study: Study, machine: Machine
) -> tuple[dict[Split, list[Crop]], dict[Split, dict[str, int]]]:
    """The crops of every split, and how many pictures were left out for which reason.

    Copies of pictures of a split that the classifier learns from are left out too.

    Raises:
        DataError: naming what cannot be decoded, or if the masks show nothing.
    """
    log.info("reading %d pictures of %d classes", len(dataset.examples), len(dataset.classes))
    outcomes = cached_crops(
        dataset, dataset.examples, study.dataset, machine.cache, display_px=study.display_px
    )
    crops: dict[Split, list[Crop]] = {split: [] for split in Split}
    counts: Counter[tuple[Split, str]] = Counter()
    for example, outcome in zip(dataset.examples, outcomes, strict=True):
        if isinstance(outcome, Crop):
            crops[example.split].append(outcome)
        else:
            counts[example.split, outcome.value] += 1
    crops, leaks = without_leaks(crops, machine.cache)
    left_out = {
        s: {reason.value: counts[s, reason.value] for reason in LeftOut} | leaks[s] for s in Split
    }
    for split, reasons in left_out.items():
        log.info("%s: %d pictures; left out: %s", split, len(crops[split]), reasons)
    looked_at(crops, dataset.mask_meaning)
    return crops, left_out


def ready_all(
    crops: Crops, dataset: Dataset, study: Study, machine: Machine
) -> dict[str, Checkpoint]:
    """Every classifier of the study by name, trained now if it must be."""
    classes, seed = tuple(info.name for info in dataset.classes), study.study.seed
    return {
        settings.name: ready_classifier(settings, classes, crops, seed=seed, machine=machine)
        for settings in study.classifiers
    }
