"""The recipes of `stimuli/studies/recipes`, and what each asks of a trial, written by hand."""

import tomllib
from pathlib import Path
from typing import Any

import tomlkit

from stimuli.bundle import Bundle
from stimuli.study.definition import ONLINE_KEYS, ONLINE_TABLES
from tests.lab import ROOT
from tests.study_app.invented import build_bundle, study_text

FOLDER = ROOT / "stimuli/studies/recipes"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
SHORT = 4  # trials of a test that is walked through in a browser
PER_CELL = 5  # of six, so that each recipe's trials have stimuli


def recipe_text(name: str) -> str:
    """The study file of a recipe."""
    return (FOLDER / f"{name}.toml").read_text("utf-8")


def upon(name: str, built_by: str, *, trials: int | None = None) -> str:
    """A recipe's online tables upon those by which a bundle is built.

    Args:
        built_by: the bundle's study file.
        trials: of the test, instead of the recipe's; practice then explains nothing.
    """
    recipe, tables = tomllib.loads(recipe_text(name)), tomllib.loads(built_by)
    built = {name: table for name, table in tables.items() if name not in ONLINE_TABLES}
    mixed: dict[str, Any] = {name: recipe[name] for name in ONLINE_TABLES if name in recipe}
    for table, keys in ONLINE_KEYS.items():
        own = {key: value for key, value in built.get(table, {}).items() if key not in keys}
        built[table] = own | {k: v for k, v in recipe.get(table, {}).items() if k in keys}
    if trials is not None:
        next(phase for phase in mixed["phases"] if phase["name"] == "test")["trials"] = trials
        built["practice"]["explain"] = "never"
    return tomlkit.dumps(built | mixed)


def on_invented(name: str) -> str:
    """A recipe's online tables upon those by which an invented bundle is built."""
    return upon(name, study_text())


def short(name: str) -> str:
    """A recipe whose whole session has few trials, upon the tables of `short_bundle`.

    Of two validation trials none has to be right, so that whatever is answered leads to the end.
    """
    tables = tomllib.loads(upon(name, study_text(practice=2, validation=2)))
    next(phase for phase in tables["phases"] if phase["name"] == "test")["trials"] = SHORT
    if "gate" in tables:
        tables["gate"]["min_correct"] = 0
    return tomlkit.dumps(tables)


def short_bundle(folder: Path) -> Bundle:
    """A bundle for short sessions of every recipe."""
    return build_bundle(folder, short("accept_reject"))


def invented_bundle(folder: Path) -> Bundle:
    """A small bundle that serves every recipe."""
    return build_bundle(folder, on_invented("accept_reject"), per_cell=PER_CELL)
