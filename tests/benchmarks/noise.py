"""Pictures and masks at random: what is shown does not matter for the time that training takes."""

import numpy as np
import torch

from stimuli.sal.data.images import Images
from stimuli.sal.data.labelled import Labelled, Origin

SIDE = 224


def noise(n: int, *, n_classes: int) -> Images:
    """`n` pictures of SIDE px, all of them with a mask."""
    rng = np.random.default_rng(1)
    return Images(
        sources=tuple(f"{k}.png" for k in range(n)),
        pixels=torch.from_numpy(rng.integers(0, 256, (n, SIDE, SIDE, 3), dtype=np.uint8)),
        labels=rng.integers(0, n_classes, n),
        masks=rng.integers(0, 256, (n, SIDE * SIDE // 8), dtype=np.uint8),
        has_mask=np.ones(n, dtype=bool),
    )


def everything(images: Images) -> Labelled:
    """All pictures, with masks as people drew them."""
    n = len(images)
    origins = np.full(n, Origin.HUMAN, dtype=np.int8)
    return Labelled(rows=np.arange(n), labels=images.labels, masks=images.masks, origins=origins)
