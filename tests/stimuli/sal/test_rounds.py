"""Runs of every scenario: who draws, what is shared, what is hidden, and what is done again."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from stimuli.sal.data.images import Data
from stimuli.sal.data.labelled import Origin
from stimuli.sal.learning import fit
from stimuli.sal.learning.context import Bench
from stimuli.sal.learning.roles import Models
from stimuli.sal.runs.rounds import Round, initial_rows, rounds
from stimuli.sal.runs.scenarios import SCENARIOS

NewBench = Callable[..., Bench]
N, HUMAN = 24, 12


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float]]:
    """How many images each model that is trained learns from, and its alpha."""
    seen: list[tuple[int, float]] = []
    teach = fit.teach

    def watched(*arguments: object, alpha: float, **more: object) -> object:
        seen.append((len(arguments[3]), alpha))
        return teach(*arguments, alpha=alpha, **more)

    monkeypatch.setattr(fit, "teach", watched)
    return seen


def done(bench: Bench) -> list[Round]:
    return list(rounds(bench))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_people_draw_until_the_change_point_and_each_scenario_goes_on_as_it_is_named(
    new_bench: NewBench, scenario: str
) -> None:
    last = done(new_bench(scenario, criterion="random"))[-1]
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
    new_bench: NewBench, taught: list[tuple[int, float]]
) -> None:
    """Of four accuracy models two are the same; those with AI masks train two more."""
    counts = {}
    for scenario in ("b2", "no_ai", "single", "sal", "tait"):
        taught.clear()
        done(new_bench(scenario, criterion="random"))
        counts[scenario] = list(taught)
    assert counts["b2"] == [(6, 0.9), (12, 0.9), (18, 0.9), (24, 0.9)]
    assert counts["no_ai"] == [(18, 0.9), (24, 0.9)]
    assert counts["single"] == [(12, 0.9), (18, 0.9), (24, 0.9)]
    assert counts["sal"] == [(12, 0.1), (18, 0.9), (18, 0.1), (24, 0.9)]
    assert counts["tait"] == [(12, 0.5), (18, 0.9), (24, 0.9)]


def test_until_the_change_point_the_curves_of_scenarios_are_equal(new_bench: NewBench) -> None:
    curves = [[r.row for r in done(new_bench(s))][:2] for s in ("b2", "sal", "tait", "no_ai")]
    for curve in curves[1:]:
        np.testing.assert_equal(curve, curves[0])


def test_a_mask_that_a_model_drew_is_never_drawn_again(new_bench: NewBench) -> None:
    third, last = done(new_bench("sal"))[2:]
    assert np.array_equal(last.labelled.masks[: len(third.labelled)], third.labelled.masks)


def test_a_teacher_draws_the_same_whatever_came_after_the_change_point(
    new_bench: NewBench,
) -> None:
    bench = new_bench("tait")
    *_, third, last = done(bench)
    model = Models(bench).fit(last.labelled.drawn_by(Origin.HUMAN), "teacher")
    rows, labels = last.labelled.rows[18:], last.labelled.labels[18:]
    assert np.array_equal(model.masks(rows, labels), last.labelled.masks[18:])
    assert len(third.labelled.drawn_by(Origin.HUMAN)) == HUMAN


def test_labels_and_masks_that_nobody_asked_for_change_nothing(
    new_bench: NewBench, data: Data
) -> None:
    """Poisoned: a run that read them would take another course."""
    first = done(new_bench("sal"))[2]
    hidden = np.setdiff1d(np.arange(N), first.labelled.rows)
    beyond = np.setdiff1d(np.arange(N), first.labelled.drawn_by(Origin.HUMAN).rows)
    labels, masks = data.train.labels.copy(), data.train.masks.copy()
    # Another order of labels than before, though each class still has its first image.
    labels[hidden], masks[beyond] = 2 - labels[hidden], ~masks[beyond]
    poisoned = replace(data, train=replace(data.train, labels=labels, masks=masks))
    again = done(new_bench("sal", data=poisoned))[2]
    assert np.array_equal(again.labelled.rows, first.labelled.rows)
    assert np.array_equal(again.labelled.masks, first.labelled.masks)
    assert again.row["accuracy"] == first.row["accuracy"]


def test_a_run_that_was_cut_off_trains_only_what_is_missing(
    new_bench: NewBench, taught: list[tuple[int, float]]
) -> None:
    whole = [r.row for r in done(new_bench("sal", seed=1))]
    cut: Iterator[Round] = rounds(new_bench("sal", seed=2))
    begun = [next(cut).row for _ in range(3)]
    taught.clear()
    resumed = [r.row for r in done(new_bench("sal", seed=2))]
    assert taught == [(18, 0.1), (24, 0.9)]
    np.testing.assert_equal(resumed[:3], begun)
    taught.clear()
    np.testing.assert_equal([r.row for r in done(new_bench("sal", seed=1))], whole)
    assert taught == []


def test_the_first_images_show_each_class_once_and_then_any() -> None:
    labels = np.array([0] * 50 + [1] * 2 + [2] * 48)
    rows = initial_rows(labels, 10, seed=4)
    assert sorted(labels[rows[:3]]) == [0, 1, 2]
    assert len(set(rows)) == 10
    assert not np.array_equal(rows, initial_rows(labels, 10, seed=5))


def test_fewer_first_images_than_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="2 images cannot show each of 3 classes"):
        initial_rows(np.array([0, 1, 2]), 2, seed=0)


def test_a_mask_quality_is_that_of_the_drawn_masks(new_bench: NewBench) -> None:
    """Halves of pictures against discs of about 1,005 pixels: known areas, no model's chance."""
    row = done(new_bench("files"))[0].row
    assert row["ai_mask_area"] == pytest.approx(0.5 * 96 * 96 / 1005, rel=0.02)
    assert 0 < row["ai_mask_dice"] < 0.45
