"""What people took part on, as far as the page told: a computer, a tablet or a phone."""

import numpy as np
import pandas as pd

TABLET_FROM = 600  # CSS px of the screen's shorter side, where Android begins to call it a tablet
COMPUTER, TABLET, PHONE, TOUCH = "computer", "tablet", "phone", "touch screen of unknown size"
CLASSES = (COMPUTER, TABLET, PHONE, TOUCH)


def device_of(trials: pd.DataFrame, participants: pd.DataFrame) -> pd.Series:
    """The class of each person's device.

    Who gave most decisions by touch is on a phone or a tablet, by the shorter side of the screen;
    everybody else, by mouse or keys, on a computer.

    Args:
        trials: as `accuracy.test_trials` returns them.
        participants: as in the export.

    Returns:
        One of `CLASSES` by participant_id; nobody of whom no decision tells.
    """
    told = trials[trials["input"].notna()]
    by_touch = (told["input"] == "touch").groupby(told["participant_id"], observed=True).mean()
    screens = participants.set_index("participant_id")[["screen_w", "screen_h"]]
    shorter = screens.astype("float64").min(axis=1, skipna=False).reindex(by_touch.index)
    classes = np.select(
        [by_touch <= 0.5, shorter.isna(), shorter < TABLET_FROM], [COMPUTER, TOUCH, PHONE], TABLET
    )
    return pd.Series(classes, index=by_touch.index, name="device", dtype="object")
