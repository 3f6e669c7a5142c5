"""What a screen shows, as facts for the templates.

Before the answer a template gets the AI's label and confidence, pictures by name, and nothing that
tells the truth: no true label, no bin, no kind, no stimulus id.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from flask import url_for

from stimuli.bundle import Explanation
from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.enums import TRIAL_SCREENS, Screen
from study_app.i18n.sentences import say
from study_app.i18n.wording import PHASE_TITLES, article_in, percent
from study_app.models import Participant, Trial
from study_app.scoring import team_right
from study_app.session.consent import consent_heading, consent_paragraphs
from study_app.session.position import Position, following_trial

NEIGHBOURS = "neighbours"  # the explainer that shows photos; every other one draws a heat map
SALIENT = "salient"  # the heat map that does not depend on what the AI says


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What stands beside the photo.

    Attributes:
        kind: neighbours, salient, or heatmap for what mattered to the AI.
        style: how heat maps look, as in [rendering].
    """

    kind: str
    style: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What the AI says of one picture, and how a condition shows it."""

    label: str
    article: str
    percent: int
    photo: str
    panels: tuple[Panel, ...]
    card_text: str
    card_pictures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a participant is: `done` of `total` trials, and the place within the phase.

    Attributes:
        phase: in which the page counts the trial, which does not tell an interleaved validation.
        after_practice: whether this is the first trial after the practice.
    """

    phase: Phase
    title: str
    item: int
    items: int
    done: int
    total: int
    after_practice: bool


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What practice tells after an answer."""

    right: bool
    ai_right: bool
    true_label: str
    true_article: str
    rationale: str


@dataclass(frozen=True, kw_only=True)
class AnswerForm:
    """What a screen's form carries, and the addresses that its script needs.

    Attributes:
        action: where it goes.
        trial: as `Position.key`.
        here: where an open page gives signs of life.
        elsewhere: what a page shows that may not answer, because another one does.
        coming: pictures of the screens that follow, to be fetched ahead.
    """

    action: str
    screen: Screen
    trial: str
    here: str
    elsewhere: str
    coming: tuple[str, ...]


def screen_facts(active: ActiveStudy, position: Position) -> dict[str, object]:
    """What the template of a screen needs."""
    participant, trial, screen = position.participant, position.trial, position.screen
    inside = trial if screen in TRIAL_SCREENS else None
    form = AnswerForm(
        action=url_for("views.answer", token=participant.token),
        screen=screen,
        trial=position.key,
        here=url_for("presence.here", token=participant.token),
        elsewhere=url_for("presence.elsewhere", token=participant.token),
        coming=coming_pictures(active, position),
    )
    facts: dict[str, object] = {
        "form": form,
        "withdraw_url": url_for("withdrawal.ask", token=participant.token),
    }
    if inside is None:
        return facts | _facts_outside_trials(active, position)
    return facts | {
        "guess": guess(active, inside.stimulus_id, participant.condition),
        "progress": progress(active, inside),
        "feedback": feedback(active, participant, inside) if screen is Screen.FEEDBACK else None,
    }


def _facts_outside_trials(active: ActiveStudy, position: Position) -> dict[str, object]:
    if position.screen is Screen.CONSENT:
        study = active.study
        return {"heading": consent_heading(study), "paragraphs": consent_paragraphs(study)}
    if position.screen is Screen.INSTRUCTIONS:
        guess = example(active, position.participant.condition)
        return {"guess": guess, "counts": active.trial_counts}
    inside = position.trial if position.screen is Screen.ATTENTION else None
    return {"progress": progress(active, inside) if inside else None}


def guess(active: ActiveStudy, stimulus_id: str, condition: str) -> Guess:
    """The guess about one stimulus."""
    prediction = active.prediction(stimulus_id, condition)
    explanations = active.bundle.panels(stimulus_id, active.conditions[condition])
    label = active.named(prediction.label)
    return Guess(
        label=label,
        article=article_in(active.study, label),
        percent=percent(prediction.confidence),
        photo=_address(active.bundle.stimulus_by_id[stimulus_id].image),
        panels=tuple(_panel(e, active.study.rendering.heatmaps) for e in explanations),
        card_text=active.named(prediction.card.description),
        card_pictures=tuple(map(_address, prediction.card.images)),
    )


def coming_pictures(active: ActiveStudy, position: Position) -> tuple[str, ...]:
    """Pictures of the screens after this one, up to those of the next trial.

    They tell no more than those screens will: what the AI says of the pictures, and nothing of
    whether it is right. The order of the trials does not depend on that either.
    """
    trial, condition = position.trial, position.participant.condition
    if position.screen in (Screen.CONSENT, Screen.CHECK):
        shown = example(active, condition)
        return _judged_pictures(shown) if shown else ()
    if position.screen is Screen.JUDGE and trial:
        trial = following_trial(trial)
    if trial is None or position.screen is Screen.FEEDBACK:
        return ()
    shown = guess(active, trial.stimulus_id, condition)
    cards = () if trial.phase is Phase.PRACTICE else shown.card_pictures
    return (
        _judged_pictures(shown)
        if position.screen is Screen.CARD
        else (*cards, *_judged_pictures(shown))
    )


def _judged_pictures(shown: Guess) -> tuple[str, ...]:
    return (shown.photo, *(picture for panel in shown.panels for picture in panel.pictures))


def _panel(explanation: Explanation, style: str) -> Panel:
    kind = explanation.explainer if explanation.explainer in (NEIGHBOURS, SALIENT) else "heatmap"
    return Panel(kind=kind, style=style, pictures=tuple(map(_address, explanation.images)))


@cache
def _address(image: str) -> str:
    """Kept, since a server has its place, and building one takes as long as a small query."""
    return url_for("media.picture", name=PurePosixPath(image).name)


def example(active: ActiveStudy, condition: str) -> Guess | None:
    """The guess that the instructions explain: the last practice item, right or wrong."""
    items = active.items(Phase.PRACTICE)
    return guess(active, items[-1], condition) if items else None


def progress(active: ActiveStudy, trial: Trial) -> Progress:
    """Where a trial is in the session."""
    counts, counted_in = active.counted, active.study.counted_in(trial.phase)
    before = sum(n for phase, n in counts.items() if _precedes(phase, counted_in))
    return Progress(
        phase=counted_in,
        title=say(active.study, PHASE_TITLES[counted_in]),
        item=trial.trial_index + 1,
        items=counts[counted_in],
        done=before + trial.trial_index,
        total=sum(counts.values()),
        after_practice=before + trial.trial_index == counts.get(Phase.PRACTICE),
    )


def _precedes(phase: Phase, other: Phase) -> bool:
    return list(Phase).index(phase) < list(Phase).index(other)


def feedback(active: ActiveStudy, participant: Participant, trial: Trial) -> Feedback | None:
    """What to tell about a judged practice trial."""
    if trial.decision is None:
        return None
    stimulus = active.bundle.stimulus_by_id[trial.stimulus_id]
    ai_right = active.prediction(trial.stimulus_id, participant.condition).right
    true_label = active.named(stimulus.true_label)
    return Feedback(
        right=team_right(trial.decision, ai_right=ai_right),
        ai_right=ai_right,
        true_label=true_label,
        true_article=article_in(active.study, true_label),
        rationale=active.rationale(stimulus),
    )
