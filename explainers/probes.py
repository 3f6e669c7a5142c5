"""Four probes of what a classifier looks at, from one forward pass and differentiable.

Where the head is a global average and a linear layer, as in all of our backbones, the gradient of
a logit with respect to each map is constant, so that these methods need no backward pass. Other
heads, as those of vision transformers, are gone through backwards, and CAM is not defined on them.
All of them are signed here: their papers' ReLU is the caller's choice, since places are ranked
before it.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from explainers.cam import weighted
from explainers.classifier import Classifier
from explainers.gradcam import BY_GRADIENTS


def probe_maps(probe: str, classifier: Classifier, output: Tensor, labels: Tensor) -> Tensor:
    """How much each place supports the labels.

    Args:
        probe: a name in PROBES; any but "cam" where the classifier's head does not average.
        output: what `classifier.output` makes of images.
        labels: (batch,) class indices.

    Returns:
        (batch, rows, columns), signed.

    Raises:
        TypeError: if the head does not end in a linear layer.
    """
    maps = classifier.layout.as_maps(output)
    if classifier.averages:
        return PROBES[probe](maps, classifier.last_layer.weight[labels])
    gradients = _gradients(classifier, output, labels)
    return BY_GRADIENTS[probe](maps, classifier.layout.as_maps(gradients))


@torch.inference_mode(False)
@torch.enable_grad()
def _gradients(classifier: Classifier, output: Tensor, labels: Tensor) -> Tensor:
    """Of the labels' logits with respect to the output; a loss on them reaches the network."""
    is_trained = output.requires_grad
    inputs = output if is_trained else output.clone().requires_grad_()
    with sdpa_kernel(SDPBackend.MATH):  # the faster ones have no second derivative
        logits = classifier.head(inputs).gather(1, labels.clone()[:, None])
    (gradients,) = torch.autograd.grad(logits.sum(), [inputs], create_graph=is_trained)
    return gradients


def _gradcam(maps: Tensor, rows: Tensor) -> Tensor:
    """Selvaraju et al. 2017: the mean gradient of a logit with respect to map A_k is w_k / (hw)."""
    return weighted(maps, rows) / maps[0, 0].numel()


def _hirescam(maps: Tensor, rows: Tensor) -> Tensor:
    """Draelos and Carin 2020: gradient times map at each place, summed over maps."""
    return (maps * (rows / maps[0, 0].numel())[:, :, None, None]).sum(1)


def _gradcam_plus_plus(maps: Tensor, rows: Tensor) -> Tensor:
    """Chattopadhyay et al. 2018, equations 10, 11 and 19, for the exponential of the logit.

    With a constant gradient g = w_k / (hw), their alpha is 1 / (2 + g sum A_k), so that map A_k
    weighs relu(w_k) / (2 + w_k mean A_k), up to a factor that is the same for all maps. Maps that
    are not negative, which ReLU makes, keep the divisor above 2 wherever the weight counts.
    """
    return weighted(maps, rows.relu() / (2 + rows * maps.mean((2, 3))))


PROBES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cam": weighted,
    "gradcam": _gradcam,
    "gradcam++": _gradcam_plus_plus,
    "hirescam": _hirescam,
}
"""By name: from maps (batch, channels, rows, columns) and the labels' rows of the last layer."""
