"""Who the people are, by their own account and by their device."""

import pandas as pd

from analysis.report.answer_table import answer_table
from analysis.report.section import Section
from analysis.statistics.analysed import Analysed
from analysis.statistics.sample import self_reports
from analysis.statistics.sample.device_classes import device_of
from analysis.statistics.sample.exclusions import ANALYSED, n_analysed
from analysis.statistics.scales.coded_answers import scales_of

PLACE = 25


def section(analysed: Analysed) -> Section | None:
    """A table of participants; None where the export tells nothing of them.

    What was asked after the trials, or belongs to a scale, is in the section of questionnaires.
    """
    export, names = analysed.export, analysed.conditions
    people = analysed.participants[analysed.participants["step"] == ANALYSED]
    in_scales = {item.name for scale in scales_of(export.study) for item in scale.items}
    asked = [q for q in export.study.questions if q.when == "before" and q.name not in in_scales]
    asked.append(self_reports.ALTERED)
    told = pd.concat(
        [
            self_reports.prolific_answers(export, people),
            self_reports.study_answers(export, people, asked),
            self_reports.device_answers(device_of(analysed.answered, export.participants), people),
        ]
    )
    if told.empty:
        return None
    table = self_reports.by_condition(told, names, {q.name: q.options for q in asked})
    n_people = n_analysed(analysed.participants, names)
    labels = {q.name: q.label for q in (*asked, self_reports.DEVICE)} | {"not_sure": "not sure"}
    title = "Participants"
    return Section(
        name="people",
        title="Who the people are",
        listings=(answer_table("characteristics", title, table, labels, n_people=n_people),),
        prose={"most_answers": self_reports.MOST_ANSWERS},
    )
