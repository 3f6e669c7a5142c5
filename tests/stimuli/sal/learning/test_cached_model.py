"""What the paper leaves open is an option, and decides what a model is, or only what it draws."""

import numpy as np
import pytest

from stimuli.sal.data.images import Data
from stimuli.sal.data.labelled import Origin
from stimuli.sal.data.masks import binarised, packed, target_maps, unpacked
from stimuli.sal.learning.cached_model import CachedModel
from stimuli.sal.learning.inference import map_shape, predict
from stimuli.sal.learning.latest_models import LatestModels
from stimuli.sal.runs.rounds import rounds
from tests.stimuli.sal.conftest import NewContext, all_rounds
from tests.stimuli.sal.learning.conftest import everything, with_option


@pytest.mark.parametrize(
    ("option", "value"),
    [("saliency", "mse"), ("class_of_map", "predicted"), ("without_mask", "alpha")],
)
def test_an_option_of_the_loss_makes_another_model_of_the_same_images(
    new_context: NewContext, option: str, value: str
) -> None:
    """No AI saliency has images without a mask among others that have one."""
    first, other = (
        all_rounds(context)[-1]
        for context in (
            new_context("no_ai", criterion="random"),
            with_option(new_context("no_ai", criterion="random"), "loss", **{option: value}),
        )
    )
    assert first.labelled.digest == other.labelled.digest
    assert first.model.key != other.model.key
    assert first.row["dice"] != other.row["dice"]


def test_an_alpha_of_another_role_does_not_make_another_model(new_context: NewContext) -> None:
    first = next(rounds(new_context("sal")))
    other = next(rounds(with_option(new_context("sal"), "loss", interpreter_alpha=0.3)))
    assert first.model.key == other.model.key


def test_a_teacher_of_another_backbone_draws_for_models_that_stay_the_same(
    new_context: NewContext, data: Data
) -> None:
    own = with_option(new_context("tait"), "training", epochs=1)
    other = with_option(own, "model", teacher="resnet18")
    lesson = everything(data)
    roles = ("accuracy", "interpreter", "teacher")
    keys = [{role: CachedModel(c, lesson, role=role).key for role in roles} for c in (own, other)]
    assert [role for role in roles if keys[0][role] == keys[1][role]] == ["accuracy", "interpreter"]
    teacher = LatestModels(other).get(lesson, "teacher")
    masks = teacher.masks(np.arange(3), data.train.labels[:3])
    assert teacher.whole.backbone == "resnet18"
    assert masks.shape == data.train.masks[:3].shape


def masks_of(model: CachedModel, labels: np.ndarray) -> np.ndarray:
    """(n, side, side) bool: what it draws of the whole training set."""
    return unpacked(model.masks(np.arange(len(labels)), labels))


def test_a_model_draws_by_the_threshold_and_is_the_same_model(new_context: NewContext) -> None:
    model = next(rounds(new_context("sal"))).model
    other = next(rounds(with_option(new_context("sal"), "masks", threshold=0.8))).model
    labels = model.context.data.train.labels
    assert model.key == other.key
    low, high = masks_of(model, labels), masks_of(other, labels)
    assert (high <= low).all()
    assert high.sum() < low.sum()


def test_a_model_draws_whole_places_and_is_the_same_model(new_context: NewContext) -> None:
    model = next(rounds(new_context("sal"))).model
    other = next(rounds(with_option(new_context("sal"), "masks", resolution="map"))).model
    assert model.key == other.key
    labels = model.context.data.train.labels
    shape = map_shape(model.classifier, model.context.data.train)
    shares = target_maps(packed(masks_of(other, labels)), shape)
    assert set(shares.unique().tolist()) == {0, 1}
    assert not np.array_equal(masks_of(model, labels), masks_of(other, labels))


def test_a_model_draws_the_predicted_class_whatever_people_say(new_context: NewContext) -> None:
    context = with_option(new_context("single"), "masks", class_of_map="predicted")
    *_, third, _last = all_rounds(context)
    train = context.data.train
    predictions = predict(third.model.classifier, train, np.arange(len(train)), probe="cam")
    expected = binarised(predictions.maps, train.side, threshold=0.5)
    for labels in (train.labels, 2 - train.labels):
        assert np.array_equal(masks_of(third.model, labels), expected)
    true = next(rounds(new_context("single"))).model
    assert not np.array_equal(masks_of(true, train.labels), masks_of(true, 2 - train.labels))


def test_masks_of_the_predicted_class_are_what_later_models_learn_from(
    new_context: NewContext,
) -> None:
    whole = [all_rounds(new_context("sal", criterion="random"))[-1].labelled]
    context = with_option(new_context("sal", criterion="random"), "masks", class_of_map="predicted")
    whole.append(all_rounds(context)[-1].labelled)
    by_model = whole[0].origins == Origin.MODEL
    assert np.array_equal(whole[0].rows, whole[1].rows)
    assert np.array_equal(whole[0].masks[~by_model], whole[1].masks[~by_model])
    assert not np.array_equal(whole[0].masks[by_model], whole[1].masks[by_model])
