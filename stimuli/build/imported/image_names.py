"""Which image a file or a line of a table is of: the image's name, with its ending or without."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

from stimuli.problems import some_of

ENDINGS = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp"}

Images = Mapping[str, Sequence[str]]
"""The images of each name that may be meant."""


def images_by_name(images: Collection[str]) -> Images:
    """Of each image's whole name that image alone; of one without its ending all that have it."""
    by_name: dict[str, list[str]] = {}
    for image in images:
        path = PurePosixPath(image)
        if path.suffix.lower() in ENDINGS:
            by_name.setdefault(path.with_suffix("").as_posix(), []).append(image)
    return by_name | {image: [image] for image in images}


def image_named(name: str, images: Images) -> tuple[str | None, str]:
    """The image that a name means; without one, what is wrong."""
    meant = images.get(name, ())
    if len(meant) == 1:
        return meant[0], ""
    if meant:
        return None, f"may be of {some_of(sorted(meant))}; give the image's whole name"
    example = next((own[0] for own in images.values()), "")
    return None, f"is of no image of the data set, which has names like {example!r}; rename it"


def parts_by_image(
    names: Collection[str], images: Images, *, several: bool
) -> tuple[dict[str, list[str]], list[str]]:
    """The files of each image, by their names below a folder, and what is wrong with others.

    `cats/1.png` and `cats/1.jpg.png` are of the image `cats/1.jpg`; so are all files of a folder
    `cats/1` or `cats/1.jpg`, in the order of their names, where an image may have several.
    """
    found: dict[str, list[str]] = {}
    alone: dict[str, str] = {}
    problems = []
    for name in sorted(names, key=in_order):
        path = PurePosixPath(name)
        image, problem = image_named(path.with_suffix("").as_posix(), images)
        folder = path.parent.as_posix()
        within = image_named(folder, images)[0] if several and folder in images else None
        if image and within:
            problem = f"may be of {image} or one of several of {within}; rename one"
        elif image and image in found:
            problem = f"is of {image}, as {found[image][0]} is; keep one"
        elif within and within in alone:
            problem = f"is of {within}, as {alone[within]} is; keep one, or all in a folder"
        else:
            image, problem = (image or within), ("" if image or within else problem)
        if problem:
            problems.append(f"{name}: {problem}")
        elif image:
            found.setdefault(image, []).append(name)
            if image != within:
                alone[image] = name
    return found, problems


def in_order(name: str) -> tuple[object, ...]:
    """Sorts 2 before 10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name))
