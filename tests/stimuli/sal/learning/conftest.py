"""What a model learns from, and what it has learnt."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from explainers.classifier import Classifier
from stimuli.sal.data.images import Data
from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.learning.context import RunContext


def everything(data: Data, origin: Origin = Origin.HUMAN) -> Labelled:
    """The whole training set, with masks of this origin."""
    n = len(data.train)
    return Labelled(
        rows=np.arange(n),
        labels=data.train.labels,
        masks=data.train.masks,
        origins=np.full(n, origin, dtype=np.int8),
    )


def weights_of(classifier: Classifier) -> Tensor:
    """All values of its state in one row."""
    return torch.cat([value.flatten().double() for value in classifier.state_dict().values()])


def with_option(context: RunContext, table: str, **options: object) -> RunContext:
    """The context of the same run with other settings in a table."""
    settings = getattr(context.experiment, table).model_copy(update=options)
    return replace(context, experiment=context.experiment.model_copy(update={table: settings}))
