"""Parts of a build that need no data set on disk and no training, for tests of single steps."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from explainers.classifier import Classifier
from stimuli.build.context import BuildContext
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.cache import Cache
from stimuli.datasets.base import ClassInfo, Dataset, Example, Picture, Split
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import Predictions
from stimuli.models.ready import ReadyNetwork
from stimuli.pictures.crops import Crops
from stimuli.study import Study


class Listed(Dataset):
    """A data set whose pictures nobody loads."""

    classes = [ClassInfo(name="a", description="A."), ClassInfo(name="b", description="")]

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples

    def state(self, example: Example) -> object:
        raise NotImplementedError

    def load(self, example: Example) -> Picture:
        raise NotImplementedError


def evaluated_classifier(
    predictions: Mapping[Split, Predictions],
    *,
    name: str = "tiny",
    classifier: Classifier | None = None,
    cache: Path = Path("nowhere"),
) -> EvaluatedClassifier:
    """A classifier that said this; it has a card of words for class 0 alone, and no neighbours."""
    return EvaluatedClassifier(
        ready=ReadyNetwork(name=name, network=classifier, digest=""),
        predictions=dict(predictions),
        cards={0: []},
        gallery=None,
        cache=Cache(folder=cache),
    )


def build_context(
    study: Study,
    *evaluations: EvaluatedClassifier,
    crops: Crops | None = None,
    examples: Sequence[Example] = (),
) -> BuildContext:
    """The context of a study, on this machine."""
    return BuildContext(
        study=study,
        dataset=Listed(examples),
        machine=Machine(),
        crops=crops or {},
        evaluations=evaluations,
        classes=Listed(examples).classes,
    )
