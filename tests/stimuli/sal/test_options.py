"""What the paper leaves open is an option, and decides what a model is, or only what it draws."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from explainers.classifier import Classifier
from stimuli.cache import Cache
from stimuli.sal.data.labelled import Origin
from stimuli.sal.data.masks import binarised, packed, target_maps, unpacked
from stimuli.sal.learning import fit
from stimuli.sal.learning.context import Bench
from stimuli.sal.learning.fit import Fit
from stimuli.sal.learning.inference import answers, map_shape
from stimuli.sal.runs.rounds import Round, rounds

NewBench = Callable[..., Bench]


def with_option(bench: Bench, table: str, **options: object) -> Bench:
    """The bench of the same run with other settings in a table."""
    settings = getattr(bench.experiment, table).model_copy(update=options)
    return replace(bench, experiment=bench.experiment.model_copy(update={table: settings}))


def done(bench: Bench) -> list[Round]:
    return list(rounds(bench))


@pytest.mark.parametrize(
    ("option", "value"),
    [("saliency", "mse"), ("class_of_map", "predicted"), ("without_mask", "alpha")],
)
def test_an_option_of_the_loss_makes_another_model_of_the_same_images(
    new_bench: NewBench, option: str, value: str
) -> None:
    """No AI saliency has images without a mask among others that have one."""
    first, other = (
        done(bench)[-1]
        for bench in (
            new_bench("no_ai", criterion="random"),
            with_option(new_bench("no_ai", criterion="random"), "loss", **{option: value}),
        )
    )
    assert first.labelled.digest == other.labelled.digest
    assert first.model.key != other.model.key
    assert first.row["dice"] != other.row["dice"]


def test_an_alpha_of_another_role_does_not_make_another_model(new_bench: NewBench) -> None:
    first = next(rounds(new_bench("sal")))
    other = next(rounds(with_option(new_bench("sal"), "loss", interpreter_alpha=0.3)))
    assert first.model.key == other.model.key


def drawn_by(model: Fit, labels: np.ndarray) -> np.ndarray:
    """(n, side, side) bool: what it draws of the whole training set."""
    return unpacked(model.masks(np.arange(len(labels)), labels))


def test_a_model_draws_by_the_threshold_and_is_the_same_model(new_bench: NewBench) -> None:
    model = next(rounds(new_bench("sal"))).model
    other = next(rounds(with_option(new_bench("sal"), "masks", threshold=0.8))).model
    labels = model.bench.data.train.labels
    assert model.key == other.key
    low, high = drawn_by(model, labels), drawn_by(other, labels)
    assert (high <= low).all()
    assert high.sum() < low.sum()


def test_a_model_draws_whole_places_and_is_the_same_model(new_bench: NewBench) -> None:
    model = next(rounds(new_bench("sal"))).model
    other = next(rounds(with_option(new_bench("sal"), "masks", resolution="map"))).model
    assert model.key == other.key
    labels = model.bench.data.train.labels
    shape = map_shape(model.classifier, model.bench.data.train)
    shares = target_maps(packed(drawn_by(other, labels)), shape)
    assert set(shares.unique().tolist()) == {0, 1}
    assert not np.array_equal(drawn_by(model, labels), drawn_by(other, labels))


def test_a_model_draws_the_predicted_class_whatever_people_say(new_bench: NewBench) -> None:
    bench = with_option(new_bench("single"), "masks", class_of_map="predicted")
    *_, third, _last = done(bench)
    train = bench.data.train
    said = answers(third.model.classifier, train, np.arange(len(train)), probe="cam")
    expected = binarised(said.maps, train.side, threshold=0.5)
    for labels in (train.labels, 2 - train.labels):
        assert np.array_equal(drawn_by(third.model, labels), expected)
    true = next(rounds(new_bench("single"))).model
    assert not np.array_equal(drawn_by(true, train.labels), drawn_by(true, 2 - train.labels))


def test_masks_of_the_predicted_class_are_what_later_models_learn_from(
    new_bench: NewBench,
) -> None:
    whole = [done(new_bench("sal", criterion="random"))[-1].labelled]
    bench = with_option(new_bench("sal", criterion="random"), "masks", class_of_map="predicted")
    whole.append(done(bench)[-1].labelled)
    chosen = whole[0].origins == Origin.MODEL
    assert np.array_equal(whole[0].rows, whole[1].rows)
    assert np.array_equal(whole[0].masks[~chosen], whole[1].masks[~chosen])
    assert not np.array_equal(whole[0].masks[chosen], whole[1].masks[chosen])


@pytest.fixture
def lessons(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Tensor, Tensor]]:
    """Of each model that is trained: its number of images, and its weights before and after."""
    seen: list[tuple[int, Tensor, Tensor]] = []
    teach = fit.teach

    def watched(classifier: Classifier, *arguments: object, **more: object) -> object:
        before = weights_of(classifier)
        taught = teach(classifier, *arguments, **more)
        seen.append((len(arguments[2]), before, weights_of(classifier)))
        return taught

    monkeypatch.setattr(fit, "teach", watched)
    return seen


def weights_of(classifier: Classifier) -> Tensor:
    return torch.cat([value.flatten().double() for value in classifier.state_dict().values()])


def warm(bench: Bench, cache: Path) -> Bench:
    """The same with a warm start, in a folder of its own."""
    return with_option(replace(bench, cache=Cache(folder=cache)), "model", start="warm")


def test_with_a_warm_start_each_model_begins_with_the_last_ones_of_its_role(
    new_bench: NewBench, tmp_path: Path, lessons: list[tuple[int, Tensor, Tensor]]
) -> None:
    """SAL: accuracy models of 6, 12, 18 and 24 images, and two that draw, of 12 and 18."""
    done(warm(new_bench("sal"), tmp_path / "warm"))
    assert [n for n, *_ in lessons] == [6, 12, 12, 18, 18, 24]
    accuracy, second = [lessons[k] for k in (0, 1, 3, 5)], [lessons[k] for k in (2, 4)]
    for models in (accuracy, second):
        for (_, _, after), (_, before, _) in zip(models, models[1:], strict=False):
            assert torch.equal(before, after)
    assert not torch.equal(accuracy[0][1], second[0][1])


def test_a_warm_start_changes_all_models_but_the_first(new_bench: NewBench, tmp_path: Path) -> None:
    new, begun = done(new_bench("b2")), done(warm(new_bench("b2"), tmp_path / "warm"))
    assert [a.model.key == b.model.key for a, b in zip(new, begun, strict=True)] == [
        *(True, False, False, False)
    ]
    np.testing.assert_equal(begun[0].row, new[0].row)
    assert all(a.row["dice"] != b.row["dice"] for a, b in zip(new[1:], begun[1:], strict=True))


@pytest.mark.parametrize("scenario", ["sal", "tait"])
def test_with_a_warm_start_a_run_that_was_cut_off_ends_as_one_that_was_not(
    new_bench: NewBench,
    tmp_path: Path,
    scenario: str,
    lessons: list[tuple[int, Tensor, Tensor]],
) -> None:
    whole = done(warm(new_bench(scenario), tmp_path / "whole"))
    cut = rounds(warm(new_bench(scenario), tmp_path / "cut"))
    begun = [next(cut).row for _ in range(3)]
    lessons.clear()
    resumed = done(warm(new_bench(scenario), tmp_path / "cut"))
    np.testing.assert_equal([r.row for r in resumed], [r.row for r in whole])
    np.testing.assert_equal([r.row for r in resumed[:3]], begun)
    last = weights_of(resumed[-1].model.classifier)
    assert torch.equal(last, weights_of(whole[-1].model.classifier))
    # Weights are not kept: those that came before are trained again, a teacher once as ever.
    expected = {"sal": [12, 18, 6, 12, 18, 24], "tait": [12, 6, 12, 18, 24]}
    assert [n for n, *_ in lessons] == expected[scenario]


def test_a_teacher_of_a_warm_run_is_one_model(
    new_bench: NewBench, tmp_path: Path, lessons: list[tuple[int, Tensor, Tensor]]
) -> None:
    done(warm(new_bench("tait"), tmp_path / "warm"))
    assert [n for n, *_ in lessons] == [6, 12, 12, 18, 24]


def test_until_the_change_point_warm_runs_share_their_models(
    new_bench: NewBench, tmp_path: Path, lessons: list[tuple[int, Tensor, Tensor]]
) -> None:
    first = done(warm(new_bench("b2"), tmp_path / "warm"))
    lessons.clear()
    other = list(zip(range(2), rounds(warm(new_bench("sal"), tmp_path / "warm")), strict=False))
    assert lessons == []
    np.testing.assert_equal([r.row for _, r in other], [r.row for r in first[:2]])
