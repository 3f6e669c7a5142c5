"""Memory stays with a process that will need it again.

By itself, glibc gives the memory of every larger tensor back at once. The next tensor then gets new
pages, each of which the system clears first: for the forwards of EfficientNet-Lite0 on a CPU, half
of the time.
"""

import ctypes
import sys

# By their names in the environment of a process to come, each with its number in mallopt(3).
SETTINGS = {
    "MALLOC_TRIM_THRESHOLD_": (-1, 2**30),
    "MALLOC_MMAP_MAX_": (-4, 0),
    # A thread's own share of memory cannot hold a large tensor.
    "MALLOC_ARENA_MAX": (-8, 1),
}
ENVIRONMENT = {name: str(value) for name, (_, value) in SETTINGS.items()}


def keep_memory() -> None:
    """Have this process keep what it frees, where its C library is glibc.

    Call it before threads start. Some tenths more memory are in use at most, if tensors are alike.
    """
    if sys.platform != "linux" or (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is None:
        return
    for number, value in SETTINGS.values():
        mallopt(number, value)
