"""From the file and its map to the tables of an export."""

from pathlib import Path

import pandas as pd

from analysis.export.facts import AiOnly, Analysis, ConditionFacts, Gate, WeightFacts
from analysis.export.write import Imported
from analysis.problems import ExportError
from analysis.trials.contradictions import contradictions
from analysis.trials.export_tables import participants, responses
from analysis.trials.map_file import Settings, read_settings
from analysis.trials.meaning import Meaning, meanings
from analysis.trials.source_file import Source, read_source

COMMAND = "analysis.trials"


def read_trials(file: Path, map_file: Path) -> Imported:
    """Read anybody's trials.

    Args:
        file: a CSV file with a row for each trial that was shown.
        map_file: MAP.toml.

    Raises:
        ExportError: with every problem of both files, if they cannot be used.
    """
    settings, problems = read_settings(map_file)
    if settings is None:
        missing = [] if file.is_file() else [f"{file}: is not there; give the path of a CSV file"]
        raise ExportError(str(map_file), problems + missing)
    source, problems = read_source(file, settings)
    if source is None:
        raise ExportError(str(file), problems)
    meant, own = meanings(source, settings)
    problems += [*own, *contradictions(source, meant)]
    names = _condition_names(source, meant, settings)
    problems += [
        f"{map_file.name}, analysis.pairs: {name!r} is no condition of the file "
        f"({', '.join(names)}); correct it"
        for name in sorted({name for pair in settings.analysis.pairs for name in pair} - set(names))
    ]
    if problems:
        raise ExportError(str(file), problems)
    return _imported(file, settings, names, responses(source, meant, settings), map_file)


def _condition_names(
    source: Source, meant: dict[str, Meaning], settings: Settings
) -> tuple[str, ...]:
    """Those of the file: first as [values.conditions] has them, then as they appear."""
    found = list(meant["condition"].values.dropna())
    mapped = [name for name in settings.values.conditions.values() if name in found]
    return tuple(dict.fromkeys([*mapped, *found]))


def _imported(
    file: Path, settings: Settings, names: tuple[str, ...], trials: pd.DataFrame, map_file: Path
) -> Imported:
    ai = settings.classifier
    stimuli = trials.drop_duplicates("stimulus_id")
    return Imported(
        command=COMMAND,
        sources=(file, map_file),
        name=settings.study.name,
        title=settings.study.title,
        conditions=[ConditionFacts(name=name, classifier=ai.name) for name in names],
        gate=Gate(min_correct=settings.gate.min_correct, live=False) if settings.gate else None,
        analysis=Analysis(
            outcome="accuracy",
            pairs=settings.analysis.pairs,
            alternative=settings.analysis.alternative,
        ),
        ai_only=_ai_only(settings),
        natural_weights=_weights(settings),
        bands=settings.bins.model_dump(mode="json"),
        tables={
            "responses": trials,
            "participants": participants(trials),
            "stimuli": stimuli,
            "predictions": stimuli,
        },
    )


def _ai_only(settings: Settings) -> list[AiOnly]:
    ai = settings.classifier
    if ai.threshold is None or ai.chosen_on is None:
        return []
    return [
        AiOnly(
            classifier=ai.name,
            threshold=ai.threshold,
            chosen_on=ai.chosen_on,
            accuracy=ai.accuracy,
        )
    ]


def _weights(settings: Settings) -> list[WeightFacts]:
    if settings.natural_weights is None:
        return []
    return [
        WeightFacts.model_validate(
            {"classifier": settings.classifier.name, "bin": name, "right": right, "weight": weight}
        )
        for right, side in ((True, "right"), (False, "wrong"))
        for name, weight in getattr(settings.natural_weights, side)
    ]
