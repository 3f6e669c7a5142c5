"""What do scores of heat maps cost, in memory and time? `make bench ONLY=score_cost`, two hours.

Memory is that of a process that scores random maps of a million pixels, more than it could hold at
once: 450 of them alone are 1.8 GB. Times are those of one map of GradCAM, without what is kept.
"""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
import torch

from explainers.classifier import Classifier, load_checkpoint
from explainers.gradcam import gradcam
from explainers.random_weights import with_random_weights
from stimuli.build.heatmaps import score_families
from stimuli.build.heatmaps.mapper import HeatMapper
from stimuli.build.heatmaps.score_families import AGAIN, FAMILIES, ScoredMap
from stimuli.datasets.base import Example, Split
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import encode
from tests.benchmarks.photographs import FOLDER, ROOT, lite0, photographs, squashed
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import cpu_seconds, machine
from tests.lab import kept_demo
from tests.stimuli.build.contexts import evaluated_classifier

SIDE = size(1000, quick=120)
STIMULI = size(450, quick=3)
EXPLAINERS = size(9, quick=2)
MOST_GB = 2.0
GB_KIB = 1e9 / 1024
IMAGES = size(5, quick=1)


def memory(folder: Path) -> tuple[int, float]:
    """How many maps were scored, and the most GB that was held."""
    sizes = map(str, (SIDE, STIMULI, EXPLAINERS))
    command = [sys.executable, "-m", "tests.benchmarks.many_maps", str(folder), *sizes]
    n_scored, kib = subprocess.check_output(command, cwd=ROOT, text=True).split()
    return int(n_scored), int(kib) / GB_KIB


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel tells the peak")
def test_scores_of_more_maps_than_fit_take_less_than_two_gigabytes(tmp_path: Path) -> None:
    n_scored, gb = memory(tmp_path)
    print(f"\n{machine()}; {n_scored} maps of {SIDE} x {SIDE}: {gb:.2f} GB")  # noqa: T201
    assert n_scored == STIMULI * EXPLAINERS
    assert gb < MOST_GB


def scored_maps(classifier: Classifier, cache: Path, folder: Path = FOLDER) -> list[ScoredMap]:
    """Photographs with the network's answer as their label, and their maps of it."""
    scored = []
    for photo in photographs(folder)[:IMAGES]:
        example = Example(source=photo.name, label=0, split=Split.TEST)
        crop = Crop(example=example, jpeg=encode(squashed(photo.name, folder)), boxes=photo.boxes)
        image = images_of([crop], torch.device("cpu"))
        with torch.no_grad():
            labels = classifier(image).argmax(1)
        own = Example(source=photo.name, label=int(labels), split=Split.TEST)
        scored.append(
            ScoredMap(
                heatmap=gradcam(classifier, image, labels)[0].numpy(),
                crop=Crop(example=own, jpeg=crop.jpeg, boxes=crop.boxes),
                evaluated=evaluated_classifier({}, classifier=classifier, cache=cache),
                seed=1,
            )
        )
    return scored


def families(classifier: Classifier) -> dict[str, Callable[[ScoredMap], object]]:
    """What is timed, by its name: what a picture loses comes before the scores that read it."""
    mappers = {
        "robustness": HeatMapper(explain=partial(gradcam, classifier)),
        "randomisation": HeatMapper(
            explain=partial(gradcam, with_random_weights(classifier, seed=1))
        ),
    }
    sets = score_families.random_sets(np.random.default_rng(1))
    return {
        "losses": lambda scored: score_families.picture_losses(scored, sets),
        **{of.__name__: of for of in FAMILIES},
        **{name: partial(AGAIN[name], mapper=mapper) for name, mapper in mappers.items()},
    }


def times(classifier: Classifier, cache: Path, folder: Path = FOLDER) -> dict[str, float]:
    """Processor seconds of each family, the mean of some photographs."""
    scored, own = scored_maps(classifier, cache, folder), families(classifier)
    for one in scored:
        score_families.faithfulness(one)  # keeps what its picture loses, which "losses" times
    return {name: fmean(cpu_seconds(partial(of, s)) for s in scored) for name, of in own.items()}


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")
@pytest.mark.parametrize("name", ["demo", "EfficientNet-Lite0"])
def test_scores_take_their_time(name: str, tmp_path: Path) -> None:
    if name == "demo":
        models = kept_demo().with_name(kept_demo().name + "-models")
        classifier = load_checkpoint(models / "b1-random-seed0/checkpoint.pt").classifier
    else:
        classifier = lite0()
    result = times(classifier, tmp_path)
    told = ", ".join(f"{family} {seconds:.3f} s" for family, seconds in result.items())
    print(f"\n{machine()}; {name}: {told}", flush=True)  # noqa: T201
    assert QUICK or all(seconds > 0 for seconds in result.values())
