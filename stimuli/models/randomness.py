"""The chance of a training: the order of batches, moves, and whatever a network drops."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def chance(seed: int, device: torch.device) -> Iterator[np.random.Generator]:
    """Seed torch's own chance too, which dropout uses; afterwards it is as it was."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield np.random.default_rng(seed)
