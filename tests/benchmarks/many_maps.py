"""Scores of many large heat maps; run as a process, it tells how much memory it held.

`python -m tests.benchmarks.many_maps FOLDER SIDE STIMULI EXPLAINERS`: random maps of pictures,
each of which a network that sees a hundred of its pixels names rightly. Maps and scores
are kept in the folder as a build keeps them; those of an explainer go when they are scored.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from explainers.classifier import Classifier
from explainers.networks.backbones import HALF, Backbone
from stimuli.build.explanations import HeatMaps
from stimuli.build.heatmaps.heatmap_scores import score_heatmaps
from stimuli.build.heatmaps.mapper import HeatMapper
from stimuli.datasets.base import Example, Split
from stimuli.memory import keep_memory
from stimuli.models.predictions import as_images, predict
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import encode
from stimuli.study import parse_study
from stimuli.study.explainer_settings import ExplainerSettings
from tests.benchmarks.photographs import ROOT
from tests.stimuli.build.contexts import build_context, evaluated_classifier

CELLS = 14  # of random pictures and maps, which are smooth


def smooth(channels: int, side: int, generator: torch.Generator) -> Tensor:
    """(channels, side, side) in [0, 1]."""
    coarse = torch.rand(1, channels, CELLS, CELLS, generator=generator)
    return functional.interpolate(coarse, size=(side, side), mode="bilinear")[0]


def colour_network(side: int) -> Classifier:
    """Two classes, by the colours of a hundred pixels."""
    features = nn.Conv2d(3, 4, 1, stride=side // 10)
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    parts = Backbone(features=features, head=head, mean=HALF, std=HALF)
    return Classifier(backbone="colours", parts=parts, classes=("a", "b")).eval()


def named_rightly(classifier: Classifier, n: int, side: int) -> list[Crop]:
    """Random pictures, each with the network's answer as its label and a box in its middle."""
    generator, box = torch.Generator().manual_seed(1), (side / 4, side / 4, 3 * side / 4, side / 2)
    crops = []
    for number in range(n):
        pixels = smooth(3, side, generator).mul(255).byte().permute(1, 2, 0)
        example = Example(source=f"{number}", label=0, split=Split.TEST)
        jpeg = encode(Image.fromarray(pixels.numpy()))
        crop = Crop(example=example, jpeg=jpeg, boxes=(box,))
        with torch.inference_mode():
            label = int(classifier(as_images(pixels[None])).argmax())
        crops.append(replace(crop, example=replace(example, label=label)))
    return crops


def random_maps(name: str, side: int) -> HeatMaps:
    """An explainer that draws a map by chance, of a picture always the same."""

    def explain(images: Tensor, labels: Tensor) -> Tensor:
        seed = crc32(images[0, :, 0].numpy().tobytes(), crc32(name.encode()))
        return smooth(1, side, torch.Generator().manual_seed(seed))

    mapper = HeatMapper(explain=explain)
    return HeatMaps(name, lambda evaluated, context: mapper)


def score_all(folder: Path, side: int, n_stimuli: int, n_explainers: int) -> int:
    """How many maps have scores."""
    classifier = colour_network(side)
    crops = named_rightly(classifier, n_stimuli, side)
    predictions = {Split.TEST: predict(classifier, crops)}
    evaluated = evaluated_classifier(predictions, classifier=classifier, cache=folder)
    text = (ROOT / "stimuli/studies/demo.toml").read_text("utf-8")
    study = parse_study(text, subject="demo.toml")
    context = build_context(study, evaluated, crops={Split.TEST: crops})
    rows, n_scored = [(Split.TEST, row) for row in range(n_stimuli)], 0
    for name in list(ExplainerSettings.model_fields)[:n_explainers]:
        heatmap_of = random_maps(name, side).reader(evaluated, context)
        scored = score_heatmaps(rows, heatmap_of, evaluated, context, {})
        n_scored += sum(map(bool, scored.scores.values()))
        shutil.rmtree(folder / name)
    return n_scored


def most_kib() -> int:
    """The most memory that this process held at once."""
    status = Path("/proc/self/status").read_text()
    return int(dict(line.split(":") for line in status.splitlines())["VmHWM"].split()[0])


def main(folder: str, sizes: Sequence[str]) -> None:
    keep_memory()  # as a build does
    side, n_stimuli, n_explainers = map(int, sizes)
    n_scored = score_all(Path(folder), side, n_stimuli, n_explainers)
    print(n_scored, most_kib())  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
