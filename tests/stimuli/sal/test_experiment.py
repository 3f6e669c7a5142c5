"""What the file of an experiment may say, and what is refused."""

from pathlib import Path

import pytest

from stimuli.sal.experiment import ExperimentError
from stimuli.sal.experiment_file import read_experiment

TEXT = '[dataset]\nadaptor = "species"\n'


def problems_of(text: str, folder: Path) -> tuple[str, ...]:
    (folder / "config.toml").write_text(text)
    with pytest.raises(ExperimentError) as caught:
        read_experiment(folder / "config.toml")
    return caught.value.problems


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


def test_a_teacher_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """One without ImageNet's weights, and one behind frozen modules of another backbone."""
    for model, problem in (
        ('teacher = "tiny"', "the tiny backbone has no ImageNet weights; use weights = 'none'"),
        (
            'teacher = "swin_t"\nfrozen = 3',
            "a teacher cannot see through another's frozen modules; use frozen = 0",
        ),
        ('teacher = "xception"', "there are resnet18, "),
    ):
        (found,) = problems_of(f"{TEXT}[model]\n{model}\n", tmp_path)
        assert problem in found


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
