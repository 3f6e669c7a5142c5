"""TorchRay's extremal masks of some ImageNet photographs, one file each: 17 minutes on one core.

    pip install --no-deps --target DIR torchray==1.0.0.2
    PYTHONPATH=DIR:. python tests/benchmarks/reference/torchray_masks.py ../shared/data/imagenet_val

Two copies may run at once: each takes the next image that nobody has begun. What was cut off is
begun again after its `.begun` file is removed.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas
import torch

from explainers.classifier import Classifier
from tests.benchmarks.photographs import lite0, whole

SHARDS = Path("instance/torchray")
AREAS = (0.025, 0.05, 0.1, 0.2)
BUDGETS = (600, 800)
N_IMAGES = 24


def chosen(folder: Path) -> list[str]:
    """The images of the comparison, in random order."""
    names = pandas.read_csv(folder / "labels.csv")["image"].to_numpy()
    return np.random.default_rng(2021).permutation(names)[:N_IMAGES].tolist()


def masks_at_budgets(classifier: Classifier, image: torch.Tensor, label: int) -> np.ndarray:
    """(budgets, areas, height, width): cropped, before smoothing.

    Nothing in TorchRay's loop depends on `max_iter`: the mask of its 600th iteration is the one
    that a budget of 600 returns.
    """
    from torchray.attribution import extremal_perturbation as peer

    kept: list[torch.Tensor] = []
    iterations = 0
    generate = peer.MaskGenerator.generate

    def remembering(self: object, seeds: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        nonlocal iterations
        iterations += 1
        masks: tuple[torch.Tensor, torch.Tensor] = generate(self, seeds)
        if iterations in BUDGETS:
            kept.append(masks[0].detach().squeeze(1).clone())
        return masks

    peer.MaskGenerator.generate = remembering
    try:
        peer.extremal_perturbation(
            classifier, image, label, areas=list(AREAS), max_iter=BUDGETS[-1]
        )
    finally:
        peer.MaskGenerator.generate = generate
    return torch.stack(kept).numpy()


def main() -> None:
    """Fill the shards."""
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    SHARDS.mkdir(parents=True, exist_ok=True)
    folder, classifier = Path(sys.argv[1]), lite0()
    for name in chosen(folder):
        begun = SHARDS / f"{name}.begun"
        if begun.exists():
            continue
        begun.touch()
        image = whole(name, folder)
        label = int(classifier(image).argmax())
        masks = masks_at_budgets(classifier, image, label)
        partial = SHARDS / f"{name}.partial.npz"
        np.savez_compressed(partial, masks=masks, label=label)
        partial.rename(SHARDS / f"{name}.npz")


if __name__ == "__main__":
    main()
