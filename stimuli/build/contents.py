"""The chosen images as rows and pictures of a bundle."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stimuli.build.bins import bin_of
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.explanations import draw
from stimuli.build.items import ItemPhase
from stimuli.build.rationales import rationale
from stimuli.bundle import Card, Explanation, Prediction, Stimulus, image_path
from stimuli.bundle.ids import opaque_id
from stimuli.datasets.base import ClassInfo, Split
from stimuli.models.classifiers import Machine
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import Jpeg, of_one_length
from stimuli.study import Study
from stimuli.study.online import Phase

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """An image that the study shows: a row of a split, and the phase it is shown in.

    Attributes:
        rationale: of a practice item; one is made where it is empty.
    """

    split: Split
    row: int
    phase: ItemPhase
    rationale: str = ""


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
        """Keep a picture; equal ones are kept once."""
        path = image_path(jpeg)
        self.images[path] = jpeg
        return path


def describe(
    chosen: Sequence[Chosen],
    evaluations: Sequence[EvaluatedClassifier],
    crops: Mapping[Split, Sequence[Crop]],
    classes: Sequence[ClassInfo],
    study: Study,
    machine: Machine,
) -> Contents:
    """Rows and pictures of everything chosen, in the order of the opaque ids."""
    contents = Contents()
    ids = {_id(crops[c.split][c.row], study): c for c in chosen}
    ordered = dict(sorted(ids.items()))
    shown = [crops[choice.split][choice.row] for choice in ordered.values()]
    pictures = of_one_length([crop.jpeg for crop in shown])
    for (stimulus_id, choice), crop, jpeg in zip(ordered.items(), shown, pictures, strict=True):
        image, why = contents.add_image(jpeg), _why(choice, evaluations, classes, study)
        contents.stimuli.append(_stimulus(stimulus_id, choice.phase, crop, why, classes, image))
    for evaluated in evaluations:
        for stimulus_id, choice in ordered.items():
            contents.predictions.append(
                _prediction(stimulus_id, choice, evaluated, classes, study, contents)
            )
        contents.explanations.extend(
            _explanations(ordered, evaluated, crops, study, machine, contents)
        )
    return contents


def _stimulus(
    stimulus_id: str,
    phase: ItemPhase,
    crop: Crop,
    why: str,
    classes: Sequence[ClassInfo],
    image: str,
) -> Stimulus:
    truth = classes[crop.example.label]
    return Stimulus(
        stimulus_id=stimulus_id,
        phase=phase,
        kind=crop.kind,
        true_index=crop.example.label,
        true_label=truth.name,
        image=image,
        source=crop.example.source,
        boxes=crop.boxes,
        rationale=why,
    )


def _id(crop: Crop, study: Study) -> str:
    return opaque_id(crop.example.source, crop.kind, study.study)


def _why(
    choice: Chosen,
    evaluations: Sequence[EvaluatedClassifier],
    classes: Sequence[ClassInfo],
    study: Study,
) -> str:
    """The rationale of a practice item; nothing for other stimuli.

    One is made in English only.
    """
    made = choice.phase is Phase.PRACTICE and not choice.rationale and study.study.is_english
    if not made:
        return choice.rationale
    said = [evaluated.predictions[choice.split] for evaluated in evaluations]
    guesses = {int(answers.labels[choice.row]) for answers in said}
    return rationale(int(said[0].truths[choice.row]), guesses, classes, study.study.ai_name)


def _prediction(
    stimulus_id: str,
    choice: Chosen,
    evaluated: EvaluatedClassifier,
    classes: Sequence[ClassInfo],
    study: Study,
    contents: Contents,
) -> Prediction:
    said = evaluated.predictions[choice.split]
    label = int(said.labels[choice.row])
    confidence, right = float(said.confidences[choice.row]), bool(said.right[choice.row])
    card = tuple(contents.add_image(crop.jpeg) for crop in evaluated.cards[label])
    return Prediction(
        stimulus_id=stimulus_id,
        classifier=evaluated.name,
        label_index=label,
        label=classes[label].name,
        confidence=confidence,
        right=right,
        bin=bin_of(confidence, right, study.bins),
        card=Card(description=classes[label].description, images=card),
    )


def _explanations(
    chosen: Mapping[str, Chosen],
    evaluated: EvaluatedClassifier,
    crops: Mapping[Split, Sequence[Crop]],
    study: Study,
    machine: Machine,
    contents: Contents,
) -> list[Explanation]:
    """What every explainer of this judge drew for every stimulus."""
    rows = []
    asked = [(c.split, c.row) for c in chosen.values()]
    for explainer in sorted(study.explainers_of(evaluated.name)):
        drawn = draw(explainer, evaluated, crops, asked, study, machine)
        log.info(
            "%s: %s: %d explanations, %d of them with scores",
            *(evaluated.name, explainer, len(drawn.pictures), sum(map(bool, drawn.scores))),
        )
        if drawn.threshold is not None:
            contents.thresholds.setdefault(evaluated.name, {})[explainer] = drawn.threshold
        rows += [
            Explanation(
                stimulus_id=stimulus_id,
                classifier=evaluated.name,
                explainer=explainer,
                images=tuple(contents.add_image(jpeg) for jpeg in pictures),
                scores=scores,
            )
            for stimulus_id, pictures, scores in zip(
                chosen, drawn.pictures, drawn.scores, strict=True
            )
        ]
    return rows
