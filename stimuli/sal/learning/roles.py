"""The models of a run: the latest of each role."""

from stimuli.sal.data.labelled import Labelled
from stimuli.sal.learning.context import Bench
from stimuli.sal.learning.fit import Fit


class Models:
    """At most one for each role, which begins with the weights of the last one if it may.

    Attributes:
        bench: what all of them share.
    """

    def __init__(self, bench: Bench) -> None:
        """There is none yet."""
        self.bench = bench
        self._latest: dict[str, Fit] = {}

    def fit(self, labelled: Labelled, role: str) -> Fit:
        """The model of a role that learns from these; the role's last one, if it is the same."""
        last = self._latest.get(role)
        previous = last if self._begins_with(last, labelled) else None
        asked = Fit(self.bench, labelled, role=role, previous=previous)
        if last is None or last.lesson != asked.lesson:
            self._latest[role] = asked
        return self._latest[role]

    def _begins_with(self, last: Fit | None, labelled: Labelled) -> bool:
        """Whether a model of these has the weights of its role's last one, which learnt less."""
        warm = self.bench.experiment.model.start == "warm"
        return warm and last is not None and 0 < len(last.labelled) < len(labelled)
