"""Where the numbers come from: the files that were read, and the software that computed."""

import platform
from importlib.metadata import version

import pandas as pd

from analysis.export.columns import TABLES
from analysis.export.digest import sha256_of
from analysis.export.read import Export

COMPUTES = ("numpy", "scipy", "pandas", "matplotlib")
FACTS = ("export.json", "columns.json", "study.toml")


def inputs(export: Export) -> pd.DataFrame:
    """The files of the export.

    Returns:
        file, n_rows (missing for files that are no table), sha256.
    """
    there = [name for name in TABLES if (export.folder / f"{name}.csv").exists()]
    rows = {f"{name}.csv": len(getattr(export, name)) for name in there}
    versions = sorted(
        str(path.relative_to(export.folder)) for path in export.folder.glob("versions/*.toml")
    )
    table = pd.DataFrame({"file": [*rows, *FACTS, *versions]})
    table["n_rows"] = table["file"].map(rows).astype("Int64")
    return table.assign(sha256=[sha256_of(export.folder / file) for file in table["file"]])


def software() -> str:
    """Python and the libraries that compute, with their versions."""
    libraries = (f"{name} {version(name)}" for name in COMPUTES)
    return ", ".join([f"Python {platform.python_version()}", *libraries])
