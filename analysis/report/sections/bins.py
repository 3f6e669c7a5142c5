"""Accuracy by bin and by kind, and how often the AI was accepted."""

from dataclasses import replace
from functools import partial

import pandas as pd

from analysis.report.figures.acceptance import acceptance
from analysis.report.figures.bins import by_bin
from analysis.report.figures.confidence import by_confidence
from analysis.report.listing import Listing, Shown, listing
from analysis.report.section import Section
from analysis.report.sections.shared_columns import (
    ACCURACY,
    AI_RIGHT,
    BIN,
    CLASSIFIER,
    CONDITION,
    INTERVAL,
    RIGHT,
    TRIALS,
)
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy, confidence

BIN_COLUMNS = (CONDITION, AI_RIGHT, BIN, TRIALS, RIGHT, ACCURACY, INTERVAL)


def section(analysed: Analysed) -> Section:
    """Pooled over trials: bin × AI right or wrong, kind, acceptance."""
    trials, names = analysed.trials, analysed.conditions
    bins = accuracy.by_bin(trials, names, kind="natural")
    adversarial = accuracy.by_bin(trials, names, kind="adversarial")
    adversarial = adversarial[adversarial["n_trials"] > 0].reset_index(drop=True)
    rates = accuracy.acceptance(trials, names)
    sure = _by_confidence(analysed)
    return Section(
        name="bins",
        listings=(
            listing("bins", "Accuracy by bin, natural stimuli", bins, BIN_COLUMNS, grouped=2),
            *_adversarial(analysed, adversarial),
            _acceptance(rates),
            _confidence(sure),
        ),
        figures={
            "bins": partial(by_bin, bins, adversarial, names),
            "acceptance": partial(acceptance, rates),
            "confidence": partial(by_confidence, sure, analysed.export.study.bins),
        },
        prose={"n_outside_bands": int(analysed.natural["bin"].isna().sum())},
    )


def _adversarial(analysed: Analysed, adversarial: pd.DataFrame) -> tuple[Listing, ...]:
    if adversarial.empty:
        return ()
    title = "Accuracy by bin, adversarial stimuli"
    kinds = accuracy.by_kind(analysed.trials, analysed.conditions)
    columns = (
        CONDITION,
        Shown(column="kind", header="Kind"),
        TRIALS,
        RIGHT,
        ACCURACY,
        INTERVAL,
    )
    return (
        listing("adversarial", title, adversarial, BIN_COLUMNS, grouped=2),
        listing("kinds", "Accuracy by kind", kinds, columns, grouped=1),
    )


def _acceptance(rates: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        replace(AI_RIGHT, missing="either"),
        TRIALS,
        Shown(column="n_accepted", header="Accepted"),
        Shown(column="accepted_percent", header="Accepted, %", digits=1),
        INTERVAL,
    )
    return listing("acceptance", "Acceptance", rates, columns, grouped=1)


def _by_confidence(analysed: Analysed) -> pd.DataFrame:
    export = analysed.export
    return confidence.per_classifier(
        export.pool, analysed.trials, export.facts.classifiers, export.study.bins
    )


def _confidence(sure: pd.DataFrame) -> Listing:
    columns = (
        CLASSIFIER,
        Shown(column="basis", header="Answers to"),
        Shown(column="low", to="high", header="Confidence", digits=1),
        Shown(column="band", header="Band", words=(("", "none"),)),
        Shown(column="n_images", header="Images"),
        Shown(column="n_right", header="AI right"),
        Shown(column="n_wrong", header="AI wrong"),
        Shown(column="images_percent", header="Of all, %", digits=1),
    )
    return listing("confidence", "How sure the AI was", sure, columns, grouped=2)
