"""Several studies on one page, as Figure 1b of the paper sets ImageNet beside dogs.

Every number is that of the study's own report: the tables of its sections, one below the other. No
test compares studies, since they show different pictures to different people.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.export.several import read_studies
from analysis.report.figure_files import pictures_of
from analysis.report.figures.studies import beside_each_other
from analysis.report.listing import TableColumn, listing
from analysis.report.page import render
from analysis.report.section import Section
from analysis.report.sections import accuracy, bins, team
from analysis.report.writing import write_page
from analysis.statistics.analysed import Analysed, analysed
from analysis.statistics.measures.accuracy import per_condition
from analysis.statistics.sample.exclusions import ANALYSED

STUDY = TableColumn(column="study", header="Study")
STUDY_COLUMNS = (
    STUDY,
    TableColumn(column="n_started", header="Started"),
    TableColumn(column="n_analysed", header="Analysed"),
    TableColumn(column="min_correct", header="Gate", missing="none"),
    TableColumn(column="n_conditions", header="Conditions"),
    TableColumn(column="n_natural", header="Natural stimuli"),
    TableColumn(column="n_adversarial", header="Adversarial"),
)
# A table of each study's own report: the section that it is in, its columns, its title.
OWN_TABLES = (
    ("accuracy", accuracy, accuracy.ACCURACY_COLUMNS, "Per-user accuracy", 1),
    ("natural", bins, bins.NATURAL_COLUMNS, "Accuracy on natural stimuli", 1),
    ("against_ai", team, team.AGAINST_COLUMNS, "Teams and AI-only", 2),
)


def write_side_by_side(exports: Sequence[Path], out: Path) -> Path:
    """Read the exports of several studies and write the page that shows them side by side.

    Args:
        exports: folders, two or more.
        out: the folder to write.

    Returns:
        The page, `out`/report.html. Beside it are figures/ and tables/.

    Raises:
        ExportError: with every problem, if the exports cannot be used together.
    """
    studies = {name: analysed(export) for name, export in read_studies(exports).items()}
    section = side_by_side(studies)
    pictures = pictures_of(section.figures)
    html = render(
        "side_by_side.html",
        kind="studies",
        title=" · ".join(studies),
        studies=studies,
        rehearsals=[name for name, study in studies.items() if study.rehearsal],
        tables={table.name: table for table in section.listings},
        pictures=pictures,
    )
    return write_page(out, html, section.listings, pictures, {})


def side_by_side(studies: Mapping[str, Analysed]) -> Section:
    """The tables of every study, each with the study in its first column, and their figure."""
    facts = pd.DataFrame([{"study": name, **_facts(study)} for name, study in studies.items()])
    facts = facts.astype({"min_correct": "Int64"})
    listings = [listing("studies", "Studies", facts, STUDY_COLUMNS)]
    for name, module, columns, title, grouped in OWN_TABLES:
        found = {study: module.section(sample) for study, sample in studies.items()}
        own = {study: _table(section, name) for study, section in found.items() if section}
        if not own:
            continue
        frame = pd.concat([table.assign(study=study) for study, table in own.items()])
        frame = frame[["study", *frame.columns.drop("study")]].reset_index(drop=True)
        listings.append(listing(name, title, frame, (STUDY, *columns), grouped=grouped))
    users = {name: study.users for name, study in studies.items()}
    summaries = {
        name: per_condition(study.users, study.conditions) for name, study in studies.items()
    }
    conditions = list(dict.fromkeys(c for study in studies.values() for c in study.conditions))
    figure = partial(beside_each_other, users, summaries, conditions)
    return Section(
        name="side_by_side",
        title="Studies side by side",
        listings=tuple(listings),
        figures={"studies": figure},
    )


def _facts(study: Analysed) -> dict[str, object]:
    shown = study.trials.drop_duplicates("stimulus_id")["kind"].value_counts()
    return {
        "title": study.export.study.study.title,
        "n_started": len(study.participants),
        "n_analysed": int((study.participants["step"] == ANALYSED).sum()),
        "min_correct": study.min_correct,
        "n_conditions": len(study.conditions),
        "n_natural": int(shown.get("natural", 0)),
        "n_adversarial": int(shown.get("adversarial", 0)),
        "bundle_digest": study.export.facts.bundle_digest or None,  # an import has none
    }


def _table(section: Section, name: str) -> pd.DataFrame:
    (frame,) = [table.frame for table in section.listings if table.name == name]
    return frame
