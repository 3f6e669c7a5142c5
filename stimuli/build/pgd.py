"""Adversarial images: projected gradient descent (PGD; Madry et al., ICLR 2018, section 2.1).

Captum's PGD is not used: it takes every gradient below 1e-6 for zero, and so leaves pixels of
images of which the classifier is sure as they are, and its random start comes from the global
random state.
"""

import torch
from torch import Tensor
from torch.nn import functional

from explainers.classifier import Classifier
from explainers.folding import folded
from stimuli.models.predictions import as_input


@torch.enable_grad()
def pgd(
    classifier: Classifier,
    images: Tensor,
    labels: Tensor,
    *,
    epsilon: float = 16 / 255,
    n_steps: int = 40,
    relative_step: float = 1 / 30,
    noise: Tensor,
    input_px: int | None = None,
) -> Tensor:
    """Change images a little so that the classifier no longer sees the label (untargeted).

    x <- clip(x + epsilon relative_step sign(grad_x cross-entropy(x, label))), where clip goes to
    the L-infinity ball of radius epsilon around the image and to [0, 1]. The defaults are those of
    the study paper (section 2.4.2), whose "steps of 1/30" are relative to epsilon, as in Foolbox.
    Deviation: none; 40 of them cover 4/3 epsilon of the ball's 2, so where it starts does matter.

    Args:
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) true class indices.
        epsilon: largest change of a channel, on the scale of [0, 1].
        relative_step: length of a step as a share of epsilon.
        noise: as the images, uniform in [-1, 1]: where in the ball the attack starts, over epsilon.
        input_px: side of what the classifier sees of the images; None where that are they.

    Returns:
        (batch, 3, height, width) in [0, 1]. The classifier is left as it was found.
    """
    low, high = (images - epsilon).clamp_min(0), (images + epsilon).clamp_max(1)
    attacked = (images + epsilon * noise).clamp(low, high)
    network, side = folded(classifier), input_px or images.shape[-1]
    for _ in range(n_steps):
        attacked = attacked.detach().requires_grad_()
        logits = network(as_input(attacked, side))
        # The sum, not the mean: each image is attacked as if it were alone.
        loss = functional.cross_entropy(logits, labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, attacked)
        attacked = (attacked + epsilon * relative_step * gradient.sign()).clamp(low, high)
    return attacked.detach()
