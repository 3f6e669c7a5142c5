"""From Gorilla's rows to the tables of an export."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.export.facts import ConditionFacts, WeightFacts
from analysis.export.imported import ImportedStudy
from analysis.gorilla.map_file import GorillaStudy
from analysis.gorilla.participants import list_participants
from analysis.gorilla.stimuli import list_pictures
from analysis.gorilla.task_files import PERSON, read_rows
from analysis.gorilla.trials import list_trials
from analysis.problems import ExportError


def convert(paths: Sequence[Path], study: GorillaStudy) -> ImportedStudy:
    """Read task files of one study.

    Raises:
        ExportError: with every problem that was found.
    """
    rows, problems = read_rows(paths, study)
    _raise(paths, problems)
    pictures, picture_problems = list_pictures(rows, study)
    answers, answer_problems = list_trials(rows, study)
    _raise(paths, picture_problems + answer_problems)
    answers = answers.merge(pictures.drop(columns="phase"), on="stimulus_id")
    answers["team_right"] = (answers["decision"] == "accept") == answers["ai_right"]
    participants, participant_problems = list_participants(rows, answers, study)
    _raise(paths, participant_problems)
    present = set(participants["condition"])
    ai = study.classifier.name
    return ImportedStudy(
        command="analysis.gorilla",
        sources=paths,
        name=study.study.name,
        title=study.study.title,
        conditions=[
            ConditionFacts(name=name, classifier=ai)
            for name in study.conditions.values()
            if name in present
        ],
        gate=study.gate if study.validation else None,
        analysis=study.analysis,
        ai_only=study.classifier.ai_only,
        natural_weights=[
            WeightFacts(classifier=ai, **weight.model_dump()) for weight in study.natural_weights
        ],
        bands={},
        tables=_tables(participants, answers, pictures, study),
    )


def _raise(paths: Sequence[Path], problems: Sequence[str]) -> None:
    if problems:
        raise ExportError(", ".join(path.name for path in paths), problems)


def _tables(
    participants: pd.DataFrame, answers: pd.DataFrame, pictures: pd.DataFrame, study: GorillaStudy
) -> Mapping[str, pd.DataFrame]:
    ai = study.classifier.name
    participants = participants.assign(classifier=ai, simulated=False)
    responses = answers.merge(participants[[PERSON, "participant_id"]], on=PERSON)
    responses = responses.assign(classifier=ai, simulated=False)
    # What people read for a class, where some picture was taken for it; else its id stays.
    predicted = pictures[pictures["ai_right"] & pictures["label"].notna()]
    class_names = dict(zip(predicted["true"], predicted["label"], strict=True))
    true_label = pictures["true"].map(class_names).fillna(pictures["true"])
    return {
        "participants": participants,
        "responses": responses.sort_values(["participant_id", "phase", "trial_index"]),
        "stimuli": pictures.assign(true_label=true_label),
        "predictions": pictures.assign(classifier=ai),
    }
