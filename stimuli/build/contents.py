"""The chosen images as rows and pictures of a bundle."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stimuli.build.bins import bin_of
from stimuli.build.evaluated import Judge
from stimuli.build.explanations import draw
from stimuli.build.items import ItemPhase
from stimuli.build.rationales import rationale
from stimuli.bundle import Card, Explanation, Prediction, Stimulus, image_path
from stimuli.bundle.ids import opaque_id
from stimuli.datasets.base import ClassInfo, Split
from stimuli.models.classifiers import Machine
from stimuli.pictures.crops import View
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
    judges: Sequence[Judge],
    views: Mapping[Split, Sequence[View]],
    classes: Sequence[ClassInfo],
    study: Study,
    machine: Machine,
) -> Contents:
    """Rows and pictures of everything chosen, in the order of the opaque ids."""
    contents = Contents()
    ids = {_id(views[c.split][c.row], study): c for c in chosen}
    ordered = dict(sorted(ids.items()))
    shown = [views[choice.split][choice.row] for choice in ordered.values()]
    pictures = of_one_length([view.jpeg for view in shown])
    for (stimulus_id, choice), view, jpeg in zip(ordered.items(), shown, pictures, strict=True):
        image, why = contents.add_image(jpeg), _why(choice, judges, classes, study)
        contents.stimuli.append(_stimulus(stimulus_id, choice.phase, view, why, classes, image))
    for judge in judges:
        for stimulus_id, choice in ordered.items():
            contents.predictions.append(
                _prediction(stimulus_id, choice, judge, classes, study, contents)
            )
        contents.explanations.extend(_explanations(ordered, judge, views, study, machine, contents))
    return contents


def _stimulus(
    stimulus_id: str,
    phase: ItemPhase,
    view: View,
    why: str,
    classes: Sequence[ClassInfo],
    image: str,
) -> Stimulus:
    truth = classes[view.example.label]
    return Stimulus(
        stimulus_id=stimulus_id,
        phase=phase,
        kind=view.kind,
        true_index=view.example.label,
        true_label=truth.name,
        image=image,
        source=view.example.source,
        boxes=view.boxes,
        rationale=why,
    )


def _id(view: View, study: Study) -> str:
    return opaque_id(view.example.source, view.kind, study.study)


def _why(
    choice: Chosen, judges: Sequence[Judge], classes: Sequence[ClassInfo], study: Study
) -> str:
    """The rationale of a practice item; nothing for other stimuli.

    One is made in English only.
    """
    made = choice.phase is Phase.PRACTICE and not choice.rationale and study.study.is_english
    if not made:
        return choice.rationale
    said = [judge.predictions[choice.split] for judge in judges]
    guesses = {int(answers.labels[choice.row]) for answers in said}
    return rationale(int(said[0].truths[choice.row]), guesses, classes, study.study.ai_name)


def _prediction(
    stimulus_id: str,
    choice: Chosen,
    judge: Judge,
    classes: Sequence[ClassInfo],
    study: Study,
    contents: Contents,
) -> Prediction:
    said = judge.predictions[choice.split]
    label = int(said.labels[choice.row])
    confidence, right = float(said.confidences[choice.row]), bool(said.right[choice.row])
    card = tuple(contents.add_image(view.jpeg) for view in judge.cards[label])
    return Prediction(
        stimulus_id=stimulus_id,
        classifier=judge.name,
        label_index=label,
        label=classes[label].name,
        confidence=confidence,
        right=right,
        bin=bin_of(confidence, right, study.bins),
        card=Card(description=classes[label].description, images=card),
    )


def _explanations(
    chosen: Mapping[str, Chosen],
    judge: Judge,
    views: Mapping[Split, Sequence[View]],
    study: Study,
    machine: Machine,
    contents: Contents,
) -> list[Explanation]:
    """What every explainer of this judge drew for every stimulus."""
    rows = []
    asked = [(c.split, c.row) for c in chosen.values()]
    for explainer in sorted(study.explainers_of(judge.name)):
        drawn = draw(explainer, judge, views, asked, study, machine)
        log.info(
            "%s: %s: %d explanations, %d of them with scores",
            *(judge.name, explainer, len(drawn.pictures), sum(map(bool, drawn.scores))),
        )
        if drawn.threshold is not None:
            contents.thresholds.setdefault(judge.name, {})[explainer] = drawn.threshold
        rows += [
            Explanation(
                stimulus_id=stimulus_id,
                classifier=judge.name,
                explainer=explainer,
                images=tuple(contents.add_image(jpeg) for jpeg in pictures),
                scores=scores,
            )
            for stimulus_id, pictures, scores in zip(
                chosen, drawn.pictures, drawn.scores, strict=True
            )
        ]
    return rows
