"""What a step of a build made, kept on disk by a digest of everything that decided it.

A build that was cut off, or that changes one setting, makes only what is not there. A file is
written under another name first, so that a file that is there is whole.
"""

import ast
import hashlib
import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO

import numpy as np

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Cache:
    """A folder of results. Removing it costs time, nothing else."""

    folder: Path

    def path(self, step: str, key: str) -> Path:
        """Where a step keeps the result of a key, without a suffix."""
        return self.folder / step / key[:2] / key[2:40]

    def arrays(self, step: str, key: str, make: Callable[[], Arrays]) -> dict[str, np.ndarray]:
        """The arrays that `make` returned when this key was first asked for."""
        path = self.path(step, key).with_suffix(".npz")
        if not path.is_file():
            write_arrays(path, make())
        return read_arrays(path)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a file, by name."""
    with np.load(path) as file:
        return dict(file)


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write a whole file or none."""
    with _whole(path) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def write_bytes(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write a whole file or none."""
    with _whole(path) as file:
        file.writelines(parts)


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file of this process's own, since two builds may make the same thing at once; then `path`.

    Nothing is left of what could not be written whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            yield file
        os.replace(partial, path)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)  # of a full disk, nothing else says where
        raise


def digest(*parts: object) -> str:
    """SHA-256 of values in order: bytes as they are, anything else as its `repr`."""
    total = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes | memoryview) else repr(part).encode()
        total.update(f"{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


@cache
def code(*modules: ModuleType) -> str:
    """Digest of what modules compute: their statements but for imports and docstrings.

    Another version of a step does not read what the old one made; one that was only moved,
    documented or formatted does.
    """
    return digest(*sorted(map(_statements, map(inspect.getsource, modules))))


@cache
def package_code(*packages: ModuleType) -> str:
    """As `code`, of all modules in the folders of these packages or modules."""
    folders = {Path(inspect.getfile(package)).parent for package in packages}
    sources = [path.read_text("utf-8") for folder in folders for path in folder.glob("*.py")]
    return digest(*sorted(map(_statements, sources)))


def _statements(source: str) -> str:
    """A module as its syntax tree, without imports, docstrings, comments and places."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                line
                for line in body
                if not isinstance(line, ast.Import | ast.ImportFrom)
                and not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            ]
    return ast.dump(tree)
