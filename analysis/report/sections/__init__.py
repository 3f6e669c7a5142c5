"""The sections of the report, a module and a template each: statistics in, prose and tables out."""

from analysis.report.sections import (
    accuracy,
    bins,
    differences,
    how,
    reliance,
    scores,
    team,
    viewing,
    who,
)

IN_ORDER = (who, accuracy, bins, viewing, team, differences, reliance, scores, how)
"""As the page shows them."""
