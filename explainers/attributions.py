"""Captum's attribution methods as heat maps, through one adapter.

Each method says how much every channel of every pixel counts for the logit of a label. The adapter
joins the channels, and scales what they give together, as the literature of the method draws it.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import numpy as np
import torch
from captum.attr import (
    GradientShap,
    GuidedGradCam,
    IntegratedGradients,
    NoiseTunnel,
    Occlusion,
    Saliency,
)
from torch import Tensor, nn

from explainers.classifier import Classifier, evaluating
from explainers.networks.backbones import Backbone

Sign = Literal["absolute", "positive", "signed"]
"""How what speaks against the label is drawn: as what speaks for it, not at all, or as such."""

Channels = Literal["sum", "max"]
"""How the three channels of a pixel are joined: their sum, or the one that counts most."""

# Steps of a path, masked or noisy copies that go through the network together.
BATCH = 16


class UnsuitableNetworkError(ValueError):
    """A network that a method cannot explain."""


def attribution(
    method: str,
    classifier: Classifier,
    images: Tensor,
    labels: Tensor,
    *,
    sign: Sign,
    channels: Channels,
    clip: float,
    seed: int = 0,
    **settings: object,
) -> Tensor:
    """Heat maps of how much each pixel counts for the label's logit.

    Args:
        method: a name in METHODS.
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) class indices.
        clip: the quantile of a map's strengths that becomes 1, and what is stronger with it.
        seed: of methods that draw by chance. Every image gets the same draws, so that its map
            does not depend on the others'.
        settings: those of the method.

    Returns:
        (batch, height, width) in [0, 1], or in [-1, 1] where the sign is kept. A map that is zero
        everywhere stays so.

    Raises:
        UnsuitableNetworkError: if the method cannot explain this network.
    """
    maps = []
    with evaluating(classifier), torch.enable_grad():
        for image, label in zip(images.detach()[:, None], labels[:, None], strict=True):
            with seeded(seed):
                values = METHODS[method](classifier, image.requires_grad_(), label, **settings)
            maps.append(scaled(joined(values.detach(), sign, channels), clip))
    return torch.cat(maps)


def joined(values: Tensor, sign: Sign, channels: Channels) -> Tensor:
    """Of each pixel one number: (batch, 3, height, width) to (batch, height, width)."""
    if sign == "absolute":
        values = values.abs()
    if channels == "max":
        values = values.gather(1, values.abs().argmax(1, keepdim=True))
    together = values.sum(1)
    return together.relu() if sign == "positive" else together


def scaled(maps: Tensor, clip: float) -> Tensor:
    """Each map (batch, height, width) over the quantile `clip` of its strengths, cut off at 1.

    Of the strengths that are not zero: a map of a few pixels is not lost.
    """
    scales = [
        torch.quantile(strengths[strengths > 0], clip)
        if strengths.any()
        else strengths.new_ones(())
        for strengths in maps.abs().flatten(1)
    ]
    return (maps / torch.stack(scales)[:, None, None]).clamp(-1, 1)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Captum draws from the global random states of torch and NumPy; they are left as they were."""
    before = np.random.get_state()  # noqa: NPY002
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        try:
            yield
        finally:
            np.random.set_state(before)  # noqa: NPY002


def require_guidance(network: Backbone | Classifier, name: str) -> None:
    """Guided backpropagation changes the gradient of `nn.ReLU` only, and GradCAM's part needs maps.

    Raises:
        UnsuitableNetworkError: if the network has no ReLU, of whose other non-linearity the method
            would give the plain gradient; or gives tokens.
    """
    modules = (*network.features.modules(), *network.head.modules())
    reason = ""
    if not any(isinstance(module, nn.ReLU) for module in modules):
        reason = "has no ReLU, so guided backpropagation would be the plain gradient"
    elif network.layout.order != "channels first":
        reason = "gives no maps that captum's GuidedGradCam could enlarge"
    if reason:
        advice = "take resnet18, resnet34, resnet50 or tiny, or another explainer"
        raise UnsuitableNetworkError(f"guided_gradcam: {name} {reason}; {advice}")


def _gradient(classifier: Classifier, image: Tensor, label: Tensor) -> Tensor:
    """The gradient of the logit (Simonyan, Vedaldi and Zisserman 2014, section 3)."""
    values: Tensor = Saliency(classifier).attribute(image, label, abs=False)
    return values


def _smoothgrad(
    classifier: Classifier, image: Tensor, label: Tensor, *, n_samples: int, noise: float
) -> Tensor:
    """The mean gradient of noisy copies (Smilkov et al. 2017).

    Args:
        noise: standard deviation, as a share of the image's range of values.
    """
    values: Tensor = NoiseTunnel(Saliency(classifier)).attribute(
        image,
        nt_type="smoothgrad",
        nt_samples=n_samples,
        nt_samples_batch_size=BATCH,
        stdevs=noise * float(image.detach().max() - image.detach().min()),
        target=label,
        abs=False,
    )
    return values


def _integrated_gradients(
    classifier: Classifier,
    image: Tensor,
    label: Tensor,
    *,
    n_steps: int,
    baseline: Literal["black", "grey"],
) -> Tensor:
    """The gradient along the way from a plain image (Sundararajan, Taly and Yan 2017, eq. 1).

    Over all pixels the values add up to the difference of the two logits.

    Args:
        baseline: black, as theirs, or the RGB that normalises to 0.
    """
    plain = torch.zeros_like(image) if baseline == "black" else classifier.mean.expand_as(image)
    values: Tensor = IntegratedGradients(classifier).attribute(
        image, plain, target=label, n_steps=n_steps, internal_batch_size=BATCH
    )
    return values


def _gradient_shap(
    classifier: Classifier, image: Tensor, label: Tensor, *, n_samples: int, baselines: Tensor
) -> Tensor:
    """Expected gradients, SHAP's GradientExplainer (Lundberg and Lee 2017; Erion et al. 2021).

    In expectation the values add up to the logit less its mean over the baselines.

    Args:
        baselines: (n, 3, height, width), RGB in [0, 1]: usual images. Each sample takes one, and a
            place on the way from it, by chance.
    """
    total = torch.zeros_like(image)
    for start in range(0, n_samples, BATCH):
        n = min(BATCH, n_samples - start)
        total += n * GradientShap(classifier).attribute(
            image, baselines, n_samples=n, stdevs=0.0, target=label
        )
    return total / n_samples


def _occlusion(
    classifier: Classifier, image: Tensor, label: Tensor, *, window_px: int, stride_px: int
) -> Tensor:
    """How much the logit falls when a square turns grey (Zeiler and Fergus 2014, section 4.2)."""
    window = min(window_px, *image.shape[2:])
    values: Tensor = Occlusion(classifier).attribute(
        image.detach(),
        sliding_window_shapes=(3, window, window),
        strides=(3, min(stride_px, window), min(stride_px, window)),
        baselines=classifier.mean.expand_as(image),
        target=label,
        perturbations_per_eval=BATCH,
    )
    return values


def _guided_gradcam(classifier: Classifier, image: Tensor, label: Tensor) -> Tensor:
    """GradCAM times guided backpropagation (Selvaraju et al. 2017, section 3.2)."""
    require_guidance(classifier, classifier.backbone)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Setting backward hooks on ReLU activations")
        values: Tensor = GuidedGradCam(classifier, classifier.features).attribute(
            image, label, interpolate_mode="bilinear"
        )
    return values


METHODS: dict[str, Callable[..., Tensor]] = {
    "gradient": _gradient,
    "smoothgrad": _smoothgrad,
    "integrated_gradients": _integrated_gradients,
    "gradient_shap": _gradient_shap,
    "occlusion": _occlusion,
    "guided_gradcam": _guided_gradcam,
}
"""By name: of a classifier, an image (1, 3, height, width) and its label, as large as the image."""
