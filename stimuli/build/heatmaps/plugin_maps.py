"""Heat maps of explainers that a lab brings: each is checked, and none can change another."""

import copy
import logging
from collections.abc import Callable
from itertools import product
from time import monotonic

import torch
from torch import Tensor

from explainers.attributions import seeded
from explainers.classifier import Classifier, load_checkpoint, new_classifier
from stimuli.models.class_matching import AnswerClasses, arrange
from stimuli.models.classifiers import Machine
from stimuli.models.plugin_files import Plugin, cause_of
from stimuli.models.plugins import keywords_of, plugin_settings
from stimuli.problems import ProblemsError
from stimuli.study import Study
from stimuli.study.explainer_settings import PluginSettings
from stimuli.study.offline import ClassifierSettings

log = logging.getLogger(__name__)

# What rounding may add to 1; it is cut off.
ROUNDING = 1e-5


class PluginMapError(ProblemsError):
    """A plugin that ended in an error, or gave what is no heat map."""

    def of(self, picture: str) -> "PluginMapError":
        """The same with the picture of which it was."""
        return PluginMapError(self.subject, [f"{picture}: {said}" for said in self.problems])


def plugin_explainer(
    plugin: Plugin, settings: PluginSettings, classifier: Classifier, *, seed: int
) -> Callable[[Tensor, Tensor], Tensor]:
    """What explains images (batch, 3, height, width) and labels as (batch, height, width).

    The plugin has a copy of the classifier in evaluation mode, and what it leaves there changes no
    other explainer's maps. torch and NumPy draw the same numbers for each call.

    Raises (what is returned):
        PluginMapError: if the plugin ends in an error, or its maps have another shape, or values
            that are no numbers, or outside [0, 1], or [-1, 1] with `signed = true`.
    """
    own, keywords = copy.deepcopy(classifier).eval(), keywords_of(plugin, settings, seed)
    subject = f"explainers.{plugin.name}"

    def explain(images: Tensor, labels: Tensor) -> Tensor:
        own.zero_grad(set_to_none=True)
        given = images.detach().clone(memory_format=torch.contiguous_format)
        try:
            with torch.enable_grad(), seeded(seed):
                maps = plugin.function(own, given, labels.clone(), **keywords)
        except Exception as error:
            said = f"{plugin.source} ended in {cause_of(error, plugin.file)}; correct it"
            raise PluginMapError(subject, [said]) from error
        wanted = (len(images), *images.shape[2:])
        if problem := map_problem(maps, wanted, is_signed=settings.signed):
            raise PluginMapError(subject, [f"{plugin.source} {problem}"])
        low = -1 if settings.signed else 0
        return maps.detach().to(images.device, torch.float32).clamp(low, 1)

    return explain


def map_problem(maps: object, wanted: tuple[int, ...], *, is_signed: bool) -> str | None:
    """What came instead of heat maps, and what was wanted; None of heat maps."""
    low, advice = (-1 if is_signed else 0), ""
    if not isinstance(maps, Tensor):
        came = f"a {type(maps).__name__}"
    elif maps.shape != wanted:
        came = f"a tensor of shape {tuple(maps.shape)}"
    elif maps.is_complex() or not bool(maps.isfinite().all()):
        came = "values that are no numbers, such as NaN"
    elif float(maps.min()) < low - ROUNDING or float(maps.max()) > 1 + ROUNDING:
        came = f"values from {float(maps.min()):.4g} to {float(maps.max()):.4g}"
        if not is_signed and float(maps.abs().max()) <= 1 + ROUNDING:
            advice = "; say signed = true if what is below 0 speaks against the answer"
    else:
        return None
    return f"gave {came}; wanted is a tensor of shape {wanted} with values from {low} to 1{advice}"


def require_maps(study: Study, answers: AnswerClasses, machine: Machine) -> None:
    """Try each plugin that a condition shows on a picture of noise, before anything is trained.

    The network is the classifier's, with random weights where it has no others yet.

    Raises:
        PluginMapError: with every problem.
    """
    problems: list[str] = []
    for settings in study.classifiers:
        shown = sorted(machine.plugins.keys() & study.explainers_of(settings.name))
        classifiers = [as_it_will_be(settings, answers, machine)] if shown else []
        for name, classifier in product(shown, classifiers):
            table = plugin_settings(study)[name]
            explain = plugin_explainer(
                machine.plugins[name], table, classifier, seed=study.study.seed
            )
            start = monotonic()
            try:
                explain(*noise(study.dataset.crop_px, machine))
            except PluginMapError as error:
                where = f"{name} of {settings.name}, tried on a picture of noise"
                problems += error.of(where).problems
            log.info("%s: %s: tried, %.1f s a map", settings.name, name, monotonic() - start)
    if problems:
        raise PluginMapError("plugins", problems)


def noise(side: int, machine: Machine) -> tuple[Tensor, Tensor]:
    """A picture of it, (1, 3, side, side) in [0, 1], and the first class as its label, (1,)."""
    image = torch.rand((1, 3, side, side), generator=torch.Generator().manual_seed(0))
    return image.to(machine.device), torch.zeros(1, dtype=torch.long, device=machine.device)


def as_it_will_be(
    settings: ClassifierSettings, answers: AnswerClasses, machine: Machine
) -> Classifier:
    """A study's classifier, or one of its architecture and classes that learnt nothing."""
    if settings.weights == "checkpoint":
        classifier = load_checkpoint(machine.checkpoints[settings.name]).classifier
        arrange(classifier, answers.names, answers.outputs[settings.name])
    else:
        backbone, classes = settings.architecture, answers.names
        classifier = new_classifier(backbone, weights="none", classes=classes, seed=0)
    return classifier.to(machine.device)
