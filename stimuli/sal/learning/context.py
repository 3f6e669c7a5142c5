"""What all models of a run share."""

from dataclasses import dataclass

import numpy as np
import torch

from stimuli.cache import Cache
from stimuli.sal.data.images import Data
from stimuli.sal.experiment import Experiment


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """What all models of a run share.

    Attributes:
        data: with trunk maps where the models' first modules are frozen.
        cache: what models predicted, on the disk.
        file_masks: (n, bytes) of the training set, packed bits, or (n, pixels), soft maps, drawn by
            another program; zeros where it drew none.
    """

    data: Data
    experiment: Experiment
    cache: Cache
    device: torch.device
    file_masks: np.ndarray
