"""GradCAM and its relatives: the maps of the last stage, weighted by their gradients."""

from collections.abc import Callable

import torch
from torch import Tensor

from explainers.cam import heat_maps, weighted
from explainers.classifier import Classifier, evaluating


def gradcam(classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """Heat maps of how much each place supported the label (Selvaraju et al. 2017).

    ReLU(sum_k w_k A_k), with w_k the gradient of the label's logit with respect to map A_k,
    averaged over places; then bilinear to the image's size and divided by the maximum, without
    a shift of the minimum, as in the study paper. A map without support stays zero.

    Args:
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) class indices.

    Returns:
        (batch, height, width) in [0, 1].
    """
    return heat_maps(_gradcam(*maps_and_gradients(classifier, images, labels)), images.shape[-2:])


def hirescam(classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """ReLU(sum_k g_k A_k): each place by its own gradient (Draelos and Carin 2020, eq. 4).

    Equal to GradCAM where the head is a global average and a linear layer. Arguments and result
    are those of `gradcam`.
    """
    return heat_maps(_hirescam(*maps_and_gradients(classifier, images, labels)), images.shape[-2:])


def gradcam_plus_plus(classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """ReLU(sum_k w_k A_k), w_k = sum alpha_k relu(g_k) (Chattopadhyay et al. 2018, eq. 10 and 19).

    Of the exponential of the logit, as theirs: alpha_k = g_k^2 / (2 g_k^2 + g_k^3 sum A_k) is
    1 / (2 + g_k sum A_k) wherever it counts, which divides by no small number. The factor
    exp(logit) is the same for all maps. Arguments and result are those of `gradcam`.
    """
    coarse = _gradcam_plus_plus(*maps_and_gradients(classifier, images, labels))
    return heat_maps(coarse, images.shape[-2:])


def _gradcam(maps: Tensor, gradients: Tensor) -> Tensor:
    return weighted(maps, gradients.mean((2, 3)))


def _hirescam(maps: Tensor, gradients: Tensor) -> Tensor:
    return (gradients * maps).sum(1)


def _gradcam_plus_plus(maps: Tensor, gradients: Tensor) -> Tensor:
    # Where the gradient is negative its ReLU is zero, whatever alpha is.
    positive = gradients.relu()
    alphas = 1 / (2 + positive * maps.sum((2, 3), keepdim=True))
    return weighted(maps, (alphas * positive).sum((2, 3)))


BY_GRADIENTS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "gradcam": _gradcam,
    "gradcam++": _gradcam_plus_plus,
    "hirescam": _hirescam,
}
"""By name: from maps (batch, channels, rows, columns) and the label's gradients there, of the same
shape, to (batch, rows, columns), signed."""


def maps_and_gradients(
    classifier: Classifier, images: Tensor, labels: Tensor
) -> tuple[Tensor, Tensor]:
    """What the CAM layer makes of images, and the gradients of the labels' logits there.

    Both (batch, channels, rows, columns). Only the head is gone through backwards.
    """
    with evaluating(classifier):
        with torch.no_grad():
            output = classifier.output(images)
        with torch.enable_grad():
            inputs = output.detach().requires_grad_()
            logits = classifier.head(inputs).gather(1, labels[:, None])
            (gradients,) = torch.autograd.grad(logits.sum(), [inputs])
    return classifier.layout.as_maps(output), classifier.layout.as_maps(gradients)
