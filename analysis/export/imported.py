"""What an importer hands over to be written as an export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from analysis.export.facts import (
    AiOnly,
    Analysis,
    ConditionFacts,
    Gate,
    Share,
    WeightFacts,
)
from analysis.export.strict_facts import Facts


class ClassifierTable(Facts):
    """`[classifier]` of an importer's settings: the AI, and its threshold T* where one is known."""

    name: str
    threshold: Share | None = None
    chosen_on: Literal["val", "pool"] | None = None
    accuracy: Share | None = None

    @property
    def ai_only(self) -> tuple[AiOnly, ...]:
        """Its threshold, if there is one."""
        if self.threshold is None or self.chosen_on is None:
            return ()
        return (
            AiOnly(
                classifier=self.name,
                threshold=self.threshold,
                chosen_on=self.chosen_on,
                accuracy=self.accuracy,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ImportedStudy:
    """A study that another tool collected.

    Attributes:
        command: that imports, such as "analysis.gorilla".
        sources: the files that were read.
        name: of the study.
        title: of the study, for people.
        conditions: in the order in which they are reported.
        gate: the threshold on validation; None where there was no validation.
        analysis: the primary test.
        ai_only: thresholds T*; at most one for each classifier.
        natural_weights: how often each bin occurs in practice; empty where nobody knows.
        bands: confidence bands as `[bins]` of a study file; empty for the paper's.
        tables: responses, participants, stimuli and predictions, and explanations and pool where
            there are any, with the columns of `columns.TABLES`; a column that is not there is
            empty. Flags are bool, times are datetime64 in UTC.
    """

    command: str
    sources: Sequence[Path]
    name: str
    title: str
    conditions: Sequence[ConditionFacts]
    gate: Gate | None
    analysis: Analysis
    ai_only: Sequence[AiOnly]
    natural_weights: Sequence[WeightFacts]
    bands: Mapping[str, object]
    tables: Mapping[str, pd.DataFrame]
