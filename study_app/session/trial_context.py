"""What a screen shows, as facts for the templates.

Before the answer a template gets the AI's label and confidence, pictures by name, and nothing that
tells the truth: no true label, no bin, no kind, no stimulus id.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath

from flask import url_for

from stimuli.bundle import Card, Explanation, Prediction
from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.decisions import outcome_right, outcome_value
from study_app.i18n.sentences import say
from study_app.i18n.wording import PHASE_TITLES, article_in, percent, question_in_words
from study_app.models import Participant
from study_app.session.screen import Position

NEIGHBOURS = "neighbours"  # of our explainers the one that shows photos; others draw heat maps
SALIENT = "salient"  # the heat map that does not depend on what the AI says


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What stands beside the photo.

    Attributes:
        kind: neighbours, salient, signed for what spoke for and against the AI's answer, heatmap
            for what mattered to it; and of what another tool made pictures, photos or text.
        style: how heat maps look, as in [rendering].
        text: what is read instead of pictures.
        caption, help: the study's own words below it and about it; empty where ours are said.
    """

    kind: str
    style: str
    pictures: tuple[str, ...]
    text: str
    caption: str
    help: str

    @property
    def layout(self) -> str:
        """Whether it is a text, one picture as large as the photo, or a row of smaller ones."""
        if self.text:
            return "text"
        return NEIGHBOURS if self.kind == NEIGHBOURS or len(self.pictures) > 1 else "heatmap"


@dataclass(frozen=True, kw_only=True)
class ShownCard:
    """A class card: its description, and example photos."""

    text: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What the AI says of one picture, and how a condition shows it.

    Attributes:
        is_told: whether people are told that it is the AI's.
        percent: how confident it is; None where that is not shown.
        card: of the label.
    """

    label: str
    article: str
    is_told: bool
    percent: int | None
    photo: str
    panels: tuple[Panel, ...]
    card: ShownCard


@dataclass(frozen=True, kw_only=True)
class Step:
    """Which of the screens before and with the decision one is."""

    number: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a participant is: `done` of `total` trials, and the place within the phase.

    Attributes:
        phase: in which the page counts the trial, which does not tell an interleaved validation.
    """

    phase: Phase
    title: str
    item: int
    items: int
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What practice tells after an answer.

    Attributes:
        answered: what somebody said instead, in words; empty where that was right or a decision.
        foresaw: whether what the AI would say was asked.
        rationale: empty for who does not meet the AI, of which it speaks.
        true_card: of the true class; None where the study shows the verdict alone.
        ends_practice: whether this was its last item.
    """

    right: bool
    answered: str
    foresaw: bool
    ai_right: bool
    true_label: str
    true_article: str
    rationale: str
    true_card: ShownCard | None
    ends_practice: bool


def trial_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """What the screens of a trial show."""
    trial, screen = position.open_trial, position.screen
    return {
        "guess": guess_about(active, trial.stimulus_id, position.participant.condition),
        "class_names": active.class_names,
        "progress": progress(active, trial),
        "step": _step(trial, screen.name if screen else ""),
        "card_at_hand": card_at_hand(active, trial),
        "explains": explains_parts(active, trial) and meets_ai(active, position.participant),
    }


def card_at_hand(active: ActiveStudy, trial: Trial) -> bool:
    """Whether the decision's screen offers the card, since a trial before showed it."""
    is_whole = trial.phase is not Phase.PRACTICE or active.study.practice.steps == "trial"
    shown_once = active.study.trial.show_card == "first" and not active.study.trial.steps
    return shown_once and is_whole and not trial.card_shown


def meets_ai(active: ActiveStudy, participant: Participant) -> bool:
    """Whether a participant's group is shown what the AI says; without one, whether any is."""
    own = active.conditions.get(participant.condition)
    return any(condition.shows_ai for condition in ([own] if own else active.conditions.values()))


def explains_parts(active: ActiveStudy, trial: Trial) -> bool:
    """Whether the decision's screen explains its parts, as practice says at which items."""
    explain, is_first = active.study.practice.explain, trial.trial_index == 0
    return trial.phase is Phase.PRACTICE and (
        explain == "each" or (explain == "first" and is_first)
    )


def _step(trial: Trial, screen: str) -> Step:
    """Which of the trial's screens this is, without the feedback of practice."""
    of = len([name for name in trial.steps if name != "feedback"])
    return Step(
        number=0 if screen == "feedback" else len(trial.steps) - trial.steps_left + 1, of=of
    )


def feedback_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """What practice tells after a decision."""
    condition, trial = position.participant.condition, position.open_trial
    return trial_context(active, position) | {"feedback": feedback(active, condition, trial)}


def attention_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """The place in the session, unless all trials are over."""
    return {"progress": progress(active, position.trial) if position.trial else None}


def instructions_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """An example, the study's own steps, and how many trials there will be."""
    condition = active.conditions[position.participant.condition]
    return {
        "guess": example_guess(active, condition.name),
        "own_steps": [
            (step, question_in_words(active.study, step.response.text, label=""))
            for step in active.study.steps_of(condition)
        ],
        "hidden": active.study.hidden_from(condition),
        "meets_ai": bool(condition.shows_ai),
        "describes_classes": active.describes_classes,
        "counts": active.trial_counts,
    }


def guess_about(active: ActiveStudy, stimulus_id: str, condition: str) -> Guess:
    """The guess about one stimulus."""
    prediction = active.prediction(stimulus_id, condition)
    explanations = active.bundle.panels(stimulus_id, active.conditions[condition])
    shows_ai = active.conditions[condition].shows_ai
    is_confident = active.study.shows_confidence and shows_ai is True
    label = active.named(prediction.label)
    return Guess(
        label=label,
        article=article_in(active.study, label),
        is_told=bool(shows_ai),
        percent=percent(prediction.confidence) if is_confident else None,
        photo=_address(active.bundle.stimulus_by_id[stimulus_id].image),
        panels=tuple(_panel(active, explanation) for explanation in explanations),
        card=_shown(active, prediction.card),
    )


def _panel(active: ActiveStudy, explanation: Explanation) -> Panel:
    imported = active.study.explainers.imported(explanation.explainer)
    return Panel(
        kind=panel_kind(active, explanation.explainer),
        style=active.study.rendering.heatmaps,
        pictures=tuple(map(_address, explanation.images)),
        text=active.named(explanation.text),
        caption=active.named(imported.caption) if imported else "",
        help=active.named(imported.help) if imported else "",
    )


def panel_kind(active: ActiveStudy, explainer: str) -> str:
    """The kind of an explainer's panel."""
    imported = active.study.explainers.imported(explainer)
    if imported and imported.shows != "heatmaps":
        return imported.shows
    if explainer in (NEIGHBOURS, SALIENT):
        return explainer
    return "signed" if active.study.explainers.is_signed(explainer) else "heatmap"


def _shown(active: ActiveStudy, card: Card) -> ShownCard:
    pictures = tuple(map(_address, card.images))
    return ShownCard(text=active.named(card.description), pictures=pictures)


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
    )


def feedback(active: ActiveStudy, condition: str, trial: Trial) -> Feedback | None:
    """What to tell about a practice trial; None before the answer that decides about it."""
    right, step = outcome_right(active, condition, trial), active.outcomes[condition]
    if right is None:
        return None
    stimulus = active.bundle.stimulus_by_id[trial.stimulus_id]
    prediction = active.prediction(trial.stimulus_id, condition)
    rationale = active.rationale(stimulus) if active.conditions[condition].shows_ai else ""
    true_label = active.named(stimulus.true_label)
    return Feedback(
        right=right,
        answered="" if right else active.named(outcome_value(active, condition, trial)),
        foresaw=step is not None and step.truth == "ai_answer",
        ai_right=prediction.right,
        true_label=true_label,
        true_article=article_in(active.study, true_label),
        rationale=rationale,
        true_card=_true_card(active, prediction, rationale),
        ends_practice=trial.trial_index + 1 == active.trial_counts[Phase.PRACTICE],
    )


def _true_card(active: ActiveStudy, prediction: Prediction, rationale: str) -> ShownCard | None:
    """Without its words where the rationale says them all."""
    if active.study.practice.feedback != "full" or prediction.true_card is None:
        return None
    card = _shown(active, prediction.true_card)
    return replace(card, text="") if card.text in rationale else card
