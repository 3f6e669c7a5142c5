"""What the steps of a build work on, once every classifier has answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.imported.given import Given
from stimuli.build.imported.given_neighbours import GivenNeighbours
from stimuli.datasets.base import ClassInfo, Dataset, Split
from stimuli.models.classifiers import Machine
from stimuli.pictures.crops import Crops
from stimuli.study import Study

SplitRow = tuple[Split, int]
"""A row of a split."""


@dataclass(frozen=True, kw_only=True)
class BuildContext:
    """A study, its pictures, and what its classifiers answered to them.

    Attributes:
        crops: of every split. Attacked ones, once there are any, are the last of the test split.
        evaluations: the classifiers in the order of the study. Bins are those of the first one,
            which is also the one that is attacked.
        classes: by index: those of the data set, then what its classifiers know beside them.
        given: explanations that another tool made, by the explainer's name.
        neighbours: those that another tool found, by the classifier's name.
    """

    study: Study
    dataset: Dataset
    machine: Machine
    crops: Crops
    evaluations: Sequence[EvaluatedClassifier]
    classes: Sequence[ClassInfo]
    given: Mapping[str, Given] = field(default_factory=dict)
    neighbours: Mapping[str, GivenNeighbours] = field(default_factory=dict)
