"""The offline stage as one page: data set, classifiers, pool, bins, explanations, bundle."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from stimuli.build.cards import require_words
from stimuli.build.contents import describe
from stimuli.build.context import BuildContext
from stimuli.build.eligibility import SHOWN_SPLITS, counted_reasons, eligibility
from stimuli.build.evaluated import evaluate, sharing_cards
from stimuli.build.heatmaps.plugin_maps import require_maps
from stimuli.build.imported.given_neighbours import read_neighbours
from stimuli.build.imported.intake import read_given
from stimuli.build.impossible import dataset_contradictions
from stimuli.build.manifest_facts import manifest, pool_images
from stimuli.build.overrides import ByHand
from stimuli.build.selection import select
from stimuli.build.shortages.causes import require_enough
from stimuli.bundle import Bundle, BundleError, seal, write_partial
from stimuli.bundle.check import check_bundle
from stimuli.bundle.separation import answer_warnings
from stimuli.bundle.verdicts import require_known, with_marks
from stimuli.datasets.base import DataError, Dataset, Split
from stimuli.models.class_matching import AnswerClasses, answer_classes, arrange
from stimuli.models.classifiers import Machine, ready_classifier
from stimuli.models.given_answers import given_answers
from stimuli.models.ready import ReadyClassifier
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
    for line in answer_warnings(contents.stimuli, contents.predictions):
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
    n_answers = answer_classes(study, dataset, machine).n_known(study.classifiers[0].name)
    if problems := dataset_contradictions(study, dataset, n_answers=n_answers):
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
    answers = answer_classes(study, dataset, machine)
    require_maps(study, answers, machine)
    given = read_given(study, dataset, machine.explanations)
    neighbours = read_neighbours(study, dataset, machine)
    crops, left_out = all_crops(dataset, study, machine)
    require_every_split(crops, left_out)
    evaluations = [
        evaluate(
            ready,
            crops,
            study,
            cache=machine.cache_of(ready),
            rng=generator(study.study.seed, f"cards {ready.name}"),
            given=neighbours.get(ready.name),
        )
        for ready in ready_all(crops, dataset, answers, study, machine)
    ]
    if study.bins.pairing == "matched":
        evaluations = sharing_cards(evaluations)
    context = BuildContext(
        study=study,
        dataset=dataset,
        machine=machine,
        crops=crops,
        evaluations=evaluations,
        classes=answers.infos,
        given=given,
        neighbours=neighbours,
    )
    return context, left_out


def require_every_split(crops: Crops, left_out: Mapping[Split, Mapping[str, int]]) -> None:
    """Train is needed for class cards, val for practice, test for stimuli.

    Raises:
        DataError: naming the splits without a picture.
    """
    problems = [
        f"the split {split} has no picture (left out: {counted_reasons(left_out[split])}); "
        "add some, or change the settings that choose them in [dataset]"
        for split in Split
        if not crops[split]
    ]
    if problems:
        raise DataError("the data set", problems)


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
        out = counted_reasons(reasons)
        log.info("%s: %d pictures; left out: %s", split, len(crops[split]), out)
    looked_at(crops, dataset.mask_meaning)
    return crops, left_out


def ready_all(
    crops: Crops, dataset: Dataset, answers: AnswerClasses, study: Study, machine: Machine
) -> list[ReadyClassifier]:
    """Every classifier of the study in order, trained now if it must be."""
    ready: list[ReadyClassifier] = []
    for settings in study.classifiers:
        if not settings.has_network:
            ready.append(given_answers(settings.name, dataset, machine))
            continue
        network = ready_classifier(
            settings, answers.of_dataset, crops, seed=study.study.seed, machine=machine
        )
        outputs = arrange(network.network, answers.names, answers.outputs[settings.name])
        ready.append(replace(network, outputs=outputs))
    return ready
