"""Neighbours of an AI of which there are answers alone: by features of it, or from lists."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stimuli.build.imported.feature_files import (
    Features,
    feature_problems,
    features_in_folder,
    features_of_rows,
)
from stimuli.build.imported.intake import ExplanationsError
from stimuli.build.imported.neighbour_lists import COLUMNS, IMAGE, NEIGHBOUR, ListReader, Lists
from stimuli.bundle import GivenFacts
from stimuli.datasets.base import Dataset, Split
from stimuli.datasets.folder.label_table import read_cells
from stimuli.models.classifiers import Machine
from stimuli.models.given_answers import GivenAnswers, given_answers
from stimuli.pictures.crops import Crop
from stimuli.study import Study
from stimuli.study.explainer_settings import NeighbourSettings


@dataclass(frozen=True, kw_only=True)
class GivenNeighbours:
    """What was given of one classifier.

    Attributes:
        features: of each picture; none where neighbours are listed.
        lists: the neighbours of each picture of val and test; none where there are features.
    """

    features: Features = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)

    def features_of(self, crops: Sequence[Crop]) -> np.ndarray:
        """(n, dimensions) float32."""
        vectors = [self.features[crop.example.source] for crop in crops]
        return np.stack(vectors) if vectors else np.empty((0, 1), dtype=np.float32)

    @property
    def facts(self) -> GivenFacts:
        """What a bundle says of them."""
        total = hashlib.sha256()
        for source, vector in sorted(self.features.items()):
            total.update(source.encode() + b"\n" + vector.tobytes())
        for source, listed in sorted(self.lists.items()):
            total.update("\t".join((source, *listed)).encode() + b"\n")
        return GivenFacts(digest=total.hexdigest(), n_images=len(self.features or self.lists))


def read_neighbours(study: Study, dataset: Dataset, machine: Machine) -> dict[str, GivenNeighbours]:
    """What is given of each classifier that has answers alone and whose neighbours are shown.

    Raises:
        ExplanationsError: with everything that is wrong.
    """
    settings, problems = study.explainers.neighbours, list[str]()
    given: dict[str, GivenNeighbours] = {}
    for classifier in study.classifiers:
        name = classifier.name
        shown = not classifier.has_network and "neighbours" in study.explainers_of(name)
        if not (settings and shown):
            continue
        answers = given_answers(name, dataset, machine)
        where = f"--neighbours {name}"
        if not any(e.source in answers.row_of for e in dataset.split(Split.TRAIN)):
            problems.append(
                f"{where}: people are told that the AI knows the neighbours by the name it says, "
                f"and no training picture has an answer; add them to --predictions {name}"
            )
        given[name] = _read(machine.neighbours[name], answers, dataset, settings, problems)
    if problems:
        raise ExplanationsError("neighbours", problems)
    return given


def _read(
    path: Path,
    answers: GivenAnswers,
    dataset: Dataset,
    settings: NeighbourSettings,
    problems: list[str],
) -> GivenNeighbours:
    """A folder of arrays, a table of features, or one of neighbours."""
    examples, where, features = dataset.examples, f"--neighbours {answers.name}", None
    if path.is_dir():
        features = features_in_folder(path, examples, where, problems)
    else:
        before = len(problems)
        rows = read_cells(path, where, problems, columns=COLUMNS, required=(IMAGE,), others=True)
        if not rows:
            problems += [f"{where}: {path} has no row; add some"] * (len(problems) == before)
            return GivenNeighbours()
        if NEIGHBOUR not in rows[0][1]:
            features = features_of_rows(rows, examples, where, problems)
    if features is not None:
        problems += [f"{where}: {problem}" for problem in feature_problems(features, examples)]
        return GivenNeighbours(features=features)
    if strange := {*rows[0][1]} ^ {*COLUMNS}:
        problems.append(
            f"{where}: a list of neighbours has the columns {', '.join(COLUMNS)} and no others; "
            f"look at {', '.join(sorted(strange))}"
        )
        return GivenNeighbours()
    if answers.name in settings.duplicate_distance:
        problems.append(
            f"explainers.neighbours.duplicate_distance: {answers.name} has a list of neighbours, "
            "and no distances; remove it"
        )
    said = {source: int(answers.table.labels[row]) for source, row in answers.row_of.items()}
    reader = ListReader(examples=examples, answers=said, classes=answers.classes, where=where)
    return GivenNeighbours(lists=reader.lists(rows, settings.k, problems))
