"""How a simulated person decides: what was planted, and how people and pictures differ.

Log odds of accepting = stretch * planted + trust of the profile + person + picture, where person
and picture are normal with mean 0. The stretch keeps the average over people and pictures at what
was planted (Zeger, Liang & Albert 1988: a logistic curve blurred by a normal of variance v is as
flat as one divided by sqrt(1 + c v), c = (16 sqrt(3) / 15 pi)^2).
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from stimuli.bundle import Prediction
from study_app.simulation.behaviour import Behaviour, expit
from study_app.simulation.profiles import Profile

FLATTENING = (16 * math.sqrt(3) / (15 * math.pi)) ** 2
PERSON_SD, IMAGE_SD = 0.3, 0.3
AGENT_ACCURACY = 0.9


@dataclass(frozen=True, kw_only=True)
class DecisionModel:
    """What decides about acceptance in one rehearsal.

    Attributes:
        person_sd: standard deviation of people, in log odds.
        image_sd: the same of pictures.
        agent_accuracy: how often those who know labels know the right one.
    """

    behaviours: Mapping[str, Behaviour]
    seed: int
    person_sd: float = PERSON_SD
    image_sd: float = IMAGE_SD
    agent_accuracy: float = AGENT_ACCURACY

    def leaning(self, rng: random.Random) -> float:
        """How much more than others a new person accepts, in log odds."""
        return rng.gauss(0, self.person_sd)

    def chance(
        self, profile: Profile, condition: str, leaning: float, prediction: Prediction
    ) -> float:
        """The probability that a person accepts what the AI says of a test stimulus."""
        if profile.accepts is not None:
            return profile.accepts
        if profile.knows:
            return _by_sight(self.agent_accuracy, prediction)
        rng = random.Random(f"{self.seed}:picture:{prediction.stimulus_id}")
        picture = rng.gauss(0, self.image_sd)
        stretch = math.sqrt(1 + FLATTENING * (self.person_sd**2 + self.image_sd**2))
        planted = self.behaviours[condition].log_odds(prediction)
        return expit(stretch * planted + profile.trust + leaning + picture)

    def chance_outside_test(self, profile: Profile, prediction: Prediction) -> float:
        """The same of a practice or validation item, which people judge by sight."""
        if profile.accepts is not None:
            return profile.accepts
        accuracy = self.agent_accuracy if profile.knows else profile.validation_right
        return _by_sight(accuracy, prediction)


def _by_sight(accuracy: float, prediction: Prediction) -> float:
    """The probability of accepting where so many labels are judged rightly."""
    return accuracy if prediction.right else 1 - accuracy
