"""Runs of every scenario: who draws, what is shared, what is hidden, and what is done again."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from stimuli.sal.data.images import Data
from stimuli.sal.data.labelled import Origin
from stimuli.sal.learning import cached_model, training
from stimuli.sal.learning.latest_models import LatestModels
from stimuli.sal.runs.rounds import Round, initial_rows, rounds
from stimuli.sal.runs.scenarios import SCENARIOS
from tests.stimuli.sal.conftest import NewContext, all_rounds, discs

N, HUMAN = 24, 12


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float]]:
    """How many images each model that is trained learns from, and its alpha."""
    log: list[tuple[int, float]] = []
    train_classifier = cached_model.train_classifier

    def watched(*arguments: object, alpha: float, **more: object) -> object:
        log.append((len(arguments[3]), alpha))
        return train_classifier(*arguments, alpha=alpha, **more)

    monkeypatch.setattr(cached_model, "train_classifier", watched)
    return log


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_people_draw_until_the_change_point_and_each_scenario_goes_on_as_it_is_named(
    new_context: NewContext, scenario: str
) -> None:
    last = all_rounds(new_context(scenario, criterion="random"))[-1]
    until, after = (part.tolist() for part in np.split(last.labelled.origins, [HUMAN]))
    expected = {
        "b1": (Origin.NOBODY, Origin.NOBODY),
        "b2": (Origin.HUMAN, Origin.HUMAN),
        "no_ai": (Origin.HUMAN, Origin.NOBODY),
        "files": (Origin.FILE, Origin.FILE),
    }.get(scenario, (Origin.HUMAN, Origin.MODEL))
    assert (until, after) == ([expected[0]] * HUMAN, [expected[1]] * (N - HUMAN))
    assert sorted(last.labelled.rows) == list(range(N))
    assert last.row["n_labels"] == N
    assert last.row["n_human_masks"] == {"b1": 0, "b2": N, "files": 0}.get(scenario, HUMAN)


def test_until_the_change_point_scenarios_share_their_models(
    new_context: NewContext, trainings: list[tuple[int, float]]
) -> None:
    """Of four accuracy models two are the same; those with AI masks train two more."""
    counts = {}
    for scenario in ("b2", "no_ai", "single", "sal", "tait"):
        trainings.clear()
        all_rounds(new_context(scenario, criterion="random"))
        counts[scenario] = list(trainings)
    assert counts["b2"] == [(6, 0.9), (12, 0.9), (18, 0.9), (24, 0.9)]
    assert counts["no_ai"] == [(18, 0.9), (24, 0.9)]
    assert counts["single"] == [(12, 0.9), (18, 0.9), (24, 0.9)]
    assert counts["sal"] == [(12, 0.1), (18, 0.9), (18, 0.1), (24, 0.9)]
    assert counts["tait"] == [(12, 0.5), (18, 0.9), (24, 0.9)]


def test_until_the_change_point_the_curves_of_scenarios_are_equal(new_context: NewContext) -> None:
    curves = [
        [r.row for r in all_rounds(new_context(s))][:2] for s in ("b2", "sal", "tait", "no_ai")
    ]
    for curve in curves[1:]:
        np.testing.assert_equal(curve, curves[0])


def test_a_mask_that_a_model_drew_is_never_drawn_again(new_context: NewContext) -> None:
    third, last = all_rounds(new_context("sal"))[2:]
    assert np.array_equal(last.labelled.masks[: len(third.labelled)], third.labelled.masks)


def test_a_teacher_draws_the_same_whatever_came_after_the_change_point(
    new_context: NewContext,
) -> None:
    context = new_context("tait")
    *_, third, last = all_rounds(context)
    model = LatestModels(context).get(last.labelled.drawn_by(Origin.HUMAN), "teacher")
    rows, labels = last.labelled.rows[18:], last.labelled.labels[18:]
    assert np.array_equal(model.masks(rows, labels), last.labelled.masks[18:])
    assert len(third.labelled.drawn_by(Origin.HUMAN)) == HUMAN


def test_labels_and_masks_that_nobody_asked_for_change_nothing(
    new_context: NewContext, data: Data
) -> None:
    """Poisoned: a run that read them would take another course."""
    first = all_rounds(new_context("sal"))[2]
    hidden = np.setdiff1d(np.arange(N), first.labelled.rows)
    beyond = np.setdiff1d(np.arange(N), first.labelled.drawn_by(Origin.HUMAN).rows)
    labels, masks = data.train.labels.copy(), data.train.masks.copy()
    # Another order of labels than before, though each class still has its first image.
    labels[hidden], masks[beyond] = 2 - labels[hidden], ~masks[beyond]
    poisoned = replace(data, train=replace(data.train, labels=labels, masks=masks))
    again = all_rounds(new_context("sal", data=poisoned))[2]
    assert np.array_equal(again.labelled.rows, first.labelled.rows)
    assert np.array_equal(again.labelled.masks, first.labelled.masks)
    assert again.row["accuracy"] == first.row["accuracy"]


def test_a_run_that_was_cut_off_trains_only_what_is_missing(
    new_context: NewContext, trainings: list[tuple[int, float]]
) -> None:
    whole = [r.row for r in all_rounds(new_context("sal", seed=1))]
    cut: Iterator[Round] = rounds(new_context("sal", seed=2))
    first_rounds = [next(cut).row for _ in range(3)]
    trainings.clear()
    resumed = [r.row for r in all_rounds(new_context("sal", seed=2))]
    assert trainings == [(18, 0.1), (24, 0.9)]
    np.testing.assert_equal(resumed[:3], first_rounds)
    trainings.clear()
    np.testing.assert_equal([r.row for r in all_rounds(new_context("sal", seed=1))], whole)
    assert trainings == []


def test_the_first_images_show_each_class_once_and_then_any() -> None:
    labels = np.array([0] * 50 + [1] * 2 + [2] * 48)
    rows = initial_rows(labels, 10, seed=4)
    assert sorted(labels[rows[:3]]) == [0, 1, 2]
    assert len(set(rows)) == 10
    assert not np.array_equal(rows, initial_rows(labels, 10, seed=5))


def test_fewer_first_images_than_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="2 images cannot show each of 3 classes"):
        initial_rows(np.array([0, 1, 2]), 2, seed=0)


def test_a_mask_quality_is_that_of_the_drawn_masks(new_context: NewContext) -> None:
    """Halves of pictures against discs of about 1,005 pixels: known areas, no model's chance."""
    row = all_rounds(new_context("files"))[0].row
    assert row["ai_mask_area"] == pytest.approx(0.5 * 96 * 96 / 1005, rel=0.02)
    assert 0 < row["ai_mask_dice"] < 0.45


VIT = {
    "dataset": {"adaptor": "species"},
    "model": {"backbone": "timm/test_vit", "weights": "none"},
    "training": {
        "epochs": 6,
        "batch_size": 8,
        "learning_rate": 0.002,
        "optimiser": "adamw",
        "schedule": "one_cycle",
    },
    "rounds": {"points": [0.5, 1.0], "change_point": 0.5},
}


@pytest.mark.slow
def test_a_vision_transformer_learns_in_a_whole_run_to_look_where_people_do(
    new_context: NewContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What draws masks learns from people's to draw theirs; what names pictures learns both."""
    losses: dict[float, list[float]] = {0.1: [], 0.9: []}
    train_epoch = training._Trainer.train_epoch

    def watched(trainer: training._Trainer, rng: np.random.Generator, *, number: int) -> float:
        losses[trainer.alpha].append(train_epoch(trainer, rng, number=number))
        return losses[trainer.alpha][-1]

    monkeypatch.setattr(training._Trainer, "train_epoch", watched)
    train, val, test = (discs(n, seed, side=160) for n, seed in ((N, 1), (3, 2), (6, 3)))
    data = Data(classes=("red", "green", "blue"), train=train, val=val, test=test)
    context = new_context("sal", data=data, tables=VIT, probe="gradcam", criterion="random")
    *_, last = all_rounds(context)
    assert losses[0.1][-1] < losses[0.1][0] / 3
    assert losses[0.9][-1] < losses[0.9][-6]
    assert last.row["ai_mask_dice"] > 0.8
    assert last.row["dice"] > 0.8 > 0.2 > last.row["dice_by_chance"]
    assert last.row["accuracy"] > 0.6
