"""Features of pictures that another tool computed: a table of numbers, or an array of each picture.

Pictures that are alike have features near each other, by their L2 distance.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from stimuli.build.imported.image_names import images_by_name, parts_by_image
from stimuli.datasets.base import Example, Split
from stimuli.datasets.folder.label_table import Cells
from stimuli.models.given_pictures import rows_of
from stimuli.models.given_values import number
from stimuli.problems import some_of

IMAGE = "image"
ENDING = ".npy"

Features = Mapping[str, np.ndarray]
"""(dimensions,) float32 of each picture."""


def features_of_rows(
    rows: Sequence[tuple[int, Cells]], examples: Sequence[Example], where: str, problems: list[str]
) -> Features:
    """Of a table with a row for each picture, every other column of which is a number."""
    columns = [column for column in rows[0][1] if column != IMAGE]
    if not columns:
        problems.append(f"{where}: has no column of numbers beside {IMAGE}; add the features")
        return {}
    images, lines = [cells[IMAGE] for _, cells in rows], [line for line, _ in rows]
    row_of = rows_of(images, lines, examples, where, problems)
    values = np.array([[number(cells[c]) for c in columns] for _, cells in rows], dtype=np.float32)
    for row in np.flatnonzero(~np.isfinite(values).all(1)).tolist():
        line, cells = rows[row]
        wrong = np.flatnonzero(~np.isfinite(values[row])).tolist()
        found = some_of([f"{columns[c]} {cells[columns[c]]!r}" for c in wrong])
        problems.append(
            f"{where} line {line}: {found} is no finite number, such as 0.93; correct it, or "
            "remove the column (a list of neighbours has the columns image, neighbour and rank)"
        )
    return {source: values[row] for source, row in row_of.items()}


def features_in_folder(
    folder: Path, examples: Sequence[Example], where: str, problems: list[str]
) -> Features:
    """Of a folder with an array of each picture, named as the picture is."""
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob(f"*{ENDING}")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    images = images_by_name([example.source for example in examples])
    parts, wrong = parts_by_image(names, images, several=False)
    problems += [f"{where}: {problem}" for problem in wrong]
    features = {}
    for source, (name,) in parts.items():
        array, problem = read_vector(folder / name)
        if array is None:
            problems.append(f"{where}: {name}: {problem}")
        else:
            features[source] = array
    return features


def read_vector(path: Path) -> tuple[np.ndarray | None, str]:
    """The numbers of a file, (dimensions,) float32, or what is wrong with it and what to do."""
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None, "cannot be read as an array; write it with numpy.save"
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        return None, "holds no real numbers; write one array of them with numpy.save"
    if array.ndim != 1 or not array.size:
        return None, f"has the shape {array.shape}, and not one dimension; save array.ravel()"
    if not np.isfinite(array).all():
        return None, "holds what is no number (NaN or infinite); replace it"
    return array.astype(np.float32), ""


def feature_problems(features: Features, examples: Sequence[Example]) -> list[str]:
    """Pictures without features, features of other lengths, and features that are all one."""
    problems = []
    for split in Split:
        sources = [example.source for example in examples if example.split is split]
        missing = [repr(source) for source in sources if source not in features]
        if missing:
            problems.append(
                f"has no features of {len(missing)} of the {len(sources)} pictures of the split "
                f"{split}: {some_of(missing)}; add them"
            )
    lengths = Counter(len(vector) for vector in features.values())
    if len(lengths) > 1:
        usual = lengths.most_common(1)[0][0]
        odd = [f"{source!r} {len(v)}" for source, v in features.items() if len(v) != usual]
        problems.append(f"features have {usual} numbers, but of {some_of(odd)}; give all as many")
    elif len({vector.tobytes() for vector in features.values()}) == 1 < len(features):
        problems.append("the features of all pictures are the same; look at what made them")
    return problems
