"""Options are tried before any work: those a study lacks, cannot use, or has no use for."""

from pathlib import Path

import torch

from explainers.classifier import new_classifier, save_checkpoint
from stimuli.models.classifiers import Machine
from stimuli.models.options import option_problems
from stimuli.study import Study, parse_study
from tests.stimuli.conftest import STUDY

GIVEN = STUDY.replace('weights = "none"', 'weights = "checkpoint"').replace(
    STUDY[STUDY.index("[classifiers.training]") : STUDY.index("[bins]")], ""
)
SHOWN = STUDY.replace('panels = ["gradcam"]', 'panels = ["salient"]').replace(
    "[explainers.gradcam]", '[explainers.salient]\nnetwork = "onnx"'
)


def problems_of(text: str, **facts: object) -> list[str]:
    return option_problems(parse_study(text, subject="study.toml"), Machine(**facts))  # type: ignore[arg-type]


def test_a_study_that_needs_nothing_has_no_problem_33(colour_study: Study) -> None:
    assert option_problems(colour_study, Machine()) == []


def test_a_checkpoint_that_is_not_given_is_asked_for_33() -> None:
    assert problems_of(GIVEN) == [
        "classifier tiny: no checkpoint is given; add --checkpoint tiny=PATH"
    ]


def test_a_checkpoint_is_opened_33(tmp_path: Path) -> None:
    (problem,) = problems_of(GIVEN, checkpoints={"tiny": tmp_path / "nowhere.pt"})
    assert "there is no such checkpoint" in problem
    (tmp_path / "text.pt").write_text("no checkpoint")
    (problem,) = problems_of(GIVEN, checkpoints={"tiny": tmp_path / "text.pt"})
    assert "is no checkpoint of Lorikeet" in problem


def test_a_checkpoint_of_another_network_or_layer_than_the_studys_is_refused(
    tmp_path: Path,
) -> None:
    made = new_classifier("tiny", weights="none", classes=("a", "b"), seed=0)
    save_checkpoint(tmp_path / "tiny.pt", made, metrics={}, config={})
    assert problems_of(GIVEN, checkpoints={"tiny": tmp_path / "tiny.pt"}) == []
    other = GIVEN.replace('backbone = "tiny"', 'backbone = "resnet18"')
    (problem,) = problems_of(other, checkpoints={"tiny": tmp_path / "tiny.pt"})
    assert "tiny.pt has backbone = 'tiny', and the study says 'resnet18'; say backbone" in problem


def test_a_checkpoint_without_use_is_refused_33(tmp_path: Path) -> None:
    unused, unknown = problems_of(STUDY, checkpoints={"tiny": tmp_path, "tinny": tmp_path})
    assert unused.startswith("--checkpoint tiny: the study makes its own weights, 'none'; remove")
    assert unknown == "--checkpoint tinny: is none of the classifiers ['tiny']"


def test_a_salient_network_is_opened_asked_for_or_refused_33(tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("no network")
    for text, salient, expected in (
        (SHOWN, None, "add --salient PATH"),
        (SHOWN, tmp_path / "nowhere.onnx", "there is no such file"),
        (SHOWN, tmp_path / "text.onnx", "is no ONNX network"),
        (STUDY, tmp_path / "text.onnx", "has no use for it"),
    ):
        (problem,) = problems_of(text, salient=salient)
        assert expected in problem


def test_a_device_that_is_not_there_is_refused_33() -> None:
    (problem,) = problems_of(STUDY, device=torch.device("hip"))
    assert problem.startswith("--device hip: cannot be used (")
