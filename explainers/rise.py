"""RISE (Petsiuk, Das and Saenko 2018): the mean of random masks, weighted by what they preserve."""

import torch
from torch import Tensor
from torch.nn import functional

from explainers.classifier import Classifier, evaluating

# Larger batches are slower on CPUs: their maps fall out of the cache.
BATCH = 16


def rise(
    classifier: Classifier,
    images: Tensor,
    labels: Tensor,
    *,
    n_masks: int = 4000,
    cells: int = 7,
    kept: float = 0.5,
    seed: int = 0,
) -> Tensor:
    """Heat maps of where a pixel that is left raises the label's probability.

    sum_i p(image * mask_i) mask_i over n_masks * kept (equation 6), as the probability that is
    expected where a pixel is left, and stretched to [0, 1], as the authors draw it. What a mask
    takes becomes the RGB that normalises to 0, as theirs does.

    Args:
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) class indices.
        n_masks: 4000 for the paper's VGG-16, 8000 for its ResNet-50.
        cells: of a mask before it is enlarged, along each side.
        kept: probability of a cell to be left.
        seed: of the masks, which are the same for every image.

    Returns:
        (batch, height, width) in [0, 1]; zero where all pixels count alike.
    """
    size = (int(images.shape[2]), int(images.shape[3]))
    total = torch.zeros(len(images), *size, device=images.device)
    generator = torch.Generator().manual_seed(seed)
    with evaluating(classifier), torch.inference_mode():
        for start in range(0, n_masks, BATCH):
            n = min(BATCH, n_masks - start)
            masks = random_masks(n, size, cells=cells, kept=kept, generator=generator)
            total += weighted_masks(classifier, images, labels, masks.to(images.device))
    return stretched(total / (n_masks * kept))


def weighted_masks(classifier: Classifier, images: Tensor, labels: Tensor, masks: Tensor) -> Tensor:
    """sum_i p(image * mask_i) mask_i of each image, (batch, height, width).

    Args:
        masks: (n, height, width) in [0, 1].
    """
    hidden = torch.stack([(image - classifier.mean) * masks[:, None] for image in images])
    seen = (hidden + classifier.mean).flatten(0, 1)
    logits = classifier(seen.contiguous(memory_format=torch.channels_last))
    probabilities = logits.softmax(1).view(len(images), len(masks), -1)
    own = probabilities[torch.arange(len(images)), :, labels]
    return torch.einsum("bn,nhw->bhw", own, masks)


def random_masks(
    n: int, size: tuple[int, int], *, cells: int, kept: float, generator: torch.Generator
) -> Tensor:
    """(n, height, width) in [0, 1]: random cells, enlarged smoothly and shifted by up to a cell."""
    height, width = size
    rows, columns = -(-height // cells), -(-width // cells)  # of a cell, in pixels
    grids = (torch.rand(n, 1, cells, cells, generator=generator) < kept).float()
    larger = ((cells + 1) * rows, (cells + 1) * columns)
    fine = functional.interpolate(grids, size=larger, mode="bilinear", align_corners=False)[:, 0]
    tops = torch.randint(rows, (n,), generator=generator).tolist()
    lefts = torch.randint(columns, (n,), generator=generator).tolist()
    cuts = zip(fine, tops, lefts, strict=True)
    return torch.stack([m[top : top + height, left : left + width] for m, top, left in cuts])


def stretched(maps: Tensor) -> Tensor:
    """Each map (batch, height, width) from its least to its greatest value; a flat one is zero."""
    least, most = maps.amin((1, 2), keepdim=True), maps.amax((1, 2), keepdim=True)
    span = most - least
    return torch.where(span > 0, (maps - least) / span.clamp_min(torch.finfo(maps.dtype).tiny), 0.0)
