"""What holds for every explainer that draws heat maps: the one table of tests for all of them."""

import pytest
import torch
from PIL import Image
from torch import Tensor

from explainers.attributions import UnsuitableNetworkError
from explainers.classifier import Classifier, new_classifier
from stimuli.build.explanations import EXPLAINERS, HeatMaps
from stimuli.datasets.base import Example, Split
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import encode
from stimuli.study import parse_study
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.conftest import STUDY

TABLES = """
[explainers.extremal]
areas = [0.1, 0.2]
n_steps = 2
[explainers.salient]
[explainers.gradcam_plus_plus]
[explainers.hirescam]
[explainers.gradient]
[explainers.smoothgrad]
n_samples = 3
[explainers.integrated_gradients]
n_steps = 3
[explainers.gradient_shap]
n_samples = 3
n_baselines = 1
[explainers.occlusion]
window_px = 24
stride_px = 16
[explainers.guided_gradcam]
[explainers.rise]
n_masks = 20
"""
STUDY_OF_ALL = parse_study(
    STUDY.replace("[explainers.neighbours]", TABLES + "[explainers.neighbours]"), subject="x"
)
CLASSES = ("a", "b", "c")
HEATMAPS = {name: e for name, e in EXPLAINERS.items() if isinstance(e, HeatMaps)}


@pytest.fixture(
    scope="module",
    params=[("tiny", 64), pytest.param(("resnet18", 96), marks=pytest.mark.slow)],
    ids=lambda p: p[0],
)
def asked(request: pytest.FixtureRequest) -> tuple[Classifier, Tensor, Tensor]:
    """A classifier with random weights, two images, and their labels."""
    backbone, side = request.param
    classifier = new_classifier(backbone, weights="none", classes=CLASSES, seed=6)
    # So that what the label asks for outweighs the area of an extremal mask.
    classifier.last_layer.weight.data.mul_(1000)
    images = torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(1))
    images[1] = 0.5  # nothing to see
    return classifier, images, torch.tensor([0, 2])


def heatmaps(explainer: str, classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """What the explainer makes of the images."""
    evaluated = evaluated_classifier({}, classifier=classifier)
    example = Example(source="usual", label=0, split=Split.TRAIN)
    usual = Crop(example=example, jpeg=encode(Image.new("RGB", images.shape[2:])), boxes=())
    context = build_context(STUDY_OF_ALL, evaluated, crops={Split.TRAIN: [usual]})
    mapper = HEATMAPS[explainer].prepare(evaluated, context)
    return mapper.explain(images, labels)


def state_of(classifier: Classifier) -> list[object]:
    """Modes, hooks, what needs a gradient, gradients, weights and statistics."""
    modules = [
        (name, m.training, len(m._forward_hooks), len(m._forward_pre_hooks), len(m._backward_hooks))
        for name, m in classifier.named_modules()
    ]
    parameters = [(n, p.requires_grad, p.grad is None) for n, p in classifier.named_parameters()]
    values = [(name, value.sum().item()) for name, value in classifier.state_dict().items()]
    return [modules, parameters, values]


@pytest.mark.parametrize("explainer", HEATMAPS)
def test_a_heat_map_has_the_size_of_its_image_and_values_from_0_or_minus_1_to_1(
    explainer: str, asked: tuple[Classifier, Tensor, Tensor]
) -> None:
    classifier, images, labels = asked
    maps = heatmaps(explainer, classifier.eval(), images, labels)
    assert maps.shape == (2, *images.shape[2:])
    assert maps.dtype == torch.float32
    assert maps.isfinite().all()
    assert float(maps.min()) >= (-1 if STUDY_OF_ALL.explainers.is_signed(explainer) else 0)
    assert float(maps.max()) <= 1
    assert not maps.requires_grad


@pytest.mark.parametrize("explainer", HEATMAPS)
def test_the_classifier_is_left_as_it_was_found_in_whatever_mode(
    explainer: str, asked: tuple[Classifier, Tensor, Tensor]
) -> None:
    classifier, images, labels = asked
    classifier.train()
    classifier.head.eval()
    next(classifier.parameters()).requires_grad_(False)
    before = state_of(classifier)
    heatmaps(explainer, classifier, images, labels)
    assert state_of(classifier) == before
    assert all(parameter.grad is None for parameter in classifier.parameters())


@pytest.mark.parametrize("explainer", HEATMAPS)
def test_the_same_images_give_the_same_maps_in_both_modes(
    explainer: str, asked: tuple[Classifier, Tensor, Tensor]
) -> None:
    classifier, images, labels = asked
    maps = heatmaps(explainer, classifier.eval(), images, labels)
    assert torch.equal(heatmaps(explainer, classifier.train(), images, labels), maps)


def test_only_a_salient_map_depends_on_the_picture_alone(
    asked: tuple[Classifier, Tensor, Tensor],
) -> None:
    classifier, images, labels = asked
    same = {
        explainer: torch.equal(
            heatmaps(explainer, classifier.eval(), images[:1], labels[:1]),
            heatmaps(explainer, classifier.eval(), images[:1], labels[:1] + 1),
        )
        for explainer in HEATMAPS
    }
    assert same == {name: name == "salient" for name in HEATMAPS}


FAMILIES = {"timm/test_vit": 160, "timm/test_convnext": 64, "timm/test_mambaout": 64}


@pytest.mark.parametrize("backbone", FAMILIES)
@pytest.mark.parametrize("explainer", sorted(HEATMAPS.keys() - {"salient"}))
def test_every_explainer_tells_answers_of_every_family_apart_or_says_why_not_34(
    explainer: str, backbone: str
) -> None:
    side = FAMILIES[backbone]
    classifier = new_classifier(backbone, weights="none", classes=CLASSES, seed=6).eval()
    torch.nn.init.normal_(classifier.last_layer.weight, generator=torch.Generator().manual_seed(2))
    images = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1))
    if explainer == "guided_gradcam":
        with pytest.raises(UnsuitableNetworkError, match=f"{backbone} has no ReLU"):
            heatmaps(explainer, classifier, images, torch.tensor([0]))
        return
    one, other = (heatmaps(explainer, classifier, images, torch.tensor([n])) for n in (0, 2))
    assert one.shape == (1, side, side)
    assert one.isfinite().all()
    assert float(one.abs().max()) <= 1
    assert not torch.equal(one, other)
