"""Classifiers cut in two."""

import pytest
import torch

from explainers.classifier import new_classifier
from explainers.networks.backbones import BACKBONES
from explainers.networks.trunk import n_modules, split, stage_ends


@pytest.mark.parametrize(
    ("backbone", "n"), [("efficientnet_lite0", 12), ("resnet18", 5), ("swin_t", 4), ("tiny", 1)]
)
def test_a_tail_makes_of_its_trunks_maps_what_the_classifier_makes_of_images(
    backbone: str, n: int
) -> None:
    classifier = new_classifier(backbone, weights="none", classes=("a", "b", "c"), seed=1).eval()
    trunk, tail = split(classifier, n)
    images = torch.rand(2, 3, 96, 96).to(memory_format=torch.channels_last)
    with torch.inference_mode():
        assert torch.equal(tail(trunk(images)), classifier(images))
        assert torch.equal(tail.maps(trunk(images)), classifier.maps(images))


def test_up_to_its_tenth_block_efficientnet_lite_has_112_maps_of_14_by_14() -> None:
    trunk, _ = split(
        new_classifier("efficientnet_lite0", weights="none", classes=("a", "b"), seed=1), 12
    )
    assert trunk(torch.rand(1, 3, 224, 224)).shape == (1, 112, 14, 14)


def test_what_a_tail_learns_its_classifier_knows_and_the_trunk_stays_in_evaluation_mode() -> None:
    classifier = new_classifier("tiny", weights="none", classes=("a", "b"), seed=1)
    trunk, tail = split(classifier, 5)
    shared = {id(p) for p in classifier.parameters()}
    parts = [{id(p) for p in part.parameters()} for part in (trunk, tail)]
    assert parts[0] | parts[1] == shared
    assert not parts[0] & parts[1]
    assert tail.train().training
    assert not any(module.training for module in trunk.modules())


@pytest.mark.parametrize("backbone", BACKBONES)
def test_modules_are_counted_without_making_weights_or_touching_chance(backbone: str) -> None:
    before = torch.get_rng_state()
    n = n_modules(backbone)
    assert torch.equal(torch.get_rng_state(), before)
    assert n == len(new_classifier(backbone, weights="none", classes=("a", "b"), seed=1).features)


@pytest.mark.parametrize(
    ("backbone", "ends"),
    [("resnet18", [5, 6, 7, 8]), ("tiny", [2, 6, 10, 16]), ("swin_t", [2, 4, 6, 10])],
)
def test_the_last_four_stages_end_where_maps_get_smaller(backbone: str, ends: list[int]) -> None:
    """A ResNet's are layer1 to layer4, the four that the study paper's pilot compared."""
    classifier = new_classifier(backbone, weights="none", classes=("a", "b"), seed=1).eval()
    assert stage_ends(classifier) == ends
    assert ends[-1] == len(classifier.features)


def test_the_stages_of_efficientnet_lite_halve_the_side_of_the_maps() -> None:
    classifier = new_classifier("efficientnet_lite0", weights="none", classes=("a", "b"), seed=1)
    sides = [
        split(classifier.eval(), end)[0](torch.rand(1, 3, 224, 224)).shape[2]
        for end in stage_ends(classifier)
    ]
    assert sides == [56, 28, 14, 7]
