"""How far TorchRay agrees with itself: minutes for each photograph, on one core.

    .venv-bench/bin/python -m tests.benchmarks.reference.torchray_mirrored 0 1

Each photograph of the comparison is given by its number; its mirror image is explained, and the
rank correlation of that map, mirrored back, with the one in `torchray_maps.csv` is printed.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas
import torch
from scipy import stats

from explainers.folding import folded
from tests.benchmarks.mask_scores import coarse_map
from tests.benchmarks.photographs import FOLDER, lite0, whole
from tests.benchmarks.reference.torchray_masks import BUDGETS, SHARDS, chosen, masks_at_budgets

MAPS = Path(__file__).parent / "torchray_maps.csv"


def mirrored_masks(name: str) -> torch.Tensor:
    """(areas, height, width) of the largest budget, mirrored back, from the disk where they are."""
    from torchray.attribution import extremal_perturbation as peer

    path = SHARDS / "mirrored" / f"{name}.npz"
    if not path.exists():
        classifier, image = lite0(), whole(name)
        label = int(classifier(image).argmax())
        masks = masks_at_budgets(peer, folded(classifier), image.flip(3), label)[-1, ..., ::-1]
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez_compressed(partial, masks=masks)
        partial.rename(path)
    return torch.from_numpy(np.load(path)["masks"].copy())


def main() -> None:
    """Print a line for each photograph."""
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    maps = pandas.read_csv(MAPS).set_index(["budget", "image"]).drop(columns="label")
    names = chosen(FOLDER)
    for number in map(int, sys.argv[1:]):
        found = coarse_map(mirrored_masks(names[number]))
        agreed = stats.spearmanr(found, maps.loc[(BUDGETS[-1], names[number])]).statistic
        print(f"{names[number]}: {agreed:.3f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
