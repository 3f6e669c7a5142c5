"""Scores of seeded heat maps by torchray, quantus and torchmetrics; see versions.txt.

In an environment of its own: python make.py
"""

import csv
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from quantus import RelevanceMassAccuracy, RelevanceRankAccuracy
from torchmetrics.functional.classification import binary_jaccard_index
from torchray.benchmark.pointing_game import PointingGame

HERE = Path(__file__).parent
SHAPE = (48, 64)


def main() -> None:
    """Write `expected.csv` and `versions.txt`."""
    rows = [scores(seed) for seed in range(40)]
    with (HERE / "expected.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    names = ("torchray", "quantus", "torchmetrics", "torch", "numpy")
    lines = [f"{name} {version(name)}\n" for name in names]
    (HERE / "versions.txt").write_text("".join(lines), "utf-8")


def scores(seed: int) -> dict[str, float]:
    """One seeded map and box with what the others say of it."""
    heatmap = np.random.default_rng(seed).random(SHAPE) ** 3
    left, top = (int(v) for v in np.random.default_rng([seed, 1]).integers(0, (48, 36)))
    right, bottom = min(left + 4 + seed % 9, SHAPE[1]), min(top + 3 + seed % 7, SHAPE[0])
    mask = np.zeros(SHAPE, dtype=bool)
    mask[top:bottom, left:right] = True
    row, column = np.unravel_index(heatmap.argmax(), SHAPE)
    hit = PointingGame(1, tolerance=15).evaluate(torch.from_numpy(mask), (int(column), int(row)))
    maps, objects = heatmap[None, None], mask[None, None]
    (mass,), (rank,) = (
        kind(abs=False, normalise=False, disable_warnings=True).evaluate_batch(
            a_batch=maps, s_batch=objects
        )
        for kind in (RelevanceMassAccuracy, RelevanceRankAccuracy)
    )
    hot = torch.from_numpy(heatmap >= 0.3)
    return {
        "seed": seed,
        "left": left,
        "top": top,
        "right": right,
        "bottom": bottom,
        "torchray_pointing": float(hit > 0),
        "quantus_energy": float(mass),
        "quantus_rank": float(rank),
        "torchmetrics_iou": float(binary_jaccard_index(hot, torch.from_numpy(mask))),
    }


if __name__ == "__main__":
    main()
