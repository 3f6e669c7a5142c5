"""From the file and its map to the tables of an export."""

from pathlib import Path

import pandas as pd

from analysis.export.facts import ConditionFacts, Gate, WeightFacts
from analysis.export.imported import ImportedStudy
from analysis.problems import ExportError
from analysis.trials.contradictions import contradictions
from analysis.trials.export_tables import participants, responses
from analysis.trials.map_file import Settings, read_settings
from analysis.trials.meaning import read_meanings
from analysis.trials.source_file import read_source

COMMAND = "analysis.trials"


def read_trials(file: Path, map_file: Path) -> ImportedStudy:
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
    meanings, text_problems = read_meanings(source, settings)
    problems += [*text_problems, *contradictions(source, meanings)]
    present = list(meanings["condition"].values.dropna())
    # First as [values.conditions] has them, then as they appear.
    mapped = [name for name in settings.values.conditions.values() if name in present]
    names = tuple(dict.fromkeys([*mapped, *present]))
    problems += [
        f"{map_file.name}, analysis.pairs: {name!r} is no condition of the file "
        f"({', '.join(names)}); correct it"
        for name in sorted({name for pair in settings.analysis.pairs for name in pair} - set(names))
    ]
    if problems:
        raise ExportError(str(file), problems)
    return _study(file, settings, names, responses(source, meanings, settings), map_file)


def _study(
    file: Path, settings: Settings, names: tuple[str, ...], trials: pd.DataFrame, map_file: Path
) -> ImportedStudy:
    ai = settings.classifier
    stimuli = trials.drop_duplicates("stimulus_id")
    return ImportedStudy(
        command=COMMAND,
        sources=(file, map_file),
        name=settings.study.name,
        title=settings.study.title,
        conditions=[ConditionFacts(name=name, classifier=ai.name) for name in names],
        gate=Gate(min_correct=settings.gate.min_correct, live=False) if settings.gate else None,
        analysis=settings.analysis,
        ai_only=ai.ai_only,
        natural_weights=[
            WeightFacts.model_validate(
                {"classifier": ai.name, "bin": name, "right": side == "right", "weight": weight}
            )
            for side, weights in settings.natural_weights or ()
            for name, weight in weights
        ],
        bands=settings.bins.model_dump(mode="json"),
        tables={
            "responses": trials,
            "participants": participants(trials),
            "stimuli": stimuli,
            "predictions": stimuli,
        },
    )
