"""Texts of explanations as a table: image, text, and the classifier where there are several."""

from collections.abc import Sequence
from pathlib import Path

from stimuli.build.imported.image_names import Images, image_named
from stimuli.datasets.folder.label_table import read_cells

MOST_CHARACTERS = 600
"""About a hundred words: in a window of 1280 x 800 nobody has to scroll; on a phone people do."""


def read_texts(
    path: Path, classifiers: Sequence[str], images: Images, *, several: bool
) -> tuple[dict[tuple[str, str], str], list[str]]:
    """The text of each classifier's answer to each image, and what is wrong.

    Args:
        classifiers: those that texts are shown with.
        several: whether the study has more than one, so that the table says which.
    """
    problems: list[str] = []
    required = ["image", "text", *(["classifier"] if several else [])]
    columns = ("image", "text", "classifier")
    rows = read_cells(path, path.name, problems, columns=columns, required=required)
    texts: dict[tuple[str, str], str] = {}
    for line, cells in rows:
        image, problem = image_named(cells["image"], images)
        classifier = cells.get("classifier") or (classifiers[0] if not several else "")
        problem = problem or text_problem(cells["text"])
        if classifier not in classifiers:
            problem = f"classifier {classifier!r} is none of {[*classifiers]} that show it"
        elif image and (classifier, image) in texts:
            problem = f"{image} has a text already; keep one"
        if problem:
            problems.append(f"{path.name} line {line}: {problem}")
        elif image:
            texts[classifier, image] = cells["text"]
    return texts, problems


def text_problem(text: str) -> str:
    """What is wrong with a text and what to do; empty where nothing is."""
    if not text:
        return "has no text; write one, or remove the line"
    if len(text) > MOST_CHARACTERS:
        return f"has {len(text)} characters, more than {MOST_CHARACTERS}; shorten it"
    if unprintable := {c for c in text if not (c.isprintable() or c in "\n\r\t")}:
        return f"has characters that cannot be shown ({ascii(min(unprintable))}); remove them"
    return ""
