"""How often people accept at each confidence that was shown, and how often the AI is right there.

Accepting is a decision, not a probability: who wants to be right accepts everything on which the AI
is right more often than not, and so accepts more often than the AI is right. A distance between the
two shares therefore measures no error, and none is computed.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.measures.accuracy import ACCEPTED
from analysis.statistics.shares import over_people

TENTHS = 10


def by_tenth(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """People's accepted share and the AI's right share in each tenth of the shown confidence.

    Args:
        trials: as `accuracy.test_trials` returns them; natural stimuli of known confidence count.
        conditions: in the order in which they are reported.

    Returns:
        condition, from_percent (the tenth starts at this shown confidence: 0, 10 … 90; the last
        one holds 100 too), n_participants, n_trials, n_accepted, accepted_percent, low_percent,
        high_percent (95 %, as `shares.over_people` has it), ai_right_percent (over the same
        trials). A tenth without trials has no row.
    """
    natural = trials[(trials["kind"] == "natural") & trials["confidence"].notna()]
    answers = pd.DataFrame(
        {
            "participant_id": natural["participant_id"],
            "condition": pd.Categorical(natural["condition"], categories=list(conditions)),
            "from_percent": 10 * tenths(natural["confidence"].to_numpy(dtype="float64")),
            "accepted": natural["decision"] == "accept",
            "right": 100 * natural["ai_right"].astype("float64"),
        }
    )
    keys = ["condition", "from_percent"]
    rows = over_people(answers, keys, "accepted").rename(columns=ACCEPTED)
    right = answers.groupby(keys, observed=True)["right"].mean().rename("ai_right_percent")
    return rows.astype({"condition": "str"}).merge(right.reset_index(), on=keys)


def tenths(confidence: np.ndarray) -> np.ndarray:
    """The tenth, 0 to 9, of the confidence as people read it: whole per cent, half rounded up.

    Args:
        confidence: probabilities, of shape (n,).
    """
    # 100 · 0.285 is 28.499999999999996: nine decimals bring back what the page rounded.
    percent = np.floor(np.round(100 * confidence, 9) + 0.5).astype("int64")
    return np.asarray(np.minimum(percent // 10, TENTHS - 1))
