"""The lists of Oxford-IIIT Pet: which image shows which breed, and to which split it belongs.

A line of `trainval.txt` or `test.txt` is "Abyssinian_100 1 1 1": image, class from 1, species
(1 cat, 2 dog), and a number within the species. The image is named after its class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stimuli.datasets.base import ClassInfo

SPECIES = {"1": "cat", "2": "dog"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One image of a list.

    Attributes:
        label: class index from 0.
        info: the breed as participants meet it; the release has no descriptions.
    """

    name: str
    label: int
    info: ClassInfo


def read_list(path: Path, problems: list[str]) -> list[Line]:
    """Read a list; what is wrong is added to `problems`."""
    if not path.is_file():
        problems.append(f"{path}: is missing; unpack annotations.tar.gz again")
        return []
    texts = [*enumerate(path.read_text("utf-8").splitlines(), start=1)]
    lines = []
    for number, text in texts:
        cells = text.split()
        if len(cells) == 4 and cells[1].isdigit() and int(cells[1]) and cells[2] in SPECIES:
            breed = cells[0].rpartition("_")[0].replace("_", " ").title()
            info = ClassInfo(name=breed, description=f"a breed of {SPECIES[cells[2]]}")
            lines.append(Line(name=cells[0], label=int(cells[1]) - 1, info=info))
        elif cells:
            problems.append(
                f"{path.name} line {number}: {text!r} is not an image, a class from 1, 1 or 2, "
                "and a number"
            )
    if not any(text.strip() for _, text in texts):
        problems.append(f"{path.name}: names no image; unpack annotations.tar.gz again")
    return lines


def classes_of(lines: Sequence[Line], problems: list[str]) -> list[ClassInfo]:
    """The breeds by class index; two breeds of one class, or none, are problems."""
    infos: dict[int, set[ClassInfo]] = {}
    for line in lines:
        infos.setdefault(line.label, set()).add(line.info)
    for label in range(max(infos, default=-1) + 1):
        names = sorted(info.name for info in infos.get(label, ()))
        if len(names) != 1:
            problems.append(
                f"class {label + 1}: is {names or 'of no image'}; unpack the lists again"
            )
    return [min(infos[label], key=lambda info: info.name) for label in sorted(infos)]
