"""How a simulated person decides: what was planted, and how people and pictures differ.

Log odds of accepting = stretch * planted + trust of the profile + person + picture, where person
and picture are normal with mean 0. The stretch keeps the average over people and pictures at what
was planted (Zeger, Liang & Albert 1988: a logistic curve blurred by a normal of variance v is as
flat as one divided by sqrt(1 + c v), c = (16 sqrt(3) / 15 pi)^2). What else is planted scatters
likewise, but for the trust, which is in the AI.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stimuli.bundle import Prediction
from study_app.simulation.behaviour import Behaviour, expit, logit
from study_app.simulation.profiles import Profile

FLATTENING = (16 * math.sqrt(3) / (15 * math.pi)) ** 2
PERSON_SD, IMAGE_SD = 0.3, 0.3
AGENT_ACCURACY = 0.9


class Trait(StrEnum):
    """In what people and pictures differ besides acceptance."""

    SKILL = "skill"
    SURENESS = "sureness"
    CURIOSITY = "curiosity"


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

    def traits(self, number: int) -> dict[Trait, float]:
        """How much of each trait a person has more than others, in log odds.

        Args:
            number: of the person in the rehearsal.
        """
        rng = random.Random(f"{self.seed}:{number}:traits")
        return {trait: rng.gauss(0, self.person_sd) for trait in Trait}

    def scattered(self, log_odds: float, *, person: float, picture: float) -> float:
        """A share whose average over people and pictures is about that of the log odds.

        Args:
            person: how much more than others the person has, in log odds.
            picture: the same of the picture, see `of_picture`.
        """
        stretch = math.sqrt(1 + FLATTENING * (self.person_sd**2 + self.image_sd**2))
        return expit(stretch * log_odds + person + picture)

    def of_picture(self, stimulus_id: str, trait: Trait | None = None) -> float:
        """How much more than others a picture makes people accept or, of a trait, has of it."""
        what = f":{trait}" if trait else ""
        return random.Random(f"{self.seed}:picture:{stimulus_id}{what}").gauss(0, self.image_sd)

    def share(
        self, planted: float, traits: Mapping[Trait, float], trait: Trait, stimulus_id: str
    ) -> float:
        """What was planted as a share, for one person and picture; 0 and 1 stay exact."""
        picture = self.of_picture(stimulus_id, trait)
        return self.scattered(logit(planted), person=traits[trait], picture=picture)

    def following(
        self, planted: float, profile: Profile, leaning: float, stimulus_id: str
    ) -> float:
        """The same where the AI's answer is taken over, wholly or in part."""
        person, picture = profile.trust + leaning, self.of_picture(stimulus_id)
        return self.scattered(logit(planted), person=person, picture=picture)

    def chance(
        self, profile: Profile, condition: str, leaning: float, prediction: Prediction
    ) -> float:
        """The probability that a person accepts what the AI says of a test stimulus."""
        if profile.accepts is not None:
            return profile.accepts
        if profile.knows:
            return by_sight(self.agent_accuracy, prediction)
        return self.scattered(
            self.behaviours[condition].log_odds(prediction),
            person=profile.trust + leaning,
            picture=self.of_picture(prediction.stimulus_id),
        )

    def chance_outside_test(self, profile: Profile, prediction: Prediction) -> float:
        """The same of a practice or validation item, which people judge by sight."""
        if profile.accepts is not None:
            return profile.accepts
        return by_sight(self.sight(profile), prediction)

    def sight(self, profile: Profile) -> float:
        """How often somebody is right of a practice or validation item."""
        return self.agent_accuracy if profile.knows else profile.validation_right


def by_sight(accuracy: float, prediction: Prediction) -> float:
    """The probability of accepting where so many labels are judged rightly."""
    return accuracy if prediction.right else 1 - accuracy
