"""Adversarial images: projected gradient descent (PGD; Madry et al., ICLR 2018, section 2.1).

Captum's PGD is not used: it takes every gradient below 1e-6 for zero, and so leaves pixels of
images of which the classifier is sure as they are, and its random start comes from the global
random state.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from explainers.classifier import Classifier
from explainers.folding import folded
from stimuli.models.predictions import as_input


@torch.enable_grad()
def pgd(
    classifiers: Sequence[Classifier],
    images: Tensor,
    labels: Tensor,
    *,
    epsilon: float = 16 / 255,
    n_steps: int = 40,
    relative_step: float = 1 / 30,
    noise: Tensor,
    input_px: int | None = None,
) -> Tensor:
    """Change images a little so that classifiers no longer see the label (untargeted).

    x <- clip(x + epsilon relative_step sign(grad_x cross-entropy(x, label))), where clip goes to
    the L-infinity ball of radius epsilon around the image and to [0, 1]. The defaults are those of
    the study paper (section 2.4.2), whose "steps of 1/30" are relative to epsilon, as in Foolbox.
    Deviation: none with one classifier, and the mean of the losses with several; 40 steps cover
    4/3 epsilon of the ball's 2, so where it starts does matter.

    Args:
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) true class indices.
        epsilon: largest change of a channel, on the scale of [0, 1].
        relative_step: length of a step as a share of epsilon.
        noise: as the images, uniform in [-1, 1]: where in the ball the attack starts, over epsilon.
        input_px: side of what the classifier sees of the images; None where that are they.

    Returns:
        (batch, 3, height, width) in [0, 1]. The classifiers are left as they were found.
    """
    low, high = (images - epsilon).clamp_min(0), (images + epsilon).clamp_max(1)
    attacked = (images + epsilon * noise).clamp(low, high)
    networks, side = [*map(folded, classifiers)], input_px or images.shape[-1]
    for _ in range(n_steps):
        attacked = attacked.detach().requires_grad_()
        loss = mean_loss(networks, as_input(attacked, side), labels)
        (gradient,) = torch.autograd.grad(loss, attacked)
        attacked = (attacked + epsilon * relative_step * gradient.sign()).clamp(low, high)
    return attacked.detach()


def mean_loss(networks: Sequence[nn.Module], images: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy: the mean over networks of the sum over images, each as if it were alone."""
    losses = [functional.cross_entropy(n(images), labels, reduction="sum") for n in networks]
    return torch.stack(losses).mean()
