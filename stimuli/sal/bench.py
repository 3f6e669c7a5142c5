"""What all models of a run share, and the latest of them."""

from dataclasses import dataclass, field

import numpy as np
import torch

from stimuli.kept import Kept
from stimuli.sal.fit import Fit
from stimuli.sal.images import Data
from stimuli.sal.labelled import Labelled
from stimuli.sal.settings import Experiment


@dataclass(kw_only=True)
class Bench:
    """What all models of a run share.

    Attributes:
        data: with trunk maps where the models' first modules are frozen.
        kept: what models answered, on the disk.
        file_masks: (n, bytes) of the training set, packed bits, drawn by another program; zeros
            where it drew none.
    """

    data: Data
    experiment: Experiment
    kept: Kept
    device: torch.device
    file_masks: np.ndarray
    _latest: dict[str, Fit] = field(default_factory=dict, repr=False)

    def fit(self, labelled: Labelled, *, alpha: float, role: str) -> Fit:
        """The model of a role that learns from these; the role's last one, if it is the same."""
        last = self._latest.get(role)
        previous = last if self._begins_with(last, labelled) else None
        asked = Fit(self, labelled, alpha=alpha, role=role, previous=previous)
        if last is None or last.lesson != asked.lesson:
            self._latest[role] = asked
        return self._latest[role]

    def _begins_with(self, last: Fit | None, labelled: Labelled) -> bool:
        """Whether a model of these has the weights of its role's last one, which learnt less."""
        warm = self.experiment.model.start == "warm"
        return warm and last is not None and 0 < len(last.labelled) < len(labelled)
