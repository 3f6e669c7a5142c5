"""Scores and coarse maps of TorchRay's masks, as far as they are made: the CSV files beside this.

    python -m tests.benchmarks.reference.torchray_tables instance/torchray

Numbers only: neither photographs nor anything they could be recognised by.
"""

import sys
from pathlib import Path

import numpy as np
import pandas
import torch

from tests.benchmarks.mask_scores import coarse_map, mask_scores
from tests.benchmarks.photographs import lite0, whole
from tests.benchmarks.reference.torchray_masks import BUDGETS

HERE = Path(__file__).parent


def main() -> None:
    """Write torchray_scores.csv and torchray_maps.csv."""
    scores, maps = [], []
    classifier = lite0()
    for path in sorted(Path(sys.argv[1]).glob("*.npz")):
        name = path.name.removesuffix(".npz")
        shard = np.load(path)
        label, image = int(shard["label"]), whole(name)
        for budget, masks in zip(BUDGETS, torch.from_numpy(shard["masks"]), strict=True):
            facts = {"image": name, "label": label, "budget": budget}
            scores.append(mask_scores(classifier, image, label, masks).assign(**facts))
            values = coarse_map(masks).tolist()
            maps.append(facts | {f"place_{n}": value for n, value in enumerate(values)})
    for what, table in (("scores", pandas.concat(scores)), ("maps", pandas.DataFrame(maps))):
        table.to_csv(HERE / f"torchray_{what}.csv", index=False, float_format="%.5g")


if __name__ == "__main__":
    main()
