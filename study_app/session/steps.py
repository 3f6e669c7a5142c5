"""A study's own steps: what each shows and asks in a condition, and what is kept of the answer."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from stimuli.study import (
    QUESTIONS,
    SCREEN_NAMES,
    Button,
    Condition,
    Delay,
    Part,
    Response,
    Step,
    Study,
    carried_from,
)
from study_app.active_study import ActiveStudy
from study_app.answer_models import StepAnswer, Trial
from study_app.database import db, now
from study_app.enums import Decision
from study_app.i18n.sentences import translation
from study_app.i18n.wording import IS_RIGHT, article_in, percent, question_in_words
from study_app.models import Participant
from study_app.session.questionnaire import field_name, read_values
from study_app.session.screen import (
    Answer,
    Position,
    Screen,
    as_far_as_possible,
    was_answered,
)
from study_app.session.trial_answers import store_outcome
from study_app.session.trial_context import trial_context

IN_KEY = ":"  # between the trial's key and the step's name


@dataclass(frozen=True, kw_only=True)
class ShownStep:
    """A step as one group meets it in one trial.

    Attributes:
        parts: what it shows.
        has_panels: whether any group sees panels here, or where the answer is revised: pictures are
            as large in each.
        kept: parts that are seen where the answer is revised, and whose place is kept here: the
            photo stays where it is.
        new: of these, what no step of the trial showed before.
        buttons: those that answer at once; none where a field is filled in.
        own: the person's earlier answer in words; empty where it shows none.
        best: labels with whole per cents, the most likely first.
        delays: parts that come so many ms after the others; None for those that are asked for.
        names_answer: whether captions may name the AI's answer from the beginning.
        true_label: with its article; empty before practice tells it.
    """

    parts: Collection[Part]
    has_panels: bool
    kept: Collection[Part]
    new: Collection[Part]
    buttons: tuple[Button, ...]
    own: str
    best: tuple[tuple[str, int], ...]
    delays: Mapping[Part, int | None]
    names_answer: bool
    true_label: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class StepScreen(Screen):
    """The one screen of all steps that a study declares."""

    def due(self, study: Study, participant: Participant, trial: Trial | None) -> str | None:
        """In a trial whose next step is none of the other screens."""
        if trial is None or not trial.step or trial.step in SCREEN_NAMES:
            return None
        return f"{trial.key}{IN_KEY}{trial.step}"

    def was_answered(self, participant: Participant, key: str) -> bool:
        """By the trial and the step of that key."""
        trial, _, step = key.partition(IN_KEY)
        return was_answered(participant, trial, step)

    def asked(self, active: ActiveStudy, position: Position) -> tuple[Response, ...]:
        """What the step asks of this picture."""
        condition, trial = position.participant.condition, position.open_trial
        return (
            response_to(active, condition, trial.stimulus_id, step_named(active.study, trial.step)),
        )

    def store(self, active: ActiveStudy, position: Position, answer: Answer) -> None:
        """Store the answer, once; the one that decides about the trial in its row too.

        Raises:
            FaultyAnswers: if it cannot be one; nothing is stored then.
        """
        moment = now()
        trial, step = position.open_trial, step_named(active.study, position.open_trial.step)
        [question] = self.asked(active, position)
        pressed = {field_name(step.name): answer.choice}
        fields = pressed if question.buttons else answer.fields
        value = read_values(active.study, (question,), fields).get(step.name, "")
        answer = as_far_as_possible(active, position, answer)
        earlier = carried(active, trial, step)
        db.session.add(
            StepAnswer(
                trial=trial.id,
                name=step.name,
                value=value,
                carried=earlier[1] if earlier else None,
                revealed=answer.revealed or None,
                rt_ms=answer.rt_ms,
                away_ms=answer.viewing.get("away_ms"),
                input=answer.input,
                answered_at=moment,
            )
        )
        if step == active.outcomes[position.participant.condition]:
            if question.kind == "decision":
                trial.decision = Decision(value)
            store_outcome(trial, answer)
            trial.answered_at = moment  # the same in both rows
        trial.steps_left -= 1


def step_named(study: Study, name: str) -> Step:
    """One of a study's own steps."""
    return next(step for step in study.trial.steps if step.name == name)


def parts_shown(study: Study, condition: Condition, step: Step) -> tuple[Part, ...]:
    """What of a step a condition's people see."""
    hidden = study.hidden_from(condition)
    return tuple(part for part in step.shows if part not in hidden)


def response_to(active: ActiveStudy, condition: str, stimulus_id: str, step: Step) -> Response:
    """What a step asks of one picture, in the study's language: names of classes are chosen for it.

    Where the AI's answer is yet to come on the page, the question does not name it.
    """
    response, study = step.response, active.study
    to_come = {*step.moments} & {*parts_shown(study, active.conditions[condition], step)}
    names_answer = response.text == QUESTIONS["decision", "ai_right"]
    text = IS_RIGHT if names_answer and Part.ANSWER in to_come else response.text
    label = active.named(active.prediction(stimulus_id, condition).label)
    changes: dict[str, object] = {"text": question_in_words(study, text, label)}
    if response.names_classes:
        n = response.n  # type: ignore[attr-defined]
        changes["options"] = offered_labels(active, condition, stimulus_id, n)
    return response.model_copy(update=changes)


def offered_labels(
    active: ActiveStudy, condition: str, stimulus_id: str, n: int
) -> tuple[str, ...]:
    """The true label, the AI's, and others by lot, the same for everybody; in order of names."""
    said = active.prediction(stimulus_id, condition).label
    true = active.bundle.stimulus_by_id[stimulus_id].true_label
    others = [label for label in active.labels if label != said]
    random.Random(f"{active.study.study.seed}:{stimulus_id}").shuffle(others)
    offered = others[: n - 1]
    if true not in (said, *offered):
        offered[-1] = true
    return tuple(sorted((said, *offered), key=active.named))


def steps_before(active: ActiveStudy, trial: Trial) -> list[Step]:
    """The study's own steps that were answered in a trial, in their order."""
    steps = {step.name: step for step in active.study.trial.steps}
    return [steps[name] for name in trial.steps[: -trial.steps_left] if name in steps]


def parts_kept(study: Study, condition: Condition, step: Step) -> set[Part]:
    """Of what stands beside a photo when an answer to it is revised: what another step lacks."""
    all_shown = [{*parts_shown(study, condition, one)} for one in study.steps_of(condition)]
    revising = [shown for shown in all_shown if {Part.PHOTO, Part.OWN} <= shown]
    shown = {*parts_shown(study, condition, step)}
    beside = {Part.PANELS, Part.OWN} & set[Part]().union(*revising)
    return beside - shown if Part.PHOTO in shown else set()


def has_panels(study: Study, step: Step) -> bool:
    """Whether any group sees panels in a step, or keeps a place for them."""
    groups = [condition for condition in study.conditions if condition.panels]
    return any(
        Part.PANELS in {*parts_shown(study, group, step)} | parts_kept(study, group, step)
        for group in groups
    )


def shown_before(active: ActiveStudy, condition: Condition, trial: Trial) -> set[Part]:
    """What a trial has shown in the steps that were answered."""
    before = steps_before(active, trial)
    return {part for step in before for part in parts_shown(active.study, condition, step)}


def carried(active: ActiveStudy, trial: Trial, step: Step) -> tuple[Step, str] | None:
    """The step whose answer another one shows as the person's own, and that; None for none."""
    earlier = carried_from(step, steps_before(active, trial))
    if earlier is None:
        return None
    query = select(StepAnswer.value).filter_by(trial=trial.id, name=earlier.name)
    value = db.session.scalar(query)
    return (earlier, value) if value else None


def in_words(active: ActiveStudy, step: Step, value: str) -> str:
    """An answer as a page says it: what stood on its button, a name of a class, or itself."""
    buttons = step.response.buttons if step.has_fixed_options else ()
    words = {button.value: translation(active.study, button.words) for button in buttons}
    return words.get(value) or active.named(value)


def step_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """What the page of a step shows."""
    trial, condition = position.open_trial, active.conditions[position.participant.condition]
    step = step_named(active.study, trial.step)
    question = response_to(active, condition.name, trial.stimulus_id, step)
    parts = parts_shown(active.study, condition, step)
    prediction = active.prediction(trial.stimulus_id, condition.name)
    stimulus = active.bundle.stimulus_by_id[trial.stimulus_id]
    true = active.named(stimulus.true_label) if Part.TRUTH in parts else ""
    moments = {part: moment for part, moment in step.moments.items() if part in parts}
    earlier = carried(active, trial, step)
    shown = ShownStep(
        parts=parts,
        new={*parts} - shown_before(active, condition, trial),
        has_panels=has_panels(active.study, step),
        kept=parts_kept(active.study, condition, step),
        buttons=tuple(
            Button(value=b.value, words=active.named(b.words), key=b.key) for b in question.buttons
        ),
        own=in_words(active, *earlier) if earlier else "",
        best=tuple(
            (active.named(answer.label), percent(answer.confidence))
            for answer in prediction.best[: active.study.trial.best]
        ),
        delays={p: m.after_ms if isinstance(m, Delay) else None for p, m in moments.items()},
        names_answer=Part.ANSWER in parts and Part.ANSWER not in moments,
        true_label=(article_in(active.study, true), true) if true else ("", ""),
    )
    context = trial_context(active, position)
    if Part.CONFIDENCE not in parts:
        context["guess"] = replace(context["guess"], percent=None)  # type: ignore[type-var]
    return context | {"shown": shown}
