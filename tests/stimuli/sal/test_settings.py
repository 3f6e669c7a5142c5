"""What the file of an experiment may say, and what is refused before anything is trained."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stimuli.sal.data.images import Data, Images
from stimuli.sal.experiment import ExperimentError, ModelSettings, read_experiment
from stimuli.sal.learning.context import Bench
from stimuli.sal.round_settings import RoundSettings
from stimuli.sal.runs.feasibility import require_feasible

TEXT = '[dataset]\nadaptor = "species"\n'


def problems_of(text: str, folder: Path) -> tuple[str, ...]:
    (folder / "config.toml").write_text(text)
    with pytest.raises(ExperimentError) as caught:
        read_experiment(folder / "config.toml")
    return caught.value.problems


@pytest.mark.parametrize(
    ("start", "n_points", "n", "sizes"),
    [(0.05, 20, 4794, (240, 479, 719)), (0.1, 19, 1020, (102, 153, 204))],
)
def test_the_papers_rounds_are_twenty_or_nineteen_points_that_end_at_everything(
    start: float, n_points: int, n: int, sizes: tuple[int, ...]
) -> None:
    settings = RoundSettings(start=start)
    found = settings.sizes(n)
    assert len(found) == n_points
    assert found[:3] == sizes
    assert found[-1] == n


def test_a_last_step_that_would_pass_everything_is_shorter() -> None:
    settings = RoundSettings(start=0.1, query=0.4, change_point=0.5)
    assert settings.shares == (0.1, 0.5, 0.9, 1.0)


def test_points_replace_regular_steps() -> None:
    settings = RoundSettings(points=(0.2, 0.4, 1), change_point=0.4)
    assert settings.sizes(50) == (10, 20, 50)


def test_every_setting_that_cannot_work_is_named(tmp_path: Path) -> None:
    text = TEXT + (
        '[model]\nbackbone = "tiny"\n[loss]\nalpha = 1.5\n[rounds]\nstart = 0.1\nquery = 0.1\n'
        'change_point = 0.25\n[run]\nscenario = "b3"\ncolour = 1\n'
    )
    problems = problems_of(text, tmp_path)
    assert [p.split(":")[0] for p in problems] == [
        *("model", "loss.alpha", "rounds", "run.scenario", "run.colour")
    ]
    assert "change_point (0.25) is reached by no round, only 0.1, 0.2, 0.3" in problems[2]


def test_frozen_modules_need_imagenets_weights_and_pictures_that_stay_as_they_are(
    tmp_path: Path,
) -> None:
    text = TEXT + '[model]\nweights = "none"\nfrozen = 3\n'
    text += "[training]\nmirrored = true\nturned = true\n"
    once = "frozen modules see each picture once, as it is; use false, or frozen = 0 in [model]"
    assert problems_of(text, tmp_path) == (
        "model.weights: frozen modules learn nothing; use 'imagenet', or frozen = 0",
        f"training.mirrored: {once}",
        f"training.turned: {once}",
    )
    (tmp_path / "config.toml").write_text(text.replace("frozen = 3", "frozen = 0"))
    assert read_experiment(tmp_path / "config.toml").training.turned


def test_points_that_fall_are_refused(tmp_path: Path) -> None:
    problems = problems_of(TEXT + "[rounds]\npoints = [0.5, 0.2, 1]\n", tmp_path)
    assert problems == ("rounds: points must rise, not [0.5, 0.2, 1.0]",)


def test_what_an_option_does_not_know_is_refused_with_what_it_knows(tmp_path: Path) -> None:
    text = TEXT + (
        '[model]\nstart = "cold"\n[loss]\nsaliency = "l2"\nclass_of_map = "both"\n'
        "without_mask = 0.5\n[masks]\nthreshold = 1\nresolution = 7\n"
    )
    assert problems_of(text, tmp_path) == (
        "model.start: Input should be 'new' or 'warm'; it is 'cold'",
        "loss.saliency: Input should be 'ssim_l1' or 'mse'; it is 'l2'",
        "loss.class_of_map: Input should be 'true' or 'predicted'; it is 'both'",
        "loss.without_mask: Input should be 'full' or 'alpha'; it is 0.5",
        "masks.threshold: Input should be less than 1; it is 1",
        "masks.resolution: Input should be 'image' or 'map'; it is 7",
    )


def test_what_is_no_toml_says_so(tmp_path: Path) -> None:
    assert "is not TOML" in problems_of("[", tmp_path)[0]


def bare(images: Images) -> Images:
    """Without masks."""
    return replace(images, masks=images.masks * 0, has_mask=np.zeros(len(images), dtype=bool))


def test_an_experiment_that_its_data_cannot_serve_is_refused_with_all_reasons(
    new_bench: Callable[..., Bench], data: Data
) -> None:
    bench = new_bench("sal")
    few = bench.experiment.model_copy(
        update={"rounds": RoundSettings(points=(0.05, 1), change_point=1)}
    )
    empty = replace(data, train=bare(data.train), val=replace(data.val, labels=data.val.labels[:0]))
    with pytest.raises(ExperimentError) as caught:
        require_feasible(few, empty, bench.file_masks)
    split, start, masks, files = caught.value.problems
    assert split.startswith("the split val has no picture")
    assert start.startswith("rounds.start: 1 of 24 images cannot show each of 3 classes")
    assert start.endswith("begin with 0.125 or more")
    assert masks.startswith("run.scenario: 'sal' needs masks of training images")
    assert files == "run.scenario: 'sal' has no use for --masks; remove it"


@pytest.mark.parametrize("frozen", [17, 18])
def test_of_a_models_modules_one_must_be_left_to_train(
    new_bench: Callable[..., Bench], data: Data, frozen: int
) -> None:
    model = ModelSettings(backbone="efficientnet_lite0", frozen=frozen)
    experiment = new_bench("b1").experiment.model_copy(update={"model": model})
    if frozen == 17:
        require_feasible(experiment, data, None)
        return
    with pytest.raises(ExperimentError, match="has 18 modules, so 17 at most, not 18"):
        require_feasible(experiment, data, None)


def test_masks_of_files_must_be_given(new_bench: Callable[..., Bench], data: Data) -> None:
    with pytest.raises(ExperimentError, match="'files' reads masks from files; add --masks DIR"):
        require_feasible(new_bench("files").experiment, data, None)


def test_without_masks_b1_is_feasible(new_bench: Callable[..., Bench], data: Data) -> None:
    without = replace(data, train=bare(data.train))
    require_feasible(new_bench("b1").experiment, without, None)
