"""ResNet-50 on a GPU, one training and four side by side: `make bench ONLY=cuda`, ten minutes.

Skipped where there is none, as on the machines that test Lorikeet: what it printed on one is in
docs/saliency_training.md.
"""

import json
import subprocess
import sys
from pathlib import Path

import pandas
import pytest
import torch

from tests.benchmarks.sizes import QUICK, size

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")

LOOPS = ("bare", "ours", "ours+compiled", "ours+graph")
SIDE_BY_SIDE = 4


def rates(batch: int, n_processes: int, folder: Path) -> pandas.DataFrame:
    """Columns loop, batch, rate (images a second of one process), gib; a row for each process."""
    folder.mkdir()
    loops = ["--batch", str(batch), "--loops", ",".join(LOOPS)]
    together = ["--meet", str(folder), "--of", str(n_processes)]
    command = [sys.executable, "-m", "tests.benchmarks.cuda_rates", *loops, *together]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(n_processes)
    ]
    printed = "".join(process.communicate()[0] for process in running)
    return read_rates(printed)


def read_rates(printed: str) -> pandas.DataFrame:
    """A row for each line that a process printed."""
    return pandas.DataFrame([json.loads(line) for line in printed.splitlines()])


def beside(alone: pandas.DataFrame, together: pandas.DataFrame) -> pandas.DataFrame:
    """Images a second by loop: of one process, and of all that ran side by side."""
    rates_of_all = together.groupby("loop")["rate"].sum()
    return pandas.DataFrame(
        {"one": alone.set_index("loop")["rate"], f"{SIDE_BY_SIDE} in all": rates_of_all}
    )


@pytest.mark.parametrize("batch", size([20, 128], quick=[2]))
def test_training_on_a_gpu_reaches_85_percent_of_a_bare_loop(batch: int, tmp_path: Path) -> None:
    alone = rates(batch, 1, tmp_path / "alone")
    together = rates(batch, SIDE_BY_SIDE, tmp_path / "together")
    table = beside(alone, together).loc[list(LOOPS)]
    print(f"\n{torch.cuda.get_device_name()}, batch {batch}, images/s\n{table.round()}")  # noqa: T201
    assert QUICK or table["one"]["ours"] >= 0.85 * table["one"]["bare"]
