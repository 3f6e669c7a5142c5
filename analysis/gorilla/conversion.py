"""From Gorilla's rows to the tables of an export."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.export.facts import AiOnly, ConditionFacts, WeightFacts
from analysis.export.write import Imported
from analysis.gorilla.map_file import GorillaStudy
from analysis.gorilla.participants import people
from analysis.gorilla.stimuli import pictures
from analysis.gorilla.task_files import PERSON, read_rows
from analysis.gorilla.trials import trials
from analysis.problems import ExportError


def convert(paths: Sequence[Path], study: GorillaStudy) -> Imported:
    """Read task files of one study.

    Raises:
        ExportError: with every problem that was found.
    """
    rows, problems = read_rows(paths, study)
    _raise(paths, problems)
    shown, picture_problems = pictures(rows, study)
    answers, answer_problems = trials(rows, study)
    _raise(paths, picture_problems + answer_problems)
    answers = answers.merge(shown.drop(columns="phase"), on="stimulus_id")
    answers["team_right"] = (answers["decision"] == "accept") == answers["ai_right"]
    everyone, people_problems = people(rows, answers, study)
    _raise(paths, people_problems)
    found = [name for name in study.conditions.values() if (everyone["condition"] == name).any()]
    return Imported(
        command="analysis.gorilla",
        sources=paths,
        name=study.study.name,
        title=study.study.title,
        conditions=[ConditionFacts(name=n, classifier=study.classifier.name) for n in found],
        gate=study.gate if study.validation else None,
        analysis=study.analysis,
        ai_only=_ai_only(study),
        natural_weights=[
            WeightFacts(classifier=study.classifier.name, **weight.model_dump())
            for weight in study.natural_weights
        ],
        bands={},
        tables=_tables(everyone, answers, shown, study),
    )


def _raise(paths: Sequence[Path], problems: Sequence[str]) -> None:
    if problems:
        raise ExportError(", ".join(path.name for path in paths), problems)


def _ai_only(study: GorillaStudy) -> list[AiOnly]:
    ai = study.classifier
    if ai.threshold is None:
        return []
    return [
        AiOnly(
            classifier=ai.name,
            threshold=ai.threshold,
            chosen_on=ai.chosen_on,
            accuracy=ai.accuracy,
        )
    ]


def _tables(
    everyone: pd.DataFrame, answers: pd.DataFrame, shown: pd.DataFrame, study: GorillaStudy
) -> Mapping[str, pd.DataFrame]:
    ai = study.classifier.name
    everyone = everyone.assign(classifier=ai, simulated=False)
    named = answers.merge(everyone[[PERSON, "participant_id"]], on=PERSON)
    named = named.assign(classifier=ai, simulated=False)
    true_label = shown["true"].map(_names(shown)).fillna(shown["true"])
    return {
        "participants": everyone,
        "responses": named.sort_values(["participant_id", "phase", "trial_index"]),
        "stimuli": shown.assign(true_label=true_label),
        "predictions": shown.assign(classifier=ai),
    }


def _names(shown: pd.DataFrame) -> dict[str, str]:
    """What people read for a class, where some picture was taken for it; else its id stays."""
    predicted = shown[shown["ai_right"] & shown["label"].notna()]
    return dict(zip(predicted["true"], predicted["label"], strict=True))
