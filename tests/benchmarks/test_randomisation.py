"""Do maps change with the weights, and what does each cost? `make bench ONLY=randomisation`.

Adebayo et al. 2018, "Sanity checks for saliency maps": a map that is alike with trained and with
random weights shows the picture, not what was learnt. All weights are random here, the end of their
cascade, and maps are compared by Spearman's rank correlation over pixels. Guided GradCAM is known
to do badly, and needs a network with ReLU: it is measured on the demo's. Times are of one picture.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import fmean

import pytest
import torch
from torch import Tensor

from explainers.classifier import Classifier, load_checkpoint
from explainers.random_weights import rank_correlation, with_random_weights
from stimuli.build.explanations import EXPLAINERS, HeatMaps
from stimuli.datasets.base import Example, Split
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import encode
from stimuli.study import parse_study
from tests.benchmarks.photographs import FOLDER, lite0, photographs, squashed, whole
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import cpu_seconds, machine
from tests.lab import ROOT, kept_demo
from tests.stimuli.build.contexts import build_context, evaluated_classifier

IMAGES = size(5, quick=1)
REQUIRED = ("gradient", "integrated_gradients", "gradcam")
MOST = 0.5  # of the mean correlation of those, either way
# Few steps, where a map takes minutes: a rank correlation needs no converged one.
FEWER = size(
    {"extremal": "n_steps = 40", "rise": "n_masks = 1000"},
    quick={
        "extremal": "n_steps = 2",
        "rise": "n_masks = 16",
        "occlusion": "stride_px = 32",
        "integrated_gradients": "n_steps = 2",
        "smoothgrad": "n_samples = 2",
        "gradient_shap": "n_samples = 2",
    },
)
KNOWS_NOTHING = ("salient", "neighbours")

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")


def explained(
    name: str, classifier: Classifier, folder: Path = FOLDER
) -> Callable[[Tensor, Tensor], Tensor]:
    """An explainer as a study without settings of its own has it."""
    demo = (ROOT / "stimuli/studies/demo.toml").read_text("utf-8")
    start, end = demo.index("[explainers.gradcam]"), demo.index("[[conditions]]")
    tables = {"neighbours": "", "gradcam": "", name: FEWER.get(name, "")}
    text = "".join(f"[explainers.{table}]\n{settings}\n" for table, settings in tables.items())
    study = parse_study(demo[:start] + text + demo[end:], subject="study")
    evaluated = evaluated_classifier({}, classifier=classifier)
    context = build_context(study, evaluated, crops={Split.TRAIN: usual(folder)})
    explainer = EXPLAINERS[name]
    assert isinstance(explainer, HeatMaps)
    return explainer.prepare(evaluated, context).explain


def usual(folder: Path) -> list[Crop]:
    """Other photographs, for what a method compares with."""
    return [
        Crop(
            example=Example(source=photo.name, label=0, split=Split.TRAIN),
            jpeg=encode(squashed(photo.name, folder)),
            boxes=(),
        )
        for photo in photographs(folder)[-20:]
    ]


def networks(name: str) -> tuple[Classifier, Classifier]:
    """Trained, and with random weights."""
    if name == "guided_gradcam":
        models = kept_demo().with_name(kept_demo().name + "-models")
        trained = load_checkpoint(models / "b1-random-seed0/checkpoint.pt").classifier
    else:
        trained = lite0()
    return trained, with_random_weights(trained, seed=1)


def compared(
    name: str, trained: Classifier, random: Classifier, folder: Path = FOLDER
) -> tuple[list[float], list[float]]:
    """Of each photograph the correlation of both maps, and the seconds of one."""
    of_trained, of_random = (explained(name, one, folder) for one in (trained, random))
    correlations, seconds = [], []
    for photo in photographs(folder)[:IMAGES]:
        image = whole(photo.name, folder)
        with torch.no_grad():
            label = trained(image).argmax(1)
        seconds.append(cpu_seconds(partial(of_trained, image, label)))
        maps = [explain(image, label)[0].numpy() for explain in (of_trained, of_random)]
        correlations.append(rank_correlation(*maps))
    return correlations, seconds


@pytest.mark.parametrize("name", [n for n in EXPLAINERS if n not in KNOWS_NOTHING])
def test_a_map_changes_with_the_weights(name: str) -> None:
    trained, random = networks(name)
    correlations, seconds = compared(name, trained, random)
    print(  # noqa: T201
        f"\n{machine()}; {name} ({trained.backbone}): rank correlation {fmean(correlations):+.2f}"
        f" ({min(correlations):+.2f} to {max(correlations):+.2f}), {fmean(seconds):.2f} s a picture"
        f"{', with ' + FEWER[name] if name in FEWER else ''}",
        flush=True,
    )
    assert QUICK or name not in REQUIRED or abs(fmean(correlations)) < MOST
