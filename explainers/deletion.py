"""Deletion and insertion (Petsiuk, Das and Saenko 2018, RISE).

Pixels go, or come, from the hottest to the coldest, and the label's probability is followed: a
faithful map makes it fall or rise early. As in the authors' code, what is removed becomes one
plain colour, and insertion begins with a blurred image; other than there, the blur reflects the
image at its edges, and a curve has `STEPS` steps instead of one for each row of pixels.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

Probability = Callable[[Tensor], Tensor]
"""(batch, 3, height, width), RGB in [0, 1], to the probability of the label, (batch,)."""

# With 224 steps, as many as rows, the areas of the demo differ by 0.001 on average.
STEPS = 28
BLUR_KERNEL_PX = 11
BLUR_SIGMA_PX = 5.0
# Larger batches are slower on CPUs: their maps fall out of the cache.
BATCH = 16
BATCH_PIXELS = BATCH * 224**2


def deletion(
    probability: Probability, image: Tensor, heatmap: Tensor, *, plain: Tensor, steps: int = STEPS
) -> float | None:
    """Area under the label's probability while the hottest pixels are removed; small is good.

    Args:
        image: (3, height, width), RGB in [0, 1].
        heatmap: (height, width); equal pixels are taken row by row. On the image's device.
        plain: what replaces a pixel, such as the RGB that normalises to 0; shaped to broadcast
            with the image.

    Returns:
        0 to 1; None for a map that is zero everywhere: its order is arbitrary.
    """
    return _area(probability, heatmap, image, plain.expand_as(image), steps)


def insertion(
    probability: Probability, image: Tensor, heatmap: Tensor, *, steps: int = STEPS
) -> float | None:
    """Area under the label's probability while a blurred image becomes sharp; large is good.

    The arguments and the result are those of `deletion`.
    """
    blurred = gaussian_blur(image, [BLUR_KERNEL_PX] * 2, [BLUR_SIGMA_PX] * 2)
    return _area(probability, heatmap, blurred, image, steps)


def _area(
    probability: Probability, heatmap: Tensor, start: Tensor, end: Tensor, steps: int
) -> float | None:
    """Area under the curve from `start` to `end`, hottest pixels first, by the trapezoid rule."""
    if not heatmap.any():
        return None
    counts = torch.linspace(0, heatmap.numel(), steps + 1).round().long()
    order = heatmap.flatten().argsort(descending=True, stable=True)
    changes = [order[:0], *order.tensor_split(counts[1:-1])]
    pixels, new = pixels_of(start).clone(memory_format=torch.contiguous_format), pixels_of(end)
    # Numbers, since a tensor that is kept would split the memory that the next pictures need.
    probabilities: list[float] = []
    size = batch_size(start)
    for batch in (changes[first : first + size] for first in range(0, len(changes), size)):
        # A picture that goes alone need not be copied.
        alone = len(batch) == 1
        altered = pixels[None] if alone else pixels.new_empty(len(batch), *pixels.shape)
        for copy, changed in zip(altered, batch, strict=True):
            pixels[changed] = new[changed]
            copy.copy_(pixels)
        probabilities += probability(as_pictures(altered, start.shape)).tolist()
    curve = torch.tensor(probabilities, dtype=torch.float64)
    return float(torch.trapezoid(curve, dx=1 / steps))


def pixels_of(image: Tensor) -> Tensor:
    """(height * width, channels) of an image, (channels, height, width): as it lies in memory if
    that is channels last."""
    return image.permute(1, 2, 0).flatten(end_dim=1)


def as_pictures(pixels: Tensor, shape: torch.Size) -> Tensor:
    """(n, channels, height, width), channels last, of (n, height * width, channels)."""
    channels, *sides = shape
    return pixels.view(-1, *sides, channels).permute(0, 3, 1, 2)


def batch_size(image: Tensor) -> int:
    """How many altered copies of an image, (3, height, width), go through a network together."""
    return max(1, min(BATCH, BATCH_PIXELS // image[0].numel()))
