"""Which pictures a study has, and what the AI said of each: read from the names of the files.

A test row of Gorilla carries the pictures of all sets, so the whole list is known from one
person's file, those that nobody has seen included.
"""

import re

import pandas as pd

from analysis.export.binning import bins_of
from analysis.gorilla.map_file import SET, GorillaStudy, PhaseTable

COLUMNS = ("stimulus_id", "phase", "kind", "label", "true", "confidence", "bin", "ai_right")


def list_pictures(rows: pd.DataFrame, study: GorillaStudy) -> tuple[pd.DataFrame, list[str]]:
    """List the pictures of every phase.

    Args:
        rows: as `task_files.read_rows` returns them.
        study: how they are read.

    Returns:
        A row for each picture: stimulus_id (the file's name without its ending), phase, kind,
        label (as people read it), true (the group of that name), confidence (0 to 1, as it was
        shown), bin and ai_right. And a line for each problem.
    """
    parts, problems = [], []
    for name, phase in study.phases.items():
        part, phase_problems = _pictures_of_phase(rows, phase, study)
        parts.append(part.assign(phase=name))
        problems += phase_problems
    table = pd.concat(parts, ignore_index=True)
    return table.reindex(columns=list(COLUMNS)), problems


def stimulus_id(image: pd.Series) -> pd.Series:
    """The id of a picture: its file's name without the ending."""
    return image.str.replace(r"\.[A-Za-z]+$", "", regex=True)


def _pictures_of_phase(
    rows: pd.DataFrame, phase: PhaseTable, study: GorillaStudy
) -> tuple[pd.DataFrame, list[str]]:
    texts = _texts_by_picture(rows[rows["display"] == phase.display], phase)
    groups = texts["image"].str.extract(phase.pattern)
    groups = groups.reindex(columns=["predicted", "true", "confidence", "adversarial"])
    bad = texts.loc[groups["predicted"].isna(), "image"]
    if len(bad):
        rule = "does not fit the pattern of its phase; correct the pattern"
        return pd.DataFrame(), [f"image {bad.iloc[0]!r} ({len(bad)} in all) {rule}"]
    right = groups["predicted"] == groups["true"]
    per_cent, bands = pd.to_numeric(groups["confidence"]), study.bands
    low, medium, high = (per_cent.between(*ends) for ends in (bands.low, bands.medium, bands.high))
    table = pd.DataFrame(
        {
            "stimulus_id": stimulus_id(texts["image"]),
            "label": texts["label"].str.extract(study.words.label)[0],
            "true": groups["true"],
            "kind": groups["adversarial"].notna().map({True: "adversarial", False: "natural"}),
            "confidence": per_cent / 100,
            "bin": bins_of(low, medium, high, right),
            "ai_right": right,
        }
    )
    expected = right.map({True: study.words.accept, False: study.words.reject})
    wrong = texts.loc[texts["answer"] != expected, "image"]
    rule = "its name and its answer column disagree on whether the AI is right; correct one"
    problem = [f"image {name!r} ({len(wrong)} in all): {rule}" for name in wrong.head(1)]
    return table, problem


def _texts_by_picture(rows: pd.DataFrame, phase: PhaseTable) -> pd.DataFrame:
    """Every picture once, with the texts that go with it: image, answer, label."""
    sets = sets_of(rows, phase) if phase.by_set else [""]
    parts = [
        pd.DataFrame(
            {
                name: rows[column.replace(SET, number)]
                for name, column in (
                    ("image", phase.image),
                    ("answer", phase.answer),
                    ("label", phase.label),
                )
            }
        )
        for number in sets
    ]
    texts = pd.concat(parts, ignore_index=True).drop_duplicates("image")
    return texts[texts["image"] != ""].reset_index(drop=True)


def sets_of(rows: pd.DataFrame, phase: PhaseTable) -> list[str]:
    """The numbers of the sets that the file has columns for, as texts."""
    pattern = re.escape(phase.image).replace(re.escape(SET), r"(\d+)")
    matches = (re.fullmatch(pattern, column) for column in rows.columns)
    return [match.group(1) for match in matches if match]
