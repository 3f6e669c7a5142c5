"""The files of a lab's explanations: those of each image, and what is wrong with them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from stimuli.build.imported.explanation_pictures import picture_problem
from stimuli.build.imported.given import Given, OfImage
from stimuli.build.imported.heat_map_files import read_heat_map
from stimuli.build.imported.image_names import Images, parts_by_image
from stimuli.progress_bars import tqdm
from stimuli.study import Study
from stimuli.study.explainer_settings import ImportedSettings

KINDS: dict[str, tuple[str, ...]] = {
    "heatmaps": (".npy",),
    "pictures": (".png", ".jpg", ".jpeg"),
    "photos": (".png", ".jpg", ".jpeg"),
}
"""The endings of files, by what an explainer shows."""


def read_files(
    settings: ImportedSettings,
    path: Path,
    classifiers: Sequence[str],
    images: Images,
    study: Study,
) -> tuple[Given, list[str]]:
    """The files of a folder, each of which is read once, and what is wrong with them.

    Args:
        classifiers: those that the explanations are shown with; each has a folder of its name where
            the study has several.
    """
    if not path.is_dir():
        return Given(settings=settings), [
            f"{path} is no folder; give one with a file of each image"
        ]
    several = len(study.classifiers) > 1
    problems = folder_problems(path, classifiers) if several else []
    files: dict[OfImage, tuple[Path, ...]] = {}
    for classifier in classifiers:
        folder = path / classifier if several else path
        names, strangers = names_in(folder, settings)
        parts, unmatched = parts_by_image(names, images, several=settings.shows != "heatmaps")
        problems += strangers + unmatched
        files |= {
            (classifier, image): tuple(folder / n for n in own) for image, own in parts.items()
        }
    every = [one for own in files.values() for one in own]
    for one in tqdm(every, desc=path.name, unit="file", leave=False):
        if problem := file_problem(one, settings, study):
            problems.append(f"{one.relative_to(path)}: {problem}")
    sums = {key: tuple(map(sha256_of, own)) for key, own in files.items()}
    return Given(settings=settings, files=files, sums=sums), problems


def folder_problems(path: Path, classifiers: Sequence[str]) -> list[str]:
    """Folders of classifiers that are missing, and what is in none."""
    there = {one.name for one in path.iterdir() if not one.name.startswith(".")}
    return [
        *(
            f"{path / name}: there is no such folder; the study has several classifiers, so each "
            "has a folder of its name with its explanations"
            for name in classifiers
            if name not in there
        ),
        *(
            f"{name}: is none of the classifiers {[*classifiers]} that show it; remove it"
            for name in sorted(there - {*classifiers})
        ),
    ]


def names_in(folder: Path, settings: ImportedSettings) -> tuple[list[str], list[str]]:
    """Names of the files below a folder, and of what is of another kind; hidden ones are none."""
    endings, names, problems = KINDS[settings.shows], [], []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if any(part.startswith(".") for part in name.parts) or not path.is_file():
            continue
        if path.suffix.lower() in endings:
            names.append(name.as_posix())
            continue
        other = next((k for k, own in KINDS.items() if path.suffix.lower() in own), "")
        advice = f"say shows = {other!r}, or remove it" if other else "remove it"
        problems.append(f"{name}: {settings.shows} are files of {', '.join(endings)}; {advice}")
    return names, problems


def file_problem(path: Path, settings: ImportedSettings, study: Study) -> str:
    """What is wrong with a file and what to do."""
    side = study.dataset.crop_px
    if settings.shows == "heatmaps":
        return read_heat_map(path, side, is_signed=settings.signed)[1]
    return picture_problem(path, side)


def sha256_of(path: Path) -> str:
    """Of a file's content, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
