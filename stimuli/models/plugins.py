"""The explainers that a lab brings to a study: which there are, and whether they fit it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from inspect import Parameter, signature
from pathlib import Path

from stimuli.models.plugin_files import Plugin, PluginError, installed_plugins, plugins_of_file
from stimuli.study import Study
from stimuli.study.explainer_settings import PluginSettings

GIVEN = ("classifier", "images", "labels")
"""What every explainer is given by position."""


def found_plugins(study: Study, paths: Sequence[Path]) -> tuple[dict[str, Plugin], list[str]]:
    """The explainers of files and of installed distributions, by name, and all that is wrong.

    Args:
        paths: of `--plugin`. Their code is run.
    """
    wanted = plugin_settings(study)
    plugins, problems = installed_plugins(study.explainers.names)
    for path in paths:
        try:
            of_file = plugins_of_file(path)
        except PluginError as error:
            problems += error.problems
            continue
        plugins += of_file
        if wanted.keys().isdisjoint(plugin.name for plugin in of_file):
            names = ", ".join(plugin.name for plugin in of_file)
            advice = f"remove it, or add [explainers.{of_file[0].name}] with kind = 'plugin'"
            problems.append(
                f"--plugin {path}: the study has no use for it, it has {names}; {advice}"
            )
    could_be_read = not problems
    problems += same_names(plugins)
    found = {plugin.name: plugin for plugin in plugins}
    for name, settings in wanted.items():
        if name in found:
            problems += setting_problems(found[name], settings)
        elif could_be_read:
            problems.append(missing(name, found))
    return found, problems


def plugin_settings(study: Study) -> dict[str, PluginSettings]:
    """The tables with kind = "plugin", by name."""
    own = study.explainers.own
    return {name: table for name, table in own.items() if isinstance(table, PluginSettings)}


def same_names(plugins: Sequence[Plugin]) -> list[str]:
    """Names that several have."""
    counts = Counter(plugin.name for plugin in plugins)
    return [
        f"explainer {name}: {' and '.join(p.source for p in plugins if p.name == name)} both have "
        "one of this name; rename one, or give one of them"
        for name, count in counts.items()
        if count > 1
    ]


def missing(name: str, found: Mapping[str, Plugin]) -> str:
    """What to do about a table without a plugin."""
    there = f"there are {', '.join(found)}" if found else "there is none"
    return (
        f"explainers.{name}: no plugin has this name, {there}; give the file that has it with "
        "--plugin FILE.py, or install the distribution that does"
    )


def keywords_of(plugin: Plugin, settings: PluginSettings, seed: int) -> dict[str, object]:
    """What the function is called with: the table's settings, and the seed if it takes one."""
    takes_seed = "seed" in signature(plugin.function).parameters
    return ({"seed": seed} if takes_seed else {}) | settings.further


def setting_problems(plugin: Plugin, settings: PluginSettings) -> list[str]:
    """Settings of the study file that the function does not take, and those that it lacks."""
    where = f"explainers.{plugin.name}"
    try:
        taken = signature(plugin.function)
    except (TypeError, ValueError) as error:
        return [f"{where}: {plugin.source} has no arguments to read ({error}); write a function"]
    known = keyword_parameters(list(taken.parameters.values()))
    takes_any = any(p.kind is Parameter.VAR_KEYWORD for p in taken.parameters.values())
    given = keywords_of(plugin, settings, seed=0)
    takes = f"it takes {', '.join(known)}" if known else "it takes none"
    problems = [
        f"{where}.{name}: {plugin.source} knows no such setting, {takes}; remove it or correct its "
        "spelling"
        for name in given
        if name not in known and not takes_any
    ]
    problems += [
        f"{where}.{name}: {plugin.source} needs this setting; add it"
        for name, parameter in known.items()
        if parameter.default is Parameter.empty and name not in given
    ]
    if problems:
        return problems
    try:
        taken.bind(*GIVEN, **given)
    except TypeError as error:
        wanted = f"{', '.join(GIVEN)} by position and settings by name"
        return [f"{where}: {plugin.source} cannot be called ({error}); it must take {wanted}"]
    return []


def keyword_parameters(parameters: Sequence[Parameter]) -> dict[str, Parameter]:
    """Those that can be settings: all with a name behind the three that are given by position."""
    places = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    positional = [parameter for parameter in parameters if parameter.kind in places]
    named = [p for p in parameters if p.kind is Parameter.KEYWORD_ONLY]
    further = [p for p in positional[len(GIVEN) :] if p.kind is not Parameter.POSITIONAL_ONLY]
    return {parameter.name: parameter for parameter in (*further, *named)}
