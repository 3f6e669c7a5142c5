"""With a warm start, a model begins with the weights of the last one of its role."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from explainers.classifier import Classifier
from stimuli.cache import Cache
from stimuli.sal.learning import cached_model
from stimuli.sal.learning.context import RunContext
from stimuli.sal.runs.rounds import rounds
from tests.stimuli.sal.conftest import NewContext, all_rounds
from tests.stimuli.sal.learning.conftest import weights_of, with_option


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Tensor, Tensor]]:
    """Of each model that is trained: its number of images, and its weights before and after."""
    log: list[tuple[int, Tensor, Tensor]] = []
    train_classifier = cached_model.train_classifier

    def watched(classifier: Classifier, *arguments: object, **more: object) -> object:
        before = weights_of(classifier)
        result = train_classifier(classifier, *arguments, **more)
        log.append((len(arguments[2]), before, weights_of(classifier)))
        return result

    monkeypatch.setattr(cached_model, "train_classifier", watched)
    return log


def warm(context: RunContext, cache: Path) -> RunContext:
    """The same with a warm start, in a folder of its own."""
    return with_option(replace(context, cache=Cache(folder=cache)), "model", start="warm")


def test_with_a_warm_start_each_model_begins_with_the_last_ones_of_its_role(
    new_context: NewContext, tmp_path: Path, trainings: list[tuple[int, Tensor, Tensor]]
) -> None:
    """SAL: accuracy models of 6, 12, 18 and 24 images, and two that draw, of 12 and 18."""
    all_rounds(warm(new_context("sal"), tmp_path / "warm"))
    assert [n for n, *_ in trainings] == [6, 12, 12, 18, 18, 24]
    accuracy, second = [trainings[k] for k in (0, 1, 3, 5)], [trainings[k] for k in (2, 4)]
    for models in (accuracy, second):
        for (_, _, after), (_, before, _) in zip(models, models[1:], strict=False):
            assert torch.equal(before, after)
    assert not torch.equal(accuracy[0][1], second[0][1])


def test_a_warm_start_changes_all_models_but_the_first(
    new_context: NewContext, tmp_path: Path
) -> None:
    new, warmed = (
        all_rounds(new_context("b2")),
        all_rounds(warm(new_context("b2"), tmp_path / "warm")),
    )
    assert [a.model.key == b.model.key for a, b in zip(new, warmed, strict=True)] == [
        *(True, False, False, False)
    ]
    np.testing.assert_equal(warmed[0].row, new[0].row)
    assert all(a.row["dice"] != b.row["dice"] for a, b in zip(new[1:], warmed[1:], strict=True))


@pytest.mark.parametrize("scenario", ["sal", "tait"])
def test_with_a_warm_start_a_run_that_was_cut_off_ends_as_one_that_was_not(
    new_context: NewContext,
    tmp_path: Path,
    scenario: str,
    trainings: list[tuple[int, Tensor, Tensor]],
) -> None:
    whole = all_rounds(warm(new_context(scenario), tmp_path / "whole"))
    cut = rounds(warm(new_context(scenario), tmp_path / "cut"))
    first_rounds = [next(cut).row for _ in range(3)]
    trainings.clear()
    resumed = all_rounds(warm(new_context(scenario), tmp_path / "cut"))
    np.testing.assert_equal([r.row for r in resumed], [r.row for r in whole])
    np.testing.assert_equal([r.row for r in resumed[:3]], first_rounds)
    last = weights_of(resumed[-1].model.classifier)
    assert torch.equal(last, weights_of(whole[-1].model.classifier))
    # Weights are not kept: those that came before are trained again, a teacher once as ever.
    expected = {"sal": [12, 18, 6, 12, 18, 24], "tait": [12, 6, 12, 18, 24]}
    assert [n for n, *_ in trainings] == expected[scenario]


def test_a_teacher_of_a_warm_run_is_one_model(
    new_context: NewContext, tmp_path: Path, trainings: list[tuple[int, Tensor, Tensor]]
) -> None:
    all_rounds(warm(new_context("tait"), tmp_path / "warm"))
    assert [n for n, *_ in trainings] == [6, 12, 12, 18, 24]


def test_until_the_change_point_warm_runs_share_their_models(
    new_context: NewContext, tmp_path: Path, trainings: list[tuple[int, Tensor, Tensor]]
) -> None:
    first = all_rounds(warm(new_context("b2"), tmp_path / "warm"))
    trainings.clear()
    other = list(zip(range(2), rounds(warm(new_context("sal"), tmp_path / "warm")), strict=False))
    assert trainings == []
    np.testing.assert_equal([r.row for _, r in other], [r.row for r in first[:2]])
