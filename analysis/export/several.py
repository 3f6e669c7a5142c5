"""Exports of several studies, read together and told apart by name."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from analysis.export.read import Export, read_export
from analysis.problems import ExportError


def read_studies(folders: Sequence[Path]) -> dict[str, Export]:
    """Read exports of different studies.

    Args:
        folders: two or more.

    Returns:
        Each export by the name of its study, or by that of its folder where two studies have one
        name; in the order given.

    Raises:
        ExportError: with every problem, if one cannot be used, two are of one study, or two
            cannot be told apart.
    """
    exports, problems = [], []
    for folder in folders:
        try:
            exports.append(read_export(folder))
        except ExportError as error:
            problems += [f"{error.subject}: {problem}" for problem in error.problems]
    problems += [
        f"{a.folder} and {b.folder} are of one study: people of both judged the same pictures; "
        "give exports of different studies"
        for a, b in combinations(exports, 2)
        if _pictures(a) == _pictures(b)
    ]
    names = [export.facts.study for export in exports]
    if len(set(names)) < len(names):
        names = [export.folder.resolve().name for export in exports]
    problems += [
        f"{n} studies and their folders are called {name!r}; give the folders different names"
        for name, n in Counter(names).items()
        if n > 1 and not problems
    ]
    if problems:
        raise ExportError(", ".join(map(str, folders)), problems)
    return dict(zip(names, exports, strict=True))


def _pictures(export: Export) -> object:
    """What says of an export which pictures its people judged: its bundle, or what was imported."""
    imported = export.facts.imported
    return export.facts.bundle_digest or (imported and imported.sources)
