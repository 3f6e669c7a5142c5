"""GradCAM (Selvaraju et al. 2017): the maps of the last stage, weighted by their mean gradient."""

import torch
from captum.attr import LayerGradCam
from torch import Tensor
from torch.nn import functional

from explainers.classifier import Classifier


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
    method = LayerGradCam(classifier, classifier.features)
    coarse = method.attribute(images, target=labels, relu_attributions=True).detach()
    maps = functional.interpolate(
        coarse, size=images.shape[-2:], mode="bilinear", align_corners=False
    ).squeeze(1)
    peaks = maps.amax(dim=(1, 2), keepdim=True)
    return torch.where(peaks > 0, maps / peaks.clamp_min(torch.finfo(maps.dtype).tiny), 0.0)
