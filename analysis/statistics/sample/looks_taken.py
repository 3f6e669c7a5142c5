"""How often a wave was exported while people came: at each such time somebody may have looked."""

import pandas as pd

from analysis.export.facts import ExportFacts
from analysis.statistics.sample.exclusions import ANALYSED


def looks_taken(
    facts: ExportFacts, participants: pd.DataFrame, dispositions: pd.DataFrame
) -> pd.DataFrame:
    """The exports that showed something new of those who are analysed now, this one last.

    An export before the first of them had finished shows nothing, and one at which the same people
    had finished as at another shows nothing new; both are left out.

    Args:
        facts: of the export; where it does not say when the wave was exported before, this export
            is the only one that is known.
        participants: as in the export.
        dispositions: as `exclusions.dispositions` returns them.

    Returns:
        exported_at and n_analysed, of those who are analysed now.
    """
    names = dispositions.loc[dispositions["step"] == ANALYSED, "participant_id"]
    finished = participants.loc[participants["participant_id"].isin(names), "finished_at"]
    rows = [(moment, int((finished <= moment).sum())) for moment in facts.exported_before or ()]
    looked = [(moment, n) for moment, n in rows if 0 < n < len(names)]
    table = pd.DataFrame(
        [*looked, (facts.created_at, len(names))], columns=["exported_at", "n_analysed"]
    )
    return table.drop_duplicates("n_analysed", ignore_index=True)
