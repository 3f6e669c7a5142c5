"""What a reader of the AI's confidence alone could reach, and where people lose it."""

from functools import partial

from analysis.report.figures.rational import payoffs
from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.ais import left_out_in_words
from analysis.report.phrasing.rational import nothing_in_confidence, reached_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CLASSIFIER, CONDITION
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import rational
from analysis.statistics.measures.teams.natural_weights import natural_weights

PLACE = 55

PRIOR = TableColumn(column="prior", header="Prior")
PAYOFF_COLUMNS = (
    PRIOR,
    CONDITION,
    TableColumn(column="prior_percent", header="Without confidence, %", digits=1),
    TableColumn(column="rational_percent", header="With it, %", digits=1),
    TableColumn(column="value_points", header="Value, points", digits=1),
    TableColumn(column="team_percent", header="Team, %", digits=1),
    TableColumn(
        column="team_low_percent", to="team_high_percent", header="95 % interval", digits=1
    ),
)
LOSS_COLUMNS = (
    PRIOR,
    CONDITION,
    TableColumn(column="accepted_percent", header="Rate, %", digits=1),
    TableColumn(column="misreliant_percent", header="Best at it, %", digits=1),
    TableColumn(column="loss_points", header="Loss, points", digits=1),
    TableColumn(column="misreliance_points", header="By the rate", digits=1),
    TableColumn(
        column="misreliance_low_points",
        to="misreliance_high_points",
        header="95 % interval",
        digits=1,
    ),
    TableColumn(column="discrimination_points", header="By choice", digits=1),
)


def section(analysed: Analysed) -> Section | None:
    """The benchmarks under both priors; None where nobody judged a stimulus of a bin."""
    facts = analysed.export.facts
    weights = natural_weights(analysed.export.pool, facts.classifiers, facts.natural_weights)
    conditions = [one for one in facts.conditions if one.name in analysed.advised]
    table = rational.benchmarks(analysed.decided, weights, conditions)
    known = table.dropna(subset=["team_percent"])
    if known.empty:
        return None
    missing = table[table["team_percent"].isna() & (table["n_trials"] > 0)]
    several = (CLASSIFIER,) if len(facts.classifiers) > 1 else ()
    columns = (*PAYOFF_COLUMNS[:2], *several, *PAYOFF_COLUMNS[2:])
    return Section(
        name="rational",
        title="What could be reached with the confidence alone",
        listings=(
            listing("rational", "Reached with the confidence alone", known, columns, grouped=1),
            listing("rational_losses", "Where people lose it", known, LOSS_COLUMNS, grouped=1),
        ),
        figures={"rational": partial(payoffs, known, analysed.advised)},
        prose={
            "sentences": reached_in_words(known),
            "left_out": left_out_in_words(facts),
            "nothing": nothing_in_confidence(known),
            "missing": dict(zip(missing["prior"], missing["missing_because"], strict=True)),
            "no_interval": bool(known["team_low_percent"].isna().any()),
        },
    )
