"""How long work takes, and on what."""

import os
import platform
import time
from collections.abc import Callable

import torch


def cpu_seconds(work: Callable[[], object]) -> float:
    """Of this process, all threads: a busy machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def seconds(work: Callable[[], object]) -> float:
    """By the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def machine() -> str:
    """What a figure was measured on."""
    name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, {torch.get_num_threads()} threads"
