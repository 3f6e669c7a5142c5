"""Do heat maps point at the object more often than the centre does? `make bench ONLY=pointing`.

On photographs that EfficientNet-Lite0 names rightly and whose boxes cover less than a quarter of
the view, the central 224 px of the 227 that are stored. A network with random weights explains the
same photographs and labels, and must not point better than the centre. An extremal perturbation
takes minutes: each is kept under `instance/`, so that the next run goes on, and is made again where
code or settings changed.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor
from tqdm import tqdm

from explainers.backbones import Weights
from explainers.classifier import Classifier
from explainers.extremal import heat_maps
from explainers.gradcam import gradcam
from explainers.metrics import box_mask, pointing
from tests.benchmarks.kept_masks import kept_masks
from tests.benchmarks.photographs import FOLDER, SIDE, Photograph, central, lite0, photographs
from tests.benchmarks.timing import machine

LARGEST_SHARE = 0.25
# Extremal perturbations are made of the first ones only, in the order of their names.
EXTREMAL = 100
EXTREMAL_RANDOMISED = 25
# Of the 420 that a study takes: with all of them, 125 maps would take six hours of a core.
EXTREMAL_STEPS = 40

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")

Explainer = Callable[[Classifier, Tensor, Tensor], Tensor]


@pytest.fixture(scope="module")
def small_objects() -> list[Photograph]:
    """Those that are named rightly, with boxes that cover less than a quarter."""
    classifier, found = lite0(), []
    for photograph in tqdm(photographs(), desc="predictions"):
        image, boxes = central(photograph)
        if 0 < box_mask(boxes, (SIDE, SIDE)).mean() < LARGEST_SHARE:
            with torch.inference_mode():
                if int(classifier(image).argmax()) == photograph.label:
                    found.append(photograph)
    return found


def kept_extremal(classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """An extremal perturbation, from the disk where it was made before."""
    return heat_maps(kept_masks(classifier, images, int(labels), n_steps=EXTREMAL_STEPS).masks)


def hits(explainer: Explainer, classifier: Classifier, shown: Sequence[Photograph]) -> np.ndarray:
    """(n,) 1 where the map of the true label peaks at the object; a map of zeros misses."""
    found = []
    for photograph in tqdm(shown):
        image, boxes = central(photograph)
        heatmap = explainer(classifier, image, torch.tensor([photograph.label]))
        found.append(pointing(heatmap[0].numpy(), boxes) or 0.0)
    return np.array(found)


def centre_hits(shown: Sequence[Photograph]) -> np.ndarray:
    """(n,) as if every map peaked in the middle."""
    middle = np.zeros((SIDE, SIDE))
    middle[SIDE // 2, SIDE // 2] = 1
    return np.array([pointing(middle, central(p)[1]) for p in shown], dtype=float)


def gain_over_centre(name: str, found: np.ndarray, centre: np.ndarray) -> tuple[float, float]:
    """The 95 % t interval of the paired difference; prints it."""
    difference = found - centre
    interval = stats.ttest_1samp(difference, 0).confidence_interval()
    print(  # noqa: T201
        f"\n{machine()}"
        f"\n{name}: {found.mean():.3f}, centre {centre.mean():.3f}, n = {len(found)}; difference "
        f"{difference.mean():+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]",
        flush=True,
    )
    return float(interval.low), float(interval.high)


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
    shown = small_objects[:most]
    found = hits(explainer, lite0(weights), shown)
    low, _ = gain_over_centre(name, found, centre_hits(shown))
    assert (low > 0) == (weights == "imagenet")
