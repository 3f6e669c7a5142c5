"""Do heat maps point at the object more often than the centre does? `make bench ONLY=pointing`.

On photographs that EfficientNet-Lite0 names rightly and whose boxes cover less than a quarter of
the view, the central 224 px of the 227 that are stored. A network with random weights explains the
same photographs and labels, and must not point better than the centre. An extremal perturbation
takes minutes: each is kept under `instance/`, so that the next run goes on, and is made again where
code or settings changed.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas
import pytest
import torch
from torch import Tensor
from tqdm import tqdm

from analysis.statistics.intervals import t_interval
from explainers.classifier import Classifier
from explainers.extremal import heat_maps
from explainers.gradcam import gradcam
from explainers.metrics import box_mask, pointing
from explainers.networks.backbones import Weights
from tests.benchmarks.kept_masks import kept_masks
from tests.benchmarks.photographs import FOLDER, SIDE, Photograph, central, lite0, photographs
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine

LARGEST_SHARE = 0.25
# All that there are, or the first ones in the order of their names.
MOST: int | None = size(None, quick=15)
# Extremal perturbations are made of the first ones only.
EXTREMAL = size(100, quick=1)
EXTREMAL_RANDOMISED = size(25, quick=1)
# Of the 420 that a study takes: with all of them, 125 maps would take six hours of a core.
EXTREMAL_STEPS = size(40, quick=1)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")

Explainer = Callable[[Classifier, Tensor, Tensor], Tensor]


def with_small_objects(classifier: Classifier, folder: Path) -> list[Photograph]:
    """Those that are named rightly, with boxes that cover less than a quarter."""
    chosen = []
    for photograph in tqdm(photographs(folder)[:MOST], desc="predictions"):
        image, boxes = central(photograph, folder)
        if 0 < box_mask(boxes, (SIDE, SIDE)).mean() < LARGEST_SHARE:
            with torch.inference_mode():
                if int(classifier(image).argmax()) == photograph.label:
                    chosen.append(photograph)
    return chosen


@pytest.fixture(scope="module")
def small_objects() -> list[Photograph]:
    return with_small_objects(lite0(), FOLDER)


def kept_extremal(classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """An extremal perturbation, from the disk where it was made before."""
    return heat_maps(kept_masks(classifier, images, int(labels), n_steps=EXTREMAL_STEPS).masks)


def hits(
    explainer: Explainer,
    classifier: Classifier,
    photos: Sequence[Photograph],
    folder: Path = FOLDER,
) -> np.ndarray:
    """(n,) 1 where the map of the true label peaks at the object; a map of zeros misses."""
    scores = []
    for photograph in tqdm(photos):
        image, boxes = central(photograph, folder)
        heatmap = explainer(classifier, image, torch.tensor([photograph.label]))
        scores.append(pointing(heatmap[0].numpy(), boxes) or 0.0)
    return np.array(scores)


def centre_hits(photos: Sequence[Photograph], folder: Path = FOLDER) -> np.ndarray:
    """(n,) as if every map peaked in the middle."""
    middle = np.zeros((SIDE, SIDE))
    middle[SIDE // 2, SIDE // 2] = 1
    return np.array([pointing(middle, central(p, folder)[1]) for p in photos], dtype=float)


def least_gain_over_centre(name: str, scores: np.ndarray, centre: np.ndarray) -> float:
    """The lower end of the 95 % t interval of the paired difference; prints the interval."""
    difference = scores - centre
    low, high = t_interval(pandas.Series(difference))
    print(  # noqa: T201
        f"\n{machine()}"
        f"\n{name}: {scores.mean():.3f}, centre {centre.mean():.3f}, n = {len(scores)}; difference "
        f"{difference.mean():+.3f} [{low:+.3f}, {high:+.3f}]",
        flush=True,
    )
    return low


@pytest.mark.parametrize(
    ("name", "explainer", "weights", "most"),
    [
        ("GradCAM", gradcam, "imagenet", None),
        ("GradCAM, random weights", gradcam, "none", None),
        ("extremal perturbation", kept_extremal, "imagenet", EXTREMAL),
        ("extremal perturbation, random weights", kept_extremal, "none", EXTREMAL_RANDOMISED),
    ],
)
def test_a_trained_network_points_better_than_the_centre_and_a_random_one_does_not(
    small_objects: list[Photograph],
    name: str,
    explainer: Explainer,
    weights: Weights,
    most: int | None,
) -> None:
    photos = small_objects[:most]
    scores = hits(explainer, lite0(weights), photos)
    low = least_gain_over_centre(name, scores, centre_hits(photos))
    assert QUICK or (low > 0) == (weights == "imagenet")
