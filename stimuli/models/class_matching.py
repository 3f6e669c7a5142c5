"""The outputs of classifiers that were trained elsewhere, matched to the classes of a data set.

Names decide, not places: a classifier may know the classes in another order, and others beside
them, as one of ImageNet's 1000 does for a data set of dogs. Its confidence stays that over all it
knows; a picture to which it answers a class that the data set has no images of is left out, as in
the study paper (section 2.4.1, "Filtering").
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from explainers.classifier import CheckpointError, Classifier, classes_of_checkpoint
from stimuli.datasets.base import ClassInfo, Dataset
from stimuli.datasets.folder.class_names import folded
from stimuli.datasets.imagenet.synsets import IMAGENET_NAMES, synsets
from stimuli.models.classifiers import ClassifierError, Machine
from stimuli.models.given_answers import given_problems
from stimuli.problems import some_of
from stimuli.study import Study
from stimuli.study.offline import ClassifierSettings

Names = tuple[str, ...]
"""What one output is called: the name that is shown, then synonyms."""
Outputs = tuple[int | None, ...]
"""Which output of a classifier each class is; None where it does not know the class."""

# Its probability is exactly 0 in float32, and its gradient too.
NEVER = -1e4
WNID = re.compile(r"^n\d{8}[_-]+(?=.)")


@dataclass(frozen=True, kw_only=True)
class AnswerClasses:
    """What the classifiers of a study may answer.

    Attributes:
        of_dataset: the names of the data set's classes by index; two may be equal.
        infos: these classes, then what the classifiers know beside them.
        outputs: by classifier.
    """

    of_dataset: tuple[str, ...]
    infos: tuple[ClassInfo, ...]
    outputs: Mapping[str, Outputs]

    @property
    def names(self) -> tuple[str, ...]:
        """By index."""
        return tuple(info.name for info in self.infos)

    def n_known(self, classifier: str) -> int:
        """How many of them a classifier can answer."""
        return sum(output is not None for output in self.outputs[classifier])


def answer_classes(study: Study, dataset: Dataset, machine: Machine) -> AnswerClasses:
    """Match what the classifiers know to the classes of the data set.

    Raises:
        ClassifierError: with every class that a classifier does not know or that could be several
            of its outputs, and with all that is wrong with answers that are given.
    """
    classes = [info.name for info in dataset.classes]
    labels = sorted({example.label for example in dataset.examples})
    known, own, problems = {}, {}, given_problems(study, dataset, machine)
    for settings in study.classifiers:
        names = known_names(settings, machine) or [(name,) for name in classes]
        known[settings.name] = names
        own[settings.name], found = matched(classes, labels, names, settings.called)
        problems += [f"classifier {settings.name}: {problem}" for problem in found]
    if problems:
        raise ClassifierError("classifiers", problems)
    more = dict.fromkeys(  # in the order in which classifiers know them
        names[0]
        for name, outputs in own.items()
        for output, names in enumerate(known[name])
        if output not in outputs
    )
    infos = *dataset.classes, *(ClassInfo(name=name, description="") for name in more)
    outputs = {name: (*own[name], *_further(known[name], own[name], more)) for name in own}
    return AnswerClasses(of_dataset=tuple(classes), infos=infos, outputs=outputs)


def known_names(settings: ClassifierSettings, machine: Machine) -> list[Names] | None:
    """What a classifier's outputs are called; None of one that has the data set's own classes."""
    if settings.weights == "checkpoint":
        try:
            path = machine.checkpoints[settings.name]
            names = classes_of_checkpoint(path)
        except (KeyError, CheckpointError):
            return None  # `stimuli.models.options` says so
        return with_synonyms(names)
    is_of_imagenet = settings.weights == "imagenet" and not settings.training
    return with_synonyms(IMAGENET_NAMES) if is_of_imagenet else None


def with_synonyms(names: tuple[str, ...]) -> list[Names]:
    if names != IMAGENET_NAMES:
        return [(name,) for name in names]
    return [(s.info.name, *s.names.split(","), s.wnid) for s in synsets()]


def matched(
    classes: Sequence[str], labels: Sequence[int], known: Sequence[Names], called: Mapping[str, str]
) -> tuple[Outputs, list[str]]:
    """Which output each class of a data set is, and what is wrong with it.

    Names are equal without case, white space, lines between words, and the WordNet id before one.

    Args:
        labels: the classes that have images, which must be known.
        known: what each output is called.
        called: what the classifier calls a class, by the data set's name.
    """
    if list(classes) == [names[0] for names in known]:
        return tuple(range(len(classes))), _unused(called, classes)
    outputs_of: dict[str, list[int]] = {}
    for output, names in enumerate(known):
        for form in dict.fromkeys(map(_form, names)):
            outputs_of.setdefault(form, []).append(output)
    found = [outputs_of.get(_form(called.get(name, name)), []) for name in classes]
    problems = [*_unused(called, classes), *_differences(classes, labels, known, found)]
    return tuple(outputs[0] if len(outputs) == 1 else None for outputs in found), problems


def _differences(
    classes: Sequence[str],
    labels: Sequence[int],
    known: Sequence[Names],
    found: Sequence[Sequence[int]],
) -> list[str]:
    """What is wrong with the outputs that each class could be, as `found` has them."""
    unknown = [classes[label] for label in labels if not found[label]]
    several = [classes[label] for label in labels if len(found[label]) > 1]
    taken = [outputs[0] for outputs in found if len(outputs) == 1]
    twice = [c for c, f in zip(classes, found, strict=True) if len(f) == 1 and taken.count(*f) > 1]
    rest = [names[0] for output, names in enumerate(known) if output not in taken]
    problems = []
    if unknown:
        problems.append(
            f"does not know {some_of(unknown)} of the data set; of what it knows, the data set has "
            f"no {some_of(rest) or 'other'}; say which are the same in [classifiers.called], as "
            f'"{unknown[0]}" = "{(rest or ["its name there"])[0]}", or take these photos out'
        )
    if several:
        problems.append(
            f"has several outputs called {some_of(several)}; say in [classifiers.called] which is "
            "meant, by another of its names"
        )
    if twice:
        problems.append(f"{some_of(twice)} would be one class to it; take one of them out")
    return problems


def _unused(called: Mapping[str, str], classes: Sequence[str]) -> list[str]:
    strange = [name for name in called if name not in classes]
    advice = "the data set's names stand on the left"
    return [f"called: the data set has no {some_of(strange)}; {advice}"] if strange else []


def _form(name: str) -> str:
    return folded(re.sub(r"[_-]+", " ", WNID.sub("", name.strip())))


def _further(known: Sequence[Names], own: Outputs, more: Iterable[str]) -> Outputs:
    """Which output of a classifier each further class is."""
    outputs = {names[0]: n for n, names in enumerate(known) if n not in own}
    return tuple(outputs.get(name) for name in more)


def arrange(classifier: Classifier, classes: tuple[str, ...], outputs: Outputs) -> Outputs:
    """Bring the outputs of a classifier into the order of these classes.

    A class that it does not know gets a logit of -10^4, so that it is never answered.

    Returns:
        The same outputs; none where they are in this order already.
    """
    if outputs == tuple(range(len(classifier.classes))):
        return ()
    last, is_known = classifier.last_layer, torch.tensor([n is not None for n in outputs])
    linear = nn.Linear(last.in_features, len(outputs)).to(last.weight)
    rows = [0 if n is None else n for n in outputs]
    with torch.no_grad():
        bias = last.weight.new_zeros(last.out_features) if last.bias is None else last.bias
        linear.weight.copy_(last.weight[rows] * is_known[:, None].to(last.weight))
        linear.bias.copy_(bias[rows].where(is_known.to(bias.device), bias.new_tensor(NEVER)))
    classifier.head[-1], classifier.classes = linear.train(last.training), classes
    return outputs
