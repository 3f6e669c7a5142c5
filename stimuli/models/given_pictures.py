"""Which picture of a data set each row of a file of answers is about."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from stimuli.datasets.base import Example, Split
from stimuli.models.given_table import GivenTable
from stimuli.problems import some_of


def rows_of(
    table: GivenTable, examples: Sequence[Example], where: str, problems: list[str]
) -> dict[str, int]:
    """The row of each picture, in the order of the data set.

    A picture has the name that the data set gives it, or the last part of that if no other has it.

    Args:
        where: what messages call the file.
        problems: what is wrong is added here.
    """
    sources = {_form(example.source): example.source for example in examples}
    by_last_part = defaultdict(list)
    for form, source in sources.items():
        by_last_part[PurePosixPath(form).name].append(source)
    rows: dict[str, int] = {}
    unknown = []
    for row, image in enumerate(table.images):
        form, line = _form(image), f"{where} line {table.lines[row]}"
        meant = [sources[form]] if form in sources else by_last_part.get(form, [])
        if not meant:
            unknown.append(image)
        elif len(meant) > 1:
            named = some_of([*map(repr, meant)])
            problems.append(f"{line}: {image!r} may be {named}; write which")
        elif meant[0] in rows:
            first = table.lines[rows[meant[0]]]
            problems.append(f"{line}: {meant[0]!r} has a row already, line {first}; keep one")
        else:
            rows[meant[0]] = row
    if unknown:
        problems.append(
            f"{where}: {some_of([*map(repr, unknown)])} is no picture of the data set, whose names "
            f"are such as {examples[0].source!r}; correct the names, or remove the rows"
        )
    problems += lacking(rows, examples, where)
    return {example.source: rows[example.source] for example in examples if example.source in rows}


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
