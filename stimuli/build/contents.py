"""The chosen images as rows and pictures of a bundle."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stimuli.build.bins import bin_of
from stimuli.build.chosen_image import ChosenImage
from stimuli.build.context import BuildContext
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.explanations import draw
from stimuli.build.heatmaps.drawings import Drawings
from stimuli.build.rationales import rationale
from stimuli.bundle import Answer, Card, Explanation, Kind, Prediction, Stimulus, image_path
from stimuli.bundle.classifier_input import input_sha256, seen_pixels
from stimuli.bundle.scored_pictures import scores_sha256
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import Jpeg, of_one_length
from stimuli.study import Study
from stimuli.study.online import Phase

log = logging.getLogger(__name__)

Drawn = tuple[list[str], Drawings]
"""Ids of stimuli, and what was drawn of each."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The rows of a bundle, and its pictures by path.

    Attributes:
        thresholds: where heat maps were binarised for scores, by classifier and explainer.
    """

    stimuli: list[Stimulus] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    images: dict[str, Jpeg] = field(default_factory=dict)
    thresholds: dict[str, dict[str, float]] = field(default_factory=dict)

    def add_image(self, jpeg: Jpeg) -> str:
        """Add a picture; equal ones are added once."""
        path = image_path(jpeg)
        self.images[path] = jpeg
        return path

    def add_card(self, label: int, evaluated: EvaluatedClassifier, context: BuildContext) -> Card:
        """A class's card; without pictures where the classifier was sure of too few."""
        crops = evaluated.cards.get(label, [])
        images = tuple(self.add_image(crop.jpeg) for crop in crops)
        return Card(description=context.classes[label].description, images=images)


def describe(choices: Sequence[ChosenImage], context: BuildContext) -> Contents:
    """Rows and pictures of everything chosen, in the order of the opaque ids."""
    study, contents = context.study, Contents()
    enlargement = study.display_px / study.dataset.crop_px
    crop_of = {choice: context.crops[choice.split][choice.row] for choice in choices}
    ids = {crop.stimulus_id(study.study): choice for choice, crop in crop_of.items()}
    by_id = dict(sorted(ids.items()))
    pictures = of_one_length([crop_of[choice].jpeg for choice in by_id.values()])
    for (stimulus_id, choice), jpeg in zip(by_id.items(), pictures, strict=True):
        crop, why = crop_of[choice], choice.rationale
        if choice.phase is Phase.PRACTICE and not why and study.study.is_english:
            guesses = {e.answer(choice.split, choice.row).label for e in context.evaluations}
            why = rationale(crop.example.label, guesses, context.classes, study.study.ai_name)
        contents.stimuli.append(
            Stimulus(
                stimulus_id=stimulus_id,
                phase=choice.phase,
                kind=crop.kind,
                true_index=crop.example.label,
                true_label=context.classes[crop.example.label].name,
                image=contents.add_image(jpeg),
                source=crop.example.source,
                attacked=attacked_by(crop, study),
                boxes=tuple(tuple(number * enlargement for number in box) for box in crop.boxes),
                input_sha256=input_sha256(seen_pixels(jpeg, crop.input_px)),
                rationale=why,
            )
        )
    drawn: dict[tuple[str, str], Drawn] = {}
    for evaluated in context.evaluations:
        # Where each has adversarial pictures of its own, nobody sees those of another.
        shown = {i: c for i, c in by_id.items() if crop_of[c].against in ("", evaluated.name)}
        _add_answers(contents, shown, evaluated, context)
        for explainer in sorted(study.explainers_of(evaluated.name)):
            drawn[evaluated.name, explainer] = _drawn(explainer, shown, evaluated, context)
    for (name, explainer), of_stimuli in as_long_in_each(drawn).items():
        _add_explanations(contents, name, explainer, of_stimuli)
    return contents


def attacked_by(crop: Crop, study: Study) -> tuple[str, ...]:
    """The classifiers that a picture was made to deceive."""
    if crop.kind is Kind.NATURAL or study.adversarial is None:
        return ()
    names = tuple(classifier.name for classifier in study.classifiers)
    return {"first": names[:1], "each": (crop.against,), "all": names}[study.adversarial.deceives]


def _add_answers(
    contents: Contents,
    choices: Mapping[str, ChosenImage],
    evaluated: EvaluatedClassifier,
    context: BuildContext,
) -> None:
    """What the classifier said of every stimulus that its people see."""
    name, classes = evaluated.name, context.classes
    for stimulus_id, choice in choices.items():
        label, confidence, right = evaluated.answer(choice.split, choice.row)
        truth = context.crops[choice.split][choice.row].example.label
        practised = choice.phase is Phase.PRACTICE
        contents.predictions.append(
            Prediction(
                stimulus_id=stimulus_id,
                classifier=name,
                label_index=label,
                label=classes[label].name,
                confidence=confidence,
                right=right,
                bin=bin_of(confidence, right, context.study.bins),
                card=contents.add_card(label, evaluated, context),
                true_card=contents.add_card(truth, evaluated, context) if practised else None,
                best=tuple(
                    Answer(label=classes[index].name, confidence=probability)
                    for index, probability in evaluated.best(choice.split, choice.row)
                ),
            )
        )


def _drawn(
    explainer: str,
    choices: Mapping[str, ChosenImage],
    evaluated: EvaluatedClassifier,
    context: BuildContext,
) -> Drawn:
    """What an explainer drew for a classifier's answers, by stimulus."""
    rows = [(choice.split, choice.row) for choice in choices.values()]
    drawings = draw(explainer, evaluated, rows, context)
    n_scored = sum(map(bool, drawings.scores))
    what = f"{evaluated.name}: {explainer}"
    log.info("%s: %d explanations, %d of them with scores", what, len(rows), n_scored)
    return [*choices], drawings


def as_long_in_each(drawn: Mapping[tuple[str, str], Drawn]) -> dict[tuple[str, str], Drawn]:
    """The pictures of an explainer in files of one length, whichever classifier they explain.

    Neighbours are training pictures, which cards show too, and stay as they are.
    """
    lengths: dict[str, int] = {}
    for (_, explainer), (_, drawings) in drawn.items():
        here = [len(jpeg) for own in drawings.pictures for jpeg in own]
        lengths[explainer] = max([lengths.get(explainer, 0), *here])
    return {
        (name, explainer): (ids, drawings)
        if explainer == "neighbours"
        else (ids, drawings.padded(lengths[explainer]))
        for (name, explainer), (ids, drawings) in drawn.items()
    }


def _add_explanations(contents: Contents, name: str, explainer: str, drawn: Drawn) -> None:
    """The rows of what an explainer drew for a classifier's answers."""
    ids, drawings = drawn
    if drawings.threshold is not None:
        contents.thresholds.setdefault(name, {})[explainer] = drawings.threshold
    texts = drawings.texts or [""] * len(ids)
    rows = zip(ids, drawings.pictures, texts, drawings.scores, strict=True)
    for stimulus_id, jpegs, text, scores in rows:
        images = tuple(contents.add_image(jpeg) for jpeg in jpegs)
        contents.explanations.append(
            Explanation(
                stimulus_id=stimulus_id,
                classifier=name,
                explainer=explainer,
                images=images,
                text=text,
                scores=scores,
                scores_sha256=scores_sha256(images, scores) if scores else None,
            )
        )
