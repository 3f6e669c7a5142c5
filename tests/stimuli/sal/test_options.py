"""What the paper leaves open is an option, and decides what a model is, or only what it draws."""

from collections.abc import Callable

import numpy as np
import pytest

from stimuli.sal.fit import Bench, Fit
from stimuli.sal.inference import answers
from stimuli.sal.labelled import Origin
from stimuli.sal.masks import binarised, unpacked
from stimuli.sal.rounds import Round, rounds

NewBench = Callable[..., Bench]


def with_option(bench: Bench, table: str, **options: object) -> Bench:
    """The bench of the same run with other settings in a table."""
    settings = getattr(bench.experiment, table).model_copy(update=options)
    bench.experiment = bench.experiment.model_copy(update={table: settings})
    return bench


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
