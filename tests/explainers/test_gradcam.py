"""GradCAM on a network whose weights are set by hand."""

import torch
from torch import nn

from explainers.classifier import Classifier
from explainers.gradcam import gradcam


def image(red: list[list[float]], green: list[list[float]]) -> torch.Tensor:
    """(1, 3, 2, 2)."""
    return torch.tensor([[red, green, [[0.0, 0.0], [0.0, 0.0]]]])


def test_the_map_is_relu_of_the_weighted_maps_over_its_maximum(by_hand: Classifier) -> None:
    """Weights are w / 4; 2 red - green = [[.8, .4], [-.5, 0]] / 4, so ReLU and max give this."""
    picture = image([[0.4, 0.3], [0.0, 0.1]], [[0.0, 0.2], [0.5, 0.2]])
    heatmap = gradcam(by_hand, picture, torch.tensor([0]))
    assert torch.allclose(heatmap, torch.tensor([[[1.0, 0.5], [0.0, 0.0]]]))


def test_the_label_decides_which_class_is_explained(by_hand: Classifier) -> None:
    picture = image([[0.4, 0.3], [0.0, 0.1]], [[0.0, 0.2], [0.5, 0.2]])
    heatmap = gradcam(by_hand, picture, torch.tensor([1]))
    assert torch.allclose(heatmap, torch.tensor([[[0.0, 0.0], [1.0, 0.2]]]))


def test_a_map_without_support_is_zero_and_finite(by_hand: Classifier) -> None:
    picture = image([[0.0, 0.0], [0.0, 0.0]], [[0.5, 0.5], [0.5, 0.5]])
    assert torch.equal(gradcam(by_hand, picture, torch.tensor([0])), torch.zeros(1, 2, 2))


def test_each_image_of_a_batch_is_explained_as_if_it_were_alone(by_hand: Classifier) -> None:
    pictures = torch.rand(4, 3, 6, 6, generator=torch.Generator().manual_seed(3))
    labels = torch.tensor([0, 1, 1, 0])
    together = gradcam(by_hand, pictures, labels)
    alone = [gradcam(by_hand, pictures[n : n + 1], labels[n : n + 1]) for n in range(4)]
    assert torch.allclose(together, torch.cat(alone))
    assert together.min() >= 0
    assert together.amax(dim=(1, 2)).eq(1).all()


def test_a_map_without_pooling_to_undo_equals_the_closed_form_by_autograd() -> None:
    """Second implementation: gradients by hand, on a real architecture."""
    from explainers.classifier import new_classifier

    tiny = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()
    pictures = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    labels = tiny(pictures).argmax(1).detach()
    maps = tiny.features(tiny.normalise(pictures)).detach().requires_grad_()
    logits = tiny.head(maps)
    (gradient,) = torch.autograd.grad(logits[range(2), labels].sum(), maps)
    coarse = torch.relu((gradient.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True)).detach()
    fine = nn.functional.interpolate(coarse, (64, 64), mode="bilinear", align_corners=False)[:, 0]
    assert fine.amax((1, 2)).min() > 0
    expected = fine / fine.amax((1, 2), keepdim=True)
    assert torch.allclose(gradcam(tiny, pictures, labels), expected, atol=1e-5)
