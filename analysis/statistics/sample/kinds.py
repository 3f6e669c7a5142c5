"""The kinds of pictures as people judged them: whom an adversarial one deceives is never pooled."""

import pandas as pd

TRANSFERRED = "transferred"
KINDS = ("natural", "adversarial", TRANSFERRED, "flipped")
POOLED = ("natural", "adversarial")
"""What accuracy over all trials is over, as in the paper. The others stand by themselves."""


def as_judged(trials: pd.DataFrame, stimuli: pd.DataFrame) -> pd.DataFrame:
    """Test trials, in which a picture made to deceive another AI than the judged is transferred.

    Such a picture is another stimulus: the judged AI may be right of it.

    Args:
        trials: as in the export's responses.
        stimuli: as in the export. Without `attacked`, as in exports of before, or where it is
            empty, as in imports, every picture is taken to be made for the AI that was judged.
    """
    if "attacked" not in stimuli:
        return trials
    attacked = stimuli.set_index("stimulus_id")["attacked"].fillna("").map(str.split).map(frozenset)
    adversarial = trials[["stimulus_id", "classifier"]][trials["kind"] == "adversarial"]
    targets = adversarial["stimulus_id"].map(attacked)
    others = [
        bool(names) and judged not in names
        for names, judged in zip(targets, adversarial["classifier"], strict=True)
    ]
    transferred = trials.index.isin(adversarial.index[others])
    if not transferred.any():
        return trials
    return trials.assign(kind=trials["kind"].astype(object).mask(transferred, TRANSFERRED))


def pooled(trials: pd.DataFrame) -> pd.DataFrame:
    """Those that are pooled; the very table, not a copy of it, where that is all of them."""
    kept = trials["kind"].isin(POOLED)
    return trials if kept.all() else trials[kept].reset_index(drop=True)
