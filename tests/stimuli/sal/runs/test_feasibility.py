"""What is refused because the data cannot serve it, before anything is trained."""

from dataclasses import replace

import numpy as np
import pytest

from stimuli.sal.data.images import Data, Images
from stimuli.sal.experiment import ExperimentError, ModelSettings
from stimuli.sal.round_settings import RoundSettings
from stimuli.sal.runs.feasibility import require_feasible
from tests.stimuli.sal.conftest import NewContext


def bare(images: Images) -> Images:
    """Without masks."""
    return replace(images, masks=images.masks * 0, has_mask=np.zeros(len(images), dtype=bool))


def test_an_experiment_that_its_data_cannot_serve_is_refused_with_all_reasons(
    new_context: NewContext, data: Data
) -> None:
    context = new_context("sal")
    few = context.experiment.model_copy(
        update={"rounds": RoundSettings(points=(0.05, 1), change_point=1)}
    )
    empty = replace(data, train=bare(data.train), val=replace(data.val, labels=data.val.labels[:0]))
    with pytest.raises(ExperimentError) as caught:
        require_feasible(few, empty, context.file_masks)
    split, start, masks, files = caught.value.problems
    assert split.startswith("the split val has no picture")
    assert start.startswith("rounds.start: 1 of 24 images cannot show each of 3 classes")
    assert start.endswith("begin with 0.125 or more")
    assert masks.startswith("run.scenario: 'sal' needs masks of training images")
    assert files == "run.scenario: 'sal' has no use for --masks; remove it"


@pytest.mark.parametrize("frozen", [17, 18])
def test_of_a_models_modules_one_must_be_left_to_train(
    new_context: NewContext, data: Data, frozen: int
) -> None:
    model = ModelSettings(backbone="efficientnet_lite0", frozen=frozen)
    experiment = new_context("b1").experiment.model_copy(update={"model": model})
    if frozen == 17:
        require_feasible(experiment, data, None)
        return
    with pytest.raises(ExperimentError, match="has 18 modules, so 17 at most, not 18"):
        require_feasible(experiment, data, None)


def test_masks_of_files_must_be_given(new_context: NewContext, data: Data) -> None:
    with pytest.raises(ExperimentError, match="'files' reads masks from files; add --masks DIR"):
        require_feasible(new_context("files").experiment, data, None)


def test_without_masks_b1_is_feasible(new_context: NewContext, data: Data) -> None:
    without = replace(data, train=bare(data.train))
    require_feasible(new_context("b1").experiment, without, None)


@pytest.mark.parametrize(
    ("model", "probe", "problem"),
    [
        ({"backbone": "timm/test_convnext"}, "gradcam", None),
        ({"backbone": "timm/test_convnext"}, "cam", "run.probe: 'cam' weighs maps by the last"),
        ({"backbone": "timm/test_vit"}, "gradcam", "model: timm/test_vit takes no pictures of 96"),
        ({"backbone": "timm/test_mambaout", "frozen": 1}, "gradcam", "model.frozen: what timm"),
        ({"teacher": "timm/resnet_of_nobody"}, "gradcam", "timm has no such network"),
    ],
)
def test_a_network_of_a_library_is_tried_34(
    new_context: NewContext, data: Data, model: dict[str, object], probe: str, problem: str | None
) -> None:
    experiment = new_context("b1", probe=probe).experiment
    settings = ModelSettings.model_validate({"backbone": "tiny", "weights": "none"} | model)
    experiment = experiment.model_copy(update={"model": settings})
    if problem is None:
        require_feasible(experiment, data, None)
        return
    with pytest.raises(ExperimentError, match=problem) as caught:
        require_feasible(experiment, data, None)
    assert len(caught.value.problems) == 1
