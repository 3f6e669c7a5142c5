"""What work on a device needs: arrays that go there while it works, and chance that is seeded."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor


def sent(array: np.ndarray, device: torch.device) -> Tensor:
    """The array on a device, without waiting for what a GPU has yet to do.

    On the CPU it shares the array's memory. CUDA has copied pageable memory when it returns (CUDA
    Runtime API, "API synchronization behavior").
    """
    return torch.from_numpy(array).to(device, non_blocking=True)


@contextmanager
def chance(seed: int, device: torch.device) -> Iterator[np.random.Generator]:
    """The chance of a training: the order of batches, moves, and whatever a network drops.

    Torch's own chance, which dropout uses, is seeded too; afterwards it is as it was.
    """
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield np.random.default_rng(seed)
