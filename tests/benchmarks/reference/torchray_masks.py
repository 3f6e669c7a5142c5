"""TorchRay's extremal masks of some ImageNet photographs, one file each: minutes on one core.

    make .venv-bench/installed
    .venv-bench/bin/python -m tests.benchmarks.reference.torchray_masks ../shared/data/imagenet_val

Two copies may run at once: each takes the next image that nobody has begun. What was cut off is
begun again after its `.begun` file is removed.

TorchRay's own loop runs, with two things done in less time to the same effect: the network's
normalisations are folded into its convolutions, and the smooth maximum of 81 shifted copies is
compiled, which is checked against TorchRay's own before anything is made.
"""

import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import torch
from torch import Tensor, nn
from torch.nn import functional

from explainers.folding import folded
from tests.benchmarks.photographs import lite0, whole

SHARDS = Path("instance/torchray")
AREAS = (0.025, 0.05, 0.1, 0.2)
BUDGETS = (600, 800)
N_IMAGES = 20


def chosen(folder: Path) -> list[str]:
    """The images of the comparison, in random order."""
    names = pandas.read_csv(folder / "labels.csv")["image"].to_numpy()
    return np.random.default_rng(2021).permutation(names)[:N_IMAGES].tolist()


@torch.compile(dynamic=False)
def _smooth_maxima(seeds: Tensor, kernels: Tensor) -> Tensor:
    """(masks, phases, places) of seeds (masks, reach, places) and kernels (reach, phases)."""
    painted = seeds[:, :, None] * kernels[:, :, None]
    return (painted * (20 * painted).softmax(1)).sum(1)


def generate(generator: Any, seeds: Tensor) -> tuple[Tensor, Tensor]:
    """What `MaskGenerator.generate` returns: masks (masks, 1, height, width), cropped and whole.

    Its weights repeat every `step` pixels: the pixels of one phase share a kernel.
    """
    step, (height, width), margin = generator.step, generator.shape, generator.margin
    patches = functional.unfold(seeds, 2 * generator.radius + 1, padding=generator.padding)
    maxima = _smooth_maxima(patches, generator.weight[0, :, :step, :step].flatten(1))
    phases = maxima.unflatten(2, generator.shape_mid)
    rows, columns = generator.shape_out
    masks = functional.pixel_shuffle(phases, step)[..., :rows, :columns].clamp(0, 1)
    return masks[..., margin : margin + height, margin : margin + width], masks


def same_masks(peer: Any) -> bool:
    """Whether `generate` gives TorchRay's masks and gradients for seeds of chance."""
    generator, found = peer.MaskGenerator((224, 224), 7, 21), []
    for make in (generate, peer.MaskGenerator.generate):
        seeds = torch.rand(4, 1, *generator.shape_in, generator=torch.Generator().manual_seed(1))
        masks = torch.cat([made.flatten() for made in make(generator, seeds.requires_grad_())])
        (gradient,) = torch.autograd.grad((masks * torch.linspace(0, 1, len(masks))).sum(), seeds)
        found.append((masks, gradient))
    (masks, gradient), (peer_masks, peer_gradient) = found
    return torch.allclose(masks, peer_masks, atol=1e-5) and torch.allclose(
        gradient, peer_gradient, atol=1e-4 * float(peer_gradient.abs().max())
    )


def masks_at_budgets(peer: Any, classifier: nn.Module, image: Tensor, label: int) -> np.ndarray:
    """(budgets, areas, height, width): cropped, before smoothing.

    Nothing in TorchRay's loop depends on `max_iter`: the mask of its 600th iteration is the one
    that a budget of 600 returns.
    """
    cache: list[Tensor] = []
    iterations = 0

    def remembering(generator: Any, seeds: Tensor) -> tuple[Tensor, Tensor]:
        nonlocal iterations
        iterations += 1
        masks = generate(generator, seeds)
        if iterations in BUDGETS:
            cache.append(masks[0].detach().squeeze(1).clone())
        return masks

    peer.MaskGenerator.generate = remembering
    peer.extremal_perturbation(classifier, image, label, areas=list(AREAS), max_iter=BUDGETS[-1])
    return torch.stack(cache).numpy()


def main() -> None:
    """Fill the shards."""
    from torchray.attribution import extremal_perturbation as peer

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    SHARDS.mkdir(parents=True, exist_ok=True)
    if not same_masks(peer):
        raise SystemExit("The compiled smooth maximum is not TorchRay's: compare both `generate`.")
    folder, classifier = Path(sys.argv[1]), lite0()
    for name in chosen(folder):
        begun = SHARDS / f"{name}.begun"
        if begun.exists():
            continue
        begun.touch()
        image = whole(name, folder)
        label = int(classifier(image).argmax())
        masks = masks_at_budgets(peer, folded(classifier), image, label)
        partial = SHARDS / f"{name}.partial.npz"
        np.savez_compressed(partial, masks=masks, label=label)
        partial.rename(SHARDS / f"{name}.npz")


if __name__ == "__main__":
    main()
