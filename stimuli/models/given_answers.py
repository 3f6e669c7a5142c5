"""The answers of an AI of another framework, or of one behind an interface, as a classifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from explainers.classifier import Classifier
from stimuli.cache import Cache, digest
from stimuli.datasets.base import Dataset
from stimuli.models.classifiers import ClassifierError, Machine
from stimuli.models.given_pictures import lacking, rows_of
from stimuli.models.given_table import GivenTable, read_given
from stimuli.models.predictions import Predictions, of_probabilities
from stimuli.models.ready import ReadyClassifier
from stimuli.pictures.crops import Crop
from stimuli.study import Study
from stimuli.study.steps import Part

PREDICTIONS = "predictions"


@dataclass(frozen=True, kw_only=True)
class GivenAnswers(ReadyClassifier):
    """An AI of which there is nothing but answers.

    Attributes:
        digest: of the answers to the pictures of the data set, in its order.
        table: of these answers.
        row_of: the table's row of each source.
    """

    name: str
    digest: str
    table: GivenTable
    row_of: Mapping[str, int]
    names: tuple[str, ...]
    drawn_on: torch.device
    metrics: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def backbone(self) -> str:
        """What a bundle says in the place of an architecture."""
        return PREDICTIONS

    @property
    def classes(self) -> tuple[str, ...]:
        """Those of the data set."""
        return self.names

    @property
    def device(self) -> torch.device:
        """That of the machine."""
        return self.drawn_on

    @property
    def has_network(self) -> bool:
        """There is none."""
        return False

    @property
    def classifier(self) -> Classifier:
        """Refused, wherever it is asked for."""
        problem = "its answers are given, and there is no network of ours to look into"
        raise ClassifierError(f"classifier {self.name}", [problem])

    def answers(self, crops: Sequence[Crop], cache: Cache, *, what: str) -> Predictions | None:
        """Those of the file; None where it has none to any of these pictures."""
        sources = [crop.example.source for crop in crops]
        if self.row_of.keys().isdisjoint(sources):
            return None
        rows = [self.row_of[source] for source in sources]
        truths = np.array([crop.example.label for crop in crops], dtype=np.int64)
        labels, confidences = self.table.labels[rows], self.table.confidences[rows]
        if self.table.probabilities is not None:
            return of_probabilities(self.table.probabilities[rows], truths, labels=labels)
        return Predictions(
            labels=labels,
            confidences=confidences,
            truths=truths,
            truth_probabilities=np.where(labels == truths, confidences, np.nan),
            best=labels[:, None],
            best_probabilities=confidences[:, None],
        )


def given_answers(name: str, dataset: Dataset, machine: Machine) -> GivenAnswers:
    """The answers that were given for a classifier.

    Raises:
        ClassifierError: with everything that is wrong with them.
    """
    if name not in machine.predictions:
        advice = f"no answers are given; add --predictions {name}=FILE.csv"
        raise ClassifierError(f"classifier {name}", [advice])
    problems: list[str] = []
    where, classes = f"--predictions {name}", tuple(info.name for info in dataset.classes)
    table = read_given(machine.predictions[name], where, classes, problems)
    row_of: dict[str, int] = {}
    if table:
        row_of = rows_of(table.images, table.lines, dataset.examples, where, problems)
        problems += lacking(row_of, dataset.examples, where)
    if table is None or problems:
        raise ClassifierError(f"classifier {name}", problems)
    return GivenAnswers(
        name=name,
        digest=digest_of(table, row_of, classes),
        table=table,
        row_of=row_of,
        names=classes,
        drawn_on=machine.device,
    )


def digest_of(table: GivenTable, row_of: Mapping[str, int], classes: Sequence[str]) -> str:
    """Of the answers, whatever the order of the rows and the look of the file."""
    rows = [*row_of.values()]
    arrays = (table.labels, table.confidences, table.probabilities)
    parts = (array[rows].tobytes() if array is not None else None for array in arrays)
    return digest(PREDICTIONS, classes, [*row_of], *parts)


def given_problems(study: Study, dataset: Dataset, machine: Machine) -> list[str]:
    """What is wrong with the answers that are given for a study, or too little for it."""
    problems: list[str] = []
    for settings in study.classifiers:
        if settings.has_network or settings.name not in machine.predictions:
            continue
        try:
            given = given_answers(settings.name, dataset, machine)
        except ClassifierError as error:
            problems += error.problems
            continue
        if given.table.probabilities is None and study.trial.best > 1:
            problems += [
                f"trial.best: {study.trial.best}, but --predictions {settings.name} has one answer "
                f"to each picture, and the step {step.name!r} shows the best of them; say best = "
                "1, or give a column of probabilities for each class"
                for step in study.trial.steps
                if Part.BEST in step.shows
            ]
    return problems
