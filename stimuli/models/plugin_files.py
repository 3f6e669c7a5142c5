"""Explainers that a lab brings, read from a Python file or from an installed distribution."""

import hashlib
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from pydantic import TypeAdapter, ValidationError
from torch import Tensor

from stimuli.cache import digest
from stimuli.problems import ProblemsError
from stimuli.study.explainer_settings import ExplainerSettings
from stimuli.study.offline import Name

GROUP = "lorikeet.explainers"
"""Of the entry points that are explainers: each by its name, with its function."""

OURS = frozenset(ExplainerSettings.model_fields)


class PluginError(ProblemsError):
    """Code of a lab that cannot be run, or lists no explainers."""


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """An explainer that a lab brings.

    Attributes:
        function: of a classifier, images (batch, 3, height, width) and labels (batch,), with its
            settings as keywords, to heat maps (batch, height, width).
        source: what has its code, without a folder: "lime.py", or "mylab 1.0, mylab.maps:lime".
        digest: SHA-256 of a file, or of all of a distribution's code that can decide the maps.
        file: where the function was found.
    """

    name: str
    function: Callable[..., Tensor]
    source: str
    digest: str
    file: str


def plugins_of_file(path: Path) -> list[Plugin]:
    """Run a file of Python, and take the explainers that it lists as `EXPLAINERS`.

    What is run is what the digest is of: no compiled copy is read or left beside the file.

    Raises:
        PluginError: with every problem.
    """
    subject = f"--plugin {path}"
    try:
        source = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PluginError(subject, [f"{subject}: {reason}; give a file of Python"]) from None
    listed = getattr(_run(source, path), "EXPLAINERS", None)
    if not isinstance(listed, Mapping) or not listed:
        advice = 'end it with EXPLAINERS = {"NAME": function}'
        raise PluginError(subject, [f"{subject}: lists no explainers; {advice}"])
    if problems := [f"{subject}: {problem}" for problem in listing_problems(listed)]:
        raise PluginError(subject, problems)
    made_of = hashlib.sha256(source).hexdigest()
    return [
        Plugin(name=name, function=function, source=path.name, digest=made_of, file=str(path))
        for name, function in listed.items()
    ]


def _run(source: bytes, path: Path) -> ModuleType:
    """A module of its own for a file, which others of the same name do not replace.

    Raises:
        PluginError: with the first cause and its line.
    """
    subject = f"--plugin {path}"
    name = f"lorikeet_plugin_{digest(str(path.resolve()), source)[:16]}"
    spec = spec_from_file_location(name, path)
    if spec is None:
        raise PluginError(subject, [f"{subject}: is no file of Python; its name must end in .py"])
    # Dataclasses and pickles look for their module here.
    sys.modules[name] = module = module_from_spec(spec)
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        advice = "correct it"
        if isinstance(error, ImportError):
            advice = "correct it, or install what it imports"
        said = cause_of(error, str(path))
        raise PluginError(subject, [f"{subject}: cannot be run: {said}; {advice}"]) from None
    return module


def cause_of(error: BaseException, file: str) -> str:
    """The first cause of an error, and the line: of this file where it went through it."""
    while error.__cause__ is not None:
        error = error.__cause__
    said = f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError):
        place, line, said = error.filename, error.lineno, f"{type(error).__name__}: {error.msg}"
    elif frames:
        frame = ([frame for frame in frames if frame.filename == file] or frames)[-1]
        place, line = frame.filename, frame.lineno
    else:
        return said
    first, *_ = said.splitlines()
    return f"{first} ({place}, line {line})"


def listing_problems(listed: Mapping[object, object]) -> Iterator[str]:
    """What is wrong with names and functions."""
    names = TypeAdapter(Name)
    for name, function in listed.items():
        try:
            names.validate_python(name, strict=True)
        except ValidationError:
            yield f"{name!r} can be no explainer's name; take small letters, digits, _ and -"
            continue
        if name in OURS:
            yield f"{name!r} is the name of one of ours; rename it"
        if not callable(function):
            yield f"{name!r} is no function but {function!r}; list the function itself"


def installed_plugins(names: Collection[str]) -> tuple[list[Plugin], list[str]]:
    """The entry points of these names, and what is wrong with them; no other is loaded."""
    plugins: list[Plugin] = []
    problems: list[str] = []
    for entry in entry_points(group=GROUP):
        if entry.name not in names:
            continue
        try:
            plugins.append(plugin_of_entry(entry))
        except PluginError as error:
            problems += error.problems
    return plugins, problems


def plugin_of_entry(entry: EntryPoint) -> Plugin:
    """The explainer of an entry point, whose module is imported.

    Raises:
        PluginError: if it cannot be imported, or is no explainer.
    """
    version = f"{entry.dist.name} {entry.dist.version}, " if entry.dist else ""
    source = f"{version}{entry.value}"
    subject = f"entry point {entry.name} ({source})"
    try:
        function = entry.load()
    except (Exception, SystemExit) as error:
        said = cause_of(error, "")
        advice = "correct or uninstall it"
        raise PluginError(subject, [f"{subject}: cannot be run: {said}; {advice}"]) from None
    if problems := [f"{subject}: {said}" for said in listing_problems({entry.name: function})]:
        raise PluginError(subject, problems)
    module = sys.modules[entry.module]
    parts = [part for path in code_files(module) for part in (path.name, path.read_bytes())]
    return Plugin(
        name=entry.name,
        function=function,
        source=source,
        digest=digest(source, *parts),
        file=module.__file__ or "",
    )


def code_files(module: ModuleType) -> list[Path]:
    """All Python files of the package that a module is in, or the module's own."""
    top = sys.modules[module.__name__.partition(".")[0]]
    file = top.__file__ or module.__file__
    if file is None:
        return []
    return sorted(Path(file).parent.rglob("*.py")) if hasattr(top, "__path__") else [Path(file)]
