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
    counts = torch.linspace(0, heatmap.numel(), steps + 1, device=heatmap.device).round()
    # 0 for the hottest pixel.
    ranks = torch.empty(heatmap.numel(), dtype=torch.int64, device=heatmap.device)
    order = heatmap.flatten().argsort(descending=True, stable=True)
    ranks[order] = torch.arange(len(order), device=heatmap.device)
    ranks = ranks.view_as(heatmap)
    # Numbers, since a tensor that is kept would split the memory that the next pictures need.
    probabilities: list[float] = []
    for count in torch.split(counts, batch_size(start)):
        altered = torch.where(ranks < count.view(-1, 1, 1, 1), end, start)
        probabilities += probability(altered).tolist()
    curve = torch.tensor(probabilities, dtype=torch.float64)
    return float(torch.trapezoid(curve, dx=1 / steps))


def batch_size(image: Tensor) -> int:
    """How many altered copies of an image, (3, height, width), go through a network together."""
    return max(1, min(BATCH, BATCH_PIXELS // image[0].numel()))
