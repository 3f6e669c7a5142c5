"""Which picture of a data set each row of a file of a lab is about."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Self

from stimuli.datasets.base import Example, Split
from stimuli.problems import some_of


@dataclass(frozen=True, kw_only=True)
class PictureNames:
    """What a file may call each picture: its name in the data set, or the last part of that.

    Attributes:
        sources: by their names, in one form.
        by_last_part: all pictures whose names end so.
        example: one of the names.
    """

    sources: Mapping[str, str]
    by_last_part: Mapping[str, Sequence[str]]
    example: str

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Self:
        """Of a data set that has a picture."""
        sources = {_form(example.source): example.source for example in examples}
        by_last_part = defaultdict(list)
        for form, source in sources.items():
            by_last_part[PurePosixPath(form).name].append(source)
        return cls(sources=sources, by_last_part=by_last_part, example=examples[0].source)

    def meant(self, image: str) -> Sequence[str]:
        """The pictures that a name may mean."""
        form = _form(image)
        return [self.sources[form]] if form in self.sources else self.by_last_part.get(form, ())

    def unknown(self, images: Sequence[str]) -> list[str]:
        """What is wrong with names that mean none, in one line."""
        named = some_of([*map(repr, images)])
        problem = f"{named} is no picture of the data set, whose names are such as "
        advice = f"{self.example!r}; correct the names, or remove the rows"
        return [problem + advice] if images else []


def rows_of(
    images: Sequence[str],
    lines: Sequence[int],
    examples: Sequence[Example],
    where: str,
    problems: list[str],
) -> dict[str, int]:
    """The row of each picture, in the order of the data set.

    Args:
        images: what the rows call them.
        lines: where each row is.
        where: what messages call the file.
        problems: what is wrong is added here.
    """
    names, rows, unknown = PictureNames.of(examples), dict[str, int](), []
    for row, (image, number) in enumerate(zip(images, lines, strict=True)):
        line, meant = f"{where} line {number}", names.meant(image)
        if not meant:
            unknown.append(image)
        elif len(meant) > 1:
            problems.append(f"{line}: {ambiguous(image, meant)}")
        elif meant[0] in rows:
            first = lines[rows[meant[0]]]
            problems.append(f"{line}: {meant[0]!r} has a row already, line {first}; keep one")
        else:
            rows[meant[0]] = row
    problems += [f"{where}: {problem}" for problem in names.unknown(unknown)]
    return {example.source: rows[example.source] for example in examples if example.source in rows}


def ambiguous(image: str, meant: Sequence[str]) -> str:
    """What is wrong with a name that several pictures have."""
    return f"{image!r} may be {some_of([*map(repr, meant)])}; write which"


def lacking(rows: Mapping[str, int], examples: Sequence[Example], where: str) -> list[str]:
    """Pictures without an answer: of train all or none may be."""
    problems = []
    for split in Split:
        sources = [example.source for example in examples if example.split is split]
        missing = [repr(source) for source in sources if source not in rows]
        if not missing or (split is Split.TRAIN and len(missing) == len(sources)):
            continue
        advice = "add a row for each"
        if split is Split.TRAIN:
            advice += ", or remove those of all training pictures"
        problems.append(
            f"{where}: has no answer to {len(missing)} of the {len(sources)} pictures of the split "
            f"{split}: {some_of(missing)}; {advice}"
        )
    return problems


def _form(name: str) -> str:
    """A path in composed letters, with the separators of every system but one."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")
