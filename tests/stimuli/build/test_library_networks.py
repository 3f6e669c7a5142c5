"""Studies whose AI is a network of torchvision or timm."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch.nn.functional import cross_entropy

from explainers.classifier import Classifier, load_checkpoint
from explainers.networks.architectures import library_network
from stimuli.build.pgd import pgd
from stimuli.build.pipeline import all_crops, build
from stimuli.bundle.check import check_bundle
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Split
from stimuli.models.classifiers import Machine
from stimuli.models.model_import import import_model
from stimuli.models.options import backbone_problems, option_problems
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crops
from stimuli.study import Study, StudyError, parse_study
from tests.stimuli.conftest import STUDY, new_machine

ADVERSARIAL = "[adversarial]\nper_bin = 1\nattacked = 10\n"
SPECIES = """adaptor = "species"
size = 64
min_side = 64
train_per_class = 5
val_per_class = 4
test_per_class = 6
"""
FAMILIES = (  # the smallest of each
    "timm/test_resnet",
    "timm/test_convnext",
    "timm/test_vit",
    "torchvision/mobilenet_v3_small",
    "torchvision/densenet121",
)
SIDE = 160  # of pictures, which most take: they are drawn once
SMALL = {"torchvision/densenet121": 64}  # which has no small sister


def with_network(name: str, *, side: int) -> str:
    text = STUDY.replace('backbone = "tiny"', f'backbone = "{name}"')
    text = text.replace("resize_px = 40", f"resize_px = {side}")
    return text.replace("crop_px = 32", f"crop_px = {side}").replace("0.02", "0.005")


def of_a_lab(name: str, *, scored: bool) -> str:
    """A study of drawn butterflies, a given checkpoint, and explanations made elsewhere."""
    text = with_network(name, side=SMALL.get(name, SIDE)).replace('"none"', '"checkpoint"')
    text = re.sub(r"\[classifiers.training\].*?(?=\[bins\])", "", text, flags=re.DOTALL)
    text = re.sub(r'adaptor = "folder"\nmin_side = 40\n', SPECIES, text)
    text = re.sub(r"(val|test)_share.*\n", "", text)
    text = text.replace(
        "allow_short = true", "allow_short = true\nhigh_from = 0.5\nmedium = [0.4, 0.5]"
    )
    text = text.replace("items = 3", "items = 1").replace("items = 4", "items = 2")
    text = text.replace("min_correct = 3", "min_correct = 1")
    text = text.replace("min_confidence = 0.5", "examples = 1\nmin_confidence = 0.2")
    text = text.replace("[explainers.neighbours]", "[explainers.neighbours]\nk = 1")
    text = text.replace("per_bin = 3", "per_bin = 1").replace("trials = 6", "trials = 2")
    text += '[[conditions]]\nname = "elsewhere"\npanels = ["elsewhere"]\n'
    text += '[explainers.elsewhere]\nkind = "imported"\n'
    return f"{text}[scores]\nfaithfulness = {str(scored).lower()}\n"


def with_learnt_head(network: torch.nn.Module, last: str, crops: Crops) -> dict[str, torch.Tensor]:
    """The weights of a network with random features, whose last layer has learnt from them."""
    layer = network.get_submodule(last)
    given: list[torch.Tensor] = []
    hook = layer.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    with torch.inference_mode():
        network.eval()(images_of(crops[Split.TRAIN], torch.device("cpu")).contiguous())
    hook.remove()
    features = torch.cat(given).numpy()
    mean, scale = features.mean(0), (features - features.mean(0)).std()
    labels = [crop.example.label for crop in crops[Split.TRAIN]]
    model = LogisticRegression(C=1, max_iter=10_000).fit((features - mean) / scale, labels)
    weight = model.coef_ / scale
    bias = model.intercept_ - weight @ mean
    learnt = {"weight": weight, "bias": bias}
    own = {f"{last}.{n}": torch.tensor(v, dtype=torch.float32) for n, v in learnt.items()}
    return network.state_dict() | own


def imported(name: str, study: Study, crops: Crops, folder: Path) -> Path:
    """A checkpoint of such weights, as a lab takes it in."""
    classes = [info.name for info in open_dataset(study.dataset, None).classes]
    torch.manual_seed(4)
    network, _ = library_network(name, "none", len(classes))
    last = [n for n, m in network.named_modules() if isinstance(m, torch.nn.Linear)][-1]
    torch.save(with_learnt_head(network, last, crops), folder / "state.pt")
    (folder / "classes.txt").write_text("\n".join(classes))
    import_model(folder / "state.pt", folder / "classes.txt", name, folder / "lab.pt", facts={})
    return folder / "lab.pt"


def maps_elsewhere(folder: Path, crops: Crops, side: int) -> Path:
    """A heat map of every picture that can be shown: random ones."""
    rng = np.random.default_rng(1)
    for crop in (*crops[Split.VAL], *crops[Split.TEST]):
        path = (folder / crop.example.source).with_suffix(".npy")
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, rng.random((side, side)))
    return folder


def losses(classifier: Classifier, crops: Crops) -> tuple[float, float]:
    """Of what the network says of two pictures, before and after a weak attack."""
    images = images_of(crops[Split.TEST][:2], torch.device("cpu"))
    with torch.no_grad():
        labels = classifier(images).argmax(1)
    noise = torch.zeros_like(images)
    attacked = pgd([classifier], images, labels, epsilon=1 / 255, n_steps=3, noise=noise)
    with torch.no_grad():
        before, after = (cross_entropy(classifier(x), labels) for x in (images, attacked))
    return float(before), float(after)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One for all families, whose pictures are the same."""
    return new_machine(tmp_path_factory.mktemp("machine"))


@pytest.mark.parametrize(
    ("name", "scored"),
    [
        *((name, False) for name in FAMILIES),
        pytest.param(FAMILIES[0], True, marks=pytest.mark.slow),
    ],
)
def test_each_family_is_taken_in_explained_and_attacked_34(
    name: str, scored: bool, machine: Machine, tmp_path: Path
) -> None:
    """Random features and a head that learnt, from the weights of a lab to the bundle."""
    text = of_a_lab(name, scored=scored)
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, None)
    crops, _ = all_crops(dataset, study, machine)
    machine = replace(
        machine,
        checkpoints={"tiny": imported(name, study, crops, tmp_path)},
        explanations={"elsewhere": maps_elsewhere(tmp_path / "maps", crops, study.dataset.crop_px)},
    )
    assert option_problems(study, machine) == []
    bundle = build(study, text, dataset, machine, tmp_path / "bundle")
    assert check_bundle(bundle.path).manifest.classifiers[0].backbone == name
    assert {e.explainer for e in bundle.explanations} == {"gradcam", "neighbours", "elsewhere"}
    before, after = losses(load_checkpoint(machine.checkpoints["tiny"]).classifier, crops)
    assert after > before


@pytest.mark.slow
def test_a_network_is_trained_for_a_study_with_attacks_34(
    colour_folder: Path, tmp_path: Path
) -> None:
    text = with_network("timm/test_resnet", side=32) + ADVERSARIAL
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    assert backbone_problems(study) == []
    bundle = build(study, text, dataset, new_machine(tmp_path), tmp_path / "bundle")
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
    with pytest.raises(StudyError, match="tokens are said last, as rows x columns"):
        parse_study(with_network("timm/test_vit:tokens=101", side=160), subject="study.toml")
    parse_study(with_network("timm/test_vit:blocks.2:tokens=1+10x10", side=160), subject="s")
