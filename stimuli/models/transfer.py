"""What goes to a device while it works."""

import numpy as np
import torch
from torch import Tensor


def sent(array: np.ndarray, device: torch.device) -> Tensor:
    """The array on a device, without waiting for what a GPU has yet to do.

    On the CPU it shares the array's memory. CUDA has copied pageable memory when it returns (CUDA
    Runtime API, "API synchronization behavior").
    """
    return torch.from_numpy(array).to(device, non_blocking=True)
