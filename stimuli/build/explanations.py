"""The explainers of a study by name, and what they draw of the images that it shows.

An explainer that draws heat maps needs its module in `explainers`, its settings in
`stimuli.study.explainer_settings`, and its line in `EXPLAINERS`. Those that a lab brings come with
the machine.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from torch import Tensor

import explainers
from explainers.attributions import METHODS, attribution
from explainers.extremal import extremal_perturbation
from explainers.gradcam import gradcam, gradcam_plus_plus, hirescam
from explainers.random_weights import with_random_weights
from explainers.rise import rise
from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.heatmaps import mapper, plugin_maps
from stimuli.build.heatmaps.drawings import Drawings, heat_map_drawings
from stimuli.build.heatmaps.mapper import HeatMapper
from stimuli.build.heatmaps.plugin_maps import plugin_explainer
from stimuli.build.imported.explainers import ImportedHeatMaps, imported_explainer
from stimuli.build.neighbours import find_neighbours
from stimuli.cache import code, digest, package_code
from stimuli.datasets.base import Split
from stimuli.models.plugin_files import Plugin
from stimuli.models.plugins import plugin_settings
from stimuli.models.predictions import images_of
from stimuli.models.ready import ReadyNetwork
from stimuli.models.salient import ready_salient
from stimuli.pictures.crops import Crop
from stimuli.seeds import generator
from stimuli.study.explainer_settings import RiseSettings, SalientSettings

Explainer = Callable[[EvaluatedClassifier, Sequence[SplitRow], BuildContext], Drawings]
"""Draws for a classifier's predictions of some rows."""


@dataclass(frozen=True)
class HeatMaps:
    """An explainer that draws one heat map of each image.

    Attributes:
        name: of its table in the study file, and of its step in the cache.
        prepare: makes it ready for a classifier.
    """

    name: str
    prepare: Callable[[EvaluatedClassifier, BuildContext], HeatMapper]

    def mapper_of(self, evaluated: EvaluatedClassifier, context: BuildContext) -> HeatMapper:
        """What draws its maps, with a digest of all that decides them beside the classifier."""
        study, prepared = context.study, self.prepare(evaluated, context)
        made_by = package_code(explainers), code(sys.modules[__name__], mapper)
        settings = self.name, getattr(study.explainers, self.name), study.study.seed
        return replace(prepared, digest=digest(*made_by, *settings, prepared.digest))

    def again(self, evaluated: EvaluatedClassifier, context: BuildContext) -> dict[str, HeatMapper]:
        """What draws a map again, for each family of scores that the study wants of it."""
        wanted, ready = context.study.scores, evaluated.ready
        mappers = {}
        if self.name in wanted.robustness:
            mappers["robustness"] = self.mapper_of(evaluated, context)
        if self.name in wanted.randomisation:
            random = with_random_weights(ready.classifier, seed=context.study.study.seed)
            network = ReadyNetwork(name=ready.name, network=random, digest=ready.digest)
            randomised = replace(evaluated, ready=network)
            mappers["randomisation"] = self.mapper_of(randomised, context)
        return mappers

    def reader(
        self, evaluated: EvaluatedClassifier, context: BuildContext
    ) -> Callable[[SplitRow], np.ndarray]:
        """What gives the map of a row, for the predicted label; one that was made before is read.

        One at a time: all maps of a study may need more memory than there is.
        """
        own, device = self.mapper_of(evaluated, context), evaluated.ready.device

        def heatmap_of(split_row: SplitRow) -> np.ndarray:
            split, row = split_row
            crop, label = context.crops[split][row], evaluated.answer(split, row).label
            key = digest(own.digest, *crop.input_key, label)
            make = partial(own.map_of, crop, label, device)
            return evaluated.cache.arrays(self.name, key, make)["heatmap"]

        return heatmap_of

    def __call__(
        self, evaluated: EvaluatedClassifier, rows: Sequence[SplitRow], context: BuildContext
    ) -> Drawings:
        """A map of each row as a picture, and how it scores."""
        heatmap_of, again = self.reader(evaluated, context), self.again(evaluated, context)
        return heat_map_drawings(self.name, heatmap_of, again, evaluated, rows, context)


def heat_maps(name: str, function: Callable[..., Tensor]) -> HeatMaps:
    """Of a function of a classifier, images and labels, with the settings as its keywords."""

    def prepare(evaluated: EvaluatedClassifier, context: BuildContext) -> HeatMapper:
        settings = getattr(context.study.explainers, name)
        keywords = settings.model_dump() if settings else {}
        return HeatMapper(explain=partial(function, evaluated.ready.classifier, **keywords))

    return HeatMaps(name, prepare)


def captum_maps(method: str) -> HeatMaps:
    """Of one of captum's methods."""

    def prepare(evaluated: EvaluatedClassifier, context: BuildContext) -> HeatMapper:
        classifier, seed = evaluated.ready.classifier, context.study.study.seed
        keywords = getattr(context.study.explainers, method).model_dump()
        usual: Sequence[Crop] = ()
        if n := keywords.pop("n_baselines", None):
            usual = usual_crops(n, context)
            keywords["baselines"] = images_of(usual, classifier.mean.device)
        return HeatMapper(
            explain=partial(attribution, method, classifier, seed=seed, **keywords),
            digest=digest(*(part for crop in usual for part in crop.input_key)),
        )

    return HeatMaps(method, prepare)


def usual_crops(n: int, context: BuildContext) -> list[Crop]:
    """Training pictures that stand for all: what a picture is compared with."""
    training, rng = context.crops[Split.TRAIN], generator(context.study.study.seed, "baselines")
    rows = rng.choice(len(training), size=min(n, len(training)), replace=False)
    return [training[row] for row in rows.tolist()]


def rise_mapper(evaluated: EvaluatedClassifier, context: BuildContext) -> HeatMapper:
    """The masks are the same for every picture of a study."""
    settings = context.study.explainers.rise or RiseSettings()
    keywords = settings.model_dump() | {"seed": context.study.study.seed}
    return HeatMapper(explain=partial(rise, evaluated.ready.classifier, **keywords))


def salient_mapper(evaluated: EvaluatedClassifier, context: BuildContext) -> HeatMapper:
    """A map depends on the picture alone, whatever was answered."""
    settings, seed = context.study.explainers.salient or SalientSettings(), context.study.study.seed
    ready = ready_salient(settings, context.crops, seed=seed, machine=context.machine)
    return HeatMapper(explain=lambda images, labels: ready.salient(images), digest=ready.digest)


def lab_maps(plugin: Plugin) -> HeatMaps:
    """Of an explainer that a lab brings; a change of its code draws its maps anew."""

    def prepare(evaluated: EvaluatedClassifier, context: BuildContext) -> HeatMapper:
        classifier, seed = evaluated.ready.classifier, context.study.study.seed
        settings = plugin_settings(context.study)[plugin.name]
        return HeatMapper(
            explain=plugin_explainer(plugin, settings, classifier, seed=seed),
            digest=digest(plugin.digest, settings, code(plugin_maps)),
        )

    return HeatMaps(plugin.name, prepare)


def draw_neighbours(
    evaluated: EvaluatedClassifier, rows: Sequence[SplitRow], context: BuildContext
) -> Drawings:
    """The nearest training pictures of the predicted class, and how far they are."""
    neighbours = find_neighbours(evaluated, rows, context)
    training = context.crops[Split.TRAIN]
    return Drawings(
        pictures=[[training[row].jpeg for row in nearest.rows] for nearest in neighbours],
        scores=[
            {f"distance_{place}": d for place, d in enumerate(nearest.distances, start=1)}
            for nearest in neighbours
        ],
    )


EXPLAINERS: dict[str, Explainer] = {
    "gradcam": heat_maps("gradcam", gradcam),
    "gradcam_plus_plus": heat_maps("gradcam_plus_plus", gradcam_plus_plus),
    "hirescam": heat_maps("hirescam", hirescam),
    **{method: captum_maps(method) for method in METHODS},
    "rise": HeatMaps("rise", rise_mapper),
    "extremal": heat_maps("extremal", extremal_perturbation),
    "salient": HeatMaps("salient", salient_mapper),
    "neighbours": draw_neighbours,
}
"""By the name that a condition's panels have, which is that of its table in the study file."""


MapExplainer = HeatMaps | ImportedHeatMaps
"""Those that give the heat map of a row."""


def explainer_named(name: str, context: BuildContext) -> Explainer | None:
    """One of ours, or one that the lab brings; None if neither has this name."""
    if name in context.given:
        return imported_explainer(name, context.given[name])
    plugin = context.machine.plugins.get(name)
    return lab_maps(plugin) if plugin else EXPLAINERS.get(name)


def draw(
    explainer: str,
    evaluated: EvaluatedClassifier,
    rows: Sequence[SplitRow],
    context: BuildContext,
) -> Drawings:
    """What an explainer draws for a classifier's predictions of some rows.

    Raises:
        ValueError: if no explainer has this name.
    """
    drawing = explainer_named(explainer, context)
    if drawing is None:
        known = ", ".join(sorted({*EXPLAINERS, *context.machine.plugins}))
        raise ValueError(
            f"conditions of classifier {evaluated.name}: {explainer} is no explainer; "
            f"take one of {known}, or add it to {__name__}.EXPLAINERS"
        )
    return drawing(evaluated, rows, context)
