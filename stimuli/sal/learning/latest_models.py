"""The models of a run: the latest of each role."""

from stimuli.sal.data.labelled import Labelled
from stimuli.sal.learning.cached_model import CachedModel
from stimuli.sal.learning.context import RunContext


class LatestModels:
    """At most one for each role, which begins with the weights of the last one if it may.

    Attributes:
        context: what all of them share.
    """

    def __init__(self, context: RunContext) -> None:
        """There is none yet."""
        self.context = context
        self._by_role: dict[str, CachedModel] = {}

    def get(self, labelled: Labelled, role: str) -> CachedModel:
        """The model of a role that learns from these; the role's last one, if it is the same."""
        last = self._by_role.get(role)
        previous = None
        if self.context.experiment.model.start == "warm" and last is not None:
            # Its weights are of use to a model that learns from more.
            previous = last if 0 < len(last.labelled) < len(labelled) else None
        model = CachedModel(self.context, labelled, role=role, previous=previous)
        if last is None or last.training_key != model.training_key:
            self._by_role[role] = model
        return self._by_role[role]
