"""Class activation maps (Zhou et al. 2016), and the core that they share with GradCAM."""

import torch
from torch import Tensor
from torch.nn import functional

from explainers.classifier import Classifier


def cam(classifier: Classifier, maps: Tensor, labels: Tensor) -> Tensor:
    """sum_k w_k A_k: the maps of the CAM layer, weighted by the label's row of the last layer.

    Signed, at the size of the maps, and differentiable: a training loss on it reaches the maps
    and the last layer. Where the head is a global average and a linear layer, the mean of a map
    is the label's logit less its bias, and GradCAM is its ReLU up to scale.

    Args:
        maps: (batch, channels, rows, columns), what `classifier.maps` makes of images; the same
            maps give the logits, so that a training step needs one forward pass.
        labels: (batch,) class indices.

    Returns:
        (batch, rows, columns).

    Raises:
        TypeError: if the head does not end in a linear layer.
    """
    return weighted(maps, classifier.last_layer.weight[labels])


def weighted(maps: Tensor, weights: Tensor) -> Tensor:
    """Maps (batch, channels, rows, columns) summed by weights (batch, channels)."""
    return (maps * weights[:, :, None, None]).sum(1)


def heat_maps(coarse: Tensor, size: tuple[int, ...]) -> Tensor:
    """ReLU, then bilinear to the image's size, then over the maximum, as in the study paper.

    The minimum is not shifted, and a map without support stays zero.

    Args:
        coarse: (batch, rows, columns), signed.
        size: height and width in pixels.

    Returns:
        (batch, height, width) in [0, 1].
    """
    fine = functional.interpolate(
        coarse.relu()[:, None], size=list(size), mode="bilinear", align_corners=False
    ).squeeze(1)
    peaks = fine.amax(dim=(1, 2), keepdim=True)
    return torch.where(peaks > 0, fine / peaks.clamp_min(torch.finfo(fine.dtype).tiny), 0.0)
