"""Are people on small screens worse, and do they see less of the evidence?"""

import pandas as pd

from analysis.statistics.means import mean_over_people
from analysis.statistics.sample.device_classes import CLASSES

COLUMNS = (
    "device",
    "n_people",
    "mean_percent",
    "low_percent",
    "high_percent",
    "in_view_percent",
    "window_w",
    "pixel_ratio",
)


def accuracy_by_device(
    users: pd.DataFrame, devices: pd.Series, in_view: pd.Series, participants: pd.DataFrame
) -> pd.DataFrame:
    """Accuracy and what was in view by class of device, over all conditions.

    Devices are not drawn at random: those who own one differ from those who own another.

    Args:
        users: as `accuracy.per_user` returns them.
        devices: as `device_classes.device_of` returns them.
        in_view: each person's mean of `in_view.share_in_view`, by participant_id.
        participants: as in the export.

    Returns:
        device (only classes that somebody has), n_people, mean_percent (of per-user accuracy),
        low_percent and high_percent (t interval over people), in_view_percent (mean over people of
        the share of the evidence that was in view), window_w (median, CSS px) and pixel_ratio
        (median).
    """
    screens = participants[["participant_id", "viewport_w", "pixel_ratio"]]
    people = users.merge(screens, on="participant_id", how="left")
    people["device"] = people["participant_id"].map(devices)
    people["in_view"] = people["participant_id"].map(in_view)
    rows = []
    for device in CLASSES:
        own = people[people["device"] == device]
        if len(own):
            right = mean_over_people(own["accuracy_percent"])
            medians = own[["viewport_w", "pixel_ratio"]].astype("float64").median()
            seen = 100 * own["in_view"].astype("float64").mean()
            rows.append((device, right.n, right.mean, right.low, right.high, seen, *medians))
    return pd.DataFrame(rows, columns=list(COLUMNS))
