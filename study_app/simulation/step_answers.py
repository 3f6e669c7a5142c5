"""How a simulated participant answers one of a study's own steps, as was planted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from stimuli.bundle import Prediction, Stimulus
from stimuli.study import BETWEEN_RANKS, Delay, Part, Phase, Response, Step
from study_app.enums import Decision
from study_app.scoring import is_right, right_answer
from study_app.simulation.behaviour import Behaviour
from study_app.simulation.decision_model import DecisionModel, Trait, by_sight
from study_app.simulation.participant import OpenTrial, SimulatedParticipant

TELLS_ANSWER = (Part.ANSWER, Part.BEST, Part.CARD)
OF_THE_AI = (*TELLS_ANSWER, Part.CONFIDENCE, Part.PANELS)
STEADINESS = 8.0  # of the sureness that people state around their mean; a beta's alpha + beta
MOST_DECIMALS = 6  # that a number may have


@dataclass(frozen=True, kw_only=True)
class MetStep:
    """A step as one participant meets it.

    Attributes:
        response: what it asks, with the names of classes that the page offers.
        parts: what it shows the participant's condition.
        meets_ai: whether that condition meets the AI.
        spread: standard deviation of the true numbers, where labels are numbers.
    """

    step: Step
    response: Response
    parts: tuple[Part, ...]
    meets_ai: bool
    stimulus: Stimulus
    prediction: Prediction
    spread: float


@dataclass(frozen=True)
class StepAnswerer:
    """A participant in front of a step."""

    model: DecisionModel
    participant: SimulatedParticipant
    met: MetStep

    @property
    def _memory(self) -> OpenTrial:
        return self.participant.open_trial

    @property
    def _behaviour(self) -> Behaviour:
        return self.model.behaviours[self.participant.condition]

    @property
    def _looks(self) -> bool:
        """Whether what is shown makes a difference."""
        return self.participant.profile.accepts is None

    @cached_property
    def _sight(self) -> float | None:
        """The probability of knowing what is right, of those and in phases where that decides."""
        profile = self.participant.profile
        is_known = profile.knows or self.met.stimulus.phase is not Phase.TEST
        return self.model.sight(profile) if is_known else None

    def reveals(self) -> dict[Part, float]:
        """When each part comes that is not there at once, in ms, in that order.

        Those who look wait for what comes by itself, and may ask for the others one after the
        other; the others do neither, nor do those ask who know labels.
        """
        profile, rng = self.participant.profile, self.participant.rng
        times: dict[Part, float] = {}
        asked_ms = 0.0
        for part, moment in self.met.step.moments.items():
            if part not in self.met.parts or not self._looks:
                continue
            if isinstance(moment, Delay):
                times[part] = moment.after_ms
            elif not profile.knows and rng.random() < self.asking(part):
                asked_ms += profile.reading.draw(rng)
                times[part] = asked_ms
        return dict(sorted(times.items(), key=lambda item: item[1]))

    def asking(self, part: Part) -> float:
        """The probability of asking for a part that comes on demand."""
        planted = self._behaviour.asking_for.get(part, self._behaviour.asking)
        return self._share(planted, Trait.CURIOSITY)

    def learn(self, revealed: Mapping[Part, float]) -> None:
        """Remember what the step shows of the AI, at once or later."""
        if not self.met.meets_ai:
            return
        moments = self.met.step.moments
        seen = {part for part in self.met.parts if part not in moments or part in revealed}
        self._memory.knows_answer |= bool(seen & {*TELLS_ANSWER})
        self._memory.knows_ai |= bool(seen & {*OF_THE_AI})

    def answer(self) -> str:
        """What the participant answers, as it is stored."""
        value = self._answer() if self._looks else self._answer_without_looking()
        if self.met.step.truth:
            truth = right_answer(self.met.step.truth, self.met.stimulus, self.met.prediction)
            self._memory.was_right = is_right(self.met.response, value, truth)
        return value

    def _answer(self) -> str:
        step, response, memory = self.met.step, self.met.response, self._memory
        is_rating = response.kind in ("slider", "scale") and not step.truth
        if step.truth == "ai_right":
            return Decision.ACCEPT if memory.lot < self.accepting() else Decision.REJECT
        if step.truth and response.offered:
            return self.label()
        if step.truth and response.problem(self._target) is None:
            return self.number()
        if is_rating and Part.OWN in step.shows and memory.was_right is not None:
            return self.sureness()
        return self._anything()

    def _answer_without_looking(self) -> str:
        """Of those who accept, or choose, whatever is shown: one thing always, or anything."""
        response = self.met.response
        if self.participant.profile.accepts == 1 and response.kind != "text":
            return response.value(always_the_same(response))
        return self._anything()

    def _anything(self) -> str:
        """What can be answered; a place to a hundredth, as the page's two lines let people mark."""
        text = self.met.response.invented(self.participant.rng)
        if self.met.response.kind == "click":
            text = " ".join(f"{float(share):.2f}" for share in text.split())
        return self.met.response.value(text)

    def accepting(self) -> float:
        """The probability of accepting: by what is known of the AI, else by the photo alone."""
        prediction, participant = self.met.prediction, self.participant
        if self._sight is not None:
            return by_sight(self._sight, prediction)
        if not self._memory.knows_ai:
            return by_sight(self._share(self._behaviour.alone, Trait.SKILL), prediction)
        return self.model.chance(
            participant.profile, participant.condition, participant.leaning, prediction
        )

    def label(self) -> str:
        """A name: what the AI is thought to answer, or what the photo is held for."""
        rng, memory, advice = self.participant.rng, self._memory, self.met.prediction.label
        if self._foresees:
            return advice if rng.random() < self._foreseeing() else self._another_than(advice)
        true_label = self.met.stimulus.true_label
        if not memory.label:
            known = self._sight
            alone = self._share(self._behaviour.alone, Trait.SKILL) if known is None else known
            knows = rng.random() < alone
            memory.label = true_label if knows else self._another_than(true_label)
        if self._sight is None and memory.knows_answer and memory.lot < self.switching():
            memory.label = advice
        return memory.label

    def _another_than(self, label: str) -> str:
        return self.participant.rng.choice([o for o in self.met.response.offered if o != label])

    @property
    def _foresees(self) -> bool:
        """Whether the AI's answer is asked for; those who know labels say the label even then."""
        return self.met.step.truth == "ai_answer" and not self.participant.profile.knows

    def _foreseeing(self) -> float:
        planted = self._behaviour.predicting[not self.met.prediction.right]
        return self._share(planted, Trait.SKILL) if self._sight is None else self._sight

    def switching(self) -> float:
        """The probability of taking an answer of the AI that differs from one's own."""
        return self._following(self._behaviour.switching[not self.met.prediction.right])

    @property
    def _target(self) -> str:
        """The number that is asked for, as a label says it."""
        return self.met.prediction.label if self._foresees else self.met.stimulus.true_label

    def number(self) -> str:
        """The right one where that is known, else an own one, moved to the AI's where told."""
        response, rng, memory = self.met.response, self.participant.rng, self._memory
        known = self._foreseeing() if self._foresees else self._sight
        if known is not None and rng.random() < known:
            return response.value(self._target)
        if memory.estimate is None:
            error = self._behaviour.error * self.met.spread
            memory.estimate = _number_in(self._target) + rng.gauss(0, error)
        number = memory.estimate
        if known is None and memory.knows_answer:
            advice = _number_in(self.met.prediction.label)
            number += self._following(self._behaviour.weight) * (advice - number)
        return _written(response, number, self.met.spread)

    def sureness(self) -> str:
        """A place on a line, or a step of a scale, whose mean is as was planted."""
        rng, response = self.participant.rng, self.met.response
        planted = self._behaviour.sureness[not self._memory.was_right]
        mean = self._share(planted, Trait.SURENESS)
        share = mean
        if 0 < mean < 1:
            share = rng.betavariate(STEADINESS * mean, STEADINESS * (1 - mean))
        if response.offered:
            upper = sum(rng.random() < share for _ in response.offered[1:])
            return response.offered[upper]
        low, high = bounds_of(response)
        return _written(response, low + share * (high - low), high - low)

    def _share(self, planted: float, trait: Trait) -> float:
        stimulus_id = self.met.stimulus.stimulus_id
        return self.model.share(planted, self.participant.traits, trait, stimulus_id)

    def _following(self, planted: float) -> float:
        participant, stimulus_id = self.participant, self.met.stimulus.stimulus_id
        profile, leaning = participant.profile, participant.leaning
        return self.model.following(planted, profile, leaning, stimulus_id)


def bounds_of(response: Response) -> tuple[float, float]:
    """The least and the greatest number of a response, without end where it has none."""
    low, high = getattr(response, "low", None), getattr(response, "high", None)
    return -math.inf if low is None else low, math.inf if high is None else high


def always_the_same(response: Response) -> str:
    """The first of the answers; the least number, or 0; the middle of a photo; the file's order."""
    if response.offered:
        return response.offered[0]
    if response.kind == "click":
        return "0.5 0.5"
    if response.kind == "rank":
        return BETWEEN_RANKS.join(response.options)  # type: ignore[attr-defined]
    low, high = bounds_of(response)
    return _written(response, low if low > -math.inf else min(0.0, high), 1)


def _number_in(label: str) -> float:
    return float(label.replace(",", "."))


def _written(response: Response, number: float, spread: float) -> str:
    """A number within the bounds: a whole one on a line, else to a hundredth of the spread."""
    low, high = bounds_of(response)
    within = min(max(number, low), high)
    if response.kind == "slider":
        return response.value(str(round(within)))
    decimals = min(max(2 - math.floor(math.log10(spread)), 0), MOST_DECIMALS)
    return response.value(f"{within:.{decimals}f}")
