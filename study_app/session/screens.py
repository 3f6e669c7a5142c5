"""Every screen of a session, in the order in which they come: each is declared here, once.

A new screen is a declaration, its place in `SCREENS` and a template of its name; outside the trials
also a migration for the column that tells that it was answered.
"""

from operator import methodcaller

from stimuli.study import Outcome, Phase, When
from study_app.models import Participant
from study_app.session.attention import AttentionScreen, check_questions
from study_app.session.comments import comment_questions, store_comments
from study_app.session.comprehension import (
    ComprehensionScreen,
    comprehension_context,
    comprehension_questions,
)
from study_app.session.consent import consent_context, store_consent
from study_app.session.devices import device_context, store_device
from study_app.session.pause import PauseScreen, pause_context
from study_app.session.prefetch import (
    coming_pictures,
    decision_pictures,
    example_pictures,
    following_pictures,
    no_pictures,
    open_trial_pictures,
)
from study_app.session.questionnaire import questions_of, store_questions
from study_app.session.screen import Screen, SessionScreen, TrialScreen
from study_app.session.steps import StepScreen, step_context
from study_app.session.trial_answers import (
    store_card,
    store_decision,
    store_feedback,
    store_seen,
)
from study_app.session.trial_context import (
    attention_context,
    feedback_context,
    instructions_context,
    trial_context,
)

CONSENT = SessionScreen(
    name="consent",
    buttons=("agree", "decline"),
    answered_at=Participant.consented_at,
    refusal=Outcome.DECLINED,
    record=store_consent,
    context=consent_context,
    prefetch=example_pictures,
)
CHECK = SessionScreen(
    name="check",
    buttons=("continue", "incompatible"),
    answered_at=Participant.checked_at,
    refusal=Outcome.INCOMPATIBLE,
    record=store_device,
    context=device_context,
    prefetch=example_pictures,
)
QUESTIONS_BEFORE, QUESTIONS_AFTER = (
    SessionScreen(
        name="questions",
        key=when.value,
        answered_at=column,
        is_part_of=methodcaller("asked", when),
        questions=questions_of,
        record=store_questions,
        prefetch=open_trial_pictures,
    )
    for when, column in (
        (When.BEFORE, Participant.asked_before_at),
        (When.AFTER, Participant.asked_after_at),
    )
)
INSTRUCTIONS = SessionScreen(
    name="instructions",
    answered_at=Participant.instructed_at,
    context=instructions_context,
    prefetch=open_trial_pictures,
)
COMPREHENSION = ComprehensionScreen(
    name="comprehension",
    questions=comprehension_questions,
    context=comprehension_context,
    prefetch=open_trial_pictures,
)
ATTENTION = AttentionScreen(
    name="attention",
    questions=check_questions,
    context=attention_context,
    prefetch=open_trial_pictures,
)
PAUSE = PauseScreen(
    name="pause",
    answered_at=Participant.paused_at,
    context=pause_context,
    prefetch=open_trial_pictures,
)
SEEN = TrialScreen(
    name="seen",
    buttons=("yes", "no"),
    record=store_seen,
    context=trial_context,
    prefetch=open_trial_pictures,
)
CARD = TrialScreen(
    name="card",
    record=store_card,
    context=trial_context,
    prefetch=decision_pictures,
)
JUDGE = TrialScreen(
    name="judge",
    buttons=("yes", "no"),
    record=store_decision,
    context=trial_context,
    prefetch=following_pictures,
)
STEP = StepScreen(name="step", buttons=None, context=step_context, prefetch=coming_pictures)
FEEDBACK = TrialScreen(
    name="feedback",
    record=store_feedback,
    context=feedback_context,
    prefetch=no_pictures,
)
COMMENTS = SessionScreen(
    name="comments",
    answered_at=Participant.commented_at,
    is_part_of=methodcaller("has_phase", Phase.COMMENTS),
    questions=comment_questions,
    record=store_comments,
    prefetch=open_trial_pictures,
)

TRIAL_SCREENS = (SEEN, CARD, JUDGE, STEP, FEEDBACK)
SCREENS: tuple[Screen, ...] = (
    *(CONSENT, CHECK, QUESTIONS_BEFORE, INSTRUCTIONS, COMPREHENSION, ATTENTION, PAUSE),
    *TRIAL_SCREENS,
    *(QUESTIONS_AFTER, COMMENTS),
)
BUTTONS = {screen.name: screen.buttons for screen in SCREENS}
"""What may be pressed, by the name of the screen; None where what is asked decides."""
