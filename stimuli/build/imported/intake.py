"""All explanations that a lab brings: read and checked before any work, with one message."""

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from stimuli.build.imported.explanation_files import read_files
from stimuli.build.imported.explanation_texts import read_texts
from stimuli.build.imported.given import Given
from stimuli.build.imported.image_names import Images, images_by_name
from stimuli.datasets.base import Dataset, Split
from stimuli.problems import ProblemsError
from stimuli.study import Study
from stimuli.study.explainer_settings import ImportedSettings

log = logging.getLogger(__name__)

SHOWN = (Split.VAL, Split.TEST)


class ExplanationsError(ProblemsError):
    """Explanations that a lab brings and that cannot be shown."""


def read_given(study: Study, dataset: Dataset, paths: Mapping[str, Path]) -> dict[str, Given]:
    """Every explanation that conditions show and another tool made, by the explainer's name.

    Args:
        paths: what is given of each.

    Raises:
        ExplanationsError: with everything that is wrong.
    """
    images = images_by_name([example.source for example in dataset.examples])
    given: dict[str, Given] = {}
    problems = []
    for name, classifiers in shown_with(study).items():
        settings = study.explainers.imported(name)
        assert settings is not None
        if name not in paths:
            what = "FILE.csv" if settings.shows == "text" else "DIR"
            problems.append(
                f"explainers.{name}: nothing is given; add --explanations {name}={what}"
            )
            continue
        read = read_table if settings.shows == "text" else read_files
        given[name], found = read(settings, paths[name], classifiers, images, study)
        problems += [f"{name}: {problem}" for problem in found or all_problems(given[name])]
    if problems:
        raise ExplanationsError("explanations", problems)
    for name, own in given.items():
        _tell(name, own, shown_with(study)[name], dataset)
    return given


def shown_with(study: Study) -> dict[str, list[str]]:
    """The classifiers that each imported explainer is shown with, where there is any."""
    names = [classifier.name for classifier in study.classifiers]
    shown = {
        name: [classifier for classifier in names if name in study.explainers_of(classifier)]
        for name in study.explainers.own
        if study.explainers.imported(name)
    }
    return {name: classifiers for name, classifiers in shown.items() if classifiers}


def read_table(
    settings: ImportedSettings,
    path: Path,
    classifiers: Sequence[str],
    images: Images,
    study: Study,
) -> tuple[Given, list[str]]:
    """The texts of a table, and what is wrong with it."""
    if not path.is_file():
        return Given(settings=settings), [f"{path} is no file; give a table as FILE.csv"]
    several = len(study.classifiers) > 1
    texts, problems = read_texts(path, classifiers, images, several=several)
    sums = {key: (hashlib.sha256(text.encode()).hexdigest(),) for key, text in texts.items()}
    return Given(settings=settings, texts=texts, sums=sums), problems


def all_problems(given: Given) -> list[str]:
    """What is wrong with all explanations of a name together."""
    if not given.sums:
        return ["there is no explanation of any image; look at the names of the files"]
    problems, n = [], len(given.sums)
    if len({*given.sums.values()}) == 1 < n and not given.settings.placebo:
        problems.append(
            f"the explanations of all {n} images are the same; look at what made them, or say "
            "placebo = true where that is meant"
        )
    counts = {key: len(own) for key, own in given.sums.items()}
    ((usual, _),) = Counter(counts.values()).most_common(1)
    if odd := [image for (_, image), count in counts.items() if count != usual]:
        problems.append(
            f"{len(odd)} of {n} images, such as {odd[0]}, have another number of "
            f"{given.settings.shows} than {usual}, which would tell them apart; give all as many"
        )
    return problems


def _tell(name: str, given: Given, classifiers: Sequence[str], dataset: Dataset) -> None:
    """Warn of images that could be shown and have no explanation."""
    sources = [example.source for split in SHOWN for example in dataset.split(split)]
    for classifier in classifiers:
        n = sum(given.explains(classifier, source) for source in sources)
        level = logging.INFO if n == len(sources) else logging.WARNING
        rest = "" if n == len(sources) else "; the others cannot be shown"
        facts = name, n, len(sources), classifier, rest
        log.log(level, "%s: %d of %d images of val and test are explained with %s%s", *facts)
