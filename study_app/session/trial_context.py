"""What a screen shows, as facts for the templates.

Before the answer a template gets the AI's label and confidence, pictures by name, and nothing that
tells the truth: no true label, no bin, no kind, no stimulus id.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from flask import url_for

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.i18n.sentences import say
from study_app.i18n.wording import PHASE_TITLES, article_in, percent
from study_app.scoring import team_right
from study_app.session.screen import Position

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


def trial_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """What the screens of a trial show."""
    trial = _open_trial(position)
    return {
        "guess": guess_about(active, trial.stimulus_id, position.participant.condition),
        "progress": progress(active, trial),
    }


def feedback_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """What practice tells after a decision."""
    condition, trial = position.participant.condition, _open_trial(position)
    return trial_context(active, position) | {"feedback": feedback(active, condition, trial)}


def attention_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """The place in the session, unless all trials are over."""
    return {"progress": progress(active, position.trial) if position.trial else None}


def instructions_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """An example, and how many trials there will be."""
    return {
        "guess": example_guess(active, position.participant.condition),
        "counts": active.trial_counts,
    }


def _open_trial(position: Position) -> Trial:
    if position.trial is None:
        raise ValueError("no trial is open")
    return position.trial


def guess_about(active: ActiveStudy, stimulus_id: str, condition: str) -> Guess:
    """The guess about one stimulus."""
    prediction = active.prediction(stimulus_id, condition)
    explanations = active.bundle.panels(stimulus_id, active.conditions[condition])
    label = active.named(prediction.label)
    return Guess(
        label=label,
        article=article_in(active.study, label),
        percent=percent(prediction.confidence),
        photo=_address(active.bundle.stimulus_by_id[stimulus_id].image),
        panels=tuple(
            Panel(
                kind=e.explainer if e.explainer in (NEIGHBOURS, SALIENT) else "heatmap",
                style=active.study.rendering.heatmaps,
                pictures=tuple(map(_address, e.images)),
            )
            for e in explanations
        ),
        card_text=active.named(prediction.card.description),
        card_pictures=tuple(map(_address, prediction.card.images)),
    )


@cache
def _address(image: str) -> str:
    """Cached, since a server has its place, and building one takes as long as a small query."""
    return url_for("media.picture", name=PurePosixPath(image).name)


def example_guess(active: ActiveStudy, condition: str) -> Guess | None:
    """The guess that the instructions explain: the last practice item, right or wrong."""
    items = active.items(Phase.PRACTICE)
    return guess_about(active, items[-1], condition) if items else None


def progress(active: ActiveStudy, trial: Trial) -> Progress:
    """Where a trial is in the session."""
    counts, counted_in = active.counted, active.study.counted_in(trial.phase)
    order = list(Phase)
    before = sum(n for phase, n in counts.items() if order.index(phase) < order.index(counted_in))
    return Progress(
        phase=counted_in,
        title=say(active.study, PHASE_TITLES[counted_in]),
        item=trial.trial_index + 1,
        items=counts[counted_in],
        done=before + trial.trial_index,
        total=sum(counts.values()),
        after_practice=before + trial.trial_index == counts.get(Phase.PRACTICE),
    )


def feedback(active: ActiveStudy, condition: str, trial: Trial) -> Feedback | None:
    """What to tell about a practice trial; None before its decision."""
    if trial.decision is None:
        return None
    stimulus = active.bundle.stimulus_by_id[trial.stimulus_id]
    ai_right = active.prediction(trial.stimulus_id, condition).right
    true_label = active.named(stimulus.true_label)
    return Feedback(
        right=team_right(trial.decision, ai_right=ai_right),
        ai_right=ai_right,
        true_label=true_label,
        true_article=article_in(active.study, true_label),
        rationale=active.rationale(stimulus),
    )
