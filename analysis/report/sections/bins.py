"""Accuracy by bin, on natural stimuli and by kind, and how often the AI was accepted."""

from dataclasses import replace
from functools import partial

from analysis.report.figures.acceptance import acceptance
from analysis.report.figures.bins import by_bin
from analysis.report.figures.confidence import by_confidence
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.phrasing.ais import left_out_in_words
from analysis.report.phrasing.robustness import natural_in_words
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
from analysis.statistics.measures.natural import natural_accuracy

PLACE = 30

BIN_COLUMNS = (CONDITION, AI_RIGHT, BIN, TRIALS, RIGHT, ACCURACY, INTERVAL)
ADVERSARIAL_TITLE = "Accuracy by bin, adversarial stimuli"
KIND_COLUMNS = (
    CONDITION,
    TableColumn(column="kind", header="Kind"),
    TRIALS,
    RIGHT,
    ACCURACY,
    INTERVAL,
)
NATURAL_COLUMNS = (
    CONDITION,
    TRIALS,
    RIGHT,
    replace(ACCURACY, header="Pooled, %", digits=2),
    INTERVAL,
    TableColumn(column="bin_mean_percent", header="Mean of six bins, %", digits=2),
    TableColumn(column="n_bins", header="Bins with trials"),
)
ACCEPTANCE_COLUMNS = (
    CONDITION,
    replace(AI_RIGHT, missing="either"),
    TRIALS,
    TableColumn(column="n_accepted", header="Accepted"),
    TableColumn(column="accepted_percent", header="Accepted, %", digits=1),
    INTERVAL,
)
CONFIDENCE_COLUMNS = (
    CLASSIFIER,
    TableColumn(column="basis", header="Answers to"),
    TableColumn(column="low", to="high", header="Confidence", digits=1),
    TableColumn(column="band", header="Band", words=(("", "none"),)),
    TableColumn(column="n_images", header="Images"),
    TableColumn(column="n_right", header="AI right"),
    TableColumn(column="n_wrong", header="AI wrong"),
    TableColumn(column="images_percent", header="Of all, %", digits=1),
)


def section(analysed: Analysed) -> Section:
    """Pooled over trials: bin × AI right or wrong, kind, acceptance."""
    export, trials, names = analysed.export, analysed.trials, analysed.conditions
    bands = export.study.bins
    bins = accuracy.by_bin(trials, names, kind="natural")
    adversarial = accuracy.by_bin(trials, names, kind="adversarial")
    adversarial = adversarial[adversarial["n_trials"] > 0].reset_index(drop=True)
    kinds = accuracy.by_kind(analysed.answered, names)
    natural = natural_accuracy(trials, bins)
    tenths = confidence.per_classifier(export.pool, trials, export.facts.classifiers, bands)
    accepted = _accepted(analysed)
    of_kinds = (
        listing("adversarial", ADVERSARIAL_TITLE, adversarial, BIN_COLUMNS, grouped=2),
        listing("kinds", "Accuracy by kind", kinds, KIND_COLUMNS, grouped=1),
    )[0 if len(adversarial) else 1 :]
    return Section(
        name="bins",
        title="Accuracy by bin",
        listings=(
            listing("bins", "Accuracy by bin, natural stimuli", bins, BIN_COLUMNS, grouped=2),
            listing("natural", "Accuracy on natural stimuli", natural, NATURAL_COLUMNS),
            *(of_kinds if kinds["kind"].nunique() > 1 else ()),
            *([accepted] if accepted else []),
            listing("confidence", "How sure the AI was", tenths, CONFIDENCE_COLUMNS, grouped=2),
        ),
        figures={
            "bins": partial(by_bin, bins, adversarial, names),
            **({"acceptance": partial(acceptance, accepted.frame)} if accepted else {}),
            "confidence": partial(by_confidence, tenths, bands),
        },
        prose={
            "n_outside_bands": int(analysed.natural["bin"].isna().sum()),
            "kinds": set(kinds["kind"]),
            "natural": natural_in_words(natural),
            "left_out": left_out_in_words(export.facts),
        },
    )


def _accepted(analysed: Analysed) -> Listing | None:
    """How often who was shown the AI accepted it; None where nobody was asked to."""
    if not analysed.asks_decisions:
        return None
    rates = accuracy.acceptance(analysed.decided, analysed.advised)
    return listing("acceptance", "Acceptance", rates, ACCEPTANCE_COLUMNS, grouped=1)
