"""GradCAM (Selvaraju et al. 2017): the maps of the last stage, weighted by their mean gradient."""

import torch
from torch import Tensor

from explainers.cam import heat_maps, weighted
from explainers.classifier import Classifier, evaluating


def gradcam(classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """Heat maps of how much each place supported the label.

    ReLU(sum_k w_k A_k), with w_k the gradient of the label's logit with respect to map A_k,
    averaged over places; then bilinear to the image's size and divided by the maximum, without
    a shift of the minimum, as in the study paper. A map without support stays zero.

    Args:
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) class indices.

    Returns:
        (batch, height, width) in [0, 1].
    """
    height, width = images.shape[-2:]
    with evaluating(classifier):
        with torch.no_grad():
            maps = classifier.maps(images)
        with torch.enable_grad():
            # Only the head is gone through backwards: the maps are its input.
            inputs = maps.detach().requires_grad_()
            logits = classifier.head(inputs).gather(1, labels[:, None])
            (gradients,) = torch.autograd.grad(logits.sum(), [inputs])
    return heat_maps(weighted(maps, gradients.mean((2, 3))), (height, width))
