"""The offline stage as one page: data set, classifiers, pool, bins, explanations, bundle."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from explainers.classifier import Checkpoint
from stimuli.build.cards import require_words
from stimuli.build.contents import describe
from stimuli.build.evaluated import EvaluatedClassifier, evaluated, sharing_cards
from stimuli.build.manifest_facts import manifest, pool_images
from stimuli.build.overrides import ByHand
from stimuli.build.selection import candidates_of, select
from stimuli.bundle import Bundle, BundleError, seal, write_partial
from stimuli.bundle.check import check_bundle
from stimuli.bundle.separation import separation_warnings
from stimuli.bundle.verdicts import require_known, with_marks
from stimuli.datasets.base import DataError, Dataset, Split
from stimuli.models.classifiers import Machine, ready_classifier
from stimuli.pictures.crop_cache import cached_crops
from stimuli.pictures.crops import Crop, LeftOut
from stimuli.seeds import generator
from stimuli.study import Study

log = logging.getLogger(__name__)

AUTOMATIC = ByHand()

Crops = Mapping[Split, Sequence[Crop]]


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
    _require_ready(study, dataset, out, by_hand)
    crops, left_out = all_crops(dataset, study, machine)
    _require_pictures(crops, left_out)
    evaluations = _evaluated(crops, dataset, study, machine)
    candidates = candidates_of(evaluations, crops, study, _labels(dataset))
    selection = select(candidates, dataset, study, by_hand)
    shown = selection.extended
    contents = describe(
        shown.chosen, shown.evaluations, shown.crops, dataset.classes, study, machine
    )
    for line in separation_warnings(contents.stimuli, contents.predictions):
        log.warning("%s", line)
    pool, omitted = pool_images(candidates, dataset, study), left_out[Split.TEST]
    facts = manifest(
        study, dataset, candidates, selection, contents, pool, left_out=omitted, by_hand=by_hand
    )
    unfinished = out.with_name(out.name + ".partial")
    write_partial(
        unfinished,
        manifest=facts,
        study_text=study_text,
        stimuli=with_marks(contents.stimuli, by_hand.verdicts),
        predictions=contents.predictions,
        explanations=contents.explanations,
        pool=pool,
        images=contents.images,
    )
    check_bundle(unfinished)
    return seal(unfinished, out)


def _require_ready(study: Study, dataset: Dataset, out: Path, by_hand: ByHand) -> None:
    """What can be known before a picture is read."""
    if out.exists():
        raise BundleError(str(out), ["is there already; remove it or choose another --out"])
    require_known(by_hand.verdicts, study)
    require_words(dataset.classes, _labels(dataset), study.cards)


def _labels(dataset: Dataset) -> set[int]:
    return {example.label for example in dataset.examples}


def _evaluated(
    crops: Crops, dataset: Dataset, study: Study, machine: Machine
) -> list[EvaluatedClassifier]:
    """Every classifier at work, in the order of the study."""
    evaluations = [
        evaluated(
            name,
            checkpoint,
            crops,
            study,
            cache=machine.kept_with(checkpoint),
            rng=generator(study.study.seed, f"cards {name}"),
        )
        for name, checkpoint in ready_all(crops, dataset, study, machine).items()
    ]
    return sharing_cards(evaluations) if study.bins.pairing == "matched" else evaluations


def all_crops(
    dataset: Dataset, study: Study, machine: Machine
) -> tuple[dict[Split, list[Crop]], dict[Split, dict[str, int]]]:
    """The views of every split, and how many pictures were left out for which reason."""
    log.info("reading %d pictures of %d classes", len(dataset.examples), len(dataset.classes))
    made = cached_crops(dataset, dataset.examples, study.dataset, machine.cache)
    shown: dict[Split, list[Crop]] = {split: [] for split in Split}
    counts: Counter[tuple[Split, str]] = Counter()
    for example, found in zip(dataset.examples, made, strict=True):
        if isinstance(found, Crop):
            shown[example.split].append(found)
        else:
            counts[example.split, found.value] += 1
    left_out = {s: {reason.value: counts[s, reason.value] for reason in LeftOut} for s in Split}
    for split, found_counts in left_out.items():
        log.info("%s: %d pictures; left out: %s", split, len(shown[split]), found_counts)
    return shown, left_out


def _require_pictures(shown: Crops, left_out: Mapping[Split, Mapping[str, int]]) -> None:
    """Every split is needed: train for class cards, val for practice, test for stimuli."""
    problems = [
        f"the split {split} has no picture (left out: {dict(left_out[split])}); add some, or "
        "change the settings that choose them in [dataset]"
        for split in Split
        if not shown[split]
    ]
    if problems:
        raise DataError("the data set", problems)


def ready_all(
    shown: Crops, dataset: Dataset, study: Study, machine: Machine
) -> dict[str, Checkpoint]:
    """Every classifier of the study by name, trained now if it must be."""
    classes, seed = tuple(info.name for info in dataset.classes), study.study.seed
    return {
        settings.name: ready_classifier(settings, classes, shown, seed=seed, machine=machine)
        for settings in study.classifiers
    }
