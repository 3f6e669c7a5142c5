"""Studies whose AI is a network of torchvision or timm."""

from pathlib import Path

import pytest

from stimuli.build.pipeline import build
from stimuli.bundle.check import check_bundle
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.options import backbone_problems
from stimuli.study import StudyError, parse_study
from tests.stimuli.conftest import STUDY, new_machine

ADVERSARIAL = "[adversarial]\nper_bin = 1\nattacked = 10\n"
NETWORKS = ["timm/test_resnet", pytest.param("timm/test_vit", marks=pytest.mark.slow)]


def with_network(name: str, *, side: int) -> str:
    text = STUDY.replace('backbone = "tiny"', f'backbone = "{name}"')
    text = text.replace("resize_px = 40", f"resize_px = {side}")
    return text.replace("crop_px = 32", f"crop_px = {side}").replace("0.02", "0.005")


@pytest.mark.parametrize("name", NETWORKS)
def test_a_study_is_built_with_heat_maps_neighbours_and_attacks_34(
    name: str, colour_folder: Path, tmp_path: Path
) -> None:
    text = with_network(name, side=160 if name.endswith("vit") else 32) + ADVERSARIAL
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    assert backbone_problems(study) == []
    bundle = build(study, text, dataset, new_machine(tmp_path), tmp_path / "bundle")
    assert check_bundle(bundle.path).manifest.classifiers[0].backbone == name
    assert {one.explainer for one in bundle.explanations} == {"gradcam", "neighbours"}
    assert bundle.manifest.classifiers[0].accuracy["test"] > 0.5


def test_a_network_that_takes_other_pictures_is_refused_with_their_size_34() -> None:
    study = parse_study(with_network("timm/test_vit", side=32), subject="study.toml")
    [problem] = backbone_problems(study)
    assert "timm/test_vit takes no pictures of 32 px; say crop_px = 160 in [dataset]" in problem


def test_a_network_that_is_not_there_is_refused_by_name_34() -> None:
    study = parse_study(with_network("timm/resnet_of_nobody", side=32), subject="study.toml")
    [problem] = backbone_problems(study)
    assert problem.startswith("classifier tiny: timm/resnet_of_nobody: timm has no such network")
    with pytest.raises(StudyError, match="backbone"):
        parse_study(with_network("keras/resnet50", side=32), subject="study.toml")
