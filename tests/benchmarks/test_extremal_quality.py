"""Are our masks as good as TorchRay's? `make bench ONLY=extremal_quality`, minutes an image.

TorchRay's are of 800 iterations, which take it many times as long; `reference/torchray_masks.py`
made them and `reference/torchray_tables.py` the tables that are read here. Both are scored in the
same way, on the cropped masks before smoothing: of our two fits for an area, the one that is the
better by its own count. Maps are the sums of all masks. Ours are kept under `instance/`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas
import pytest
from scipy import stats
from torch import Tensor
from tqdm import tqdm

from analysis.statistics.intervals import t_interval
from explainers.classifier import Classifier
from explainers.extremal import N_FITS, N_STEPS, ExtremalMasks
from tests.benchmarks.kept_masks import kept_masks
from tests.benchmarks.mask_scores import coarse_map, mask_scores
from tests.benchmarks.photographs import FOLDER, lite0, whole
from tests.benchmarks.sizes import QUICK, size

REFERENCE = Path(__file__).parent / "reference"
BUDGET, SMALLER_BUDGET = 800, 600
# How much less than two budgets of TorchRay our maps may agree with its.
RANK_SLACK = 0.05
IMAGES = size(20, quick=1)
STEPS = size(N_STEPS, quick=2)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")

Picture = Callable[[str], Tensor]


def read_peer_scores() -> pandas.DataFrame:
    """Columns image, label, budget, area, logit, log_probability, template_error."""
    table = pandas.read_csv(REFERENCE / "torchray_scores.csv")
    return table[table["image"].isin(table["image"].unique()[:IMAGES])]


def labels_of(peer_scores: pandas.DataFrame) -> pandas.Series:
    """What the images that TorchRay explained were taken for, by name."""
    return peer_scores.groupby("image")["label"].first()


def masks_of(
    labels: pandas.Series, classifier: Classifier, picture: Picture
) -> dict[str, ExtremalMasks]:
    """Ours, by the image's name."""
    bar = tqdm(labels.items(), total=len(labels))
    return {
        name: kept_masks(classifier, picture(name), label, n_steps=STEPS) for name, label in bar
    }


def score_pairs(
    peer_scores: pandas.DataFrame,
    masks: Mapping[str, ExtremalMasks],
    classifier: Classifier,
    picture: Picture,
) -> pandas.DataFrame:
    """By image and area, columns (score, "ours" or "theirs")."""
    labels = labels_of(peer_scores)
    ours = pandas.concat(
        mask_scores(classifier, picture(name), labels[name], own.best[0]).assign(image=name)
        for name, own in masks.items()
    )
    theirs = peer_scores[peer_scores["budget"] == BUDGET].drop(columns=["label", "budget"])
    keyed = [table.set_index(["image", "area"]) for table in (ours, theirs)]
    return pandas.concat(keyed, axis=1, keys=["ours", "theirs"]).swaplevel(axis=1)


def highest_differences(pairs: pandas.DataFrame, score: str) -> dict[float, float]:
    """By area, the upper end of the 95 % t interval of the paired difference; prints it."""
    highest = {}
    for area, rows in pairs[score].groupby("area"):
        difference = rows["ours"] - rows["theirs"]
        low, highest[area] = t_interval(difference)
        print(  # noqa: T201
            f"\n{score}, area {area}, n = {len(rows)}, {N_FITS} x {STEPS} against {BUDGET}: "
            f"{rows['ours'].mean():.3f} and {rows['theirs'].mean():.3f}, difference "
            f"{difference.mean():+.3f} [{low:+.3f}, {highest[area]:+.3f}]",
            end="",
        )
    return highest


def template_errors(pairs: pandas.DataFrame) -> pandas.DataFrame:
    """By area, the means of "ours" and "theirs"; prints them."""
    means = pairs["template_error"].groupby("area").mean()
    print(f"\nmean squared distance to the template\n{means}")  # noqa: T201
    return means


def rank_correlations(masks: Mapping[str, ExtremalMasks]) -> tuple[float, float]:
    """With TorchRay's maps of 800 iterations: those of ours, and of its own 600; prints them.

    Spearman's, over places, the mean of all images.
    """
    table = pandas.read_csv(REFERENCE / "torchray_maps.csv").set_index(["budget", "image"])
    maps = table.drop(columns="label")
    full, smaller = maps.loc[BUDGET], maps.loc[SMALLER_BUDGET]
    our_maps = {name: coarse_map(own.masks) for name, own in masks.items()}
    correlations = {
        "ours": [stats.spearmanr(m, full.loc[n]).statistic for n, m in our_maps.items()],
        "theirs": [stats.spearmanr(smaller.loc[n], full.loc[n]).statistic for n in our_maps],
    }
    ours, theirs = (sum(values) / len(values) for values in correlations.values())
    print(  # noqa: T201
        f"\nrank correlation with {BUDGET} iterations of TorchRay: ours {ours:.3f}, its own "
        f"{SMALLER_BUDGET} {theirs:.3f}, n = {len(masks)}"
    )
    return ours, theirs


@pytest.fixture(scope="module")
def masks() -> dict[str, ExtremalMasks]:
    """Ours, for each image that TorchRay explained."""
    return masks_of(labels_of(read_peer_scores()), lite0(), whole)


@pytest.fixture(scope="module")
def pairs(masks: dict[str, ExtremalMasks]) -> pandas.DataFrame:
    return score_pairs(read_peer_scores(), masks, lite0(), whole)


@pytest.mark.parametrize("score", ["logit", "log_probability"])
def test_what_a_mask_preserves_is_named_as_surely(pairs: pandas.DataFrame, score: str) -> None:
    """Per area the 95 % t interval of the paired difference reaches 0 or lies above."""
    highest = highest_differences(pairs, score)
    assert QUICK or min(highest.values()) >= 0


def test_the_masks_are_no_farther_from_their_template(pairs: pandas.DataFrame) -> None:
    means = template_errors(pairs)
    assert QUICK or (means["ours"] <= means["theirs"]).all()


def test_the_maps_agree_like_those_of_two_budgets(masks: dict[str, ExtremalMasks]) -> None:
    ours, theirs = rank_correlations(masks)
    assert QUICK or ours >= theirs - RANK_SLACK
