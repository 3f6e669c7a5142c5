"""A simulated participant answers screen after screen.

Seen, judge and a study's own steps are answered by what the participant knows and believes; any
other screen by its form alone: every field is filled in, and the first button pressed.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from statistics import pstdev

from stimuli.bundle import Stimulus
from stimuli.study import AttentionCheck, ComprehensionCheck, Part, Phase, Study
from study_app.active_study import ActiveStudy
from study_app.database import now
from study_app.enums import Input, Noticed
from study_app.session.questionnaire import field_name
from study_app.session.screens import (
    ATTENTION,
    COMMENTS,
    COMPREHENSION,
    JUDGE,
    SCREENS,
    SEEN,
    STEP,
)
from study_app.session.steps import IN_KEY, parts_shown, step_named
from study_app.simulation.decision_model import DecisionModel, Trait, by_sight
from study_app.simulation.html import Form
from study_app.simulation.participant import (
    AcknowledgedAnswer,
    OpenTrial,
    SimulatedParticipant,
)
from study_app.simulation.signals import leaving, pasting
from study_app.simulation.step_answers import MetStep, StepAnswerer

HAS_SEEN = 0.6  # share of things that simulated participants have seen before
INPUTS = (Input.MOUSE, Input.MOUSE, Input.KEYBOARD, Input.TOUCH)
MISHAPS = 0.2  # share of the answers of those who have mishaps
TAB = "simulated"  # the name that each one's only tab gives itself


@dataclass(frozen=True)
class SessionSimulator:
    """What every simulated session has in common: a study, and how participants judge in it."""

    active: ActiveStudy
    decision_model: DecisionModel

    def run(self, participant: SimulatedParticipant) -> SimulatedParticipant:
        """Answer until a page has nothing to answer, or the participant leaves."""
        tab, rng, mishaps = participant.tab, participant.rng, participant.profile.mishaps
        while tab.page.screen and not participant.has_left:
            screen, form = tab.page.screen, tab.page.form
            if participant.is_stuck:
                raise LookupError(f"{tab.path}: {screen} comes again whatever is answered")
            fields = self._fields(participant, screen)
            has_mishap = bool(mishaps) and rng.random() < MISHAPS
            tab.submit(fields, mishap=rng.choice(mishaps) if has_mishap else None)
            sent = form.fields | fields
            replies = {name: sent[name] for name in form.questions if sent.get(name)}
            if screen == COMMENTS.name:  # how the pictures looked, in the database's word for it
                for name, options in form.radios.items():
                    replies[name] = tuple(Noticed)[options.index(sent[name])]
            prefix = field_name("")
            answer = AcknowledgedAnswer(
                screen=screen,
                trial=sent.get("trial", ""),
                answer=sent.get("answer", ""),
                replies={name.removeprefix(prefix): text for name, text in replies.items()},
            )
            participant.acknowledged_answers.append(answer)
        tab.rest()
        participant.ended = now()
        return participant

    @cached_property
    def n_screens(self) -> int:
        """About as many screens as somebody meets who stays."""
        study, counts = self.active.study, self.active.trial_counts
        practised = counts.get(Phase.PRACTICE, 0)
        trials = sum(counts.values())
        whole = trials if study.practice.steps == "trial" else trials - practised
        labels = len({prediction.label for prediction in self.active.bundle.predictions})
        times = {"always": whole, "first": min(whole, labels), "never": 0}
        before = 3 if study.comprehension else 2
        if steps := study.trial.steps:
            return before + practised + sum(times[step.show] for step in steps)
        screens = times[study.trial.ask_seen] + times[study.trial.show_card]
        return before + trials + practised + screens

    def _fields(self, participant: SimulatedParticipant, screen: str) -> dict[str, str]:
        """What a participant fills in, what the browser's script adds, and the button pressed."""
        profile, form, rng = participant.profile, participant.tab.page.form, participant.rng
        if screen == STEP.name:
            fields = self._step_fields(participant, form)
        else:
            time = (profile.deciding if screen == JUDGE.name else profile.reading).draw(rng)
            fields = {"view": TAB, "rt_ms": repr(time), "input": rng.choice(INPUTS)}
            fields |= _replies(self.active.study, participant)
            fields["answer"] = next(iter(form.choices), "")
        if screen == SEEN.name:
            fields["answer"] = "yes" if rng.random() < HAS_SEEN else "no"
        if screen == JUDGE.name:
            panels = self.active.conditions[participant.condition].panels
            fields["answer"] = "yes" if rng.random() < self._chance(participant) else "no"
            fields |= _viewing(time, n_panels=len(panels))
            fields |= leaving(profile, time, rng=participant.habits)
        fields |= pasting(profile, form, fields, rng=participant.habits)
        return {name: text for name, text in fields.items() if name != "answer" or text}

    def _step_fields(self, participant: SimulatedParticipant, form: Form) -> dict[str, str]:
        """The same of a step, with what came later than its page."""
        met, profile, rng = self._met(participant, form), participant.profile, participant.rng
        answerer = StepAnswerer(self.decision_model, participant, met)
        revealed = answerer.reveals()
        answerer.learn(revealed)
        is_answer = met.response.kind != "continue"
        time = max(revealed.values(), default=0.0)
        time += (profile.deciding if is_answer else profile.reading).draw(rng)
        value = answerer.answer()
        pressed = {"answer": value if value in form.choices else "continue"}
        panels = self.active.conditions[participant.condition].panels
        n_panels = len(panels) if Part.PANELS in met.parts else 0
        return {
            "view": TAB,
            "rt_ms": repr(time),
            "input": rng.choice(INPUTS),
            **dict.fromkeys(form.questions, value),
            "revealed": " ".join(f"{part}:{round(ms)}" for part, ms in revealed.items()),
            **(_viewing(time, n_panels=n_panels) if Part.PHOTO in met.parts else {}),
            **(leaving(profile, time, rng=participant.habits) if is_answer else {}),
            **pressed,
        }

    def _met(self, participant: SimulatedParticipant, form: Form) -> MetStep:
        """The step that the page shows; a trial's first makes it the one that is open."""
        key, _, name = form.fields["trial"].partition(IN_KEY)
        if participant.open_trial.key != key:
            participant.open_trial = OpenTrial(key=key, lot=participant.rng.random())
        study, condition = self.active.study, self.active.conditions[participant.condition]
        step = step_named(study, name)
        parts, response = parts_shown(study, condition, step), step.response
        if response.names_classes:
            response = response.model_copy(update={"options": tuple(form.choices)})
        if Part.PHOTO in parts:
            stimulus = self._seen_stimulus(participant)
        else:
            stimulus = self.active.bundle.stimulus_by_id[participant.stimuli[key]]
        return MetStep(
            step=step,
            response=response,
            parts=parts,
            meets_ai=bool(condition.shows_ai),
            stimulus=stimulus,
            prediction=self.active.prediction(stimulus.stimulus_id, condition.name),
            spread=self._spread,
        )

    def _chance(self, participant: SimulatedParticipant) -> float:
        """The probability of accepting what the page shows, in the trial of the paper."""
        stimulus, model = self._seen_stimulus(participant), self.decision_model
        prediction = self.active.prediction(stimulus.stimulus_id, participant.condition)
        profile, condition = participant.profile, participant.condition
        if stimulus.phase is not Phase.TEST:
            return model.chance_outside_test(profile, prediction)
        is_blind = profile.accepts is None and not profile.knows
        if is_blind and not self.active.conditions[condition].shows_ai:
            alone = model.behaviours[condition].alone
            skill = model.share(alone, participant.traits, Trait.SKILL, stimulus.stimulus_id)
            return by_sight(skill, prediction)
        return model.chance(profile, condition, participant.leaning, prediction)

    def _seen_stimulus(self, participant: SimulatedParticipant) -> Stimulus:
        """The stimulus whose photo the page shows.

        Raises:
            LookupError: if no picture of the page is the photo of a stimulus.
        """
        names = [PurePosixPath(picture).name for picture in participant.tab.page.pictures]
        stimuli = [self._stimuli[name] for name in names if name in self._stimuli]
        if not stimuli:
            raise LookupError(f"{participant.tab.path}: no picture of this page is a stimulus")
        return stimuli[0]

    @cached_property
    def _stimuli(self) -> dict[str, Stimulus]:
        """Stimuli by the file name of their photo."""
        stimuli = self.active.bundle.stimuli
        return {PurePosixPath(stimulus.image).name: stimulus for stimulus in stimuli}

    @cached_property
    def _spread(self) -> float:
        """Standard deviation of the true labels that are numbers; 1 where they are none, or one."""
        number = re.compile(r"[+-]?\d+([.,]\d+)?")
        labels = [stimulus.true_label for stimulus in self.active.bundle.stimuli]
        numbers = [float(label.replace(",", ".")) for label in labels if number.fullmatch(label)]
        return (pstdev(numbers) if numbers else 0) or 1.0


def _viewing(time_ms: float, *, n_panels: int) -> dict[str, str]:
    """Everything was in view from the beginning, in a window of usual size."""
    return {
        "photo_seen": "1",
        "photo_seen_ms": repr(time_ms),
        "panels_seen": " ".join("1" for _ in range(n_panels)),
        "panels_seen_ms": " ".join(repr(time_ms) for _ in range(n_panels)),
        "window_w": "1280",
        "window_h": "720",
        "zoom": "1",
    }


def _replies(study: Study, participant: SimulatedParticipant) -> dict[str, str]:
    """An answer to each question of the page; mostly the right ones where there are such."""
    page, rng = participant.tab.page, participant.rng
    key = page.form.fields.get("trial", "")
    questions = {
        field_name(question.name): question
        for screen in SCREENS
        if screen.name == page.screen and screen.questions
        for question in screen.questions(study, key)
    }
    profile, checks = participant.profile, _checks(study, page.screen, key)
    if not checks:
        return {name: questions[name].invented(rng) for name in page.form.questions}
    chance = profile.attentive if page.screen == ATTENTION.name else profile.understands
    passes = rng.random() < chance
    return {
        name: rng.choice([option for option in options if checks[name].passed_by(option) == passes])
        for name, options in page.form.radios.items()
    }


def _checks(study: Study, screen: str, key: str) -> dict[str, AttentionCheck | ComprehensionCheck]:
    """The checks of a page, by the name of the field; none where nothing is right or wrong."""
    checks: list[AttentionCheck | ComprehensionCheck] = []
    if screen == ATTENTION.name:
        checks = [check for check in study.attention if check.name == key]
    elif screen == COMPREHENSION.name:
        checks = [*study.comprehension]
    return {field_name(check.name): check for check in checks}
